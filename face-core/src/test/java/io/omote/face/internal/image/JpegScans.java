// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A writer of JPEG files with any scans, which no encoder at hand writes: random coefficients of
 * three components, with tables in which all codes are about equally long.
 *
 * @see <a href="https://www.w3.org/Graphics/JPEG/itu-t81.pdf">ITU-T T.81, annexes F and G</a>
 */
final class JpegScans {
  /**
   * One scan.
   *
   * @param component its component, or -1 for all
   * @param first the first coefficient
   * @param last the last coefficient
   * @param before the lowest bit that an earlier scan has given, 0 if none
   * @param bit the lowest bit that it gives
   */
  record Scan(int component, int first, int last, int before, int bit) {}

  private static final List<Scan> DC = List.of(new Scan(-1, 0, 0, 0, 0));
  private static final List<Scan> ROUGH_DC = List.of(new Scan(-1, 0, 0, 0, 1));

  /** Scans that give all coefficients in full. */
  static final List<List<Scan>> COMPLETE =
      List.of(
          each(0, 63, 0, 0),
          all(DC, each(1, 63, 0, 0)),
          all(DC, each(1, 5, 0, 0), each(6, 63, 0, 0)),
          all(each(0, 0, 0, 0), each(1, 63, 0, 0)),
          all(
              ROUGH_DC,
              each(1, 63, 0, 2),
              each(1, 63, 2, 1),
              List.of(new Scan(-1, 0, 0, 1, 0)),
              each(1, 63, 1, 0)));

  /** Scans that leave out coefficients, or their lowest bits. */
  static final List<List<Scan>> INCOMPLETE =
      List.of(
          DC,
          List.of(new Scan(0, 0, 63, 0, 0), new Scan(1, 0, 63, 0, 0)),
          all(ROUGH_DC, each(1, 63, 0, 0)),
          all(DC, each(1, 63, 0, 1)),
          all(DC, each(1, 5, 0, 0)),
          all(DC, List.of(new Scan(0, 1, 63, 0, 0))));

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final int[] samplings;
  private final int width;
  private final int height;
  private final boolean progressive;
  private final int[][][][] coefficients = new int[3][][][];
  private final int[] lastDc = new int[3];
  private int bits;
  private int bitCount;

  private JpegScans(int width, int height, int[] samplings, boolean progressive) {
    this.width = width;
    this.height = height;
    this.samplings = samplings;
    this.progressive = progressive;
  }

  /** Returns one scan for each of three components. */
  private static List<Scan> each(int first, int last, int before, int bit) {
    return IntStream.range(0, 3).mapToObj(i -> new Scan(i, first, last, before, bit)).toList();
  }

  @SafeVarargs
  private static List<Scan> all(List<Scan>... parts) {
    List<Scan> scans = new ArrayList<>();
    for (List<Scan> part : parts) {
      scans.addAll(part);
    }
    return scans;
  }

  static byte[] file(int width, int height, int[] samplings, List<Scan> scans) {
    boolean progressive = scans.stream().anyMatch(scan -> scan.first() > 0 || scan.last() < 63);
    JpegScans file = new JpegScans(width, height, samplings, progressive);
    file.fill(new Random(width * 7L + height));
    file.writeHeaders();
    for (Scan scan : scans) {
      file.write(scan);
    }
    file.put(0xff, 0xd9);
    return file.out.toByteArray();
  }

  private int columns(int component) {
    return samplings[component] / 10;
  }

  private int rows(int component) {
    return samplings[component] % 10;
  }

  private int maxColumns() {
    return IntStream.range(0, 3).map(this::columns).max().getAsInt();
  }

  private int maxRows() {
    return IntStream.range(0, 3).map(this::rows).max().getAsInt();
  }

  private static int ceil(int a, int b) {
    return (a + b - 1) / b;
  }

  private void fill(Random random) {
    int across = ceil(width, 8 * maxColumns());
    int down = ceil(height, 8 * maxRows());
    for (int component = 0; component < 3; component++) {
      int[][][] blocks = new int[down * rows(component)][across * columns(component)][64];
      for (int[][] row : blocks) {
        for (int[] block : row) {
          block[0] = random.nextInt(121) - 60;
          for (int i = 1; i < 64; i++) {
            // Runs of more than 15 zeros as well.
            block[i] = random.nextInt(12) == 0 ? random.nextInt(15) - 7 : 0;
          }
        }
      }
      coefficients[component] = blocks;
    }
  }

  private void put(int... values) {
    for (int value : values) {
      out.write(value);
    }
  }

  private void putShort(int value) {
    put(value >> 8, value & 0xff);
  }

  private void writeHeaders() {
    put(0xff, 0xd8, 0xff, 0xdb);
    putShort(67);
    put(0);
    for (int i = 0; i < 64; i++) {
      put(5 + i / 4);
    }
    put(0xff, progressive ? 0xc2 : 0xc0);
    putShort(17);
    put(8);
    putShort(height);
    putShort(width);
    put(3);
    for (int i = 0; i < 3; i++) {
      put(i + 1, columns(i) << 4 | rows(i), 0);
    }
    // 16 codes of 5 bits.
    writeTable(0x00, 16, lengths(5, 16, 0, 0));
    // 255 codes of 8 bits and one of 9, because no code has only ones.
    writeTable(0x10, 256, lengths(8, 255, 9, 1));
  }

