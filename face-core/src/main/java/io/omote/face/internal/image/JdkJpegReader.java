// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import io.omote.face.internal.image.JpegForm.Colors;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.IIOException;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStreamImpl;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's own JPEG decoder, the only class of this package that decodes with the module {@code
 * java.desktop}. A runtime may lack the module or its libraries: then the methods fail with a
 * {@link LinkageError}. Nothing here is initialized before they are called.
 *
 * <p>Immutable and thread-safe.
 */
final class JdkJpegReader {
  /** The JDK's own provider: a host may have others, which give other pixels. */
  private static final String PROVIDER = "com.sun.imageio.plugins.jpeg.JPEGImageReaderSpi";

  /**
   * Adobe's segment, which declares the colors by its last byte. Without it the reader would guess
   * them, by rules of its own.
   */
  private static final byte[] ADOBE = {
    (byte) 0xff, (byte) 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0
  };

  /** The warning about bytes before the end. The decoder reports its first warning only. */
  private static final Pattern FILLED_UP =
      Pattern.compile("(\\d{1,9}) extraneous bytes before marker 0xd9");

  private final ImageReaderSpi provider;

  JdkJpegReader(ImageReaderSpi provider) {
    this.provider = provider;
  }

  /**
   * Looks up the decoder in ImageIO's registry, without a call of the host's plug-ins. The class
   * {@code ImageIO} is left to the host: if one of the host's plug-ins cannot be loaded, its
   * initialization fails for good.
   *
   * @return the decoder, empty if the runtime has none
   */
  static Optional<JdkJpegReader> find() {
    Object provider;
    try {
      provider = registry().getServiceProviderByClass(Class.forName(PROVIDER, false, null));
    } catch (ClassNotFoundException e) {
      return Optional.empty();
    }
    return Optional.ofNullable((ImageReaderSpi) provider).map(JdkJpegReader::new);
  }

  /**
   * Returns ImageIO's registry. The first call fills it, once, with the plug-ins that the context
   * class loader of the calling thread sees. A thread whose loader does not even see this class,
   * such as one of the common pool in an application server, would leave out the host's plug-ins:
   * it uses the loader of this class instead.
   */
  private static IIORegistry registry() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    if (seesThisClass(before)) {
      return IIORegistry.getDefaultInstance();
    }
    thread.setContextClassLoader(JdkJpegReader.class.getClassLoader());
    try {
      return IIORegistry.getDefaultInstance();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static boolean seesThisClass(@Nullable ClassLoader loader) {
    try {
      return loader != null
          && Class.forName(JdkJpegReader.class.getName(), false, loader) == JdkJpegReader.class;
    } catch (ClassNotFoundException | LinkageError | RuntimeException e) {
      return false; // Class loaders of stopped applications may throw anything.
    }
  }

  /**
   * Decodes an image as it is stored.
   *
   * @param header the header of the file
   * @return the pixels as they are stored
   * @throws IOException if the decoder rejects the data, or finds it damaged and continues: then
   *     other decoders may continue in other ways
   * @throws io.omote.face.ImageException if the heap has no room for it
   */
  DecodedPixels decode(ImageHeader header) throws IOException {
    byte[] stream = stream(header);
    List<String> warnings = new ArrayList<>();
    byte[] bgr = read(stream, stream.length, header, warnings);
    // Of several scans, the second time would be long, and cameras write one.
    boolean mayRepeat = Objects.requireNonNull(header.jpeg()).isInOneScan() && !warnings.isEmpty();
    int zeros = mayRepeat ? zerosBeforeEnd(stream, warnings.get(0)) : 0;
    if (zeros > 0) {
      // Without them the file must be in order, restart markers included.
      int length = stream.length - zeros;
      System.arraycopy(stream, stream.length - 2, stream, length - 2, 2);
      warnings.clear();
      bgr = new byte[0]; // Two images would need twice the heap.
      bgr = read(stream, length, header, warnings);
    }
    if (!warnings.isEmpty()) {
      throw new IIOException(warnings.get(0));
    }
    return new DecodedPixels(bgr, header.width(), header.height());
  }

  /**
   * Returns the number of bytes that the decoder did not use before the end, if all are zeros and
   * it warned about nothing else before. Other bytes would mean that it went astray in damaged
   * data.
   */
  private static int zerosBeforeEnd(byte[] stream, String warning) {
    Matcher filledUp = FILLED_UP.matcher(warning);
    if (!filledUp.find()) {
      return 0;
    }
    int count = Integer.parseInt(filledUp.group(1));
    for (int i = stream.length - 2 - count; i < stream.length - 2; i++) {
      if (stream[i] != 0) {
        return 0;
      }
    }
    return count;
  }

  private byte[] read(byte[] stream, int length, ImageHeader header, List<String> warnings)
      throws IOException {
    try (Input input = new Input(stream, length)) {
      ImageReader reader = provider.createReaderInstance();
      try {
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        reader.setInput(input, true, true);
        return read(reader, header, Objects.requireNonNull(header.jpeg()));
      } finally {
        reader.dispose();
      }
    }
  }

  /**
   * Returns the parts of a file, corrected, with a segment that declares the colors before the
   * scans.
   */
  private static byte[] stream(ImageHeader header) {
    JpegForm form = Objects.requireNonNull(header.jpeg());
    FileParts parts = header.parts();
    byte[] bytes = HeapRoom.bytes(parts.length() + ADOBE.length, header.size());
    int[] to = {0};
    parts.forEach(
        (file, from, count) -> {
          System.arraycopy(file, from, bytes, to[0], count);
          to[0] += count;
        });
    form.corrections().forEach(correction -> bytes[correction.at()] = correction.value());
    // The last one before the first scan counts.
    int scan = form.firstScan();
    System.arraycopy(bytes, scan, bytes, scan + ADOBE.length, to[0] - scan);
    System.arraycopy(ADOBE, 0, bytes, scan, ADOBE.length);
    bytes[scan + ADOBE.length - 1] = (byte) form.colors().adobeTransform();
    return bytes;
  }

  private static byte[] read(ImageReader reader, ImageHeader header, JpegForm form)
      throws IOException {
    int width = header.width();
    int height = header.height();
    if (reader.getWidth(0) != width || reader.getHeight(0) != height) {
      throw new IIOException("another size than in the frame header");
    }
    if (form.colors().isFour()) {
      return readFour(reader, header, form);
    }
    boolean gray = form.colors() == Colors.GRAY;
    BufferedImage image =
        HeapRoom.make(
            (gray ? 1L : 3L) * width * height,
            header.size(),
            () ->
                gray
                    ? new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY)
                    : rgb(width, height));
    ImageReadParam into = reader.getDefaultReadParam();
    into.setDestination(image);
    reader.read(0, into);
    // The array is not copied, because nobody else has the image.
    byte[] samples = samples(image.getRaster());
    return gray ? tripled(samples, header) : swap(samples);
  }

