// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a gallery in PostgreSQL is opened. By default the search path says in which schema, missing
 * tables are made, and searches are exact.
 *
 * <p>Immutable and thread-safe.
 */
public final class PostgresOptions {
  private static final PostgresOptions DEFAULTS =
      new PostgresOptions(null, true, PostgresIndex.exact());

  private final @Nullable String schema;
  private final boolean makeTables;
  private final PostgresIndex index;

  private PostgresOptions(@Nullable String schema, boolean makeTables, PostgresIndex index) {
    this.schema = schema;
    this.makeTables = makeTables;
    this.index = index;
  }

  /**
   * The defaults.
   *
   * @return the default options
   */
  public static PostgresOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Changes the schema of the tables. By default it is the first one in the search path that has
   * them, or else the one in which new tables are made.
   *
   * @param name the name of a schema that exists, as it is, without quotes
   * @return the changed options
   */
  public PostgresOptions withSchema(String name) {
    return new PostgresOptions(Objects.requireNonNull(name, "name"), makeTables, index);
  }

  /**
   * Changes what happens when the tables, or the index, are missing or of an older version.
   *
   * @param make true to make or upgrade them, false to refuse with a text that says what to run
   * @return the changed options
   */
  public PostgresOptions withMakeTables(boolean make) {
    return new PostgresOptions(schema, make, index);
  }

  /**
   * Changes how the gallery is searched.
   *
   * @param how the index; one that is missing is made when the gallery is opened, which takes 2 ms
   *     for each sample
   * @return the changed options
   */
  public PostgresOptions withIndex(PostgresIndex how) {
    return new PostgresOptions(schema, makeTables, Objects.requireNonNull(how, "how"));
  }

  /**
   * Returns the schema of the tables.
   *
   * @return its name, null where the search path decides
   */
  public @Nullable String schema() {
    return schema;
  }

  /**
   * Returns whether missing tables are made.
   *
   * @return false where they are refused
   */
  public boolean makeTables() {
    return makeTables;
  }

  /**
   * Returns how the gallery is searched.
   *
   * @return the index
   */
  public PostgresIndex index() {
    return index;
  }
}
