// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of a snapshot with their vectors.
 *
 * <p>Later snapshots write behind the rows that are counted here, and nowhere else. Immutable in
 * that sense, and thread-safe.
 *
 * @param columns the vectors of the rows
 * @param rows the rows
 * @param count how many rows count
 * @param dead a bit for each row that was removed; null where none was
 */
record Block(Columns columns, Row[] rows, int count, long @Nullable [] dead) {
  static Block empty(int dimension) {
    Columns columns = Columns.empty(dimension);
    return new Block(columns, new Row[columns.places()], 0, null);
  }

  boolean isFull() {
    return count == rows.length;
  }

  /** With one more row. */
  Block with(Row row, float[] vector) {
    columns.put(count, vector);
    rows[count] = row;
    return new Block(columns, rows, count + 1, dead);
  }

  /** Without a row, which keeps its place. */
  Block without(int row) {
    long[] bits = dead == null ? new long[0] : dead;
    long[] changed = Arrays.copyOf(bits, Math.max(bits.length, row / Long.SIZE + 1));
    changed[row / Long.SIZE] |= 1L << row;
    return new Block(columns, rows, count, changed);
  }

  boolean isDead(int row) {
    return dead != null
        && row / Long.SIZE < dead.length
        && (dead[row / Long.SIZE] & 1L << row) != 0;
  }
}
