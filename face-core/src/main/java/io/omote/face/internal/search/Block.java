// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.search;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A run of rows of a snapshot, with their vectors.
 *
 * <p>Later snapshots only write behind the rows that this one counts, or into larger copies. In
 * that sense it is immutable and thread-safe.
 *
 * @param vectors the vectors of the rows
 * @param norms the lengths of the original vectors; held here, because in {@link Row} they would
 *     take twice the memory
 * @param rows the rows
 * @param count the number of rows that belong to this block
 * @param dead a bit for each row that was removed; null if none was
 */
record Block(
    TransposedVectors vectors, float[] norms, Row[] rows, int count, long @Nullable [] dead) {
  static Block empty(int dimension) {
    TransposedVectors vectors = TransposedVectors.empty(dimension);
    return new Block(vectors, new float[vectors.places()], new Row[vectors.places()], 0, null);
  }

  boolean isFull() {
    return count == TransposedVectors.places(vectors.numbers().length);
  }

  /** Returns the block with one more row. */
  Block with(Row row, float[] vector, float norm) {
    return count == rows.length ? grown().with(row, vector, norm) : put(row, vector, norm);
  }

  private Block grown() {
    TransposedVectors grown = vectors.grown();
    int room = grown.places();
    return new Block(grown, Arrays.copyOf(norms, room), Arrays.copyOf(rows, room), count, dead);
  }

  private Block put(Row row, float[] vector, float norm) {
    vectors.put(count, vector);
    norms[count] = norm;
    rows[count] = row;
    return new Block(vectors, norms, rows, count + 1, dead);
  }

  /** Returns the block without a row, which keeps its place. */
  Block without(int row) {
    long[] bits = dead == null ? new long[0] : dead;
    long[] changed = Arrays.copyOf(bits, Math.max(bits.length, row / Long.SIZE + 1));
    changed[row / Long.SIZE] |= 1L << row;
    return new Block(vectors, norms, rows, count, changed);
  }

  boolean isDead(int row) {
    return dead != null
        && row / Long.SIZE < dead.length
        && (dead[row / Long.SIZE] & 1L << row) != 0;
  }
}
