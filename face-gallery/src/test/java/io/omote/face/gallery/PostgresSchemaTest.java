// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGallery;
import io.omote.face.GalleryEntry;
import io.omote.face.GalleryException;
import io.omote.face.IdentificationPolicy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Schemas and versions of the tables, and galleries that others create or remove. */
@Tag("postgres")
class PostgresSchemaTest extends PostgresRights {
  @Test
  void schemaThatComesEarlierLater_changesNothingOfWhatIsOpen() throws SQLException {
    PGSimpleDataSource database = path(owner, "early,faces,public");
    try (FaceGallery gallery = PostgresGallery.open(database, "staff", Faces.MODEL)) {
      gallery.enroll(Faces.entries(0, 12));
      execute("CREATE SCHEMA early");
      // An empty schema does not hide the tables when a gallery is opened.
      try (FaceGallery again = PostgresGallery.open(database, "staff", Faces.MODEL)) {
        assertReads(again);
      }
      try (FaceGallery other =
          PostgresGallery.open(
              database, "staff", Faces.MODEL, PostgresOptions.defaults().withSchema("early"))) {
        assertThat(other.size()).isZero();
        assertReads(gallery);
        gallery.enroll(Faces.entries(12, 13));
        assertThat(gallery.removePerson("person 2")).isEqualTo(3);
        assertThat(other.size()).isZero();
      }
    }
    assertThat(PostgresServer.value(owner, "SELECT count(*) FROM faces.omote_samples"))
        .isEqualTo("10");
  }

  @Test
  void schemas_ofAllNames() throws SQLException {
    for (String schema :
        List.of(
            "Faces",
            "a \"quoted\" one",
            "100% %s %1$s",
            "what? {d '2020-01-01'} :x $1 $$",
            "sch\u00e9ma \u9854 \ud83d\ude00",
            "select",
            "back\\slash ' quote;--")) {
      execute("CREATE SCHEMA \"" + schema.replace("\"", "\"\"") + "\"");
      assertWorks(owner, PostgresOptions.defaults().withSchema(schema));
      assertThat(PostgresGallery.modelIdOf(owner, "staff")).isEmpty();
      assertWorks(
          owner, PostgresOptions.defaults().withSchema(schema).withIndex(PostgresIndex.hnsw(100)));
    }
    assertThat(PostgresServer.value(owner, "SELECT to_regclass('public.omote_galleries')"))
        .isNull();
  }

  @Test
  void schemaThatIsMissing_isReported() {
    PostgresOptions nowhere = PostgresOptions.defaults().withSchema("FACES");
    assertThatThrownBy(() -> PostgresGallery.open(owner, "staff", Faces.MODEL, nowhere))
        .isInstanceOf(GalleryException.class)
        .hasMessageContainingAll("schema 'FACES'", "create it");
    assertThatThrownBy(() -> PostgresGallery.modelIdOf(owner, "staff", nowhere))
        .isInstanceOf(GalleryException.class);
    PGSimpleDataSource pathless = path(owner, "nowhere");
    assertThatThrownBy(() -> PostgresGallery.open(pathless, "staff", Faces.MODEL))
        .isInstanceOf(GalleryException.class)
        .hasMessageContainingAll("search path", "withSchema");
  }

  @Test
  void pgvectorOutsideTheSearchPath_isFound() throws SQLException {
    assertWorks(path(owner, "faces"), PostgresOptions.defaults());
    execute("DROP SCHEMA faces CASCADE", "CREATE SCHEMA faces", "CREATE SCHEMA \"Ext \"\"1\"\"\"");
    execute("ALTER EXTENSION vector SET SCHEMA \"Ext \"\"1\"\"\"");
    assertWorks(path(owner, "faces"), PostgresOptions.defaults());
    assertWorks(
        path(owner, "faces"), PostgresOptions.defaults().withIndex(PostgresIndex.hnsw(100)));
    // Moved while it is open: calls fail, and opening it again finds it.
    try (FaceGallery gallery = PostgresGallery.open(owner, "staff", Faces.MODEL)) {
      execute("ALTER EXTENSION vector SET SCHEMA public");
      assertThatThrownBy(() -> gallery.search(Faces.of(1), 1))
          .isInstanceOf(GalleryException.class)
          .hasMessageContaining("open the gallery again");
    }
    try (FaceGallery gallery = PostgresGallery.open(owner, "staff", Faces.MODEL)) {
      assertReads(gallery);
    }
  }

