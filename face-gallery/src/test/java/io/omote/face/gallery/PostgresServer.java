// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** A real server, whose JDBC URL is a system property. */
final class PostgresServer {
  private PostgresServer() {}

  /** Returns a data source for the owner of the server's tables. */
  static PGSimpleDataSource database() {
    String url = System.getProperty("omote.postgres");
    assumeTrue(
        url != null && !url.isBlank(),
        "skipped: needs PostgreSQL with pgvector; give its JDBC URL as -Domote.postgres=...");
    PGSimpleDataSource database = new PGSimpleDataSource();
    database.setUrl(url);
    return database;
  }

  /**
   * Returns a data source whose search path has only an empty schema: other tests may have tables.
   */
  static PGSimpleDataSource emptySchema() throws SQLException {
    PGSimpleDataSource database = database();
    execute(
        database,
        "CREATE EXTENSION IF NOT EXISTS vector SCHEMA public",
        "DROP SCHEMA IF EXISTS omote_test CASCADE",
        "CREATE SCHEMA omote_test");
    database.setCurrentSchema("omote_test");
    return database;
  }

  static void execute(DataSource database, String... statements) throws SQLException {
    try (Connection connection = database.getConnection()) {
      execute(connection, statements);
    }
  }

  static void execute(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  static @Nullable String value(DataSource database, String sql) throws SQLException {
    try (Connection connection = database.getConnection()) {
      return value(connection, sql);
    }
  }

  static @Nullable String value(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getString(1) : null;
    }
  }
}