  private static int[] lengths(int length, int count, int otherLength, int otherCount) {
    int[] counts = new int[17];
    counts[length] = count;
    counts[otherLength] = otherCount;
    return Arrays.copyOfRange(counts, 1, 17);
  }

  private void writeTable(int name, int symbols, int[] lengths) {
    put(0xff, 0xc4);
    putShort(19 + symbols);
    put(name);
    put(lengths);
    for (int i = 0; i < symbols; i++) {
      put(i);
    }
  }

  private void write(Scan scan) {
    int from = Math.max(0, scan.component());
    int to = scan.component() < 0 ? 3 : from + 1;
    put(0xff, 0xda);
    putShort(6 + 2 * (to - from));
    put(to - from);
    for (int i = from; i < to; i++) {
      put(i + 1, 0);
    }
    put(scan.first(), scan.last(), scan.before() << 4 | scan.bit());
    Arrays.fill(lastDc, 0);
    if (to - from == 1) {
      int across = ceil(width * columns(from), 8 * maxColumns());
      int down = ceil(height * rows(from), 8 * maxRows());
      for (int y = 0; y < down; y++) {
        for (int x = 0; x < across; x++) {
          write(scan, from, coefficients[from][y][x]);
        }
      }
    } else {
      writeInterleaved(scan);
    }
    while (bitCount > 0) {
      putBits(1, 1);
    }
  }

  private void writeInterleaved(Scan scan) {
    for (int y = 0; y < ceil(height, 8 * maxRows()); y++) {
      for (int x = 0; x < ceil(width, 8 * maxColumns()); x++) {
        for (int i = 0; i < 3; i++) {
          for (int row = 0; row < rows(i); row++) {
            for (int column = 0; column < columns(i); column++) {
              write(scan, i, coefficients[i][y * rows(i) + row][x * columns(i) + column]);
            }
          }
        }
      }
    }
  }

  private void write(Scan scan, int component, int[] block) {
    if (scan.first() == 0) {
      int dc = block[0] >> scan.bit();
      if (scan.before() > 0) {
        putBits(dc & 1, 1);
      } else {
        putValue(dc - lastDc[component], 0, true);
        lastDc[component] = dc;
      }
    }
    int first = Math.max(1, scan.first());
    if (first <= scan.last()) {
      if (scan.before() > 0) {
        refine(scan, block);
      } else {
        writeAc(first, scan.last(), scan.bit(), block);
      }
    }
  }

  private void writeAc(int first, int last, int bit, int[] block) {
    int zeros = 0;
    for (int i = first; i <= last; i++) {
      int size = Math.abs(block[i]) >> bit;
      if (size == 0) {
        zeros++;
        continue;
      }
      for (; zeros > 15; zeros -= 16) {
        putAcSymbol(0xf0);
      }
      putValue(block[i] < 0 ? -size : size, zeros, false);
      zeros = 0;
    }
    if (zeros > 0) {
      putAcSymbol(0);
    }
  }

  private void refine(Scan scan, int[] block) {
    int end = 0;
    for (int i = scan.first(); i <= scan.last(); i++) {
      if (Math.abs(block[i]) >> scan.bit() == 1) {
        end = i;
      }
    }
    int zeros = 0;
    StringBuilder corrections = new StringBuilder();
    for (int i = scan.first(); i <= scan.last(); i++) {
      int size = Math.abs(block[i]) >> scan.bit();
      if (size == 0) {
        zeros++;
        continue;
      }
      for (; zeros > 15 && i <= end; zeros -= 16) {
        putAcSymbol(0xf0);
        putCorrections(corrections);
      }
      if (size > 1) {
        corrections.append(size & 1);
        continue;
      }
      putAcSymbol(zeros << 4 | 1);
      putBits(block[i] < 0 ? 0 : 1, 1);
      putCorrections(corrections);
      zeros = 0;
    }
    if (zeros > 0 || !corrections.isEmpty()) {
      putAcSymbol(0);
      putCorrections(corrections);
    }
  }

  private void putCorrections(StringBuilder corrections) {
    corrections.chars().forEach(bit -> putBits(bit - '0', 1));
    corrections.setLength(0);
  }

  /** Writes the size of a value and its bits, those of a negative one inverted. */
  private void putValue(int value, int zeros, boolean dc) {
    int size = 32 - Integer.numberOfLeadingZeros(Math.abs(value));
    if (dc) {
      putBits(size, 5);
    } else {
      putAcSymbol(zeros << 4 | size);
    }
    putBits(value < 0 ? value - 1 & (1 << size) - 1 : value, size);
  }

  private void putAcSymbol(int symbol) {
    if (symbol < 255) {
      putBits(symbol, 8);
    } else {
      putBits(0x1fe, 9);
    }
  }

  private void putBits(int value, int count) {
    for (int i = count - 1; i >= 0; i--) {
      bits = bits << 1 | value >> i & 1;
      if (++bitCount == 8) {
        put(bits);
        if (bits == 0xff) {
          put(0);
        }
        bits = 0;
        bitCount = 0;
      }
    }
  }
}
