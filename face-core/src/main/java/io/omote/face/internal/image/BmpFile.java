// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import io.omote.face.internal.image.ImageHeader.Format;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A reader of Windows bitmaps with all headers: palettes, masks, and run lengths of 4 and 8 bits.
 * Decoders disagree about masks and wrong offsets, so the library has its own.
 *
 * <p>For use by one thread.
 *
 * @see <a href="https://learn.microsoft.com/en-us/windows/win32/gdi/bitmap-storage">the format</a>
 */
final class BmpFile {
  private static final int FILE_HEADER = 14;
  private static final int CORE_HEADER = 12;
  private static final int INFO_HEADER = 40;
  private static final int OS2_HEADER = 64;
  private static final int LONGEST_HEADER = 124;
  private static final int MASKS = FILE_HEADER + INFO_HEADER;

  private static final int NONE = 0;
  private static final int RUN_LENGTH_8 = 1;
  private static final int RUN_LENGTH_4 = 2;
  private static final int BIT_FIELDS = 3;
  private static final int JPEG = 4;
  private static final int PNG = 5;
  private static final int ALPHA_BIT_FIELDS = 6;

  private final ByteBuffer in;
  private final int width;
  private final int height;
  private final boolean topDown;
  private final int bits;
  private final int compression;
  private final long pixels;
  private final int[] palette;
  private final Channel[] channels;

  /** The bits of a pixel that hold one color. */
  private record Channel(long mask, int shift, long max) {
    static Channel of(int mask) {
      long bits = mask & 0xffffffffL;
      int shift = bits == 0 ? 0 : Long.numberOfTrailingZeros(bits);
      long max = bits >> shift;
      if ((max & max + 1) != 0) {
        throw ImageHeader.damaged(
            "a BMP image with masks of consecutive bits",
            String.format(Locale.ROOT, "0x%08x", mask));
      }
      return new Channel(bits, shift, max);
    }

    byte level(long pixel) {
      return max == 0 ? 0 : (byte) ((((pixel & mask) >> shift) * 255 + max / 2) / max);
    }
  }

  /**
   * Reads the headers.
   *
   * @param file the whole file
   * @throws IndexOutOfBoundsException if the file ends within them
   * @throws io.omote.face.ImageException if the image is damaged, or of an unsupported kind
   */
  BmpFile(byte[] file) {
    in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int header = in.getInt(FILE_HEADER);
    boolean core = header == CORE_HEADER;
    if (!core && (header < INFO_HEADER || header > LONGEST_HEADER)) {
      throw ImageHeader.damaged(
          "a BMP image with a header of 12 or of 40 to 124 bytes", "one of " + header);
    }
    int storedHeight = core ? in.getShort(20) & 0xffff : in.getInt(22);
    width = core ? in.getShort(18) & 0xffff : in.getInt(18);
    height = Math.abs(storedHeight);
    topDown = storedHeight < 0;
    bits = in.getShort(core ? 24 : 28) & 0xffff;
    compression = core ? NONE : in.getInt(30);
    requireKnown(header);
    int masks =
        header != INFO_HEADER
            ? 0
            : compression == BIT_FIELDS ? 12 : compression == ALPHA_BIT_FIELDS ? 16 : 0;
    int headersEnd = FILE_HEADER + header + masks;
    int entry = core ? 3 : 4;
    long colors = core ? 0 : in.getInt(46) & 0xffffffffL;
    if (colors == 0 && bits <= 8) {
      colors = 1L << bits;
    }
    long offset = in.getInt(10) & 0xffffffffL;
    // Zero, or a place within the headers, is not an offset: the pixels follow the palette.
    pixels = offset < headersEnd ? headersEnd + colors * entry : offset;
    palette = bits <= 8 ? readPalette(headersEnd, entry, colors) : new int[0];
    channels = bits == 16 || bits == 32 ? channels() : new Channel[0];
  }

  private void requireKnown(int header) {
    if (compression == JPEG || compression == PNG) {
      throw ImageHeader.unsupported(
          String.format(Locale.ROOT, "a BMP that holds a %s", compression == PNG ? "PNG" : "JPEG"));
    }
    boolean known =
        switch (compression) {
          case NONE ->
              bits == 1
                  || bits == 2
                  || bits == 4
                  || bits == 8
                  || bits == 16
                  || bits == 24
                  || bits == 32;
          case RUN_LENGTH_8 -> bits == 8;
          case RUN_LENGTH_4 -> bits == 4;
          case BIT_FIELDS, ALPHA_BIT_FIELDS -> header != OS2_HEADER && (bits == 16 || bits == 32);
          default -> false;
        };
    if (!known) {
      throw ImageHeader.unsupported(
          String.format(
              Locale.ROOT,
              "a BMP of %d bits per pixel with the compression %d",
              bits,
              compression));
    }
  }

  /** Reads the palette. Missing entries are black, whether or not pixels refer to them. */
  private int[] readPalette(int from, int entry, long colors) {
    int[] palette = new int[1 << bits];
    long room = Math.max(0, Math.min(pixels, in.limit()) - from) / entry;
    int count = (int) Math.min(Math.min(colors, palette.length), room);
    for (int i = 0; i < count; i++) {
      int at = from + i * entry;
      palette[i] = (in.get(at + 2) & 0xff) << 16 | in.getShort(at) & 0xffff;
    }
    return palette;
  }

