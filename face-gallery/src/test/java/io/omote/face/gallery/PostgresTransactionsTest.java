// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.FaceGallery;
import io.omote.face.GalleryEntry;
import io.omote.face.GalleryException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Calls in the transaction of a host: its own work is neither committed nor rolled back. */
@Tag("postgres")
class PostgresTransactionsTest {
  private PGSimpleDataSource database;
  private PostgresGallery gallery;
  private Connection host;

  @BeforeEach
  void open() throws SQLException {
    database = PostgresServer.emptySchema();
    gallery = PostgresGallery.open(database, "staff", Faces.MODEL);
    PostgresServer.execute(database, "CREATE TABLE hosts (name text)");
    host = database.getConnection();
    host.setAutoCommit(false);
  }

  @AfterEach
  void close() throws SQLException {
    if (host != null) {
      host.close();
    }
  }

  private void hostWrites(String name) throws SQLException {
    PostgresServer.execute(host, "INSERT INTO hosts VALUES ('" + name + "')");
  }

  /** Returns what others see. */
  private String hosts() throws SQLException {
    return PostgresServer.value(database, "SELECT string_agg(name, ' ' ORDER BY name) FROM hosts");
  }

  /**
   * The gallery in the host's transaction, by its connection and by a data source that returns it.
   */
  private List<FaceGallery> guests() {
    return List.of(
        gallery.on(host), PostgresGallery.open(Watched.always(host), "staff", Faces.MODEL));
  }

  @Test
  void hostThatRollsBack_leavesNothing_andOneThatCommitsAll() throws SQLException {
    for (FaceGallery guest : guests()) {
      int isolation = host.getTransactionIsolation();
      for (boolean commits : new boolean[] {false, true}) {
        hostWrites("one");
        guest.enroll(Faces.entries(0, 10));
        assertThat(guest.remove("person 1", "sample 7")).isTrue();
        // The gallery reads what it wrote, others do not.
        assertThat(guest.size()).isEqualTo(9);
        assertThat(guest.search(Faces.of(3), 1).get(0).sample()).isEqualTo("sample 3");
        assertThat(GalleryContract.content(guest)).hasSize(9);
        assertThat(gallery.size()).isZero();
        hostWrites("two");
        assertThat(host.getAutoCommit()).isFalse();
        assertThat(host.getTransactionIsolation()).isEqualTo(isolation);
        assertThat(hosts()).isNull();
        if (commits) {
          host.commit();
        } else {
          host.rollback();
        }
        assertThat(gallery.size()).isEqualTo(commits ? 9 : 0);
        assertThat(hosts()).isEqualTo(commits ? "one two" : null);
      }
      assertThat(host.isClosed()).isFalse();
      assertThat(gallery.removePerson("person 0") + gallery.removePerson("person 1")).isEqualTo(9);
      PostgresServer.execute(database, "DELETE FROM hosts");
    }
  }

  @Test
  void callThatFails_isUndoneAlone_andTheHostContinues() throws SQLException {
    // In the middle of a batch, by the server.
    PostgresServer.execute(
        database, "ALTER TABLE omote_samples ADD CONSTRAINT none CHECK (sample <> 'sample 900')");
    for (FaceGallery guest : guests()) {
      hostWrites("one");
      guest.enroll(Faces.entries(0, 10));
      assertThatThrownBy(() -> guest.enroll(Faces.entries(100, 1000)))
          .isInstanceOf(GalleryException.class)
          .hasMessageContaining("violates check constraint");
      assertThat(guest.size()).isEqualTo(10);
      List<GalleryEntry> another =
          List.of(
              new GalleryEntry("new", "new", Faces.of(50)),
              new GalleryEntry("person 0", "sample 0", Faces.of(51)));
      assertThatThrownBy(() -> guest.enroll(another))
          .isInstanceOf(GalleryException.class)
          .hasMessageContaining("another embedding");
      assertThat(guest.persons()).isEqualTo(2);
      hostWrites("two");
      host.commit();
      assertThat(gallery.size()).isEqualTo(10);
      assertThat(hosts()).isEqualTo("one two");
      gallery.removePerson("person 0");
      gallery.removePerson("person 1");
      PostgresServer.execute(database, "DELETE FROM hosts");
    }
  }

