// SPDX-License-Identifier: Apache-2.0
package io.omote.it.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGallery;
import io.omote.face.GalleryException;
import io.omote.face.gallery.PostgresGallery;
import io.omote.face.gallery.PostgresOptions;
import java.sql.Connection;
import liquibase.Liquibase;
import liquibase.database.Database;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.ClassLoaderResourceAccessor;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** The SQL files of the jar, run by the tools that hosts use for theirs. */
class MigrationsTest {
  private static final String MODEL = "model:0123456789ab";
  private static final PostgresOptions NEVER_MAKING =
      PostgresOptions.defaults().withSchema("omote_it").withMakeTables(false);

  private final PGSimpleDataSource database = new PGSimpleDataSource();
  private JdbcTemplate jdbc;

  @BeforeEach
  void makeSchema() {
    String url = System.getProperty("omote.postgres");
    assumeTrue(
        url != null && !url.isBlank(),
        "skipped: needs PostgreSQL with pgvector; give its JDBC URL as -Domote.postgres=...");
    database.setUrl(url);
    jdbc = new JdbcTemplate(database);
    jdbc.execute("CREATE EXTENSION IF NOT EXISTS vector SCHEMA public");
    jdbc.execute("DROP SCHEMA IF EXISTS omote_it CASCADE");
    jdbc.execute("CREATE SCHEMA omote_it");
    assertThatThrownBy(() -> PostgresGallery.open(database, "staff", MODEL, NEVER_MAKING))
        .isInstanceOf(GalleryException.class)
        .hasMessageContaining("V1__omote_galleries.sql, then V2__omote_samples.sql");
  }

  @AfterEach
  void dropSchema() {
    if (jdbc != null) {
      jdbc.execute("DROP SCHEMA omote_it CASCADE");
    }
  }

  private void assertWorks() {
    FaceEmbedding face = FaceEmbedding.ofRaw(MODEL, new float[] {3, 4});
    try (FaceGallery gallery = PostgresGallery.open(database, "staff", MODEL, NEVER_MAKING)) {
      gallery.enroll("maya", "passport.jpg", face);
      assertThat(gallery.search(face, 1).get(0).person()).isEqualTo("maya");
    }
  }

  @Test
  void flyway_makesTheTables() {
    Flyway flyway =
        Flyway.configure()
            .dataSource(database)
            .schemas("omote_it")
            .locations("classpath:io/omote/face/gallery/postgresql")
            .load();
    assertThat(flyway.migrate().migrationsExecuted).isEqualTo(2);
    assertThat(flyway.migrate().migrationsExecuted).isZero();
    assertWorks();
  }

  @Test
  void liquibase_makesTheTables() throws Exception {
    try (Connection connection = database.getConnection()) {
      Database known =
          DatabaseFactory.getInstance()
              .findCorrectDatabaseImplementation(new JdbcConnection(connection));
      known.setDefaultSchemaName("omote_it");
      Liquibase liquibase =
          new Liquibase("changelog.xml", new ClassLoaderResourceAccessor(), known);
      liquibase.update("");
      liquibase.update("");
    }
    assertWorks();
  }
}
