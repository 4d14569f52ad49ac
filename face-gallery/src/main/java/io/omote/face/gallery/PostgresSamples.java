// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import io.omote.face.EmbeddingException;
import io.omote.face.FaceEmbedding;
import io.omote.face.GalleryEntry;
import io.omote.face.GalleryException;
import io.omote.face.internal.search.GalleryChecks;
import java.nio.ByteBuffer;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rows of one gallery: writing and reading them. Thread-safe. */
final class PostgresSamples {
  /** The number of rows of one statement. */
  static final int ROWS = 500;

  /** The maximum dimension: more numbers do not fit into a page of the server. */
  private static final int MAX_DIMENSION = 1900;

  private final PostgresTables tables;

  private final String name;
  private final String modelId;
  private final long id;

  private PostgresSamples(PostgresTables tables, String name, String modelId, long id) {
    this.tables = tables;
    this.name = name;
    this.modelId = modelId;
    this.id = id;
  }

  /**
   * Opens the gallery of a name.
   *
   * @param isMaking whether a missing gallery is created
   */
  static PostgresSamples open(
      Connection connection, PostgresTables tables, String name, String modelId, boolean isMaking)
      throws SQLException {
    PostgresSamples found = find(connection, tables, name, modelId);
    if (found == null && isMaking) {
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT INTO "
                  + tables.galleries()
                  + " (name, model, dimension) VALUES (?, ?, 0) ON CONFLICT (name) DO NOTHING")) {
        insert.setString(1, name);
        insert.setString(2, modelId);
        insert.executeUpdate();
      }
      found = find(connection, tables, name, modelId);
    }
    if (found == null) {
      throw new GalleryException(
          String.format(
              Locale.ROOT, "the database has no gallery '%s': enroll people first", name));
    }
    return found;
  }

  private static @Nullable PostgresSamples find(
      Connection connection, PostgresTables tables, String name, String modelId)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT id, model FROM " + tables.galleries() + " WHERE name = ?")) {
      select.setString(1, name);
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          return null;
        }
        if (!row.getString(2).equals(modelId)) {
          throw new GalleryException(
              String.format(
                  Locale.ROOT,
                  "expected a gallery '%s' of the model %s, found one of %s: use that model, or embed all images again into a gallery of another name",
                  name,
                  modelId,
                  row.getString(2)));
        }
        return new PostgresSamples(tables, name, modelId, row.getLong(1));
      }
    }
  }

  /** Returns the condition on rows of samples. The server makes the number of a gallery. */
  String where() {
    return "gallery = " + id;
  }

  /**
   * Returns the row of the gallery to select from, with its name and its model as parameters. The
   * row is gone if the gallery was removed, even if new tables use the number again.
   */
  String row() {
    return tables.galleries() + " WHERE id = " + id + " AND name = ? AND model = ?";
  }

  /** Returns the expression for the face of a row, independent of the connection's settings. */
  String sent(String row) {
    return String.format(
        Locale.ROOT, "float4send(%1$s.norm) || %2$s(%1$s.face)", row, tables.vector("vector_send"));
  }

  String name() {
    return name;
  }

  long id() {
    return id;
  }

  String modelId() {
    return modelId;
  }

  PostgresTables tables() {
    return tables;
  }

  GalleryException removed() {
    return new GalleryException(
        String.format(
            Locale.ROOT,
            "the gallery '%s' was removed or replaced in the database: open the gallery again",
            name));
  }

  /** Returns the dimension of the samples, 0 before the first. */
  int dimension(Connection connection) throws SQLException {
    return Math.toIntExact(number(connection, "SELECT dimension FROM " + row()));
  }

  /** Returns the dimension, and makes other writers wait for the end of this transaction. */
  int lock(Connection connection) throws SQLException {
    int dimension =
        Math.toIntExact(
            number(connection, "SELECT dimension FROM " + row() + " FOR NO KEY UPDATE"));
    // It may have waited a long time; nothing has changed yet.
    GalleryChecks.checkInterrupt();
    return dimension;
  }

  /** Counts rows of samples. */
  int count(Connection connection, String what) throws SQLException {
    return Math.toIntExact(
        number(
            connection,
            "SELECT (SELECT count("
                + what
                + ") FROM "
                + tables.samples()
                + " WHERE "
                + where()
                + ") FROM "
                + row()));
  }

  private long number(Connection connection, String sql) throws SQLException {
    String found = PostgresTables.one(connection, sql, name, modelId);
    if (found == null) {
      throw removed();
    }
    return Long.parseLong(found);
  }

  /**
   * Adds all of the new entries, or none.
   *
   * @param index the index to create together with the first entries, null for none
   */
  void enroll(Connection connection, List<GalleryEntry> entries, @Nullable PostgresHnsw index)
      throws SQLException {
    int known = lock(connection);
    int dimension = known;
    Map<List<String>, GalleryEntry> batch = new LinkedHashMap<>();
    for (GalleryEntry entry : entries) {
      GalleryChecks.checkModel(entry.face(), modelId, dimension);
      dimension = entry.face().dimension();
      GalleryEntry before = batch.putIfAbsent(List.of(entry.person(), entry.sample()), entry);
      if (before != null && !before.face().equals(entry.face())) {
        throw GalleryChecks.duplicate(entry.person(), entry.sample());
      }
    }
    if (known == 0 && dimension > 0) {
      begin(connection, dimension);
      if (index != null) {
        index.require(connection, dimension, true);
      }
    }
    List<GalleryEntry> all = List.copyOf(batch.values());
    for (int from = 0; from < all.size(); from += ROWS) {
      add(connection, all.subList(from, Math.min(from + ROWS, all.size())));
    }
  }

  private void begin(Connection connection, int dimension) throws SQLException {
    if (dimension > MAX_DIMENSION) {
      throw new GalleryException(
          String.format(
              Locale.ROOT,
              "expected embeddings of at most %d numbers, found %d: use LuceneGallery instead",
              MAX_DIMENSION,
              dimension));
    }
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE " + tables.galleries() + " SET dimension = ? WHERE id = " + id)) {
      update.setInt(1, dimension);
      update.executeUpdate();
    }
  }

  private void add(Connection connection, List<GalleryEntry> entries) throws SQLException {
    Map<List<String>, GalleryEntry> missing = new LinkedHashMap<>();
    entries.forEach(entry -> missing.put(List.of(entry.person(), entry.sample()), entry));
    for (GalleryEntry there : find(connection, entries)) {
      GalleryEntry wanted = missing.remove(List.of(there.person(), there.sample()));
      if (wanted != null && !wanted.face().equals(there.face())) {
        throw GalleryChecks.duplicate(wanted.person(), wanted.sample());
      }
    }
    if (!missing.isEmpty()) {
      insert(connection, List.copyOf(missing.values()));
    }
  }

  /** Returns the entries that exist with the names of others. */
  private List<GalleryEntry> find(Connection connection, List<GalleryEntry> names)
      throws SQLException {
    String sql =
        String.format(
            Locale.ROOT,
            "SELECT s.person, s.sample, %s FROM unnest(?::text[], ?::text[]) AS t (person, sample) JOIN %s s ON %s AND s.person = t.person AND s.sample = t.sample",
            sent("s"),
            tables.samples(),
            where());
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setArray(1, texts(connection, names, GalleryEntry::person));
      select.setArray(2, texts(connection, names, GalleryEntry::sample));
      return entries(select);
    }
  }

  private void insert(Connection connection, List<GalleryEntry> entries) throws SQLException {
    String sql =
        String.format(
            Locale.ROOT,
            "INSERT INTO %s (gallery, person, sample, norm, face) SELECT %d, p, s, n, f::%s FROM unnest(?::text[], ?::text[], ?::real[], ?::text[]) AS t (p, s, n, f)",
            tables.samples(),
            id,
            tables.vector("vector"));
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setArray(1, texts(connection, entries, GalleryEntry::person));
      insert.setArray(2, texts(connection, entries, GalleryEntry::sample));
      insert.setArray(
          3,
          connection.createArrayOf(
              "real", entries.stream().map(entry -> entry.face().norm()).toArray()));
      insert.setArray(4, texts(connection, entries, entry -> vector(entry.face())));
      insert.executeUpdate();
    }
  }

  private static Array texts(
      Connection connection, List<GalleryEntry> entries, Function<GalleryEntry, String> text)
      throws SQLException {
    return connection.createArrayOf("text", entries.stream().map(text).toArray());
  }

  /** Deletes the rows of a person, or of one sample. */
  int delete(Connection connection, String person, @Nullable String sample) throws SQLException {
    lock(connection);
    String sql =
        "DELETE FROM "
            + tables.samples()
            + " WHERE "
            + where()
            + " AND person = ?"
            + (sample == null ? "" : " AND sample = ?");
    try (PreparedStatement delete = connection.prepareStatement(sql)) {
      delete.setString(1, person);
      if (sample != null) {
        delete.setString(2, sample);
      }
      return delete.executeUpdate();
    }
  }

  /** Opens a cursor over the current samples. */
  boolean open(Connection connection, String cursor) throws SQLException {
    dimension(connection);
    String sql =
        String.format(
            Locale.ROOT,
            "DECLARE %s NO SCROLL CURSOR FOR SELECT person, sample, %s FROM %s s WHERE %s",
            cursor,
            sent("s"),
            tables.samples(),
            where());
    try (Statement statement = connection.createStatement()) {
      return statement.execute(sql);
    }
  }

  /** Returns the next samples, empty after the last. */
  List<GalleryEntry> next(Connection connection, String cursor) throws SQLException {
    try (PreparedStatement fetch =
        connection.prepareStatement("FETCH " + ROWS + " FROM " + cursor)) {
      return entries(fetch);
    }
  }

  boolean close(Connection connection, String cursor) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.execute("CLOSE " + cursor);
    }
  }

  private List<GalleryEntry> entries(PreparedStatement select) throws SQLException {
    List<GalleryEntry> entries = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        entries.add(entry(rows));
      }
    }
    return entries;
  }

  private GalleryEntry entry(ResultSet row) throws SQLException {
    try {
      return new GalleryEntry(row.getString(1), row.getString(2), face(row, 3));
    } catch (IllegalArgumentException e) {
      throw foreign(e);
    }
  }

  private GalleryException foreign(RuntimeException cause) {
    return new GalleryException(
        String.format(
            Locale.ROOT,
            "the gallery '%s' has a row that was changed by something other than this library (%s): restore it from a backup, or delete it",
            name,
            cause.getMessage()),
        cause);
  }

  /** Returns text for pgvector. It reads the shortest text of a float as the same float. */
  static String vector(FaceEmbedding face) {
    float[] numbers = face.toArray();
    StringBuilder text = new StringBuilder(12 * numbers.length).append('[');
    for (float number : numbers) {
      text.append(text.length() > 1 ? "," : "").append(number);
    }
    return text.append(']').toString();
  }

  /**
   * Decodes a face as {@link #sent}: the norm, then pgvector's dimension, two zeros, and floats.
   */
  FaceEmbedding face(ResultSet row, int column) throws SQLException {
    ByteBuffer bytes = ByteBuffer.wrap(row.getBytes(column));
    float norm = bytes.getFloat();
    float[] numbers = new float[bytes.getShort()];
    bytes.getShort();
    bytes.asFloatBuffer().get(numbers);
    try {
      return FaceEmbedding.ofUnit(modelId, norm, numbers);
    } catch (EmbeddingException e) {
      throw foreign(e);
    }
  }
}
