// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import io.omote.face.ImageException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A decoder of PNG files of all kinds, to the same pixels as libpng: 16 bits by their high byte,
 * alpha dropped. It needs memory for the pixels and a few rows, and does not inflate surplus data.
 *
 * <p>For one use by one thread.
 *
 * @see <a href="https://www.w3.org/TR/png-3/">PNG, third edition</a>
 */
final class PngFile {
  private static final int START = 8;
  private static final int HEADER = 0x49484452; // "IHDR"
  private static final int PALETTE = 0x504c5445; // "PLTE"
  private static final int DATA = 0x49444154; // "IDAT"
  private static final int END = 0x49454e44; // "IEND"

  private static final int GRAY = 0;
  private static final int RGB = 2;
  private static final int INDEXED = 3;
  private static final int GRAY_ALPHA = 4;
  private static final int RGB_ALPHA = 6;

  /** The size up to which several rows are inflated at once. */
  private static final int BATCH_BYTES = 1 << 15;

  /** The maximum number of bytes that one byte inflates to. */
  private static final int MAX_RATIO = 1032;

  private static final Pass WHOLE = new Pass(0, 0, 1, 1);

  private static final List<Pass> ADAM7 =
      List.of(
          new Pass(0, 0, 8, 8),
          new Pass(4, 0, 8, 8),
          new Pass(0, 4, 4, 8),
          new Pass(2, 0, 4, 4),
          new Pass(0, 2, 2, 4),
          new Pass(1, 0, 2, 2),
          new Pass(0, 1, 1, 2));

  private final ImageHeader header;
  private final int width;
  private final int height;
  private final Inflater inflater = new Inflater();

  private byte[] file = {};

  /** The first index of a piece of compressed data and the one behind it, then the next piece's. */
  private int[] pieces = new int[16];

  private int piecesLength;
  private int piecesTaken;
  private long dataBytes;
  private boolean hasData;
  private boolean isDataOver;
  private boolean hasPalette;

  private int depth;
  private int type;
  private int bitsPerPixel;

  /** The number of bytes of a pixel, 1 if it has fewer than 8 bits. */
  private int pixel;

  private List<Pass> passes = List.of(WHOLE);

  /** The color of each index, or of each level of gray of fewer than 8 bits. */
  private int[] colors = {};

  /** Some inflated rows, each behind its filter. */
  private byte[] batch = {};

  /** The samples of a row, behind a pixel of zeros. */
  private byte[] row = {};

  private byte[] above = {};

  private byte[] bgr = {};

  /** Pixels in a regular grid: the first column and row, and the distances to the next ones. */
  private record Pass(int x, int y, int dx, int dy) {
    int columns(int width) {
      return (width - x + dx - 1) / dx;
    }

    int rows(int height) {
      return (height - y + dy - 1) / dy;
    }
  }

  private PngFile(ImageHeader header) {
    this.header = header;
    this.width = header.width();
    this.height = header.height();
  }

  /**
   * Decodes an image as it is stored. If the file is cut off, missing pixels are black, or have the
   * color of an earlier pass.
   *
   * @param header the header of the file
   * @return the pixels
   * @throws ImageException if the image is damaged, or the heap has no room for it
   */
  static DecodedPixels decode(ImageHeader header) {
    PngFile png = new PngFile(header);
    try {
      header.parts().forEach(png::readChunks);
      png.decodePasses();
      return new DecodedPixels(png.bgr, header.width(), header.height());
    } catch (DataFormatException | ArithmeticException e) {
      throw header.undecodable(e);
    } finally {
      png.inflater.end();
    }
  }

  private ImageException damaged(String found) {
    return header.undecodable(new DataFormatException(found));
  }

  private void readChunks(byte[] bytes, int from, int count) {
    file = bytes;
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CRC32 checksum = new CRC32();
    int end = from + count;
    int at = from == 0 ? START : from;
    while (at + 8 <= end) {
      int name = in.getInt(at + 4);
      long next = at + 12 + (in.getInt(at) & 0xffffffffL);
      if (next > end) {
        // The file is cut off here.
        if (name == DATA) {
          addPiece(at + 8, end);
        }
        return;
      }
      int length = (int) next - at - 12;
      checksum.reset();
      checksum.update(bytes, at + 4, length + 4);
      if ((int) checksum.getValue() != in.getInt((int) next - 4)) {
        throw damaged("a chunk with a wrong checksum");
      }
      readChunk(name, at, length);
      at = (int) next;
    }
  }

