// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.FaceGallery;
import io.omote.face.GalleryException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Roles that may only read, or may not create, and a read-only server. */
@Tag("postgres")
class PostgresRightsTest extends PostgresRights {
  @Test
  void pgvectorOutOfReach_isRefusedWhenOpened() throws SQLException {
    PostgresGallery.open(owner, "staff", Faces.MODEL, FACES).close();
    grant(READER, "SELECT");
    execute("CREATE SCHEMA ext", "ALTER EXTENSION vector SET SCHEMA ext");
    assertThatThrownBy(() -> PostgresGallery.openReadOnly(as(READER), "staff", Faces.MODEL, FACES))
        .isInstanceOf(GalleryException.class)
        .hasMessageContainingAll("ext", "USAGE on the schemas");
    execute("GRANT USAGE ON SCHEMA ext TO " + READER);
    PostgresGallery.openReadOnly(as(READER), "staff", Faces.MODEL, FACES).close();
    execute("DROP EXTENSION vector CASCADE");
    assertThatThrownBy(() -> PostgresGallery.openReadOnly(as(READER), "staff", Faces.MODEL, FACES))
        .isInstanceOf(GalleryException.class)
        .hasMessageContaining("CREATE EXTENSION vector");
  }

  @Test
  void pgvectorThatIsMissing_isMadeOrSaid() throws SQLException {
    execute("DROP EXTENSION vector", "GRANT CREATE, USAGE ON SCHEMA faces TO " + WRITER);
    assertThatThrownBy(() -> PostgresGallery.open(as(WRITER), "staff", Faces.MODEL, FACES))
        .isInstanceOf(GalleryException.class)
        .hasMessageContaining("administrator install it and run CREATE EXTENSION vector");
    assertThat(PostgresServer.value(owner, "SELECT to_regclass('faces.omote_galleries')")).isNull();
    assertWorks(owner, FACES);
  }

  @Test
  void roleThatMayOnlySelect_reads() throws SQLException {
    PGSimpleDataSource reader = as(READER);
    try (PostgresGallery gallery = PostgresGallery.open(owner, "staff", Faces.MODEL, FACES);
        Connection host = owner.getConnection()) {
      gallery.enroll(Faces.entries(0, 12));
      grant(READER, "SELECT");
      // A writer has an open transaction: reads do not wait for a lock.
      host.setAutoCommit(false);
      gallery.on(host).enroll(Faces.entries(12, 20));
      for (PostgresOptions options : List.of(FACES, FACES.withMakeTables(false))) {
        try (FaceGallery opened = PostgresGallery.open(reader, "staff", Faces.MODEL, options);
            FaceGallery readOnly =
                PostgresGallery.openReadOnly(reader, "staff", Faces.MODEL, options)) {
          assertReads(opened);
          assertReads(readOnly);
          assertThatThrownBy(() -> opened.enroll(Faces.entries(50, 51)))
              .isInstanceOf(GalleryException.class)
              .hasMessageContaining("grant the role");
          assertThatThrownBy(() -> opened.removePerson("person 1"))
              .isInstanceOf(GalleryException.class);
          assertReads(opened);
        }
      }
      assertThat(PostgresGallery.modelIdOf(reader, "staff", FACES)).contains(Faces.MODEL);
      assertThatThrownBy(() -> PostgresGallery.openReadOnly(reader, "none", Faces.MODEL, FACES))
          .isInstanceOf(GalleryException.class)
          .hasMessageContaining("has no gallery 'none'");
      assertThatThrownBy(() -> PostgresGallery.open(reader, "none", Faces.MODEL, FACES))
          .isInstanceOf(GalleryException.class)
          .hasMessageContaining("openReadOnly");
      host.rollback();
    }
  }

