// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.Candidate;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGallery;
import io.omote.face.GalleryEntry;
import io.omote.face.GalleryException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** A gallery on a real server, whose JDBC URL is a system property. */
@Tag("postgres")
class PostgresGalleryTest extends GalleryContract {
  private static int galleries;

  private PGSimpleDataSource database;
  private String name;

  @BeforeEach
  void connect() throws SQLException {
    database = PostgresServer.emptySchema();
    name =
        String.format(Locale.ROOT, "gallery %d of %d", galleries++, ProcessHandle.current().pid());
  }

  @Override
  FaceGallery open() {
    return PostgresGallery.open(database, name, Faces.MODEL);
  }

  @Test
  void open_ofAnotherModel_isRefused() {
    assertThat(PostgresGallery.modelIdOf(database, name)).isEmpty();
    open().close();
    assertThat(PostgresGallery.modelIdOf(database, name)).contains(Faces.MODEL);
    assertThat(PostgresGallery.modelIdOf(database, "none")).isEmpty();
    assertThatThrownBy(() -> PostgresGallery.open(database, name, "other"))
        .isInstanceOf(GalleryException.class)
        .hasMessageContainingAll("model other", "found one of " + Faces.MODEL);
  }

  @Test
  void galleriesOfOneDatabase_areApart() {
    try (FaceGallery one = open();
        FaceGallery other = PostgresGallery.open(database, "other", Faces.MODEL)) {
      one.enroll(Faces.entries(0, 10));
      other.enroll(Faces.entries(10, 12));
      assertThat(one.size()).isEqualTo(10);
      assertThat(other.size()).isEqualTo(2);
    }
  }

  @Test
  void hnsw_findsWhoIsThere() {
    try (FaceGallery exact = open()) {
      exact.enroll(Faces.entries(0, 1000));
      try (FaceGallery fast =
          PostgresGallery.open(
              database,
              name,
              Faces.MODEL,
              PostgresOptions.defaults().withIndex(PostgresIndex.hnsw(200)))) {
        fast.enroll(Faces.entries(1000, 1200));
        for (int i = 0; i < 1200; i += 60) {
          List<Candidate> found = fast.search(Faces.of(i), 5);
          assertThat(found).hasSize(5);
          assertThat(found.get(0)).isEqualTo(exact.search(Faces.of(i), 1).get(0));
          assertThat(found.get(0).similarity()).isEqualTo(Faces.of(i).similarity(Faces.of(i)));
        }
        assertThat(fast).hasToString("PostgresGallery[%s, hnsw, ef_search=200]".formatted(name));
      }
    }
    for (int efSearch : new int[] {0, 1001}) {
      assertThatIllegalArgumentException().isThrownBy(() -> PostgresIndex.hnsw(efSearch));
    }
  }

  @Test
  void databaseGoneInMidBatch_keepsNothingOfIt() throws Exception {
    List<GalleryEntry> many = Faces.entries(0, 3000);
    try (FaceGallery gallery = open()) {
      gallery.enroll(Faces.entries(5000, 5005));
      ExecutorService thread = Executors.newSingleThreadExecutor();
      try {
        Future<?> enrollment = thread.submit(() -> gallery.enroll(many));
        boolean killed = false;
        while (!killed && !enrollment.isDone()) {
          try (Connection connection = database.getConnection();
              Statement statement = connection.createStatement();
              var rows =
                  statement.executeQuery(
                      "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query"
                          + " LIKE 'INSERT INTO %omote_samples%' AND pid <> pg_backend_pid()")) {
            rows.next();
            killed = rows.getInt(1) > 0;
          }
        }
        assertThat(killed).isTrue();
        assertThatThrownBy(enrollment::get)
            .cause()
            .isInstanceOf(GalleryException.class)
            .hasMessageContaining("database error")
            .hasCauseInstanceOf(SQLException.class);
      } finally {
        thread.shutdownNow();
      }
      assertThat(gallery.size()).isEqualTo(5);
      gallery.enroll(many);
      assertThat(gallery.size()).isEqualTo(3005);
    }
  }

  @Test
  void serverThatIsNotThere_isReported() {
    PGSimpleDataSource nowhere = new PGSimpleDataSource();
    nowhere.setUrl("jdbc:postgresql://127.0.0.1:1/none?connectTimeout=2");
    assertThatThrownBy(() -> PostgresGallery.open(nowhere, name, Faces.MODEL))
        .isInstanceOf(GalleryException.class)
        .hasMessageContaining("Check that the server is available");
    assertThatThrownBy(() -> PostgresGallery.modelIdOf(nowhere, name))
        .isInstanceOf(GalleryException.class);
  }

  /** A host that displays rounded numbers, on a connection that it shares. */
  @Test
  void numbersAreWhole_onAConnectionThatRounds() throws SQLException {
    List<GalleryEntry> entries = Faces.entries(0, 20);
    try (PostgresGallery gallery = PostgresGallery.open(database, name, Faces.MODEL);
        Connection host = database.getConnection()) {
      gallery.enroll(entries);
      PostgresServer.execute(host, "SET extra_float_digits = -10");
      FaceGallery guest = gallery.on(host);
      List<GalleryEntry> there = new ArrayList<>();
      guest.forEach(there::add);
      assertThat(there).containsExactlyInAnyOrderElementsOf(entries);
      guest.enroll(entries);
      assertThat(guest.search(Faces.of(3), 2)).isEqualTo(gallery.search(Faces.of(3), 2));
    }
  }

