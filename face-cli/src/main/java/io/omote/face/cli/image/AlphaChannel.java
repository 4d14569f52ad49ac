// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.image;

import io.omote.face.FaceImage;
import io.omote.face.ImageException;
import io.omote.face.ImageException.Reason;
import io.omote.face.ImageOptions;
import io.omote.face.internal.files.ImageFile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The opacity of each pixel of an upright image. It is read from PNG and BMP files; a WebP file
 * with transparency is refused, and JPEG has none. Immutable and thread-safe.
 */
final class AlphaChannel {
  private static final int PNG_START = 8;
  private static final int PNG_COLOR_TYPE = 25;
  private static final int PNG_HEADER_END = 33;

  /** The bit of the color type of a PNG that is set if it has an alpha channel. */
  private static final int PNG_ALPHA = 4;

  /** The chunks that may contain the orientation. */
  private static final Set<String> PNG_METADATA = Set.of("eXIf", "tEXt", "zTXt", "iTXt");

  private static final String PNG_TRANSPARENT_COLORS = "tRNS";
  private static final String PNG_END = "IEND";

  private static final int BMP_PIXELS = 10;
  private static final int BMP_HEADER = 14;
  private static final int BMP_WIDTH = 18;
  private static final int BMP_HEIGHT = 22;
  private static final int BMP_BITS = 28;
  private static final int BMP_COMPRESSION = 30;
  private static final int BMP_COLORS = 46;
  private static final int BMP_ALPHA_MASK = 66;

  /** The lengths of BMP headers, and kinds of compression. */
  private static final int BMP_SHORT_HEADER = 40;

  private static final int BMP_HEADER_WITH_ALPHA = 56;
  private static final int BMP_MASKS = 3;
  private static final int BMP_MASKS_WITH_ALPHA = 6;

  private final byte[] opacity;
  private final int width;

  private AlphaChannel(byte[] opacity, int width) {
    this.opacity = opacity;
    this.width = width;
  }

  /**
   * Reads the transparency of a file that {@link FaceImage} has read.
   *
   * @param file the content of the file
   * @param width the width of the upright image
   * @param height its height
   * @return the opacity, or empty if all pixels are opaque
   * @throws ImageException if the file has transparency that cannot be read
   */
  static Optional<AlphaChannel> read(byte[] file, int width, int height) {
    byte[] opacity;
    try {
      opacity = opacity(file);
    } catch (ImageException e) {
      throw e; // the image does not fit into memory
    } catch (IOException | RuntimeException e) {
      throw refusal("that it cannot be read", e);
    }
    if (opacity.length != 0 && opacity.length != width * height) {
      throw refusal("that of another size", null);
    }
    for (byte value : opacity) {
      if (value != (byte) 0xff) {
        return Optional.of(new AlphaChannel(opacity, width));
      }
    }
    return Optional.empty();
  }

  private static ImageException refusal(String found, @Nullable Exception cause) {
    return new ImageException(
        Reason.UNSUPPORTED_FORMAT,
        "an image whose transparency can be read, so that hidden parts stay hidden",
        found,
        "convert it to an opaque image or to a PNG",
        cause);
  }

  /** Returns the opacity of a pixel, in [0, 255]. */
  int at(int x, int y) {
    return opacity[y * width + x] & 0xff;
  }