  /** Creates the tables of the first version, with three galleries. */
  private Map<String, FaceEmbedding> makeFirstVersion() throws Exception {
    execute(
        "CREATE TABLE faces.omote_galleries (id bigserial PRIMARY KEY, name text NOT NULL UNIQUE,"
            + " model text NOT NULL, version text NOT NULL, dimension int NOT NULL)",
        "INSERT INTO faces.omote_galleries (name, model, version, dimension) VALUES"
            + " ('staff', '"
            + Faces.MODEL
            + "', '1', 512), ('empty', 'another', '1', 0),"
            + " ('small', 'tiny', '1', 2)",
        "CREATE TABLE faces.omote_samples_1 (person text NOT NULL, sample text NOT NULL, norm real"
            + " NOT NULL, face vector(512) NOT NULL, PRIMARY KEY (person, sample))",
        "ALTER TABLE faces.omote_samples_1 ALTER COLUMN face SET STORAGE PLAIN",
        "CREATE INDEX IF NOT EXISTS omote_samples_1_hnsw ON faces.omote_samples_1 USING hnsw (face"
            + " vector_ip_ops) WITH (m = 24, ef_construction = 200)",
        "CREATE TABLE faces.omote_samples_3 (person text NOT NULL, sample text NOT NULL, norm real"
            + " NOT NULL, face vector(2) NOT NULL, PRIMARY KEY (person, sample))",
        "INSERT INTO faces.omote_samples_3 VALUES ('a', 'b', 2, '[0.6,0.8]')");
    Map<String, FaceEmbedding> content = new HashMap<>();
    try (Connection connection = owner.getConnection();
        var insert =
            connection.prepareStatement(
                "INSERT INTO faces.omote_samples_1 VALUES (?, ?, ?, ?::vector)")) {
      for (GalleryEntry entry : Faces.entries(0, 12)) {
        insert.setString(1, entry.person());
        insert.setString(2, entry.sample());
        insert.setFloat(3, entry.face().norm());
        insert.setString(4, PostgresSamples.vector(entry.face()));
        insert.executeUpdate();
        content.put(entry.person() + "/" + entry.sample(), entry.face());
      }
    }
    return content;
  }

  @Test
  void firstVersion_isUpgradedByOpening() throws Exception {
    Map<String, FaceEmbedding> content = makeFirstVersion();
    try (FaceGallery gallery = PostgresGallery.open(owner, "staff", Faces.MODEL, FACES);
        FaceGallery empty = PostgresGallery.open(owner, "empty", "another", FACES);
        FaceGallery small = PostgresGallery.open(owner, "small", "tiny", FACES)) {
      assertThat(GalleryContract.content(gallery)).isEqualTo(content);
      assertReads(gallery);
      assertThat(empty.size()).isZero();
      assertThat(GalleryContract.content(small))
          .isEqualTo(Map.of("a/b", FaceEmbedding.ofUnit("tiny", 2, new float[] {0.6f, 0.8f})));
    }
    assertThat(
            PostgresServer.value(
                owner, "SELECT count(*) FROM pg_class WHERE relname ~ 'omote_samples_[0-9]'"))
        .isEqualTo("0");
  }

  @Test
  void firstVersion_isRefusedByThoseWhoMayNotUpgrade() throws Exception {
    Map<String, FaceEmbedding> content = makeFirstVersion();
    grantWriter(WRITER);
    for (ThrowingCallable opening :
        List.<ThrowingCallable>of(
            () -> PostgresGallery.open(as(WRITER), "staff", Faces.MODEL, FACES),
            () -> PostgresGallery.open(owner, "staff", Faces.MODEL, FACES.withMakeTables(false)),
            () -> PostgresGallery.openReadOnly(owner, "staff", Faces.MODEL, FACES))) {
      assertThatThrownBy(opening)
          .isInstanceOf(GalleryException.class)
          .hasMessageContainingAll("found version 1", "run V2__omote_samples.sql there")
          .hasMessageNotContaining("V1__");
    }
    assertThat(PostgresGallery.modelIdOf(owner, "staff", FACES)).contains(Faces.MODEL);
    assertThat(PostgresServer.value(owner, "SELECT count(*) FROM faces.omote_samples_1"))
        .isEqualTo("12");
    try (Connection connection = path(owner, "faces,public").getConnection()) {
      PostgresServer.execute(connection, file("V2__omote_samples.sql"));
    }
    grantWriter(WRITER);
    try (FaceGallery gallery = PostgresGallery.open(as(WRITER), "staff", Faces.MODEL, FACES)) {
      assertThat(GalleryContract.content(gallery)).isEqualTo(content);
    }
  }

