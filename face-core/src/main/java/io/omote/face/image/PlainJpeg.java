// SPDX-License-Identifier: Apache-2.0
package io.omote.face.image;

import io.omote.face.ImageOptions;
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
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStreamImpl;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes plain JPEG files by the JDK's own decoder. Of these it gives the very pixels that OpenCV
 * gives, and no library is loaded for it. Profiles are not applied, because the parts of a file
 * hold none.
 *
 * <p>Stateless and thread-safe.
 */
final class PlainJpeg {
  private static final Logger log = LoggerFactory.getLogger(PlainJpeg.class);

  /** A host may have others, which read other pixels. */
  private static final String READER = "com.sun.imageio.plugins.jpeg.JPEGImageReader";

  /**
   * Without it, and without the metadata that was left out, the reader would guess what the colours
   * are.
   */
  private static final byte[] JFIF = {
    (byte) 0xff, (byte) 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0
  };

  private static final int START_OF_IMAGE_BYTES = 2;

  /** A picture whose colours are stored for four pixels at a time. */
  private static final String KNOWN_FILE = "plain.jpg";

  /** The checksum of its pixels, as libjpeg-turbo and the library inside of JDKs make them. */
  private static final long KNOWN_PIXELS = 0xa7b80f23L;

  private static final ColorModel RGB =
      new ComponentColorModel(
          ColorSpace.getInstance(ColorSpace.CS_sRGB),
          false,
          false,
          Transparency.OPAQUE,
          DataBuffer.TYPE_BYTE);

  private PlainJpeg() {}

  /**
   * Whether it takes less time than OpenCV: with the vector instructions of the system's library,
   * to which Linux distributions link the JDKs that they build. The library inside of other JDKs
   * has none and takes a little more.
   */
  static boolean isFasterThanOpenCv() {
    return Linkage.SYSTEM;
  }

  /** Looked at once. */
  private static final class Linkage {
    private static final boolean SYSTEM =
        namesSystemLibrary(Path.of(System.getProperty("java.home"), "lib", "libjavajpeg.so"));

    private Linkage() {}
  }

  /** A library names those that it needs in its own file. */
  static boolean namesSystemLibrary(Path decoder) {
    try {
      String content = Files.readString(decoder, StandardCharsets.ISO_8859_1);
      return content.contains("libjpeg.so");
    } catch (IOException | RuntimeException e) {
      // Another system, or a JVM that is laid out in another way.
      log.debug("the JDK's decoder was not looked at: {}", e.toString());
      return false;
    }
  }

  /** Looked for once. */
  private static final class Provider {
    private static final Optional<ImageReaderSpi> FOUND = find();

    private Provider() {}

    private static Optional<ImageReaderSpi> find() {
      try {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("jpeg");
        while (readers.hasNext()) {
          ImageReader reader = readers.next();
          if (reader.getClass().getName().equals(READER)
              && isExact(reader.getOriginatingProvider())) {
            return Optional.of(reader.getOriginatingProvider());
          }
        }
      } catch (RuntimeException | LinkageError e) {
        log.info("this JDK has no decoder of JPEG ({}): OpenCV decodes all pictures", e.toString());
      }
      return Optional.empty();
    }
  }

  /**
   * Whether it gives the pixels that are known of one file. Libraries that call themselves libjpeg
   * spread colours in two ways, and a JDK may be linked to any of them.
   */
  static boolean isExact(ImageReaderSpi provider) {
    try (InputStream known =
        Objects.requireNonNull(PlainJpeg.class.getResourceAsStream(KNOWN_FILE))) {
      ImageHeader header = ImageHeader.read(known.readAllBytes(), ImageOptions.defaults());
      Optional<DecodedPixels> pixels = decode(provider, header);
      if (pixels.isPresent() && checksum(pixels.get()) == KNOWN_PIXELS) {
        return true;
      }
      log.info("the JDK's decoder gives other pixels than OpenCV: OpenCV decodes all pictures");
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long checksum(DecodedPixels pixels) {
    CRC32 sum = new CRC32();
    sum.update(pixels.bgr());
    return sum.getValue();
  }

  /**
   * Decodes a picture as it is stored.
   *
   * @param header what the file says of itself
   * @return the pixels, not turned; empty where another decoder has to try
   */
  static Optional<DecodedPixels> decode(ImageHeader header) {
    return Provider.FOUND.isEmpty() ? Optional.empty() : decode(Provider.FOUND.get(), header);
  }

  private static Optional<DecodedPixels> decode(ImageReaderSpi provider, ImageHeader header) {
    try (Input input = new Input(header.parts())) {
      ImageReader reader = provider.createReaderInstance();
      try {
        reader.setInput(input, true, true);
        return read(reader, header);
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException | LinkageError e) {
      // Whether the file is damaged is for the other decoder to say.
      log.debug("the JDK's decoder gave a JPEG back: {}", e.toString());
      return Optional.empty();
    }
  }

  private static Optional<DecodedPixels> read(ImageReader reader, ImageHeader header)
      throws IOException {
    int width = header.width();
    int height = header.height();
    if (reader.getWidth(0) != width || reader.getHeight(0) != height) {
      return Optional.empty();
    }
    BufferedImage image =
        reader.getRawImageType(0).getNumBands() == 1
            ? new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY)
            : rgb(width, height);
    ImageReadParam into = reader.getDefaultReadParam();
    into.setDestination(image);
    reader.read(0, into);
    // Taken from a picture that nobody else has.
    byte[] samples = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    byte[] bgr = image.getType() == BufferedImage.TYPE_BYTE_GRAY ? thrice(samples) : swap(samples);
    return Optional.of(new DecodedPixels(bgr, width, height));
  }

  /** In the order in which samples come, so that rows are copied as they are. */
  private static BufferedImage rgb(int width, int height) {
    WritableRaster raster =
        Raster.createInterleavedRaster(
            DataBuffer.TYPE_BYTE, width, height, 3 * width, 3, new int[] {0, 1, 2}, null);
    return new BufferedImage(RGB, raster, false, null);
  }

  /** Makes blue, green, red of red, green, blue. */
  private static byte[] swap(byte[] rgb) {
    for (int at = 0; at < rgb.length; at += 3) {
      byte red = rgb[at];
      rgb[at] = rgb[at + 2];
      rgb[at + 2] = red;
    }
    return rgb;
  }

  private static byte[] thrice(byte[] grey) {
    byte[] bgr = new byte[3 * grey.length];
    for (int i = 0, at = 0; i < grey.length; i++, at += 3) {
      bgr[at] = grey[i];
      bgr[at + 1] = grey[i];
      bgr[at + 2] = grey[i];
    }
    return bgr;
  }

  /** The parts of a file, with a JFIF segment at their head, read without a copy. */
  private static final class Input extends ImageInputStreamImpl {
    private final byte[] bytes;

    Input(FileParts parts) {
      bytes = new byte[parts.length() + JFIF.length];
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