  /** Returns the channels in the order blue, green, red. */
  private Channel[] channels() {
    if (compression == NONE) {
      return bits == 16
          ? new Channel[] {Channel.of(0x1f), Channel.of(0x3e0), Channel.of(0x7c00)}
          : new Channel[] {Channel.of(0xff), Channel.of(0xff00), Channel.of(0xff0000)};
    }
    int red = in.getInt(MASKS);
    int green = in.getInt(MASKS + 4);
    int blue = in.getInt(MASKS + 8);
    if ((red | green | blue) == 0) {
      throw ImageHeader.damaged("a BMP image with masks of its colors", "masks of no bits");
    }
    return new Channel[] {Channel.of(blue), Channel.of(green), Channel.of(red)};
  }

  private boolean isRunLength() {
    return compression == RUN_LENGTH_4 || compression == RUN_LENGTH_8;
  }

  ImageHeader header() {
    boolean complete = isRunLength() ? readRuns(null) : hasAllRows();
    return ImageHeader.of(
        Format.BMP, width, height, complete, Orientation.NONE, FileParts.all(in.array()));
  }

  private long rowBytes() {
    return ((long) width * bits + 31) / 32 * 4;
  }

  /** Returns whether all rows are there. The last row may lack its padding. */
  private boolean hasAllRows() {
    return pixels + rowBytes() * (height - 1) + ((long) width * bits + 7) / 8 <= in.limit();
  }

  /**
   * Decodes the image up to the end of the file; missing pixels are black.
   *
   * @return blue, green, red of each pixel, rows from top to bottom
   * @throws io.omote.face.ImageException if the heap has no room for them
   */
  byte[] decode() {
    byte[] bgr =
        HeapRoom.bytes(
            Math.multiplyExact(3, Math.multiplyExact(width, height)),
            String.format(Locale.ROOT, "%dx%d", width, height));
    if (isRunLength()) {
      readRuns(bgr);
      return bgr;
    }
    for (int row = 0; row < height; row++) {
      long start = pixels + row * rowBytes();
      int y = topDown ? row : height - 1 - row;
      for (int x = 0, at = 3 * width * y; x < width; x++, at += 3) {
        long bit = (long) x * bits;
        if (start + (bit + bits + 7) / 8 > in.limit()) {
          return bgr;
        }
        put(bgr, at, (int) (start + bit / 8), (int) (bit % 8));
      }
    }
    return bgr;
  }

  private void put(byte[] bgr, int at, int from, int bit) {
    if (bits == 24) {
      in.get(from, bgr, at, 3);
    } else if (bits <= 8) {
      int index = (in.get(from) & 0xff) >> 8 - bits - bit & palette.length - 1;
      putColor(bgr, at, palette[index]);
    } else {
      long pixel = bits == 16 ? in.getShort(from) & 0xffffL : in.getInt(from) & 0xffffffffL;
      for (int i = 0; i < 3; i++) {
        bgr[at + i] = channels[i].level(pixel);
      }
    }
  }

  private static void putColor(byte[] bgr, int at, int color) {
    bgr[at] = (byte) color;
    bgr[at + 1] = (byte) (color >> 8);
    bgr[at + 2] = (byte) (color >> 16);
  }

  /**
   * Reads run lengths: pairs of a count and a value, or of zero and an escape.
   *
   * @param bgr receives the pixels; null only checks that they are complete
   * @return whether they are complete
   */
  private boolean readRuns(byte @Nullable [] bgr) {
    if (bgr != null) {
      for (int at = 0; at < bgr.length; at += 3) {
        putColor(bgr, at, palette[0]);
      }
    }
    long at = pixels;
    int x = 0;
    int y = 0;
    while (at + 2 <= in.limit()) {
      int count = in.get((int) at) & 0xff;
      int value = in.get((int) at + 1) & 0xff;
      at += 2;
      if (count > 0) {
        putRun(bgr, x, y, count, (int) at - 1, false);
        x = Math.min(x + count, width);
      } else if (value == 0) {
        x = 0;
        y = Math.min(y + 1, height);
      } else if (value == 1) {
        return true;
      } else if (value == 2) {
        if (at + 2 > in.limit()) {
          return false;
        }
        x = Math.min(x + (in.get((int) at) & 0xff), width);
        y = Math.min(y + (in.get((int) at + 1) & 0xff), height);
        at += 2;
      } else {
        int bytes = (value * bits + 7) / 8;
        if (at + bytes > in.limit()) {
          return false;
        }
        putRun(bgr, x, y, value, (int) at, true);
        x = Math.min(x + value, width);
        at += bytes + (bytes & 1);
      }
    }
    // Some writers omit the end marker after the last pixel.
    return y >= height || y == height - 1 && x >= width;
  }

  /** Puts pixels that repeat one byte, or that come from consecutive bytes. */
  private void putRun(byte @Nullable [] bgr, int x, int y, int count, int from, boolean several) {
    if (bgr == null || y >= height) {
      return;
    }
    int row = topDown ? y : height - 1 - y;
    int perByte = 8 / bits;
    int visible = Math.min(count, width - x);
    for (int i = 0; i < visible; i++) {
      int pair = in.get(several ? from + i / perByte : from) & 0xff;
      int index = pair >> (perByte - 1 - i % perByte) * bits & palette.length - 1;
      putColor(bgr, 3 * (row * width + x + i), palette[index]);
    }
  }
}
