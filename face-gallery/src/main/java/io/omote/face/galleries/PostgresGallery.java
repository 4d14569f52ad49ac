// SPDX-License-Identifier: Apache-2.0
package io.omote.face.galleries;

import io.omote.face.Candidate;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceException;
import io.omote.face.FaceGallery;
import io.omote.face.GalleryEntry;
import io.omote.face.GalleryException;
import io.omote.face.IdentificationPolicy;
import io.omote.face.gallery.Requests;
import java.nio.ByteBuffer;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A gallery in PostgreSQL with the extension pgvector, for several processes at once.
 *
 * <pre>{@code
 * try (FaceGallery people = PostgresGallery.open(dataSource, "staff", embedder.modelId())) {
 *   people.enrol("maya", "passport.jpg", embedding);
 * }
 * }</pre>
 *
 * <p>A search is exact unless an index is asked for ({@link PostgresIndex#hnsw}). The similarities
 * are those of {@link FaceEmbedding#similarity}: the server says which samples may be among the
 * best, and they are scored here. Each call is one transaction of one connection of the data
 * source, which stays the caller's: {@link #close} closes none of it.
 *
 * <p>Who is removed is found no more from then on. The rows leave the disk with the server's next
 * vacuum of the table, its log and its backups by their own rules.
 *
 * <p>Safe for use by several threads at once; several processes may write, one after the other.
 */
public final class PostgresGallery implements FaceGallery {
  private static final String VERSION = "1";

  /** Rows of one statement. */
  private static final int ROWS = 500;

  /** Rows that are read at a time where all are wanted. */
  private static final int FETCHED = 500;

  /** More numbers do not fit a page of the server. */
  private static final int MAX_DIMENSION = 1900;

  /** Who makes tables does so alone: an arbitrary number that other programs will not have. */
  private static final long SCHEMA_LOCK = 0x4f4d4f5445L;

  private static final Comparator<Candidate> ORDER =
      Comparator.comparingDouble(Candidate::similarity)
          .reversed()
          .thenComparing(Candidate::person)
          .thenComparing(Candidate::sample);

  private final DataSource database;
  private final String name;
  private final String modelId;
  private final PostgresIndex index;

  /** The table of the samples; its name is of our making. */
  private final String table;

  private volatile boolean closed;

  private PostgresGallery(
      DataSource database, String name, String modelId, PostgresIndex index, String table) {
    this.database = database;
    this.name = name;
    this.modelId = modelId;
    this.index = index;
    this.table = table;
  }

  /**
   * Opens a gallery that is searched exactly, or makes one.
   *
   * @param database gives connections to PostgreSQL; tables are made in the schema that comes first
   *     in their search path
   * @param name which gallery of the database
   * @param modelId the id of the model whose embeddings it has
   * @return the gallery
   * @throws GalleryException if the gallery is of another model, pgvector is missing, or the
   *     database cannot be used
   */
  public static PostgresGallery open(DataSource database, String name, String modelId) {
    return open(database, name, modelId, PostgresIndex.exact());
  }

  /**
   * Opens a gallery, or makes one.
   *
   * @param database gives connections to PostgreSQL; tables are made in the schema that comes first
   *     in their search path
   * @param name which gallery of the database
   * @param modelId the id of the model whose embeddings it has
   * @param index how it is searched; an index that is missing is made, which takes 2 ms for each
   *     sample that is there
   * @return the gallery
   * @throws GalleryException if the gallery is of another model, pgvector is missing, or the
   *     database cannot be used
   */
  public static PostgresGallery open(
      DataSource database, String name, String modelId, PostgresIndex index) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(modelId, "modelId");
    try {
      long id = transaction(database, false, connection -> prepare(connection, name, modelId));
      PostgresGallery gallery =
          new PostgresGallery(database, name, modelId, index, "omote_samples_" + id);
      gallery.run(
          "open",
          false,
          connection -> {
            gallery.makeIndex(connection, gallery.dimension(connection, true));
            return true;
          });
      return gallery;
    } catch (SQLException e) {
      throw failed("open", name, e);
    }
  }

  /**
   * The model of a gallery that is there.
   *
   * @param database gives connections to PostgreSQL
   * @param name which gallery of the database
   * @return the id of its model, empty where the database has no such gallery
   * @throws GalleryException if the database cannot be used
   */
  public static Optional<String> modelIdOf(DataSource database, String name) {
    try {
      return transaction(
          database,
          true,
          connection -> {
            try (PreparedStatement exists =
                connection.prepareStatement("SELECT to_regclass('omote_galleries')::text")) {
              if (one(exists, row -> row.getString(1)) == null) {
                return Optional.<String>empty();
              }
            }
            try (PreparedStatement model =
                connection.prepareStatement("SELECT model FROM omote_galleries WHERE name = ?")) {
              model.setString(1, name);
              return Optional.ofNullable(one(model, row -> row.getString(1)));
            }
          });
    } catch (SQLException e) {
      throw failed("open", name, e);
    }
  }

  /** Makes what is missing and gives the gallery's number. */
  private static long prepare(Connection connection, String name, String modelId)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_advisory_xact_lock(%d)".formatted(SCHEMA_LOCK));
      try (ResultSet extension =
          statement.executeQuery("SELECT 1 FROM pg_extension WHERE extname = 'vector'")) {
        if (!extension.next()) {
          makeExtension(connection);
        }
      }
      statement.execute(
          "CREATE TABLE IF NOT EXISTS omote_galleries (id bigserial PRIMARY KEY, name text NOT NULL"
              + " UNIQUE, model text NOT NULL, version text NOT NULL, dimension int NOT NULL)");
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO omote_galleries (name, model, version, dimension) VALUES (?, ?, ?, 0) ON"
                + " CONFLICT (name) DO NOTHING")) {
      insert.setString(1, name);
      insert.setString(2, modelId);
      insert.setString(3, VERSION);
      insert.executeUpdate();
    }
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT id, model, version FROM omote_galleries WHERE name = ?")) {
      select.setString(1, name);
      return one(
          select,
          row -> {
            if (!row.getString(3).equals(VERSION)) {
              throw new GalleryException(
                  "expected the gallery '%s' in version %s, found version %s: it was written by another version of this library"
                      .formatted(name, VERSION, row.getString(3)));
            }
            if (!row.getString(2).equals(modelId)) {
              throw new GalleryException(
                  "expected a gallery '%s' of the model %s, found one of %s: use that model, or embed all pictures anew into a gallery of another name"
                      .formatted(name, modelId, row.getString(2)));
            }
            return row.getLong(1);
          });
    }
  }

  private static void makeExtension(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE EXTENSION vector");
    } catch (SQLException e) {
      throw new GalleryException(
          "expected the extension pgvector in the database, found that it is missing and cannot be made (%s): have an administrator install it and run CREATE EXTENSION vector"
              .formatted(e.getMessage()),
          e);
    }
  }

  /**
   * The dimension of the samples, 0 before the first.
   *
   * @param isLocking whether others who want to write have to wait for the end of the transaction
   */
  private int dimension(Connection connection, boolean isLocking) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT dimension FROM omote_galleries WHERE name = ?"
                + (isLocking ? " FOR UPDATE" : ""))) {
      select.setString(1, name);
      Integer dimension = one(select, row -> row.getInt(1));
      if (dimension == null) {
        throw new GalleryException(
            "expected the gallery '%s' in the database, found that it was removed: open it anew"
                .formatted(name));
      }
      return dimension;
    }
  }

  private void makeTable(Connection connection, int dimension) throws SQLException {
    if (dimension > MAX_DIMENSION) {
      throw new GalleryException(
          "expected embeddings of at most %d numbers, found %d: use LuceneGallery"
              .formatted(MAX_DIMENSION, dimension));
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE %s (person text NOT NULL, sample text NOT NULL, norm real NOT NULL, face vector(%d) NOT NULL, PRIMARY KEY (person, sample))"
              .formatted(table, dimension));
      // Beside the row it would be read by a look-up for each sample.
      statement.execute("ALTER TABLE %s ALTER COLUMN face SET STORAGE PLAIN".formatted(table));
    }
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE omote_galleries SET dimension = ? WHERE name = ?")) {
      update.setInt(1, dimension);
      update.setString(2, name);
      update.executeUpdate();
    }
    makeIndex(connection, dimension);
  }

  private void makeIndex(Connection connection, int dimension) throws SQLException {
    if (!index.isExact() && dimension > 0) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            "CREATE INDEX IF NOT EXISTS %s_hnsw ON %s USING hnsw (face vector_ip_ops) WITH (m = 24, ef_construction = 200)"
                .formatted(table, table));
      }
    }
  }

  @Override
  public String modelId() {
    return modelId;
  }

  @Override
  public void enrol(Collection<GalleryEntry> entries) {
    Map<List<String>, GalleryEntry> batch = new LinkedHashMap<>();
    for (GalleryEntry entry : Requests.batch(entries)) {
      GalleryEntry before = batch.putIfAbsent(List.of(entry.person(), entry.sample()), entry);
      if (before != null && !before.face().equals(entry.face())) {
        throw Requests.duplicate(entry.person(), entry.sample());
      }
    }
    run(
        "enrol in",
        false,
        connection -> {
          int dimension = dimension(connection, true);
          for (GalleryEntry entry : batch.values()) {
            Requests.checkModel(entry.face(), modelId, dimension);
            if (dimension == 0) {
              dimension = entry.face().dimension();
              makeTable(connection, dimension);
            }
          }
          List<GalleryEntry> all = new ArrayList<>(batch.values());
          for (int from = 0; from < all.size(); from += ROWS) {
            insert(connection, all.subList(from, Math.min(from + ROWS, all.size())));
          }
          return true;
        });
  }

  private void insert(Connection connection, List<GalleryEntry> entries) throws SQLException {
    Set<List<String>> inserted = new HashSet<>();
    String sql =
        "INSERT INTO %s SELECT p, s, n, f::vector FROM unnest(?::text[], ?::text[], ?::real[], ?::text[]) AS t(p, s, n, f) ON CONFLICT DO NOTHING RETURNING person, sample"
            .formatted(table);
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setArray(1, texts(connection, entries.stream().map(GalleryEntry::person).toList()));
      insert.setArray(2, texts(connection, entries.stream().map(GalleryEntry::sample).toList()));
      insert.setArray(
          3,
          connection.createArrayOf(
              "real", entries.stream().map(entry -> entry.face().norm()).toArray()));
      insert.setArray(
          4, texts(connection, entries.stream().map(e -> vector(e.face().toArray())).toList()));
      try (ResultSet rows = insert.executeQuery()) {
        while (rows.next()) {
          inserted.add(List.of(rows.getString(1), rows.getString(2)));
        }
      }
    }
    for (GalleryEntry entry : entries) {
      if (!inserted.contains(List.of(entry.person(), entry.sample()))) {
        checkSame(connection, entry);
      }
    }
  }

  private static Array texts(Connection connection, List<String> texts) throws SQLException {
    return connection.createArrayOf("text", texts.toArray());
  }

  private void checkSame(Connection connection, GalleryEntry entry) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT norm, vector_send(face) FROM %s WHERE person = ? AND sample = ?"
                .formatted(table))) {
      select.setString(1, entry.person());
      select.setString(2, entry.sample());
      FaceEmbedding known = one(select, row -> face(row, 1));
      if (!entry.face().equals(known)) {
        throw Requests.duplicate(entry.person(), entry.sample());
      }
    }
  }

  @Override
  public List<Candidate> search(FaceEmbedding probe, int limit) {
    Requests.checkLimit(limit);
    return run("search", true, connection -> search(connection, probe, limit));
  }

  @Override
  public Optional<Candidate> identify(FaceEmbedding probe, IdentificationPolicy policy) {
    return run(
        "search",
        true,
        connection -> {
          double threshold = policy.at(modelId, size(connection)).threshold();
          return search(connection, probe, 1).stream()
              .filter(candidate -> candidate.similarity() >= threshold)
              .findFirst();
        });
  }

  private List<Candidate> search(Connection connection, FaceEmbedding probe, int limit)
      throws SQLException {
    int dimension = dimension(connection, false);
    Requests.checkModel(probe, modelId, dimension);
    if (dimension == 0) {
      return List.of();
    }
    try (PreparedStatement select = connection.prepareStatement(sql(limit))) {
      select.setString(1, vector(probe.toArray()));
      if (index.isExact()) {
        // Sums of n numbers in single precision, each wrong by half an ulp, on both sides.
        float margin = 2.001f * (dimension + 8) * 0x1p-24f;
        select.setInt(2, limit - 1);
        select.setFloat(3, margin);
        select.setFloat(4, margin);
      } else {
        try (Statement statement = connection.createStatement()) {
          statement.execute("SET LOCAL hnsw.ef_search = " + index.efSearch());
        }
        select.setString(2, vector(probe.toArray()));
        select.setInt(3, index.efSearch());
        select.setInt(4, limit);
      }
      Map<String, Candidate> people = new HashMap<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          Candidate candidate =
              new Candidate(rows.getString(1), rows.getString(2), face(rows, 3).similarity(probe));
          people.merge(candidate.person(), candidate, (a, b) -> ORDER.compare(a, b) <= 0 ? a : b);
        }
      }
      return people.values().stream().sorted(ORDER).limit(limit).toList();
    }
  }

  /** Person, sample, norm and vector of all that may be among the best. */
  private String sql(int limit) {
    if (index.isExact()) {
      return """
      WITH scored AS MATERIALIZED (
        SELECT person, sample, least(1, greatest(-1, -(face <#> ?::vector))) AS score FROM %1$s),
      people AS (SELECT person, max(score) AS best FROM scored GROUP BY person),
      last AS (SELECT best FROM people ORDER BY best DESC OFFSET ? LIMIT 1),
      wanted AS (
        SELECT person, best FROM people WHERE best >= coalesce((SELECT best FROM last), -2) - ?)
      SELECT t.person, t.sample, t.norm, vector_send(t.face)
      FROM wanted w JOIN scored s ON s.person = w.person AND s.score >= w.best - ?
      JOIN %1$s t ON t.person = s.person AND t.sample = s.sample
      """
          .formatted(table);
    }
    return """
    WITH near AS MATERIALIZED (
      SELECT person, sample, face <#> ?::vector AS distance FROM %1$s
      ORDER BY face <#> ?::vector LIMIT ?),
    best AS (
      SELECT DISTINCT ON (person) person, sample, distance FROM near ORDER BY person, distance)
    SELECT t.person, t.sample, t.norm, vector_send(t.face)
    FROM (SELECT person, sample FROM best ORDER BY distance LIMIT ?) b
    JOIN %1$s t ON t.person = b.person AND t.sample = b.sample
    """
        .formatted(table);
  }

  @Override
  public boolean remove(String person, String sample) {
    return delete("person = ? AND sample = ?", person, sample) > 0;
  }

  @Override
  public int removePerson(String person) {
    return delete("person = ?", person);
  }

  private int delete(String which, String... values) {
    return run(
        "remove from",
        false,
        connection -> {
          if (dimension(connection, true) == 0) {
            return 0;
          }
          try (PreparedStatement delete =
              connection.prepareStatement("DELETE FROM %s WHERE %s".formatted(table, which))) {
            for (int i = 0; i < values.length; i++) {
              delete.setString(i + 1, values[i]);
            }
            return delete.executeUpdate();
          }
        });
  }

  @Override
  public int size() {
    return run("read", true, this::size);
  }

  private int size(Connection connection) throws SQLException {
    return count(connection, "count(*)");
  }

  @Override
  public int persons() {
    return run("read", true, connection -> count(connection, "count(DISTINCT person)"));
  }

  private int count(Connection connection, String what) throws SQLException {
    if (dimension(connection, false) == 0) {
      return 0;
    }
    try (PreparedStatement select =
        connection.prepareStatement("SELECT %s FROM %s".formatted(what, table))) {
      return Objects.requireNonNull(one(select, row -> row.getInt(1)));
    }
  }

  @Override
  public void forEach(Consumer<GalleryEntry> action) {
    run(
        "read",
        true,
        connection -> {
          if (dimension(connection, false) > 0) {
            try (PreparedStatement select =
                connection.prepareStatement(
                    "SELECT person, sample, norm, vector_send(face) FROM " + table)) {
              select.setFetchSize(FETCHED);
              try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                  action.accept(
                      new GalleryEntry(rows.getString(1), rows.getString(2), face(rows, 3)));
                }
              }
            }
          }
          return true;
        });
  }

  /** As pgvector reads it; the shortest texts of floats are read back as the same floats. */
  private static String vector(float[] numbers) {
    StringBuilder text = new StringBuilder(12 * numbers.length).append('[');
    for (float number : numbers) {
      text.append(text.length() > 1 ? "," : "").append(number);
    }
    return text.append(']').toString();
  }

  /** The norm, and in the next column what pgvector sends: dimension, nothing, floats. */
  private FaceEmbedding face(ResultSet row, int column) throws SQLException {
    ByteBuffer bytes = ByteBuffer.wrap(row.getBytes(column + 1));
    float[] numbers = new float[bytes.getShort()];
    bytes.getShort();
    bytes.asFloatBuffer().get(numbers);
    return FaceEmbedding.ofUnit(modelId, row.getFloat(column), numbers);
  }

  @Override
  public void close() {
    closed = true;
  }

  /** Work in a transaction. */
  private interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  private <T> T run(String what, boolean isReading, Work<T> work) {
    Requests.checkOpen(closed);
    try {
      return transaction(database, isReading, work);
    } catch (SQLException e) {
      throw failed(what, name, e);
    }
  }

  /** Reads see one snapshot; a write is kept as a whole, or not at all. */
  private static <T> T transaction(DataSource database, boolean isReading, Work<T> work)
      throws SQLException {
    try (Connection connection = database.getConnection()) {
      boolean autoCommit = connection.getAutoCommit();
      int isolation = connection.getTransactionIsolation();
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(
          isReading
              ? Connection.TRANSACTION_REPEATABLE_READ
              : Connection.TRANSACTION_READ_COMMITTED);
      try {
        T result = work.with(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException e) {
        try {
          connection.rollback();
        } catch (SQLException another) {
          e.addSuppressed(another);
        }
        throw e;
      } finally {
        restore(connection, autoCommit, isolation);
      }
    }
  }

  /** A pool gives the connection to others afterwards; a broken one it throws away. */
  private static void restore(Connection connection, boolean autoCommit, int isolation)
      throws SQLException {
    if (!connection.isClosed()) {
      connection.setTransactionIsolation(isolation);
      connection.setAutoCommit(autoCommit);
    }
  }

  /** Reads a row. */
  private interface Reading<T> {
    T of(ResultSet row) throws SQLException;
  }

  private static <T> @Nullable T one(PreparedStatement select, Reading<T> reading)
      throws SQLException {
    try (ResultSet rows = select.executeQuery()) {
      return rows.next() ? reading.of(rows) : null;
    }
  }

  private static FaceException failed(String what, String name, SQLException cause) {
    return new GalleryException(
        "expected to %s the gallery '%s', found an error of the database (state %s): %s. What was committed before is unchanged; see whether the server is there and may be used, and try again"
            .formatted(what, name, cause.getSQLState(), cause.getMessage()),
        cause);
  }

  /**
   * Says which it is.
   *
   * @return a text without names of people
   */
  @Override
  public String toString() {
    return "PostgresGallery[%s, %s]".formatted(name, index);
  }
}
