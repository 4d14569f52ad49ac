// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.Candidate;
import io.omote.face.ClosedException;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGallery;
import io.omote.face.GalleryEntry;
import io.omote.face.GalleryException;
import io.omote.face.IdentificationPolicy;
import io.omote.face.InterruptedCallException;
import io.omote.face.description.ErrorRate;
import io.omote.face.description.OperatingPoint;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Concurrent writes, interrupts and closed connections, at any moment of a call. */
@Tag("postgres")
class PostgresConcurrencyTest {
  /** More than the number of statements of any read here. */
  private static final int MOMENTS = 6;

  private PGSimpleDataSource database;
  private PostgresGallery gallery;

  @BeforeEach
  void open() throws SQLException {
    database = PostgresServer.emptySchema();
    gallery = PostgresGallery.open(database, "staff", Faces.MODEL);
  }

  /** Others act before a statement of the read, whose transaction the host may have begun. */
  private <T> T read(
      Function<FaceGallery, T> reading,
      PostgresIndex index,
      boolean inHostsTransaction,
      int moment,
      Runnable others)
      throws SQLException {
    PostgresOptions options = PostgresOptions.defaults().withIndex(index);
    try (Connection connection = database.getConnection();
        PostgresGallery opened = PostgresGallery.open(database, "staff", Faces.MODEL, options)) {
      connection.setAutoCommit(!inHostsTransaction);
      Watched.Watcher watcher = Watched.beforeStatement(moment, others);
      return reading.apply(opened.on(Watched.connection(connection, watcher)));
    }
  }

  /**
   * With few samples the threshold is low and nobody is similar; with many somebody is, below the
   * threshold: a person that is found was searched in one gallery and judged by another's size.
   */
  @Test
  void identify_countsAndSearchesInOneStatement() throws SQLException {
    FaceEmbedding probe = Faces.of(1);
    ErrorRate often = new ErrorRate(0.05, 0.05, 0.05, 100_000_000);
    ErrorRate seldom = new ErrorRate(0.0001, 0.0001, 0.0001, 100_000_000);
    IdentificationPolicy policy =
        IdentificationPolicy.ofFpir(
            0.5,
            List.of(
                new OperatingPoint(Faces.MODEL, 0.3, often, often, "made up"),
                new OperatingPoint(Faces.MODEL, 0.99, seldom, seldom, "made up")));
    List<GalleryEntry> friends = new ArrayList<>();
    friends.add(new GalleryEntry("friend", "alike", Faces.near(probe, 1)));
    for (int i = 0; i < 100; i++) {
      friends.add(new GalleryEntry("friend", "sample " + i, Faces.of(1000 + i)));
    }
    gallery.enroll(Faces.entries(100, 110));
    for (PostgresIndex index : List.of(PostgresIndex.exact(), PostgresIndex.hnsw(200))) {
      for (boolean inHostsTransaction : new boolean[] {false, true}) {
        for (int moment = 0; moment < MOMENTS; moment++) {
          Optional<Candidate> beforeMany =
              read(
                  g -> g.identify(probe, policy),
                  index,
                  inHostsTransaction,
                  moment,
                  () -> gallery.enroll(friends));
          assertThat(beforeMany).isEmpty();
          gallery.enroll(friends);
          Optional<Candidate> afterMany =
              read(
                  g -> g.identify(probe, policy),
                  index,
                  inHostsTransaction,
                  moment,
                  () -> gallery.removePerson("friend"));
          assertThat(afterMany).isEmpty();
          gallery.removePerson("friend");
        }
      }
    }
    // On its own, the friend would be identified.
    gallery.enroll(friends.subList(0, 1));
    assertThat(gallery.identify(probe, policy)).isPresent();
  }

  @Test
  void search_isOfOneMoment() throws SQLException {
    List<GalleryEntry> first = Faces.entries(0, 20);
    List<GalleryEntry> second = Faces.entries(100, 120);
    for (PostgresIndex index : List.of(PostgresIndex.exact(), PostgresIndex.hnsw(200))) {
      for (boolean inHostsTransaction : new boolean[] {false, true}) {
        for (int moment = 0; moment < MOMENTS; moment++) {
          gallery.enroll(first);
          int found =
              read(
                      g -> g.search(Faces.of(3), 8),
                      index,
                      inHostsTransaction,
                      moment,
                      () -> gallery.enroll(second))
                  .size();
          assertThat(found).isIn(4, 8);
          first.forEach(entry -> gallery.removePerson(entry.person()));
          second.forEach(entry -> gallery.removePerson(entry.person()));
        }
      }
    }
  }