  @Test
  void callThatIsRefused_leavesTheHostsTransactionAsItWas() throws SQLException {
    gallery.enroll(Faces.entries(0, 1200));
    for (FaceGallery guest : guests()) {
      hostWrites("one");
      // A role of every server that may not read these tables.
      PostgresServer.execute(host, "SET LOCAL ROLE pg_monitor");
      for (ThrowingCallable read :
          List.<ThrowingCallable>of(
              guest::size,
              () -> guest.search(Faces.of(1), 1),
              () -> guest.forEach(entry -> {}),
              () -> guest.removePerson("person 1"))) {
        assertThatThrownBy(read)
            .isInstanceOf(GalleryException.class)
            .hasMessageContaining("grant the role");
      }
      PostgresServer.execute(host, "RESET ROLE");
      assertThat(guest.size()).isEqualTo(1200);
      host.commit();
      assertThat(hosts()).isEqualTo("one");
      PostgresServer.execute(database, "DELETE FROM hosts");
    }
  }

  @Test
  void transactionThatHadFailed_isReported() throws SQLException {
    hostWrites("one");
    assertThatThrownBy(() -> PostgresServer.execute(host, "SELECT 1 / 0"))
        .isInstanceOf(SQLException.class);
    assertThatThrownBy(() -> gallery.on(host).size())
        .isInstanceOf(GalleryException.class)
        .hasMessageContaining("roll it back first");
    host.rollback();
    assertThat(gallery.on(host).size()).isZero();
  }

  @Test
  void settingsOfTheHost_stay() throws SQLException {
    PostgresOptions fast = PostgresOptions.defaults().withIndex(PostgresIndex.hnsw(300));
    gallery.enroll(Faces.entries(0, 20));
    try (PostgresGallery indexed = PostgresGallery.open(database, "staff", Faces.MODEL, fast)) {
      FaceGallery guest = indexed.on(host);
      for (String value : new String[] {"40", "77"}) {
        PostgresServer.execute(host, "SET LOCAL hnsw.ef_search = " + value);
        hostWrites(value);
        assertThat(guest.search(Faces.of(1), 1)).hasSize(1);
        assertThat(guest.search(Faces.of(1), 5)).hasSize(4);
        assertThat(PostgresServer.value(host, "SHOW hnsw.ef_search")).isEqualTo(value);
      }
      host.commit();
      assertThat(hosts()).isEqualTo("40 77");
    }
  }

  @Test
  void actionsOfAVisitThatThrow_writeInTheHostsTransaction() throws SQLException {
    gallery.enroll(Faces.entries(0, 700));
    for (FaceGallery guest : guests()) {
      AtomicInteger visited = new AtomicInteger();
      Error mine = new Error("mine");
      assertThatThrownBy(
              () ->
                  guest.forEach(
                      entry -> {
                        int number = visited.getAndIncrement();
                        if (number == 3 || number == 600) {
                          guest.enroll("new", "sample " + number, entry.face());
                          assertThat(guest.search(entry.face(), 2)).hasSize(2);
                          write("action " + number);
                        }
                        if (number == 650) {
                          throw mine;
                        }
                      }))
          .isSameAs(mine)
          .hasNoSuppressedExceptions();
      assertThat(guest.size()).isEqualTo(702);
      host.commit();
      assertThat(gallery.removePerson("new")).isEqualTo(2);
      assertThat(hosts()).isEqualTo("action 3 action 600");
      PostgresServer.execute(database, "DELETE FROM hosts");
    }
  }