  /** A standby rejects the same statements as a read-only transaction. */
  @Test
  void readOnlyTransactions_read() throws SQLException {
    PostgresOptions fast = FACES.withIndex(PostgresIndex.hnsw(100));
    try (FaceGallery gallery = PostgresGallery.open(owner, "staff", Faces.MODEL, fast)) {
      gallery.enroll(Faces.entries(0, 12));
    }
    grantWriter(STANDBY);
    PGSimpleDataSource standby = as(STANDBY);
    assertThat(PostgresGallery.modelIdOf(standby, "staff", FACES)).contains(Faces.MODEL);
    for (PostgresOptions options : List.of(FACES, fast)) {
      try (FaceGallery opened = PostgresGallery.open(standby, "staff", Faces.MODEL, options);
          FaceGallery readOnly =
              PostgresGallery.openReadOnly(standby, "staff", Faces.MODEL, options)) {
        assertReads(opened);
        assertReads(readOnly);
        assertThatThrownBy(() -> opened.enroll(Faces.entries(50, 51)))
            .isInstanceOf(GalleryException.class)
            .hasMessageContaining("read-only");
        assertReads(opened);
      }
    }
  }

  @Test
  void roleThatMayNotCreate_enrollsIntoTablesOfTheFiles() throws Exception {
    runFiles("faces");
    grantWriter(WRITER);
    assertWorks(as(WRITER), FACES.withMakeTables(false));
    execute("DELETE FROM faces.omote_galleries");
    assertThat(PostgresServer.value(owner, "SELECT count(*) FROM faces.omote_samples"))
        .isEqualTo("0");
    assertWorks(path(as(WRITER), "faces"), PostgresOptions.defaults());
  }

  @Test
  void missingTables_areNotMadeByThoseWhoMayNot() throws SQLException {
    execute("GRANT USAGE ON SCHEMA faces TO " + WRITER);
    for (ThrowingCallable opening :
        List.<ThrowingCallable>of(
            () -> PostgresGallery.open(as(WRITER), "staff", Faces.MODEL, FACES),
            () -> PostgresGallery.open(owner, "staff", Faces.MODEL, FACES.withMakeTables(false)),
            () -> PostgresGallery.openReadOnly(owner, "staff", Faces.MODEL, FACES))) {
      assertThatThrownBy(opening)
          .isInstanceOf(GalleryException.class)
          .hasMessageContainingAll(
              "found no tables",
              "run V1__omote_galleries.sql, then V2__omote_samples.sql",
              "io/omote/face/gallery/postgresql");
    }
    assertThat(PostgresGallery.modelIdOf(owner, "staff", FACES)).isEmpty();
    assertThat(
            PostgresServer.value(
                owner, "SELECT count(*) FROM pg_class WHERE relname LIKE 'omote%'"))
        .isEqualTo("0");
  }

  @Test
  void indexThatMayNotBeMade_isReportedWithWhatMakesIt() throws SQLException {
    PostgresOptions fast = FACES.withIndex(PostgresIndex.hnsw(100));
    try (FaceGallery gallery = PostgresGallery.open(owner, "staff", Faces.MODEL, FACES)) {
      gallery.enroll(Faces.entries(0, 12));
    }
    grantWriter(WRITER);
    List<String> makings = new ArrayList<>();
    for (ThrowingCallable opening :
        List.<ThrowingCallable>of(
            () -> PostgresGallery.open(as(WRITER), "staff", Faces.MODEL, fast),
            () -> PostgresGallery.open(owner, "staff", Faces.MODEL, fast.withMakeTables(false)),
            () -> PostgresGallery.openReadOnly(owner, "staff", Faces.MODEL, fast))) {
      assertThatThrownBy(opening)
          .isInstanceOf(GalleryException.class)
          .satisfies(e -> makings.add(e.getMessage().replaceAll(".*run (CREATE.*), or.*", "$1")));
    }
    assertThat(makings).hasSize(3).allMatch(makings.get(0)::equals);
    execute(makings.get(0));
    for (PGSimpleDataSource database : List.of(owner, as(WRITER))) {
      try (FaceGallery gallery = PostgresGallery.open(database, "staff", Faces.MODEL, fast)) {
        assertReads(gallery);
      }
    }
  }
}