  @Test
  void newerVersion_isRefused() throws SQLException {
    PostgresGallery.open(owner, "staff", Faces.MODEL, FACES).close();
    execute("UPDATE faces.omote_version SET version = 3");
    for (ThrowingCallable opening :
        List.<ThrowingCallable>of(
            () -> PostgresGallery.open(owner, "staff", Faces.MODEL, FACES),
            () -> PostgresGallery.openReadOnly(owner, "staff", Faces.MODEL, FACES),
            () -> PostgresGallery.modelIdOf(owner, "staff", FACES))) {
      assertThatThrownBy(opening)
          .isInstanceOf(GalleryException.class)
          .hasMessageContainingAll("version 2", "found version 3", "newer version");
    }
    execute("DELETE FROM faces.omote_version");
    assertThatThrownBy(() -> PostgresGallery.open(owner, "staff", Faces.MODEL, FACES))
        .isInstanceOf(GalleryException.class)
        .hasMessageContaining("omote_version is empty");
  }

  @Test
  void severalAtOnce_makeTheTablesOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<?>> openings = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        int number = i;
        openings.add(
            threads.submit(
                () -> {
                  try (FaceGallery gallery =
                      PostgresGallery.open(
                          owner,
                          "gallery " + number / 2,
                          Faces.MODEL,
                          FACES.withIndex(PostgresIndex.hnsw(10)))) {
                    gallery.enroll("person " + number, "sample", Faces.of(number));
                  }
                }));
      }
      for (Future<?> opening : openings) {
        opening.get();
      }
    } finally {
      threads.shutdownNow();
    }
    for (int i = 0; i < 8; i++) {
      try (FaceGallery gallery =
          PostgresGallery.openReadOnly(owner, "gallery " + i, Faces.MODEL, FACES)) {
        assertThat(gallery.size()).isEqualTo(2);
      }
    }
  }

  @Test
  void galleryRemovedWhileItIsOpen_isReported() throws SQLException {
    try (PostgresGallery gallery = PostgresGallery.open(owner, "staff", Faces.MODEL, FACES)) {
      gallery.enroll(Faces.entries(0, 12));
      execute("DELETE FROM faces.omote_galleries");
      assertRemoved(gallery, "was removed");
      // A new gallery of the same name is another one.
      try (FaceGallery other = PostgresGallery.open(owner, "staff", Faces.MODEL, FACES)) {
        other.enroll(Faces.entries(0, 12));
        assertRemoved(gallery, "was removed");
        assertReads(other);
      }
      execute("DROP TABLE faces.omote_samples");
      try (FaceGallery same = PostgresGallery.open(owner, "other", Faces.MODEL, FACES)) {
        assertThat(same).isNull();
      } catch (GalleryException e) {
        assertThat(e).hasMessageContaining("restore them");
      }
      execute("DROP TABLE faces.omote_galleries");
      assertRemoved(gallery, "open the gallery again");
      execute("DROP SCHEMA faces CASCADE");
      assertRemoved(gallery, "open the gallery again");
    }
  }

  /** New tables, or tables that are restored from another database, use the same numbers again. */
  @Test
  void galleryOfAnotherModelInThePlaceOfOneThatIsOpen_isReported() throws SQLException {
    try (PostgresGallery gallery = PostgresGallery.open(owner, "staff", Faces.MODEL, FACES)) {
      gallery.enroll(Faces.entries(0, 12));
      execute("TRUNCATE faces.omote_galleries RESTART IDENTITY CASCADE");
      String another = "another:0123456789ab";
      try (FaceGallery other = PostgresGallery.open(owner, "staff", another, FACES)) {
        assertRemoved(gallery, "was removed or replaced");
        assertThat(other.size()).isZero();
      }
    }
  }

  private static void assertRemoved(FaceGallery gallery, String message) {
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            gallery::size,
            gallery::persons,
            () -> gallery.search(Faces.of(1), 1),
            () -> gallery.identify(Faces.of(1), IdentificationPolicy.ofThreshold(0)),
            () -> gallery.forEach(entry -> {}),
            () -> gallery.enroll(Faces.entries(20, 21)),
            () -> gallery.remove("a", "b"),
            () -> gallery.removePerson("a"))) {
      assertThatThrownBy(call).isInstanceOf(GalleryException.class).hasMessageContaining(message);
    }
  }
}
