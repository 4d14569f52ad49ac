// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Options for opening a gallery in PostgreSQL. By default the search path determines the schema,
 * missing tables are created, and searches are exact.
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
   * Returns the defaults.
   *
   * @return the default options
   */
  public static PostgresOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Returns these options with another schema of the tables. By default it is the first one in the
   * search path that has them, or else the one in which new tables are created.
   *
   * @param name the name of an existing schema, without quotes
   * @return a copy with this change
   */
  public PostgresOptions withSchema(String name) {
    return new PostgresOptions(Objects.requireNonNull(name, "name"), makeTables, index);
  }

  /**
   * Returns these options with another choice for missing or older tables, or a missing index.
   *
   * @param make true to create or upgrade them, false to throw an exception that says what to run
   * @return a copy with this change
   */
  public PostgresOptions withMakeTables(boolean make) {
    return new PostgresOptions(schema, make, index);
  }

  /**
   * Returns these options with another index.
   *
   * @param how the index; a missing one is created when the gallery is opened, which takes 2 ms for
   *     each sample
   * @return a copy with this change
   */
  public PostgresOptions withIndex(PostgresIndex how) {
    return new PostgresOptions(schema, makeTables, Objects.requireNonNull(how, "how"));
  }

  /**
   * Returns the schema of the tables.
   *
   * @return its name, null if the search path determines it
   */
  public @Nullable String schema() {
    return schema;
  }

  /**
   * Returns whether missing tables are created.
   *
   * @return false if they cause an exception
   */
  public boolean makeTables() {
    return makeTables;
  }

  /**
   * Returns the index.
   *
   * @return the index
   */
  public PostgresIndex index() {
    return index;
  }
}
