// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of a snapshot. Their vectors lie across: the first numbers of all rows, then the second
 * ones, and so on, because the compiler makes vector instructions of sums that do not depend on
 * each other, and of one long sum it makes none.
 *
 * <p>Later snapshots write behind the rows that are counted here, and nowhere else. Immutable in
 * that sense, and thread-safe.
 *
 * @param vectors the numbers of all rows
 * @param rows the rows
 * @param count how many rows count
 * @param dead a bit for each row that was removed; null where none was
 */
record Block(float[] vectors, Row[] rows, int count, long @Nullable [] dead) {
  /** Below half of the smallest region of a garbage collector, so that no array is a giant. */
  private static final int BYTES = 480 << 10;

  private static final int MOST_ROWS = 1024;

  /** What vector registers take at a time, or a multiple of it. */
  private static final int ALIGNED = 16;

  /** How many numbers are added to a sum at a time: each time it is read and written. */
  private static final int AT_A_TIME = 8;

  /** How many rows a block has. */
  static int rows(int dimension) {
    int rows = Math.min(MOST_ROWS, BYTES / (Float.BYTES * dimension));
    return Math.max(ALIGNED, rows / ALIGNED * ALIGNED);
  }

  static Block empty(int dimension) {
    int rows = rows(dimension);
    return new Block(new float[rows * dimension], new Row[rows], 0, null);
  }

  boolean isFull() {
    return count == rows.length;
  }

  /** With one more row. */
  Block with(Row row, float[] vector) {
    for (int i = 0, at = count; i < vector.length; i++, at += rows.length) {
      vectors[at] = vector[i];
    }
    rows[count] = row;
    return new Block(vectors, rows, count + 1, dead);
  }

  /** The vector of a row. */
  float[] vector(int row) {
    float[] vector = new float[vectors.length / rows.length];
    for (int i = 0, at = row; i < vector.length; i++, at += rows.length) {
      vector[i] = vectors[at];
    }
    return vector;
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

  /**
   * Multiplies a vector with all rows.
   *
   * @param vector the vector
   * @param products takes a sum for each place of the block, also where no row counts
   * @return the largest of them
   */
  float multiply(float[] vector, float[] products) {
    return multiply(vector, vectors, rows.length, products);
  }

  /**
   * One method as a whole: it is too large to be inlined, and compiled by itself its loops become
   * vector instructions. In pieces they do or do not, from run to run.
   */
  private static float multiply(float[] a, float[] b, int rows, float[] sums) {
    Arrays.fill(sums, 0, rows, 0);
    int eights = a.length - a.length % AT_A_TIME;
    for (int i = 0; i < eights; i += AT_A_TIME) {
      float a0 = a[i];
      float a1 = a[i + 1];
      float a2 = a[i + 2];
      float a3 = a[i + 3];
      float a4 = a[i + 4];
      float a5 = a[i + 5];
      float a6 = a[i + 6];
      float a7 = a[i + 7];
      int b0 = i * rows;
      int b1 = b0 + rows;
      int b2 = b1 + rows;
      int b3 = b2 + rows;
      int b4 = b3 + rows;
      int b5 = b4 + rows;
      int b6 = b5 + rows;
      int b7 = b6 + rows;
      for (int row = 0; row < rows; row++) {
        sums[row] +=
            ((a0 * b[b0 + row] + a1 * b[b1 + row]) + (a2 * b[b2 + row] + a3 * b[b3 + row]))
                + ((a4 * b[b4 + row] + a5 * b[b5 + row]) + (a6 * b[b6 + row] + a7 * b[b7 + row]));
      }
    }
    for (int i = eights; i < a.length; i++) {
      float one = a[i];
      int from = i * rows;
      for (int row = 0; row < rows; row++) {
        sums[row] += one * b[from + row];
      }
    }
    float largest = Float.NEGATIVE_INFINITY;
    for (int row = 0; row < rows; row++) {
      float sum = sums[row];
      largest = sum > largest ? sum : largest;
    }
    return largest;
  }
}
