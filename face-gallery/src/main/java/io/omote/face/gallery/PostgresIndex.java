// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import java.util.Locale;

/**
 * How a gallery in PostgreSQL is searched.
 *
 * <p>Immutable and thread-safe.
 */
public final class PostgresIndex {
  /** The most that pgvector looks at. */
  private static final int MAX_EF_SEARCH = 1000;

  private static final PostgresIndex EXACT = new PostgresIndex(0);

  private final int efSearch;

  private PostgresIndex(int efSearch) {
    this.efSearch = efSearch;
  }

  /**
   * Every sample is compared: nobody is missed. It takes a time that grows with the samples, 0.1 s
   * for 100,000 of 512 numbers.
   *
   * @return the default
   */
  public static PostgresIndex exact() {
    return EXACT;
  }

  /**
   * A graph is walked (HNSW), which finds most, in a time that hardly grows: with 200 the most
   * similar person of 100,000 samples in each of 200 searches, in 0.04 s, but the ten most similar
   * persons in 5 of them. Who is missed is a false non-identification that no threshold mends,
   * beside those of the network. The graph takes as much room as the samples, and 2 ms for each.
   *
   * <p>Where fewer persons than were asked for are in view, because it is full of one person's
   * samples or of removed ones, the search is made again, exactly.
   *
   * @param efSearch how many samples are kept in view, from 1 to 1000: more find more, and take
   *     longer. Take several times as many as there are samples of the persons asked for
   * @return the choice
   * @throws IllegalArgumentException if the number is outside
   */
  public static PostgresIndex hnsw(int efSearch) {
    if (efSearch < 1 || efSearch > MAX_EF_SEARCH) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "expected efSearch from 1 to %d, found %d", MAX_EF_SEARCH, efSearch));
    }
    return new PostgresIndex(efSearch);
  }

  boolean isExact() {
    return efSearch == 0;
  }

  int efSearch() {
    return efSearch;
  }

  /**
   * Says which.
   *
   * @return a text
   */
  @Override
  public String toString() {
    return isExact() ? "exact" : String.format(Locale.ROOT, "hnsw, ef_search=%d", efSearch);
  }
}