  /** Returns the opacity of all pixels in rows from the top, or nothing without transparency. */
  private static byte[] opacity(byte[] file) throws IOException {
    String start = new String(file, 0, Math.min(file.length, 16), StandardCharsets.ISO_8859_1);
    if (start.startsWith("\u0089PNG")) {
      return png(file);
    }
    if (start.startsWith("BM")) {
      return bmp(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN));
    }
    if (start.startsWith("RIFF") && hasAlpha(start.substring(12), file)) {
      throw new IOException("a WebP with transparency");
    }
    return new byte[0];
  }

  private static boolean hasAlpha(String chunk, byte[] webp) {
    return switch (chunk) {
      case "VP8X" -> (webp[20] & 0x10) != 0;
      case "VP8L" -> (webp[24] & 0x10) != 0;
      default -> false;
    };
  }

  /**
   * Decodes the transparency with the JDK's own decoder, and turns it upright like any image: as a
   * gray image with the metadata of the file.
   */
  private static byte[] png(byte[] file) throws IOException {
    ByteArrayOutputStream pixels = new ByteArrayOutputStream();
    ByteArrayOutputStream metadata = new ByteArrayOutputStream();
    pixels.write(file, 0, PNG_START);
    boolean isTransparent = (file[PNG_COLOR_TYPE] & PNG_ALPHA) != 0;
    ByteBuffer chunks = ByteBuffer.wrap(file);
    String name = "";
    int length;
    // Ignores data after the end, such as another image.
    for (int at = PNG_START; at + 12 <= file.length && !name.equals(PNG_END); at += length) {
      length = Math.toIntExact(Math.min(12L + (chunks.getInt(at) & 0xffffffffL), file.length - at));
      name = new String(file, at + 4, 4, StandardCharsets.ISO_8859_1);
      isTransparent |= name.equals(PNG_TRANSPARENT_COLORS);
      if (PNG_METADATA.contains(name)) {
        metadata.write(file, at, length);
      } else if (Character.isUpperCase(name.charAt(0)) || name.equals(PNG_TRANSPARENT_COLORS)) {
        pixels.write(file, at, length);
      }
    }
    return isTransparent
        ? upright(decode(pixels.toByteArray()), metadata.toByteArray())
        : new byte[0];
  }

  private static BufferedImage decode(byte[] png) throws IOException {
    ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
    // A stream created by ImageIO would keep the image in a temporary file.
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(png))) {
      reader.setInput(in, true, true);
      return reader.read(0);
    } finally {
      reader.dispose();
    }
  }

  private static byte[] upright(BufferedImage stored, byte[] metadata) {
    BufferedImage gray =
        new BufferedImage(stored.getWidth(), stored.getHeight(), BufferedImage.TYPE_BYTE_GRAY);
    int[] row = new int[stored.getWidth()];
    for (int y = 0; y < stored.getHeight(); y++) {
      stored.getRGB(0, y, row.length, 1, row, 0, row.length);
      for (int x = 0; x < row.length; x++) {
        row[x] >>>= 24;
      }
      gray.getRaster().setPixels(0, y, row.length, 1, row);
    }
    byte[] png = ImageFile.png(gray);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(png, 0, PNG_HEADER_END);
    file.writeBytes(metadata);
    file.write(png, PNG_HEADER_END, png.length - PNG_HEADER_END);
    ByteBuffer bgr =
        FaceImage.read(
                file.toByteArray(), ImageOptions.defaults().withMaxBytes(Integer.MAX_VALUE - 8))
            .bgr();
    byte[] opacity = new byte[bgr.remaining() / 3];
    for (int at = 0; at < opacity.length; at++) {
      opacity[at] = bgr.get(3 * at);
    }
    return opacity;
  }

  /**
   * Reads the bits of the alpha mask, if any. Viewers show a file in which all of them are zero.
   */
  private static byte[] bmp(ByteBuffer file) {
    int header = file.getInt(BMP_HEADER);
    boolean hasMask =
        header >= BMP_HEADER_WITH_ALPHA && file.getInt(BMP_COMPRESSION) == BMP_MASKS
            || header >= BMP_SHORT_HEADER && file.getInt(BMP_COMPRESSION) == BMP_MASKS_WITH_ALPHA;
    long mask = hasMask ? file.getInt(BMP_ALPHA_MASK) & 0xffffffffL : 0;
    if (mask == 0) {
      return new byte[0];
    }
    int headersEnd = BMP_HEADER + (header == BMP_SHORT_HEADER ? header + 16 : header);
    int offset = file.getInt(BMP_PIXELS);
    int pixels = offset < headersEnd ? headersEnd + 4 * file.getInt(BMP_COLORS) : offset;
    int bits = file.getShort(BMP_BITS);
    int width = file.getInt(BMP_WIDTH);
    int height = Math.abs(file.getInt(BMP_HEIGHT));
    boolean fromTheTop = file.getInt(BMP_HEIGHT) < 0;
    int rowBytes = (width * bits + 31) / 32 * 4;
    byte[] opacity = new byte[width * height];
    boolean isSeen = false;
    for (int y = 0; y < height; y++) {
      int row = pixels + (fromTheTop ? y : height - 1 - y) * rowBytes;
      for (int x = 0; x < width; x++) {
        long pixel =
            bits == 32
                ? file.getInt(row + 4 * x) & 0xffffffffL
                : file.getShort(row + 2 * x) & 0xffff;
        opacity[y * width + x] = (byte) (255 * (pixel & mask) / mask);
        isSeen |= (pixel & mask) != 0;
      }
    }
    if (!isSeen) {
      Arrays.fill(opacity, (byte) 0xff);
    }
    return opacity;
  }
}
