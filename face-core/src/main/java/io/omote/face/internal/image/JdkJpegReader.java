// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

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
import java.util.Optional;
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
   * The segment that declares the colors. Without it the reader would guess them, because the parts
   * of the file have no metadata.
   */
  private static final byte[] JFIF = {
    (byte) 0xff, (byte) 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0
  };

  private static final int START_OF_IMAGE_BYTES = 2;

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
   * @return the pixels as they are stored; empty if the decoder finds another size
   * @throws IOException if it cannot decode the image
   * @throws io.omote.face.ImageException if the heap has no room for it
   */
  Optional<DecodedPixels> decode(ImageHeader header) throws IOException {
    try (Input input = new Input(header)) {
      ImageReader reader = provider.createReaderInstance();
      try {
        reader.setInput(input, true, true);
        return read(reader, header);
      } finally {
        reader.dispose();
      }
    }
  }

  private static Optional<DecodedPixels> read(ImageReader reader, ImageHeader header)
      throws IOException {
    int width = header.width();
    int height = header.height();
    if (reader.getWidth(0) != width || reader.getHeight(0) != height) {
      return Optional.empty();
    }
    boolean gray = reader.getRawImageType(0).getNumBands() == 1;
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
    byte[] samples = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    byte[] bgr = gray ? tripled(samples, header) : swap(samples);
    return Optional.of(new DecodedPixels(bgr, width, height));
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

  /** A stream of the parts of a file, with a JFIF segment at the front. */
  private static final class Input extends ImageInputStreamImpl {
    private final byte[] bytes;

    Input(ImageHeader header) {
      FileParts parts = header.parts();
      bytes = HeapRoom.bytes(parts.length() + JFIF.length, header.size());
      int[] to = {0};
      parts.forEach(
          (file, from, count) -> {
            System.arraycopy(file, from, bytes, to[0], count);
            to[0] += count;
          });
      System.arraycopy(
          bytes,
          START_OF_IMAGE_BYTES,
          bytes,
          START_OF_IMAGE_BYTES + JFIF.length,
          to[0] - START_OF_IMAGE_BYTES);
      System.arraycopy(JFIF, 0, bytes, START_OF_IMAGE_BYTES, JFIF.length);
    }

    @Override
    public int read() {
      bitOffset = 0;
      return streamPos < bytes.length ? bytes[(int) streamPos++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      bitOffset = 0;
      if (streamPos >= bytes.length) {
        return -1;
      }
      int count = (int) Math.min(length, bytes.length - streamPos);
      System.arraycopy(bytes, (int) streamPos, into, offset, count);
      streamPos += count;
      return count;
    }

    @Override
    public long length() {
      return bytes.length;
    }
  }
}