  @Test
  void forEach_visitsWhatWasThereFirst() throws SQLException {
    List<GalleryEntry> entries = Faces.entries(0, 1200);
    gallery.enroll(entries);
    for (boolean inHostsTransaction : new boolean[] {false, true}) {
      AtomicInteger visited = new AtomicInteger();
      try (Connection connection = database.getConnection()) {
        connection.setAutoCommit(!inHostsTransaction);
        gallery
            .on(connection)
            .forEach(
                entry -> {
                  if (visited.getAndIncrement() == 10) {
                    for (int person = 0; person < 240; person += 2) {
                      gallery.removePerson("person " + person);
                    }
                    gallery.enroll(Faces.entries(5000, 5005));
                  }
                });
      }
      assertThat(visited).hasValue(1200);
      assertThat(gallery.size()).isEqualTo(605);
      gallery.removePerson("person 1000");
      gallery.enroll(entries);
    }
  }

  /** Nothing is found in a broken transaction, and the next call has another connection. */
  @Test
  void connectionBrokenAtAnyMoment_isReported_andTheNextCallWorks() throws SQLException {
    gallery.enroll(Faces.entries(0, 600));
    List<Function<FaceGallery, Object>> calls =
        List.of(
            FaceGallery::size,
            g -> g.search(Faces.of(1), 3),
            GalleryContract::content,
            g -> {
              g.enroll(Faces.entries(1000, 1010));
              return true;
            },
            g -> g.remove("person 3", "sample 15"));
    for (Function<FaceGallery, Object> call : calls) {
      int broken = 0;
      for (int moment = 0; moment < MOMENTS; moment++) {
        AtomicReference<Connection> current = new AtomicReference<>();
        Watched.Watcher killer = Watched.beforeStatement(moment, () -> kill(current.get()));
        DataSource fragile =
            Watched.giving(
                () -> {
                  current.set(database.getConnection());
                  return Watched.connection(current.get(), killer);
                });
        try (Connection connection = fragile.getConnection()) {
          call.apply(gallery.on(connection));
        } catch (GalleryException e) {
          broken++;
          assertThat(e).hasMessageContaining("database error");
        }
        assertThat(gallery.size()).isIn(600, 610, 599, 609);
      }
      assertThat(broken).isPositive();
      gallery.enroll(Faces.entries(0, 600));
    }
  }