  private void readChunk(int name, int at, int length) {
    if (name == DATA) {
      addPiece(at + 8, at + 8 + length);
      return;
    }
    isDataOver = hasData;
    if (name == HEADER && at == START) {
      readHeader();
    } else if (name == PALETTE) {
      readPalette(at + 8, length);
    } else if (name != END) {
      throw damaged("an unknown chunk, or a second header");
    }
  }

  private void readHeader() {
    depth = file[24];
    type = file[25];
    int samples =
        switch (type) {
          case GRAY, INDEXED -> 1;
          case GRAY_ALPHA -> 2;
          case RGB -> 3;
          case RGB_ALPHA -> 4;
          default -> throw damaged("an unknown type of color");
        };
    int minimum = samples == 1 ? 1 : 8;
    int maximum = type == INDEXED ? 8 : 16;
    if (Integer.bitCount(depth) != 1 || depth < minimum || depth > maximum) {
      throw damaged("a depth that its type of color cannot have");
    }
    if (file[26] != 0 || file[27] != 0 || (file[28] & ~1) != 0) {
      throw damaged("an unknown compression, filtering or interlacing");
    }
    bitsPerPixel = depth * samples;
    pixel = Math.max(1, bitsPerPixel / 8);
    if (file[28] == 1) {
      passes = ADAM7;
    }
    if (type == INDEXED) {
      colors = new int[1 << depth];
    } else if (depth < 8) {
      colors = new int[1 << depth];
      Arrays.setAll(colors, level -> level * 0xffffff / (colors.length - 1));
    }
  }

  /** Reads the palette. Missing entries are black. That of an image without indices is a hint. */
  private void readPalette(int from, int length) {
    if (hasPalette) {
      throw damaged("two palettes");
    }
    hasPalette = true;
    boolean isValid = length > 0 && length % 3 == 0 && length <= 3 * 256;
    if (type == INDEXED && !isValid) {
      throw damaged("a palette that is empty, too large, or of parts of colors");
    }
    for (int i = 0; type == INDEXED && i < Math.min(length / 3, colors.length); i++) {
      int at = from + 3 * i;
      colors[i] = (file[at] & 0xff) << 16 | (file[at + 1] & 0xff) << 8 | file[at + 2] & 0xff;
    }
  }

  /** Adds compressed data, if it does not come after data and another chunk. */
  private void addPiece(int from, int to) {
    if (type == INDEXED && !hasPalette) {
      throw damaged("no palette");
    }
    hasData = true;
    if (isDataOver || from == to) {
      return;
    }
    if (piecesLength == pieces.length) {
      pieces = Arrays.copyOf(pieces, 2 * pieces.length);
    }
    pieces[piecesLength++] = from;
    pieces[piecesLength++] = to;
    dataBytes += to - from;
  }

  private long rowBytes(Pass pass) {
    return 1 + ((long) pass.columns(width) * bitsPerPixel + 7) / 8;
  }

  private void decodePasses() throws DataFormatException {
    long inflated = 0;
    for (Pass pass : passes) {
      inflated += pass.columns(width) == 0 ? 0 : pass.rows(height) * rowBytes(pass);
    }
    if (dataBytes == 0 || header.complete() && dataBytes * MAX_RATIO < inflated) {
      throw new DataFormatException("too little data");
    }
    bgr = HeapRoom.bytes(Math.multiplyExact(3, Math.multiplyExact(width, height)), header.size());
    int longest = Math.toIntExact(pixel + rowBytes(WHOLE));
    int batchRows = Math.min(Math.max(1, BATCH_BYTES / longest), height);
    batch = HeapRoom.bytes(Math.multiplyExact(batchRows, longest), header.size());
    row = HeapRoom.bytes(longest, header.size());
    above = HeapRoom.bytes(longest, header.size());
    boolean isWhole = true;
    for (int i = 0; isWhole && i < passes.size(); i++) {
      isWhole = decode(passes.get(i));
    }
    // The checksum behind the pixels must match. Anything else there does not matter.
    if (isWhole && inflate(1) == 0 && !inflater.finished()) {
      requireCutOff();
    }
  }

  private void requireCutOff() throws DataFormatException {
    if (header.complete()) {
      throw new DataFormatException("too little data");
    }
  }