  private void write(String name) {
    try {
      hostWrites(name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void visitThatFailsBetweenPages_keepsWhatActionsWrote() throws SQLException {
    gallery.enroll(Faces.entries(0, 700));
    AtomicInteger visited = new AtomicInteger();
    assertThatThrownBy(
            () ->
                gallery
                    .on(host)
                    .forEach(
                        entry -> {
                          if (visited.getAndIncrement() == 499) {
                            write("action");
                            try {
                              PostgresServer.execute(host, "CLOSE ALL");
                            } catch (SQLException e) {
                              throw new IllegalStateException(e);
                            }
                          }
                        }))
        .isInstanceOf(GalleryException.class);
    host.commit();
    assertThat(visited).hasValue(500);
    assertThat(hosts()).isEqualTo("action");
  }

  @Test
  void connectionInAutoCommit_isATransactionForEachCall() throws SQLException {
    host.setAutoCommit(true);
    FaceGallery guest = gallery.on(host);
    guest.enroll(Faces.entries(0, 10));
    assertThat(gallery.size()).isEqualTo(10);
    assertThat(host.getAutoCommit()).isTrue();
    assertThatThrownBy(() -> guest.enroll("person 0", "sample 0", Faces.of(9)))
        .isInstanceOf(GalleryException.class);
    assertThat(host.getAutoCommit()).isTrue();
    assertThat(host.isClosed()).isFalse();
    AtomicInteger visited = new AtomicInteger();
    guest.forEach(
        entry -> {
          visited.incrementAndGet();
          guest.enroll("new", entry.sample(), entry.face());
        });
    assertThat(visited).hasValue(10);
    assertThat(gallery.size()).isEqualTo(20);
    assertThat(host.getAutoCommit()).isTrue();
  }

  /** The driver reports auto-commit: the end of a call would end the host's transaction. */
  @Test
  void transactionBegunBySql_isRefused_andStaysTheHosts() throws SQLException {
    gallery.enroll("maya", "1", Faces.of(1));
    host.setAutoCommit(true);
    FaceGallery guest = gallery.on(host);
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> guest.enroll("john", "1", Faces.of(2)),
            () -> guest.removePerson("maya"),
            () -> guest.search(Faces.of(1), 1),
            () -> guest.forEach(entry -> {}),
            guest::size,
            () -> PostgresGallery.open(Watched.always(host), "other", Faces.MODEL))) {
      PostgresServer.execute(host, "BEGIN");
      hostWrites("one");
      assertThatThrownBy(call)
          .isInstanceOf(GalleryException.class)
          .hasMessageContaining("begin the transaction with setAutoCommit(false)");
      assertThat(PostgresServer.value(host, "SELECT count(*) FROM hosts")).isEqualTo("1");
      PostgresServer.execute(host, "ROLLBACK");
      assertThat(hosts()).isNull();
    }
    assertThat(guest.size()).isEqualTo(1);
    assertThat(host.getAutoCommit()).isTrue();
  }

  @Test
  void closedConnection_isReported() throws SQLException {
    host.close();
    assertThatThrownBy(() -> gallery.on(host).size()).isInstanceOf(GalleryException.class);
    FaceGallery guest = gallery.on(database.getConnection());
    guest.close();
    assertThat(gallery.size()).isZero();
  }

  /** Tables, galleries and first samples, all in one transaction. */
  @Test
  void openingInATransaction_isPartOfIt() throws SQLException {
    PostgresServer.execute(database, "DROP TABLE omote_samples, omote_galleries, omote_version");
    for (boolean commits : new boolean[] {false, true}) {
      DataSource hosts = Watched.always(host);
      FaceGallery guest =
          PostgresGallery.open(
              hosts,
              "guests",
              Faces.MODEL,
              PostgresOptions.defaults().withIndex(PostgresIndex.hnsw(100)));
      guest.enroll(Faces.entries(0, 10));
      assertThat(guest.search(Faces.of(1), 1)).hasSize(1);
      assertThat(PostgresServer.value(host, "SHOW search_path")).isEqualTo("omote_test");
      assertThat(PostgresGallery.modelIdOf(database, "guests")).isEmpty();
      if (commits) {
        host.commit();
        assertThat(guest.size()).isEqualTo(10);
      } else {
        host.rollback();
        assertThatThrownBy(guest::size)
            .isInstanceOf(GalleryException.class)
            .hasMessageContaining("open the gallery again");
      }
      assertThat(PostgresGallery.modelIdOf(database, "guests").isPresent()).isEqualTo(commits);
    }
  }

  /** As some pools do: not in auto-commit, and rolled back when a connection is returned. */
  private static DataSource rollingBack(DataSource database) {
    return Watched.giving(
        () -> {
          Connection connection = database.getConnection();
          connection.setAutoCommit(false);
          return Watched.connection(
              connection,
              method -> {
                if (method.equals("close")) {
                  connection.rollback();
                }
                return true;
              });
        });
  }

  @Test
  void connectionsThatNobodyCommits_areReported() throws SQLException {
    gallery.enroll(Faces.entries(0, 10));
    DataSource pool = rollingBack(database);
    assertThatThrownBy(() -> PostgresGallery.open(pool, "new", Faces.MODEL))
        .isInstanceOf(GalleryException.class)
        .hasMessageContainingAll("rolled back when the connection was returned", "auto-commit");
    try (FaceGallery lost = PostgresGallery.open(pool, "staff", Faces.MODEL)) {
      assertThat(lost.size()).isEqualTo(10);
      assertThatThrownBy(() -> lost.enroll(Faces.entries(10, 20)))
          .isInstanceOf(GalleryException.class)
          .hasMessageContaining("nothing is kept");
      assertThatThrownBy(() -> lost.removePerson("person 0"))
          .isInstanceOf(GalleryException.class)
          .hasMessageContaining("nothing is kept");
      assertThat(lost.search(Faces.of(1), 1)).hasSize(1);
      assertThat(GalleryContract.content(lost)).hasSize(10);
    }
    assertThat(gallery.size()).isEqualTo(10);
  }

  @Test
  void errorOfAnAction_isNotReplaced_whereRollingBackFails() throws SQLException {
    gallery.enroll(Faces.entries(0, 10));
    for (String failing : List.of("rollback", "setAutoCommit", "close")) {
      AtomicBoolean armed = new AtomicBoolean();
      DataSource odd =
          Watched.database(
              database,
              method -> {
                if (armed.get() && method.equals(failing)) {
                  throw new SQLException("no " + failing);
                }
                return true;
              });
      try (FaceGallery same = PostgresGallery.open(odd, "staff", Faces.MODEL)) {
        Error mine = new Error("mine");
        assertThatThrownBy(
                () ->
                    same.forEach(
                        entry -> {
                          armed.set(true);
                          throw mine;
                        }))
            .isSameAs(mine);
        assertThat(mine.getSuppressed()).hasSize(1).allMatch(e -> e.getMessage().contains(failing));
        armed.set(false);
        assertThat(same.size()).isEqualTo(10);
      }
    }
  }

  /** Otherwise a caller would assume that the write failed. */
  @Test
  void whatWasCommitted_isDone_whereGivingBackFails() throws SQLException {
    for (String failing : List.of("setAutoCommit", "close")) {
      AtomicBoolean committed = new AtomicBoolean();
      DataSource odd =
          Watched.database(
              database,
              method -> {
                if (method.equals("commit")) {
                  committed.set(true);
                }
                if (method.equals(failing) && committed.getAndSet(false)) {
                  throw new SQLException("no " + failing);
                }
                return true;
              });
      try (FaceGallery same = PostgresGallery.open(odd, "staff", Faces.MODEL)) {
        same.enroll("lea", failing, Faces.of(failing.length()));
        assertThat(same.search(Faces.of(failing.length()), 1).get(0).sample()).isEqualTo(failing);
      }
    }
    assertThat(gallery.size()).isEqualTo(2);
  }

  /** Work that could not be rolled back must not be committed when auto-commit is restored. */
  @Test
  void workThatFailed_isNotCommitted_whereRollingBackFails() throws SQLException {
    List<Connection> left = new ArrayList<>();
    DataSource odd =
        Watched.giving(
            () -> {
              Connection connection = database.getConnection();
              left.add(connection);
              return Watched.connection(
                  connection,
                  method -> {
                    if (method.equals("rollback")) {
                      throw new SQLException("no rollback");
                    }
                    return true;
                  });
            });
    gallery.enroll(Faces.entries(0, 1));
    List<GalleryEntry> batch = new ArrayList<>(Faces.entries(1000, 1600));
    batch.add(new GalleryEntry("person 0", "sample 0", Faces.of(77)));
    try (FaceGallery same = PostgresGallery.open(odd, "staff", Faces.MODEL)) {
      assertThatThrownBy(() -> same.enroll(batch))
          .isInstanceOf(GalleryException.class)
          .hasMessageContaining("another embedding");
    }
    for (Connection connection : left) {
      connection.close();
    }
    assertThat(gallery.size()).isOne();
  }

  @Test
  void enrollAgain_takesOneStatementABatch() throws SQLException {
    List<GalleryEntry> entries = Faces.entries(0, 2000);
    AtomicInteger statements = new AtomicInteger();
    DataSource counting = Watched.database(database, Watched.counting(statements));
    try (FaceGallery same = PostgresGallery.open(counting, "staff", Faces.MODEL)) {
      statements.set(0);
      same.enroll(entries);
      assertThat(statements).hasValueLessThanOrEqualTo(2 * 4 + 4);
      statements.set(0);
      same.enroll(entries);
      assertThat(statements).hasValueLessThanOrEqualTo(4 + 3);
      assertThat(same.size()).isEqualTo(2000);
    }
  }
}
