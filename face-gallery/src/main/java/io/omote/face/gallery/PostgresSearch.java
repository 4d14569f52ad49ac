// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import io.omote.face.Candidate;
import io.omote.face.FaceEmbedding;
import io.omote.face.internal.search.GalleryChecks;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The search of one gallery. The server selects the samples that may be among the best, and this
 * class scores them. Each answer comes from one statement, so that it is consistent at any
 * isolation level of the transaction.
 */
final class PostgresSearch {
  private static final Comparator<Candidate> ORDER =
      Comparator.comparingDouble(Candidate::similarity)
          .reversed()
          .thenComparing(Candidate::person)
          .thenComparing(Candidate::sample);

  /**
   * An answer.
   *
   * @param candidates the persons
   * @param samples the number of samples that were searched, 0 if it was not requested
   */
  record Answer(List<Candidate> candidates, int samples) {}

  private final PostgresSamples samples;
  private final PostgresIndex index;
  private final PostgresHnsw hnsw;

  PostgresSearch(PostgresSamples samples, PostgresIndex index) {
    this.samples = samples;
    this.index = index;
    this.hnsw = new PostgresHnsw(samples);
  }

  Answer search(
      Connection connection, String modelId, FaceEmbedding probe, int limit, boolean isCounting)
      throws SQLException {
    // It changes at most once while the gallery is open, with the first sample.
    int dimension = samples.dimension(connection);
    GalleryChecks.checkModel(probe, modelId, dimension);
    if (dimension == 0) {
      return new Answer(List.of(), 0);
    }
    if (!index.isExact() && limit <= index.efSearch()) {
      Answer answer = near(connection, probe, limit, isCounting, dimension);
      if (answer.candidates().size() == limit) {
        return answer;
      }
      // The index found only samples of a few persons, or removed ones.
    }
    return exact(connection, probe, limit, isCounting, dimension);
  }

  private Answer exact(
      Connection connection, FaceEmbedding probe, int limit, boolean isCounting, int dimension)
      throws SQLException {
    String best =
        String.format(
            Locale.ROOT,
            """
            WITH scored AS MATERIALIZED (
              SELECT person, sample,
                least(1, greatest(-1, -(face %3$s (SELECT ?::%4$s)))) AS score
              FROM %1$s WHERE %2$s),
            people AS (SELECT person, max(score) AS best FROM scored GROUP BY person),
            last AS (SELECT best FROM people ORDER BY best DESC OFFSET ? LIMIT 1),
            wanted AS (
              SELECT person, best FROM people
              WHERE best >= coalesce((SELECT best FROM last), -2) - ?),
            found AS (
              SELECT t.person, t.sample, %5$s AS face
              FROM wanted w JOIN scored s ON s.person = w.person AND s.score >= w.best - ?
              JOIN %1$s t ON t.%2$s AND t.person = s.person AND t.sample = s.sample)
            """,
            samples.tables().samples(),
            samples.where(),
            samples.tables().product(),
            samples.tables().vector("vector"),
            samples.sent("t"));
    try (PreparedStatement select =
        connection.prepareStatement(best + answer(isCounting, "(SELECT count(*) FROM scored)"))) {
      // The error of two sums of n numbers in single precision, each with an error of half an ulp.
      float margin = 2.001f * (dimension + 8) * 0x1p-24f;
      select.setString(1, PostgresSamples.vector(probe));
      select.setInt(2, limit - 1);
      select.setFloat(3, margin);
      select.setFloat(4, margin);
      select.setString(5, samples.name());
      select.setString(6, samples.modelId());
      return answer(select, probe, limit);
    }
  }

  private Answer near(
      Connection connection, FaceEmbedding probe, int limit, boolean isCounting, int dimension)
      throws SQLException {
    PostgresTables.one(
        connection,
        "SELECT set_config('hnsw.ef_search', ?, true)",
        Integer.toString(index.efSearch()));
    String near =
        String.format(
            Locale.ROOT,
            """
            WITH near AS MATERIALIZED (
              SELECT person, sample, %6$s %3$s ?::%4$s AS distance FROM %1$s WHERE %2$s
              ORDER BY %6$s %3$s ?::%4$s LIMIT ?),
            best AS (
              SELECT DISTINCT ON (person) person, sample, distance
              FROM near ORDER BY person, distance),
            found AS (
              SELECT t.person, t.sample, %5$s AS face
              FROM (SELECT person, sample FROM best ORDER BY distance LIMIT ?) b
              JOIN %1$s t ON t.%2$s AND t.person = b.person AND t.sample = b.sample)
            """,
            samples.tables().samples(),
            samples.where(),
            samples.tables().product(),
            samples.tables().vector("vector"),
            samples.sent("t"),
            hnsw.expression(dimension));
    String count =
        "(SELECT count(*) FROM " + samples.tables().samples() + " WHERE " + samples.where() + ")";
    try (PreparedStatement select = connection.prepareStatement(near + answer(isCounting, count))) {
      String vector = PostgresSamples.vector(probe);
      select.setString(1, vector);
      select.setString(2, vector);
      select.setInt(3, index.efSearch());
      select.setInt(4, limit);
      select.setString(5, samples.name());
      select.setString(6, samples.modelId());
      return answer(select, probe, limit);
    }
  }

  /** Selects the count and the samples: at least one row if the gallery exists. */
  private String answer(boolean isCounting, String count) {
    return "SELECT "
        + (isCounting ? count : "0")
        + ", found.* FROM (SELECT id FROM "
        + samples.row()
        + ") g LEFT JOIN found ON true";
  }

  private Answer answer(PreparedStatement select, FaceEmbedding probe, int limit)
      throws SQLException {
    Map<String, Candidate> people = new HashMap<>();
    try (ResultSet rows = select.executeQuery()) {
      if (!rows.next()) {
        throw samples.removed();
      }
      int count = rows.getInt(1);
      do {
        String person = rows.getString(2);
        if (person != null) {
          Candidate candidate =
              new Candidate(person, rows.getString(3), samples.face(rows, 4).similarity(probe));
          people.merge(person, candidate, (a, b) -> ORDER.compare(a, b) <= 0 ? a : b);
        }
      } while (rows.next());
      return new Answer(people.values().stream().sorted(ORDER).limit(limit).toList(), count);
    }
  }
}