  /** Decodes a pass. Returns whether all of it was there. */
  private boolean decode(Pass pass) throws DataFormatException {
    int columns = pass.columns(width);
    int total = columns == 0 ? 0 : pass.rows(height);
    int stride = (int) rowBytes(pass);
    int batchRows = batch.length / stride;
    Arrays.fill(above, (byte) 0);
    for (int y = 0; y < total; y += batchRows) {
      int count = Math.min(batchRows, total - y);
      int whole = inflate(count * stride) / stride;
      if (y == 0 && whole == 0 && pass == passes.get(0)) {
        throw new DataFormatException("no row of pixels");
      }
      for (int i = 0; i < whole; i++) {
        PngFilter.undo(batch, i * stride, row, above, pixel, pixel + stride - 1);
        put(columns, pass, pass.y + (y + i) * pass.dy);
        byte[] next = above;
        above = row;
        row = next;
      }
      if (whole < count) {
        requireCutOff();
        return false;
      }
    }
    return true;
  }

  /** Inflates a number of bytes, or fewer if the file is cut off. Returns their number. */
  private int inflate(int count) throws DataFormatException {
    int done = 0;
    while (done < count) {
      int more = inflater.inflate(batch, done, count - done);
      done += more;
      if (more == 0) {
        boolean hasMore = piecesTaken < piecesLength;
        if (!inflater.needsInput() || inflater.finished() || !hasMore) {
          break;
        }
        int from = pieces[piecesTaken++];
        inflater.setInput(file, from, pieces[piecesTaken++] - from);
      }
    }
    return done;
  }

  /** Puts a row of samples into the image. */
  private void put(int columns, Pass pass, int y) {
    int at = 3 * (y * width + pass.x);
    if (colors.length > 0) {
      putIndices(columns, at, 3 * pass.dx);
    } else if (depth == 8 && type != GRAY_ALPHA && pass.dx == 1) {
      putWholeRow(row, type, bgr, at, columns);
    } else {
      int blue = type == RGB || type == RGB_ALPHA ? depth / 4 : 0;
      putSamples(row, pixel, blue, columns, bgr, at, 3 * pass.dx);
    }
    if (!header.complete() && pass.dx > 1) {
      fillBlocks(pass, y);
    }
  }

  private void putIndices(int columns, int at, int step) {
    int shift = 3 - Integer.numberOfTrailingZeros(depth);
    int last = (1 << shift) - 1;
    for (int i = 0; i < columns; i++) {
      int index = row[1 + (i >> shift)] >> (~i & last) * depth & colors.length - 1;
      int rgb = colors[index];
      bgr[at] = (byte) rgb;
      bgr[at + 1] = (byte) (rgb >> 8);
      bgr[at + 2] = (byte) (rgb >> 16);
      at += step;
    }
  }

  /** Puts pixels of the most frequent kinds: at constant distances, loops are the fastest. */
  private static void putWholeRow(byte[] row, int type, byte[] bgr, int at, int columns) {
    if (type == GRAY) {
      for (int i = 0; i < columns; i++) {
        byte level = row[1 + i];
        bgr[at + 3 * i] = level;
        bgr[at + 3 * i + 1] = level;
        bgr[at + 3 * i + 2] = level;
      }
    } else if (type == RGB) {
      for (int i = 0; i < 3 * columns; i += 3) {
        bgr[at + i] = row[i + 5];
        bgr[at + i + 1] = row[i + 4];
        bgr[at + i + 2] = row[i + 3];
      }
    } else {
      for (int i = 0; i < columns; i++) {
        bgr[at + 3 * i] = row[4 * i + 6];
        bgr[at + 3 * i + 1] = row[4 * i + 5];
        bgr[at + 3 * i + 2] = row[4 * i + 4];
      }
    }
  }

  private static void putSamples(
      byte[] row, int pixel, int blue, int columns, byte[] bgr, int at, int step) {
    int from = pixel;
    int to = at;
    for (int i = 0; i < columns; i++) {
      bgr[to] = row[from + blue];
      bgr[to + 1] = row[from + (blue >> 1)];
      bgr[to + 2] = row[from];
      from += pixel;
      to += step;
    }
  }

  /** Repeats pixels of a pass where only later passes, which may be missing, have others. */
  private void fillBlocks(Pass pass, int y) {
    int bottom = Math.min(y + pass.dy - pass.y, height);
    for (int left = pass.x; left < width; left += pass.dx) {
      int right = Math.min(left + pass.dx - pass.x, width);
      for (int line = y; line < bottom; line++) {
        for (int x = left; x < right; x++) {
          System.arraycopy(bgr, 3 * (y * width + left), bgr, 3 * (line * width + x), 3);
        }
      }
    }
  }
}
