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
 * The tables of a schema, and pgvector in its own, by names that no search path changes. Immutable
 * and thread-safe.
 */
final class PostgresTables {
  /** In the jar, and in its documentation: what makes the tables. The n-th makes version n. */
  private static final List<String> FILES =
      List.of("V1__omote_galleries.sql", "V2__omote_samples.sql");

  private static final String FOLDER = "io/omote/face/gallery/postgresql";

  /** Serializes the making of tables: an arbitrary number that other programs will not have. */
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

  /** The type of pgvector, or a function or an operator class. */
  String vector(String name) {
    return quoted(vectors) + "." + name;
  }

  /** The operator of the negative inner product. */
  String product() {
    return "OPERATOR(" + quoted(vectors) + ".<#>)";
  }

  /** The name of an index among those of the schema. */
  @Nullable String find(Connection connection, String index) throws SQLException {
    return one(
        connection,
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE n.nspname = ? AND c.relname = ?",
        schema,
        index);
  }

  /**
   * The tables that are there, or that are made now.
   *
   * @param isMaking whether missing ones may be made
   */
  static PostgresTables prepare(
      Connection connection, @Nullable String wantedSchema, boolean isMaking) throws SQLException {
    String schema = schema(connection, wantedSchema);
    int version = version(connection, schema);
    if (version < FILES.size() && isMaking) {
      lock(connection);
      // Somebody else may have made them meanwhile.
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
   * The table of galleries, whose names and models have been the same since the first version.
   *
   * @return null where there is none
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
            "expected a schema for galleries, found no existing one in the search path: name one by PostgresOptions.withSchema, or by the parameter currentSchema of the JDBC URL");
      }
      return found;
    }
    if (one(connection, "SELECT nspname FROM pg_namespace WHERE nspname = ?", wanted) == null) {
      throw new GalleryException(
          String.format(
              Locale.ROOT,
              "expected the schema '%s' in the database, found none: create it, or name another one",
              wanted));
    }
    return wanted;
  }

  /** The version of the tables, 0 where there are none. */
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
              "expected the version of the galleries in %s.omote_version, found no row: put it back from a backup",
              schema));
    }
    return Integer.parseInt(version);
  }

  private static GalleryException unfit(String schema, int version) {
    if (version > FILES.size()) {
      return new GalleryException(
          String.format(
              Locale.ROOT,
              "expected galleries of version %d in the schema '%s', found version %d: they were made by a newer version of this library; use that",
              FILES.size(),
              schema,
              version));
    }
    return new GalleryException(
        String.format(
            Locale.ROOT,
            "expected tables of galleries of version %d in the schema '%s', found %s: run %s there, which the jar of face-gallery has in %s, or open the gallery once as a role that may create tables, with withMakeTables(true)",
            FILES.size(),
            schema,
            version == 0 ? "none" : "version " + version,
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

  /** For the transaction; where that fails, it is put back with all else. */
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
              "expected the extension pgvector in the database, found that it is missing and cannot be made (%s): have an administrator install it and run CREATE EXTENSION vector",
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
                "expected the file %s/%s in the jar of face-gallery, found none: keep it when jars are put together",
                FOLDER,
                file));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new GalleryException(
          String.format(
              Locale.ROOT,
              "expected to read the file %s/%s in the jar of face-gallery, found %s: see whether the jar is whole",
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
          "expected the extension pgvector in the database, found none: have an administrator run CREATE EXTENSION vector");
    }
    return found;
  }

  /** Reads no row, but fails where a search would: no images are read in vain. */
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

  /** The first column of the first row, null where there is none. */
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
