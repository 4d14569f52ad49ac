// SPDX-License-Identifier: Apache-2.0
package io.omote.it.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.zaxxer.hikari.HikariDataSource;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGallery;
import io.omote.face.GalleryEntry;
import io.omote.face.GalleryException;
import io.omote.face.InterruptedCallException;
import io.omote.face.gallery.PostgresGallery;
import io.omote.face.gallery.PostgresIndex;
import io.omote.face.gallery.PostgresOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** The fate of a host's row and of a face that are written in one transaction. */
class TransactionTableTest {
  private static final String MODEL = "model:0123456789ab";
  private static final PostgresOptions SCHEMA = PostgresOptions.defaults().withSchema("omote_it");

  /** The way in which the gallery gets a connection. */
  enum Way {
    PLAIN,
    AWARE,
    ON_CONNECTION
  }

  private HikariDataSource pool;
  private JdbcTemplate jdbc;
  private TransactionTemplate transactions;

  /** Returns what is visible outside the transaction. */
  private HikariDataSource outside;

  private PostgresGallery seen;

  private static HikariDataSource pool(int size) {
    HikariDataSource pool = new HikariDataSource();
    pool.setJdbcUrl(System.getProperty("omote.postgres"));
    pool.setMaximumPoolSize(size);
    pool.setMinimumIdle(0);
    pool.setConnectionTimeout(1000);
    return pool;
  }

  @BeforeEach
  void connect() {
    String url = System.getProperty("omote.postgres");
    assumeTrue(
        url != null && !url.isBlank(),
        "skipped: needs PostgreSQL with pgvector; give its JDBC URL as -Domote.postgres=...");
    outside = pool(2);
    JdbcTemplate setup = new JdbcTemplate(outside);
    setup.execute("CREATE EXTENSION IF NOT EXISTS vector SCHEMA public");
    setup.execute("DROP SCHEMA IF EXISTS omote_it CASCADE");
    setup.execute("CREATE SCHEMA omote_it");
    setup.execute("CREATE TABLE omote_it.hosts (name text)");
    seen = PostgresGallery.open(outside, "staff", MODEL, SCHEMA);
  }

  private void host(HikariDataSource connections) {
    pool = connections;
    jdbc = new JdbcTemplate(pool);
    transactions = new TransactionTemplate(new DataSourceTransactionManager(pool));
  }

  @AfterEach
  void close() {
    if (outside != null) {
      new JdbcTemplate(outside).execute("DROP SCHEMA omote_it CASCADE");
      outside.close();
    }
    if (pool != null) {
      pool.close();
    }
  }

