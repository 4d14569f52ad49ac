// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import java.util.Locale;

/**
 * The way in which a gallery in PostgreSQL is searched: exactly, or by an HNSW index.
 *
 * <p>Immutable and thread-safe.
 */
public final class PostgresIndex {
  /** The maximum value of pgvector. */
  private static final int MAX_EF_SEARCH = 1000;

  private static final PostgresIndex EXACT = new PostgresIndex(0);

  private final int efSearch;

  private PostgresIndex(int efSearch) {
    this.efSearch = efSearch;
  }

  /**
   * Returns the exact search, which compares every sample and misses nobody. Its time grows with
   * the number of samples: 0.1 s for 100,000 samples of 512 numbers.
   *
   * @return the exact search, which is the default
   */
  public static PostgresIndex exact() {
    return EXACT;
  }

  /**
   * Returns a search by an approximate index (HNSW). It finds most persons, in a time that hardly
   * grows with the gallery. With {@code efSearch} 200 among 100,000 samples, each of 200 searches
   * found the most similar person, in 0.04 s, but only 5 found all of the ten most similar persons.
   * Each missed person is a false non-identification that no threshold can fix, in addition to
   * those of the recognizer. The index takes as much disk space as the samples, and 2 ms of time
   * for each.
   *
   * <p>If the index finds fewer persons than requested, because many samples belong to one person
   * or were removed, the search is repeated exactly.
   *
   * @param efSearch the number of samples that a search keeps in view, from 1 to 1000: a higher
   *     number finds more persons, but takes longer. Use several times the number of samples of the
   *     requested persons
   * @return the search
   * @throws IllegalArgumentException if the number is out of range
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
   * Returns a description.
   *
   * @return a text
   */
  @Override
  public String toString() {
    return isExact() ? "exact" : String.format(Locale.ROOT, "hnsw, ef_search=%d", efSearch);
  }
}
