// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of a snapshot, one vector after the other. Later snapshots write behind the rows that
 * are counted here, and nowhere else. Immutable in that sense, and thread-safe.
 *
 * @param vectors the vectors of all rows
 * @param rows the rows
 * @param count how many rows count
 * @param dead a bit for each row that was removed; null where none was
 */
record Block(float[] vectors, Row[] rows, int count, long @Nullable [] dead) {
  /** Below half of the smallest region of a garbage collector, so that no array is a giant. */
  private static final int BYTES = 448 << 10;

  private static final int FIRST_ROWS = 16;

  /** How many rows a full block has. */
  static int rows(int dimension) {
    return Math.max(1, BYTES / (Float.BYTES * dimension));
  }

  static Block first(int dimension) {
    int rows = Math.min(FIRST_ROWS, rows(dimension));
    return new Block(new float[rows * dimension], new Row[rows], 0, null);
  }

  static Block full(int dimension) {
    int rows = rows(dimension);
    return new Block(new float[rows * dimension], new Row[rows], 0, null);
  }

  boolean isFull(int dimension) {
    return count == rows(dimension);
  }

  /** With one more row. */
  Block with(Row row, float[] vector) {
    float[] wider = vectors;
    Row[] longer = rows;
    if (count == rows.length) {
      int capacity = Math.min(2 * count, rows(vector.length));
      wider = Arrays.copyOf(vectors, capacity * vector.length);
      longer = Arrays.copyOf(rows, capacity);
    }
    System.arraycopy(vector, 0, wider, count * vector.length, vector.length);
    longer[count] = row;
    return new Block(wider, longer, count + 1, dead);
  }

  /** Without a row, which keeps its place. */
  Block without(int row) {
    long[] bits = dead == null ? new long[0] : dead;
    long[] changed = Arrays.copyOf(bits, Math.max(bits.length, row / Long.SIZE + 1));
    changed[row / Long.SIZE] |= 1L << row;
    return new Block(vectors, rows, count, changed);
  }

  boolean isDead(int row) {
    return dead != null
        && row / Long.SIZE < dead.length
        && (dead[row / Long.SIZE] & 1L << row) != 0;
  }
}