  private static FaceEmbedding face(int number) {
    Random random = new Random(number);
    float[] raw = new float[128];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = (float) random.nextGaussian();
    }
    return FaceEmbedding.ofRaw(MODEL, raw);
  }

  /** Returns the gallery as the host uses it in a transaction. */
  private Supplier<FaceGallery> guest(Way way) {
    DataSource given = way == Way.AWARE ? new TransactionAwareDataSourceProxy(pool) : pool;
    PostgresGallery gallery = PostgresGallery.open(given, "staff", MODEL, SCHEMA);
    return way == Way.ON_CONNECTION
        ? () -> gallery.on(DataSourceUtils.getConnection(pool))
        : () -> gallery;
  }

  private void hostWrites(String name) {
    jdbc.update("INSERT INTO omote_it.hosts VALUES (?)", name);
  }

  /** Returns the committed rows of hosts and faces, which others see. */
  private String kept() {
    Integer rows =
        new JdbcTemplate(outside)
            .queryForObject("SELECT count(*) FROM omote_it.hosts", Integer.class);
    return rows + " rows, " + seen.size() + " faces";
  }

  /** A batch that fails after the first hundreds of samples were written. */
  private static List<GalleryEntry> failing() {
    List<GalleryEntry> batch = new ArrayList<>();
    for (int i = 0; i < 700; i++) {
      batch.add(new GalleryEntry("failing", "sample " + i, face(i % 50)));
    }
    batch.add(new GalleryEntry("maya", "known", face(2000)));
    return batch;
  }

  @ParameterizedTest(name = "{0}, pool of {1}: {2} after a commit, {3} after a roll back")
  @CsvSource({
    // With a connection of its own, what the gallery enrolls remains if the host rolls back.
    "PLAIN,         2, '2 rows, 2 faces', '0 rows, 2 faces'",
    "AWARE,         2, '2 rows, 2 faces', '0 rows, 1 faces'",
    "AWARE,         1, '2 rows, 2 faces', '0 rows, 1 faces'",
    "ON_CONNECTION, 2, '2 rows, 2 faces', '0 rows, 1 faces'",
    "ON_CONNECTION, 1, '2 rows, 2 faces', '0 rows, 1 faces'",
  })
  void table(Way way, int size, String committed, String rolledBack) {
    host(pool(size));
    seen.enroll("maya", "known", face(1000));
    Supplier<FaceGallery> guest = guest(way);

    transactions.executeWithoutResult(
        status -> {
          hostWrites("one");
          guest.get().enroll("maya", "new", face(1001));
          // The gallery reads what it wrote.
          assertThat(guest.get().size()).isEqualTo(2);
          assertThat(guest.get().search(face(1001), 1).get(0).sample()).isEqualTo("new");
          hostWrites("two");
          status.setRollbackOnly();
        });
    assertThat(kept()).isEqualTo(rolledBack);
    seen.remove("maya", "new");

    transactions.executeWithoutResult(
        status -> {
          hostWrites("one");
          guest.get().enroll("maya", "new", face(1001));
          hostWrites("two");
        });
    assertThat(kept()).isEqualTo(committed);

    // A call that fails leaves nothing, and the host continues in its transaction.
    transactions.executeWithoutResult(
        status -> {
          hostWrites("three");
          guest.get().enroll("maya", "third", face(1002));
          assertThatThrownBy(() -> guest.get().enroll(failing()))
              .isInstanceOf(GalleryException.class)
              .hasMessageContaining("another embedding");
          assertThat(guest.get().size()).isEqualTo(3);
          hostWrites("four");
        });
    assertThat(kept()).isEqualTo("4 rows, 3 faces");

    // Outside a transaction, each call is a transaction.
    if (way != Way.ON_CONNECTION) {
      guest.get().enroll("maya", "alone", face(1003));
      assertThat(kept()).isEqualTo("4 rows, 4 faces");
    }
    assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
  }

  /**
   * The host holds the only connection: the call fails after the pool's timeout, and the host
   * continues.
   */
  @Test
  void plainPoolOfOne_isReported() {
    host(pool(1));
    Supplier<FaceGallery> guest = guest(Way.PLAIN);
    for (boolean commits : new boolean[] {true, false}) {
      transactions.executeWithoutResult(
          status -> {
            hostWrites("one");
            assertThatThrownBy(() -> guest.get().enroll("maya", "new", face(1)))
                .isInstanceOf(GalleryException.class)
                .hasMessageContainingAll("pool is exhausted", "PostgresGallery.on(Connection)");
            assertThatThrownBy(() -> guest.get().size()).isInstanceOf(GalleryException.class);
            hostWrites("two");
            if (!commits) {
              status.setRollbackOnly();
            }
          });
      assertThat(kept()).isEqualTo("2 rows, 0 faces");
    }
    guest.get().enroll("maya", "new", face(1));
    assertThat(kept()).isEqualTo("2 rows, 1 faces");
  }

  @Test
  void poolThatNobodyCommits_isReported() {
    HikariDataSource odd = pool(2);
    odd.setAutoCommit(false);
    host(odd);
    FaceGallery plain = guest(Way.PLAIN).get();
    assertThatThrownBy(() -> plain.enroll("maya", "new", face(1)))
        .isInstanceOf(GalleryException.class)
        .hasMessageContaining("nothing is kept");
    assertThat(kept()).isEqualTo("0 rows, 0 faces");
    // The host commits.
    FaceGallery aware = guest(Way.AWARE).get();
    transactions.executeWithoutResult(
        status -> {
          hostWrites("one");
          aware.enroll("maya", "new", face(1));
        });
    assertThat(kept()).isEqualTo("1 rows, 1 faces");
    assertThatThrownBy(() -> aware.enroll("maya", "lost", face(2)))
        .isInstanceOf(GalleryException.class)
        .hasMessageContaining("nothing is kept");
    assertThat(kept()).isEqualTo("1 rows, 1 faces");
  }

  @Test
  void everyIsolation_andReadOnlyTransactions_areTheHosts() {
    host(pool(2));
    seen.enroll("maya", "known", face(1));
    Supplier<FaceGallery> guest = guest(Way.AWARE);
    Map<Integer, String> isolations =
        Map.of(
            TransactionDefinition.ISOLATION_READ_COMMITTED, "read committed",
            TransactionDefinition.ISOLATION_REPEATABLE_READ, "repeatable read",
            TransactionDefinition.ISOLATION_SERIALIZABLE, "serializable");
    for (int isolation : isolations.keySet()) {
      transactions.setIsolationLevel(isolation);
      transactions.executeWithoutResult(
          status -> {
            guest.get().enroll("maya", "new", face(2));
            assertThat(jdbc.queryForObject("SHOW transaction_isolation", String.class))
                .isEqualTo(isolations.get(isolation));
            assertThat(guest.get().search(face(2), 1).get(0).sample()).isEqualTo("new");
            guest.get().remove("maya", "new");
          });
    }
    transactions.setReadOnly(true);
    transactions.executeWithoutResult(
        status -> {
          assertThat(guest.get().search(face(1), 1)).hasSize(1);
          assertThatThrownBy(() -> guest.get().enroll("maya", "new", face(2)))
              .isInstanceOf(GalleryException.class)
              .hasMessageContaining("read-only");
          assertThat(guest.get().size()).isOne();
        });
    assertThat(kept()).isEqualTo("0 rows, 1 faces");
  }

  /** A gallery that is opened, filled and indexed in a transaction of the host. */
  @Test
  void openingInATransaction_isPartOfIt() {
    host(pool(1));
    PostgresOptions fast = SCHEMA.withIndex(PostgresIndex.hnsw(100));
    DataSource aware = new TransactionAwareDataSourceProxy(pool);
    for (boolean commits : new boolean[] {false, true}) {
      transactions.executeWithoutResult(
          status -> {
            FaceGallery guests = PostgresGallery.open(aware, "guests", MODEL, fast);
            guests.enroll("maya", "new", face(1));
            assertThat(guests.search(face(1), 1)).hasSize(1);
            if (!commits) {
              status.setRollbackOnly();
            }
          });
      assertThat(PostgresGallery.modelIdOf(outside, "guests", SCHEMA).isPresent())
          .isEqualTo(commits);
    }
  }

  @Test
  void interruptWhileWaitingForThePool_isReportedAsSuch() throws Exception {
    HikariDataSource patient = pool(1);
    patient.setConnectionTimeout(60_000);
    host(patient);
    FaceGallery gallery = guest(Way.PLAIN).get();
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      AtomicReference<Thread> waiter = new AtomicReference<>();
      CountDownLatch begun = new CountDownLatch(1);
      Future<Boolean> waiting;
      try (var held = pool.getConnection()) {
        waiting =
            thread.submit(
                () -> {
                  waiter.set(Thread.currentThread());
                  begun.countDown();
                  assertThatThrownBy(() -> gallery.enroll("maya", "new", face(1)))
                      .isInstanceOf(InterruptedCallException.class);
                  return Thread.interrupted();
                });
        begun.await();
        while (pool.getHikariPoolMXBean().getThreadsAwaitingConnection() == 0) {
          Thread.onSpinWait();
        }
        waiter.get().interrupt();
        assertThat(waiting.get()).isTrue();
      }
      gallery.enroll("maya", "new", face(1));
      assertThat(kept()).isEqualTo("0 rows, 1 faces");
    } finally {
      thread.shutdownNow();
    }
  }

  @Test
  void passwordsOfAddresses_areNotShown() {
    HikariDataSource wrong = new HikariDataSource();
    wrong.setJdbcUrl("jdbc:postgres://user:s3cret@localhost/db?password=s3cret");
    assertThatThrownBy(() -> PostgresGallery.open(wrong, "staff", MODEL))
        .isInstanceOf(GalleryException.class)
        .hasMessageNotContaining("s3cret")
        .hasStackTraceContaining("no connection was available")
        .satisfies(
            e -> {
              for (Throwable t = e; t != null; t = t.getCause()) {
                assertThat(t.getMessage()).doesNotContain("s3cret");
              }
            });
  }
}
