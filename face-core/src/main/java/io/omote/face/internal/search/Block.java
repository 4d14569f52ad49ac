// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.search;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of a snapshot with their vectors.
 *
 * <p>Later snapshots write behind the rows that are counted here, or into larger copies, and
 * nowhere else. Immutable in that sense, and thread-safe.
 *
 * @param columns the vectors of the rows
 * @param norms the lengths that they had; here, because a row would take twice the room of one more
 * @param rows the rows
 * @param count how many rows count
 * @param dead a bit for each row that was removed; null where none was
 */
record Block(
    TransposedVectors columns, float[] norms, Row[] rows, int count, long @Nullable [] dead) {
  static Block empty(int dimension) {
    TransposedVectors columns = TransposedVectors.empty(dimension);
    return new Block(columns, new float[columns.places()], new Row[columns.places()], 0, null);
  }

  boolean isFull() {
    return count == TransposedVectors.places(columns.numbers().length);
  }

  /** With one more row. */
  Block with(Row row, float[] vector, float norm) {
    return count == rows.length ? grown().with(row, vector, norm) : put(row, vector, norm);
  }

  private Block grown() {
    TransposedVectors grown = columns.grown();
    int room = grown.places();
    return new Block(grown, Arrays.copyOf(norms, room), Arrays.copyOf(rows, room), count, dead);
  }

  private Block put(Row row, float[] vector, float norm) {
    columns.put(count, vector);
    norms[count] = norm;
    rows[count] = row;
    return new Block(columns, norms, rows, count + 1, dead);
  }

  /** Without a row, which keeps its place. */
  Block without(int row) {
    long[] bits = dead == null ? new long[0] : dead;
    long[] changed = Arrays.copyOf(bits, Math.max(bits.length, row / Long.SIZE + 1));
    changed[row / Long.SIZE] |= 1L << row;
    return new Block(columns, norms, rows, count, changed);
  }

  boolean isDead(int row) {
    return dead != null
        && row / Long.SIZE < dead.length
        && (dead[row / Long.SIZE] & 1L << row) != 0;
  }
}
