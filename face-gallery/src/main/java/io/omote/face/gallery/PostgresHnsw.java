// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import io.omote.face.GalleryException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The HNSW index of one gallery. Thread-safe. */
final class PostgresHnsw {
  private final PostgresSamples samples;

  PostgresHnsw(PostgresSamples samples) {
    this.samples = samples;
  }

  /**
   * Makes sure that there is an index for embeddings of a dimension.
   *
   * @param isMaking whether a missing index may be created
   */
  void require(Connection connection, int dimension, boolean isMaking) throws SQLException {
    PostgresTables tables = samples.tables();
    String name = "omote_samples_" + samples.id() + "_hnsw";
    if (tables.find(connection, name) != null) {
      return;
    }
    String sql =
        String.format(
            Locale.ROOT,
            "CREATE INDEX IF NOT EXISTS %s ON %s USING hnsw (%s %s) WITH (m = 24, ef_construction = 200) WHERE %s",
            name,
            tables.samples(),
            expression(dimension),
            tables.vector("vector_ip_ops"),
            samples.where());
    if (!isMaking) {
      throw missing(sql, null);
    }
    samples.lock(connection);
    try (Statement statement = connection.createStatement()) {
      // Without this lock, two writers that create indexes of two galleries and then write would
      // wait for each other.
      statement.execute("LOCK TABLE " + tables.samples() + " IN SHARE ROW EXCLUSIVE MODE");
      statement.execute(sql);
    } catch (SQLException e) {
      if ("42501".equals(e.getSQLState())) {
        throw missing(sql, e);
      }
      throw e;
    }
  }

  private GalleryException missing(String sql, @Nullable SQLException cause) {
    return new GalleryException(
        String.format(
            Locale.ROOT,
            "the index of the gallery '%s' is missing: have the owner of the tables run %s, or open the gallery with PostgresIndex.exact()",
            samples.name(),
            sql),
        cause);
  }

  /** Returns the indexed expression: vectors of one dimension. */
  String expression(int dimension) {
    return "(face::" + samples.tables().vector("vector") + "(" + dimension + "))";
  }
}
