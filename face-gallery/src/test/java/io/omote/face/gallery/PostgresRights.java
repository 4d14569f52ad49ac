// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.Candidate;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGallery;
import io.omote.face.GalleryException;
import io.omote.face.IdentificationPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.postgresql.ds.PGSimpleDataSource;

/** A separate database in which pgvector can be moved, and roles with fewer rights. */
abstract class PostgresRights {
  static final String DATABASE = "omote_test_schemas";
  static final String READER = "omote_test_reader";
  static final String WRITER = "omote_test_writer";
  static final String STANDBY = "omote_test_standby";
  static final PostgresOptions FACES = PostgresOptions.defaults().withSchema("faces");

  PGSimpleDataSource owner;

  @BeforeEach
  void makeDatabase() throws SQLException {
    owner = PostgresServer.database();
    drop();
    PostgresServer.execute(owner, "CREATE DATABASE " + DATABASE);
    for (String role : List.of(READER, WRITER, STANDBY)) {
      PostgresServer.execute(owner, "CREATE ROLE " + role + " LOGIN PASSWORD 'test'");
    }
    PostgresServer.execute(
        owner,
        "ALTER ROLE " + STANDBY + " SET default_transaction_read_only = on",
        // A wait for a lock that should not be taken ends.
        "ALTER ROLE " + READER + " SET lock_timeout = '10s'");
    owner.setDatabaseName(DATABASE);
    PostgresServer.execute(
        owner,
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "CREATE SCHEMA faces",
        "CREATE EXTENSION vector SCHEMA public");
  }

  @AfterEach
  void dropDatabase() throws SQLException {
    owner = PostgresServer.database();
    drop();
  }

  private void drop() throws SQLException {
    PostgresServer.execute(owner, "DROP DATABASE IF EXISTS " + DATABASE + " WITH (FORCE)");
    for (String role : List.of(READER, WRITER, STANDBY)) {
      PostgresServer.execute(owner, "DROP ROLE IF EXISTS " + role);
    }
  }

  static PGSimpleDataSource as(String role) {
    PGSimpleDataSource database = PostgresServer.database();
    database.setDatabaseName(DATABASE);
    database.setUser(role);
    database.setPassword("test");
    return database;
  }

  static PGSimpleDataSource path(PGSimpleDataSource database, String path) {
    database.setCurrentSchema(path);
    return database;
  }

  void execute(String... statements) throws SQLException {
    PostgresServer.execute(owner, statements);
  }

  static String file(String name) throws IOException {
    String path = "/io/omote/face/gallery/postgresql/" + name;
    try (InputStream in = PostgresGallery.class.getResourceAsStream(path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  void runFiles(String schema) throws Exception {
    try (Connection connection = path(owner, schema + ",public").getConnection()) {
      for (String name : List.of("V1__omote_galleries.sql", "V2__omote_samples.sql")) {
        PostgresServer.execute(connection, file(name));
      }
    } finally {
      owner.setCurrentSchema(null);
    }
  }

  void grant(String role, String rights) throws SQLException {
    execute(
        "GRANT USAGE ON SCHEMA faces TO " + role,
        "GRANT " + rights + " ON ALL TABLES IN SCHEMA faces TO " + role);
  }

  void grantWriter(String role) throws SQLException {
    grant(role, "SELECT, INSERT, UPDATE, DELETE");
    execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA faces TO " + role);
  }

  /** Does everything that a gallery can, from its creation on. */
  static void assertWorks(PGSimpleDataSource database, PostgresOptions options) {
    try (PostgresGallery gallery = PostgresGallery.open(database, "staff", Faces.MODEL, options)) {
      gallery.enroll(Faces.entries(0, 10));
      gallery.enroll(Faces.entries(5, 12));
      assertReads(gallery);
      assertThat(gallery.remove("person 2", "sample 11")).isTrue();
      assertThat(gallery.removePerson("person 2")).isEqualTo(1);
      gallery.enroll(Faces.entries(10, 12));
    }
    assertThat(PostgresGallery.modelIdOf(database, "staff", options)).contains(Faces.MODEL);
    try (PostgresGallery gallery =
        PostgresGallery.openReadOnly(database, "staff", Faces.MODEL, options)) {
      assertReads(gallery);
      for (ThrowingCallable write :
          List.<ThrowingCallable>of(
              () -> gallery.enroll(Faces.entries(20, 21)),
              () -> gallery.remove("a", "b"),
              () -> gallery.removePerson("a"))) {
        assertThatThrownBy(write)
            .isInstanceOf(GalleryException.class)
            .hasMessageContaining("for reading only");
      }
    }
  }

  /** Does everything that reads, with twelve samples. */
  static void assertReads(FaceGallery gallery) {
    assertThat(gallery.size()).isEqualTo(12);
    assertThat(gallery.persons()).isEqualTo(3);
    Map<String, FaceEmbedding> content = GalleryContract.content(gallery);
    assertThat(content).hasSize(12).containsEntry("person 1/sample 7", Faces.of(7));
    List<Candidate> found = gallery.search(Faces.of(7), 3);
    assertThat(found).hasSize(3);
    assertThat(found.get(0).sample()).isEqualTo("sample 7");
    assertThat(gallery.identify(Faces.of(7), IdentificationPolicy.ofThreshold(0.9)))
        .contains(found.get(0));
  }
}