  @Test
  void rowsThatSomebodyChanged_areReported() throws SQLException {
    for (String change :
        List.of("person = ' '", "sample = E'a\\tb'", "norm = 'NaN'", "norm = -1")) {
      try (FaceGallery gallery = PostgresGallery.open(database, change, Faces.MODEL)) {
        gallery.enroll("maya", "1", Faces.of(1));
        PostgresServer.execute(database, "UPDATE omote_samples SET " + change);
        assertThatThrownBy(() -> gallery.forEach(entry -> {}))
            .isInstanceOf(GalleryException.class)
            .hasMessageContaining("changed by something other than this library");
        PostgresServer.execute(database, "DELETE FROM omote_samples");
      }
    }
  }

  @Test
  void namesThatTheServerCannotKeep_areRefused() {
    for (String wrong : List.of("a\0b", "\ud800")) {
      for (ThrowingCallable call :
          List.<ThrowingCallable>of(
              () -> PostgresGallery.open(database, wrong, Faces.MODEL),
              () -> PostgresGallery.openReadOnly(database, wrong, Faces.MODEL),
              () -> PostgresGallery.modelIdOf(database, wrong),
              () -> PostgresGallery.open(database, name, wrong))) {
        assertThatThrownBy(call)
            .isInstanceOf(GalleryException.class)
            .hasMessageContaining("contains a null character or an unpaired surrogate");
      }
    }
  }

  @Test
  void charactersThatTheDatabaseLacks_areReported_andNotShown() throws SQLException {
    PostgresServer.execute(
        database,
        "DROP DATABASE IF EXISTS omote_latin",
        "CREATE DATABASE omote_latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'");
    PGSimpleDataSource latin = PostgresServer.database();
    latin.setDatabaseName("omote_latin");
    try (FaceGallery gallery = PostgresGallery.open(latin, name, Faces.MODEL)) {
      gallery.enroll("René", "1", Faces.of(1));
      assertThatThrownBy(() -> gallery.enroll("張偉", "1", Faces.of(2)))
          .isInstanceOf(GalleryException.class)
          .hasMessageContaining("use a database in UTF8")
          .hasStackTraceContaining("byte sequence ***")
          .hasMessageNotContaining("0xe5");
      assertThat(gallery.search(Faces.of(1), 1).get(0).person()).isEqualTo("René");
    }
    PostgresServer.execute(database, "DROP DATABASE omote_latin");
  }

  @Test
  void tablesTakenAway_areReported() throws SQLException {
    try (FaceGallery gallery = open()) {
      gallery.enroll(Faces.entries(0, 5));
      PostgresServer.execute(database, "DROP SCHEMA omote_test CASCADE");
      assertThatThrownBy(() -> gallery.search(Faces.of(1), 1)).isInstanceOf(GalleryException.class);
      assertThatThrownBy(() -> gallery.enroll(Faces.entries(5, 6)))
          .isInstanceOf(GalleryException.class);
      assertThatThrownBy(gallery::size).isInstanceOf(GalleryException.class);
    }
  }

  @Test
  void severalWriters_loseNothing() throws Exception {
    ExecutorService writers = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> writes = new ArrayList<>();
      for (int writer = 0; writer < 4; writer++) {
        int from = writer * 100;
        writes.add(
            writers.submit(
                () -> {
                  try (FaceGallery gallery = open()) {
                    for (int i = from; i < from + 100; i += 20) {
                      gallery.enroll(Faces.entries(i, i + 20));
                    }
                  }
                }));
      }
      for (Future<?> write : writes) {
        write.get();
      }
    } finally {
      writers.shutdownNow();
    }
    try (FaceGallery gallery = open()) {
      assertThat(gallery.size()).isEqualTo(400);
    }
  }

  /** A search gives the result of a comparison with all samples, after deletions as well. */
  @Test
  void search_ofTenThousand_isThatOfMemory() {
    Random random = new Random(4);
    try (FaceGallery gallery = open();
        FaceGallery memory = FaceGallery.inMemory(Faces.MODEL)) {
      for (int from = 0; from < 10_000; from += 2500) {
        List<GalleryEntry> entries = Faces.entries(from, from + 2500);
        gallery.enroll(entries);
        memory.enroll(entries);
      }
      for (int i = 0; i < 10_000; i += 7) {
        gallery.remove("person " + i / 5, "sample " + i);
        memory.remove("person " + i / 5, "sample " + i);
      }
      assertThat(gallery.size()).isEqualTo(memory.size());
      for (int i = 0; i < 20; i++) {
        FaceEmbedding probe = i < 5 ? Faces.of(i * 1999) : Faces.random(random);
        assertThat(gallery.search(probe, 10)).isEqualTo(memory.search(probe, 10));
      }
    }
  }

  /** Locales whose digits are not those of SQL. */
  @Test
  void localesWithOtherDigits_changeNothing() {
    Locale before = Locale.getDefault();
    try {
      for (String tag :
          List.of("fa-IR-u-nu-arabext", "ar-EG-u-nu-arab", "bn-BD-u-nu-beng", "ne-NP-u-nu-deva")) {
        Locale.setDefault(Locale.forLanguageTag(tag));
        assertThat(String.format("%d", 1)).isNotEqualTo("1");
        for (PostgresIndex index : List.of(PostgresIndex.exact(), PostgresIndex.hnsw(100))) {
          PostgresOptions options = PostgresOptions.defaults().withIndex(index);
          try (FaceGallery gallery =
              PostgresGallery.open(database, tag + index, Faces.MODEL, options)) {
            gallery.enroll(Faces.entries(0, 20));
            assertThat(gallery.search(Faces.of(7), 1).get(0).sample()).isEqualTo("sample 7");
            assertThat(gallery.removePerson("person 0")).isEqualTo(5);
            assertThat(content(gallery)).hasSize(15);
            assertThat(gallery.size()).isEqualTo(15);
          }
        }
      }
    } finally {
      Locale.setDefault(before);
    }
  }
}