  private static byte[] samples(Raster raster) {
    return ((DataBufferByte) raster.getDataBuffer()).getData();
  }

  /** Reads four colors, which the reader gives as they are stored. */
  private static byte[] readFour(ImageReader reader, ImageHeader header, JpegForm form)
      throws IOException {
    // Not by HeapRoom: decoding would keep other threads from allocating.
    Raster raster = reader.readRaster(0, null);
    byte[] bgr = HeapRoom.bytes(3 * header.width() * header.height(), header.size());
    InvertedInks.toBgr(samples(raster), form.colors() == Colors.YCCK, bgr);
    return bgr;
  }

  /**
   * Creates an image with the order of the decoded samples, so that rows are copied as they are.
   */
  private static BufferedImage rgb(int width, int height) {
    WritableRaster raster =
        Raster.createInterleavedRaster(
            DataBuffer.TYPE_BYTE, width, height, 3 * width, 3, new int[] {0, 1, 2}, null);
    ColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            false,
            false,
            Transparency.OPAQUE,
            DataBuffer.TYPE_BYTE);
    return new BufferedImage(model, raster, false, null);
  }

  /** Swaps red and blue. */
  private static byte[] swap(byte[] rgb) {
    for (int at = 0; at < rgb.length; at += 3) {
      byte red = rgb[at];
      rgb[at] = rgb[at + 2];
      rgb[at + 2] = red;
    }
    return rgb;
  }

  private static byte[] tripled(byte[] gray, ImageHeader header) {
    byte[] bgr = HeapRoom.bytes(3 * gray.length, header.size());
    for (int i = 0, at = 0; i < gray.length; i++, at += 3) {
      bgr[at] = gray[i];
      bgr[at + 1] = gray[i];
      bgr[at + 2] = gray[i];
    }
    return bgr;
  }

  /** A stream of the first bytes of an array. */
  private static final class Input extends ImageInputStreamImpl {
    private final byte[] bytes;
    private final int length;

    Input(byte[] bytes, int length) {
      this.bytes = bytes;
      this.length = length;
    }

    @Override
    public int read() {
      bitOffset = 0;
      return streamPos < length ? bytes[(int) streamPos++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int wanted) {
      bitOffset = 0;
      if (streamPos >= length) {
        return -1;
      }
      int count = (int) Math.min(wanted, length - streamPos);
      System.arraycopy(bytes, (int) streamPos, into, offset, count);
      streamPos += count;
      return count;
    }

    @Override
    public long length() {
      return length;
    }
  }
}