  private void kill(Connection connection) {
    try {
      int process = connection.unwrap(org.postgresql.PGConnection.class).getBackendPID();
      PostgresServer.execute(database, "SELECT pg_terminate_backend(" + process + ", 10000)");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void connectionBrokenInAVisit_isReported_andTheNextCallWorks() {
    gallery.enroll(Faces.entries(0, 1200));
    AtomicInteger visited = new AtomicInteger();
    assertThatThrownBy(
            () ->
                gallery.forEach(
                    entry -> {
                      if (visited.getAndIncrement() == 100) {
                        killOthers();
                      }
                    }))
        .isInstanceOf(GalleryException.class);
    assertThat(visited).hasValue(PostgresSamples.ROWS);
    assertThat(gallery.size()).isEqualTo(1200);
  }

  private void killOthers() {
    try {
      PostgresServer.execute(
          database,
          "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE state = 'idle in"
              + " transaction' AND pid <> pg_backend_pid() AND query LIKE 'FETCH%'");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As Hikari does for a thread that waits for a connection. */
  @Test
  void interruptWhileWaitingForAConnection_isReportedAsSuch() {
    AtomicBoolean armed = new AtomicBoolean();
    DataSource pool =
        Watched.giving(
            () -> {
              if (armed.get()) {
                throw new SQLException("pool - Interrupted", new InterruptedException());
              }
              return database.getConnection();
            });
    try (FaceGallery same = PostgresGallery.open(pool, "staff", Faces.MODEL)) {
      armed.set(true);
      assertThatThrownBy(() -> same.enroll(Faces.entries(0, 5)))
          .isInstanceOf(InterruptedCallException.class);
      assertThat(Thread.interrupted()).isTrue();
      armed.set(false);
      assertThat(same.size()).isZero();
    }
  }

  /** Another writer holds the gallery; a thread that waits for it is interrupted. */
  @Test
  void interruptWhileWaitingForAnotherWriter_changesNothing() throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (Connection host = database.getConnection()) {
      host.setAutoCommit(false);
      gallery.on(host).enroll(Faces.entries(0, 5));
      AtomicReference<Thread> writer = new AtomicReference<>();
      Future<Boolean> waiting =
          thread.submit(
              () -> {
                writer.set(Thread.currentThread());
                assertThatThrownBy(() -> gallery.enroll(Faces.entries(5, 10)))
                    .isInstanceOf(InterruptedCallException.class);
                return Thread.interrupted();
              });
      awaitWaiting();
      writer.get().interrupt();
      host.commit();
      assertThat(waiting.get()).isTrue();
      assertThat(gallery.size()).isEqualTo(5);
    } finally {
      thread.shutdownNow();
    }
  }

  /** At any default isolation level, a writer that waited sees what the other one wrote. */
  @Test
  void writerThatWaited_writesAfterTheOther_underEveryDefaultIsolation() throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      for (String isolation : List.of("read\\ committed", "repeatable\\ read", "serializable")) {
        database.setOptions("-c default_transaction_isolation=" + isolation);
        try (PostgresGallery same = PostgresGallery.open(database, isolation, Faces.MODEL);
            Connection connection = database.getConnection()) {
          connection.setAutoCommit(false);
          FaceGallery host = same.on(connection);
          host.enroll(Faces.entries(0, 5));
          Future<?> waiting = thread.submit(() -> same.enroll(Faces.entries(0, 10)));
          awaitWaiting();
          connection.commit();
          waiting.get();
          assertThat(same.size()).isEqualTo(10);
        }
      }
    } finally {
      thread.shutdownNow();
    }
  }

  /** Waits until somebody waits for a lock of the server. */
  private void awaitWaiting() throws SQLException {
    while (!"1"
        .equals(
            PostgresServer.value(
                database,
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query"
                    + " LIKE '%omote_galleries%' AND pid <> pg_backend_pid()"))) {
      Thread.onSpinWait();
    }
  }

  @Test
  void close_waitsForAWriteInFlight() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (Connection host = database.getConnection()) {
      host.setAutoCommit(false);
      gallery.on(host).enroll(Faces.entries(0, 5));
      Future<?> writing = threads.submit(() -> gallery.enroll(Faces.entries(5, 10)));
      awaitWaiting();
      AtomicReference<Thread> closer = new AtomicReference<>();
      Future<?> closing =
          threads.submit(
              () -> {
                closer.set(Thread.currentThread());
                gallery.close();
              });
      while (closer.get() == null || closer.get().getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      assertThat(closing.isDone()).isFalse();
      host.commit();
      writing.get();
      closing.get();
      assertThatThrownBy(gallery::size).isInstanceOf(ClosedException.class);
    } finally {
      threads.shutdownNow();
    }
    assertThat(PostgresServer.value(database, "SELECT count(*) FROM omote_samples"))
        .isEqualTo("10");
  }

  @Test
  void errorsOfPools_areThoseOfGalleries_withoutSecrets() {
    for (Exception error :
        List.of(
            new SQLException(
                "No suitable driver found for jdbc:postgres://u:s3cret@h/db?password=s3cret x&a=b"),
            new SQLException("odd", new SQLException("jdbc:mysql://u:p/s3cret@h: no")),
            new SQLException("properties {user=u, Password=s3cret}"),
            new SQLTransientConnectionException("pool - Connection is not available"),
            new IllegalStateException(
                "cannot open jdbc:postgresql://h/db?user=u&sslpassword=s3cret"),
            new RuntimeException("pool is closed"))) {
      DataSource failing =
          Watched.giving(
              () -> {
                if (error instanceof SQLException e) {
                  throw e;
                }
                throw (RuntimeException) error;
              });
      for (Runnable call :
          List.<Runnable>of(
              () -> PostgresGallery.open(failing, "staff", Faces.MODEL),
              () -> PostgresGallery.openReadOnly(failing, "staff", Faces.MODEL),
              () -> PostgresGallery.modelIdOf(failing, "staff"))) {
        assertThatThrownBy(call::run)
            .isInstanceOf(GalleryException.class)
            .hasMessageContainingAll(
                "no connection was available", "PostgresGallery.on(Connection)")
            .satisfies(e -> assertThat(trace(e)).doesNotContain("s3cret"))
            .cause()
            .isInstanceOf(Exception.class);
      }
    }
  }

  private static String trace(Throwable error) {
    StringWriter text = new StringWriter();
    error.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  /** The details of the server show the row. */
  @Test
  void errorsOfTheServer_showNoFaces() throws SQLException {
    PostgresServer.execute(
        database, "ALTER TABLE omote_samples ADD CONSTRAINT none CHECK (person <> 'lea')");
    assertThatThrownBy(() -> gallery.enroll("lea", "lea.jpg", Faces.of(1)))
        .isInstanceOf(GalleryException.class)
        .hasMessageContaining("violates check constraint")
        .satisfies(e -> assertThat(trace(e)).doesNotContain("lea", "Failing row"))
        .cause()
        .isInstanceOf(SQLException.class)
        .extracting(e -> ((SQLException) e).getSQLState())
        .isEqualTo("23514");
    assertThat(gallery.size()).isZero();
  }
}
