// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import io.omote.face.GalleryException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The tables in one schema and pgvector in another, by qualified names that do not depend on the
 * search path. Immutable and thread-safe.
 */
final class PostgresTables {
  /** The documented files of the jar that create the tables. The n-th file makes version n. */
  private static final List<String> FILES =
      List.of("V1__omote_galleries.sql", "V2__omote_samples.sql");

  private static final String FOLDER = "io/omote/face/gallery/postgresql";

  /**
   * The advisory lock that serializes table creation, a number that other programs will not use.
   */
  private static final long LOCK = 0x4f4d4f5445L;

  private final String schema;
  private final String vectors;

  private PostgresTables(String schema, String vectors) {
    this.schema = schema;
    this.vectors = vectors;
  }

  String galleries() {
    return quoted(schema) + ".omote_galleries";
  }

  String samples() {
    return quoted(schema) + ".omote_samples";
  }

  /** Returns the qualified name of a type, function or operator class of pgvector. */
  String vector(String name) {
    return quoted(vectors) + "." + name;
  }

  /** Returns the operator of the negative inner product. */
  String product() {
    return "OPERATOR(" + quoted(vectors) + ".<#>)";
  }

  /** Returns the name of an index if the schema has it. */
  @Nullable String find(Connection connection, String index) throws SQLException {
    return one(
        connection,
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE n.nspname = ? AND c.relname = ?",
        schema,
        index);
  }

  /**
   * Returns the tables.
   *
   * @param isMaking whether missing tables are created
   */
  static PostgresTables prepare(
      Connection connection, @Nullable String wantedSchema, boolean isMaking) throws SQLException {
    String schema = schema(connection, wantedSchema);
    int version = version(connection, schema);
    if (version < FILES.size() && isMaking) {
      lock(connection);
      // Another process may have created them in the meantime.
      version = version(connection, schema);
      make(connection, schema, version);
    } else if (version != FILES.size()) {
      throw unfit(schema, version);
    }
    PostgresTables tables = new PostgresTables(schema, vectors(connection));
    tables.check(connection);
    return tables;
  }

  /**
   * Returns the table of galleries, whose columns for name and model are the same in all versions.
   *
   * @return its name, null if the schema has none
   */
  static @Nullable String galleries(Connection connection, @Nullable String wantedSchema)
      throws SQLException {
    String schema = schema(connection, wantedSchema);
    int version = version(connection, schema);
    if (version > FILES.size()) {
      throw unfit(schema, version);
    }
    return version == 0 ? null : quoted(schema) + ".omote_galleries";
  }

  private static String schema(Connection connection, @Nullable String wanted) throws SQLException {
    if (wanted == null) {
      String found =
          one(
              connection,
              "SELECT coalesce((SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid ="
                  + " c.relnamespace WHERE c.oid = to_regclass('omote_galleries')),"
                  + " current_schema())");
      if (found == null) {
        throw new GalleryException(
            "the search path has no existing schema for galleries: set one with PostgresOptions.withSchema, or with the parameter currentSchema of the JDBC URL");
      }
      return found;
    }
    if (one(connection, "SELECT nspname FROM pg_namespace WHERE nspname = ?", wanted) == null) {
      throw new GalleryException(
          String.format(
              Locale.ROOT,
              "the database has no schema '%s': create it, or use another one",
              wanted));
    }
    return wanted;
  }

  /** Returns the version of the tables, 0 if there are none. */
  private static int version(Connection connection, String schema) throws SQLException {
    String newest =
        one(
            connection,
            "SELECT max(c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE n.nspname = ? AND c.relname IN ('omote_galleries', 'omote_version')",
            schema);
    if (newest == null) {
      return 0;
    }
    if (newest.equals("omote_galleries")) {
      return 1;
    }
    String version =
        one(connection, "SELECT version::text FROM " + quoted(schema) + ".omote_version");
    if (version == null) {
      throw new GalleryException(
          String.format(
              Locale.ROOT,
              "the table %s.omote_version is empty, so the version of the galleries is unknown: restore it from a backup",
              schema));
    }
    return Integer.parseInt(version);
  }

  private static GalleryException unfit(String schema, int version) {
    if (version > FILES.size()) {
      return new GalleryException(
          String.format(
              Locale.ROOT,
              "expected galleries of version %d in the schema '%s', found version %d: use the newer version of this library that created them",
              FILES.size(),
              schema,
              version));
    }
    return new GalleryException(
        String.format(
            Locale.ROOT,
            "expected gallery tables of version %d in the schema '%s', found %s: run %s there (in the jar of face-gallery at %s), or open the gallery once as a role that may create tables, with withMakeTables(true)",
            FILES.size(),
            schema,
            version == 0 ? "no tables" : "version " + version,
            String.join(", then ", FILES.subList(version, FILES.size())),
            FOLDER));
  }

  private static void lock(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_advisory_xact_lock(" + LOCK + ")");
    }
  }

  private static void make(Connection connection, String schema, int version) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (extension(connection) == null) {
        makeExtension(statement);
      }
      String path = one(connection, "SELECT current_setting('search_path')");
      setPath(connection, quoted(schema) + ", " + quoted(vectors(connection)));
      for (String file : FILES.subList(version, FILES.size())) {
        statement.execute(text(file));
      }
      setPath(connection, path);
    } catch (SQLException e) {
      if ("42501".equals(e.getSQLState())) {
        GalleryException unfit = unfit(schema, version);
        unfit.initCause(e);
        throw unfit;
      }
      throw e;
    }
  }

  /** Sets the search path for the transaction, whose rollback restores it. */
  private static void setPath(Connection connection, @Nullable String path) throws SQLException {
    one(connection, "SELECT set_config('search_path', ?, true)", path);
  }

  private static void makeExtension(Statement statement) {
    try {
      statement.execute("CREATE EXTENSION vector");
    } catch (SQLException e) {
      throw new GalleryException(
          String.format(
              Locale.ROOT,
              "the extension pgvector is missing from the database and could not be created (%s): have an administrator install it and run CREATE EXTENSION vector",
              PostgresErrors.clean(e.getMessage())),
          e);
    }
  }

  private static String text(String file) {
    try (InputStream in = PostgresTables.class.getResourceAsStream("postgresql/" + file)) {
      if (in == null) {
        throw new GalleryException(
            String.format(
                Locale.ROOT,
                "the file %s/%s is missing from the jar of face-gallery: include it when jars are merged",
                FOLDER,
                file));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new GalleryException(
          String.format(
              Locale.ROOT,
              "the file %s/%s in the jar of face-gallery could not be read (%s): check that the jar is complete",
              FOLDER,
              file,
              e),
          e);
    }
  }

  private static @Nullable String extension(Connection connection) throws SQLException {
    return one(
        connection,
        "SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"
            + " WHERE e.extname = 'vector'");
  }

  private static String vectors(Connection connection) throws SQLException {
    String found = extension(connection);
    if (found == null) {
      throw new GalleryException(
          "the extension pgvector is missing from the database: have an administrator run CREATE EXTENSION vector");
    }
    return found;
  }

  /** Reads no row, but fails if a search would fail, before images are read for nothing. */
  private void check(Connection connection) throws SQLException {
    one(
        connection,
        "SELECT (s.face "
            + product()
            + " s.face)::text FROM "
            + galleries()
            + " g, "
            + samples()
            + " s LIMIT 0");
  }

  private static String quoted(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /** Returns the first column of the first row, null if there is no row. */
  static @Nullable String one(Connection connection, String sql, @Nullable String... values)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        select.setString(i + 1, values[i]);
      }
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? row.getString(1) : null;
      }
    }
  }
}
