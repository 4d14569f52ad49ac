// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import io.omote.face.FaceException;
import io.omote.face.GalleryException;
import io.omote.face.internal.search.GalleryChecks;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Locale;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A runner of work in transactions. If the connection is not in auto-commit, it uses the caller's
 * transaction, in which it commits nothing, and rolls back only what the work itself did. Otherwise
 * it uses a transaction of its own.
 *
 * <p>Thread-safe, unless it is for one connection.
 */
final class PostgresTransactions {
  /** Statements of a gallery. */
  interface Statements<T> {
    T on(Connection connection) throws SQLException;
  }

  /** Work that also calls foreign code, whose errors pass through. */
  interface Work<T> {
    T in(Transaction transaction);
  }

  /** The SQL state of something that is impossible within a transaction. */
  private static final String ACTIVE = "25001";

  private final String name;
  private final @Nullable DataSource database;
  private final @Nullable Connection given;

  private PostgresTransactions(
      String name, @Nullable DataSource database, @Nullable Connection given) {
    this.name = name;
    this.database = database;
    this.given = given;
  }

  static PostgresTransactions of(DataSource database, String name) {
    return new PostgresTransactions(name, database, null);
  }

  /** Returns a runner for one connection, which stays open. */
  PostgresTransactions on(Connection connection) {
    return new PostgresTransactions(name, null, connection);
  }

  /** Runs statements that change something. */
  <T> T write(String what, Statements<T> statements) {
    return run(what, true, transaction -> transaction.step(statements));
  }

  /** Runs statements that change nothing. */
  <T> T read(String what, Statements<T> statements) {
    return run(what, false, transaction -> transaction.step(statements));
  }

  /** Runs statements that change only settings of the transaction, which are restored. */
  <T> T look(String what, Statements<T> statements) {
    return run(what, false, transaction -> transaction.undone(statements));
  }

  /** Runs work of several steps that changes nothing itself. */
  <T> T visit(String what, Work<T> work) {
    return run(what, false, work);
  }

  private <T> T run(String what, boolean isWriting, Work<T> work) {
    GalleryChecks.checkInterrupt();
    Transaction transaction = new Transaction(what, take(what));
    T result;
    String unsettled;
    try {
      transaction.begin(isWriting);
      result = work.in(transaction);
      unsettled = isWriting && database != null ? transaction.unsettled() : null;
      transaction.commit();
    } catch (Throwable e) {
      // This includes errors of foreign code, which are thrown as they are.
      transaction.end(e);
      throw e;
    }
    transaction.end(null);
    if (unsettled != null) {
      // The write is done: an interrupt since then is for the next call.
      boolean isInterrupted = Thread.interrupted();
      try {
        checkNotRolledBack(what, unsettled);
      } finally {
        if (isInterrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
    return result;
  }

  private Connection take(String what) {
    if (given != null) {
      return given;
    }
    try {
      return Objects.requireNonNull(database).getConnection();
    } catch (SQLException | RuntimeException e) {
      throw PostgresErrors.connecting(what, name, e);
    }
  }

  /**
   * Throws if the pool rolled back a write. A pool whose connections are not in auto-commit rolls
   * back uncommitted work when a connection is returned. Without a transaction of the caller, the
   * write would be lost silently.
   */
  private void checkNotRolledBack(String what, String transaction) {
    boolean isLost =
        read(
            what,
            connection -> {
              try (PreparedStatement select =
                  connection.prepareStatement("SELECT txid_status(?::bigint) = 'aborted'")) {
                select.setString(1, transaction);
                try (ResultSet row = select.executeQuery()) {
                  return row.next() && row.getBoolean(1);
                }
              }
            });
    if (isLost) {
      throw new GalleryException(
          String.format(
              Locale.ROOT,
              "the call to %s the gallery '%s' was rolled back when the connection was returned, because the data source's connections are not in auto-commit and no transaction of the caller commits them; nothing is kept: use a data source with connections in auto-commit or with those of the caller's transaction, or PostgresGallery.on(Connection)",
              what,
              name));
    }
  }

  /** A transaction on a connection. */
  final class Transaction {
    private final String what;
    private final Connection connection;
    private boolean isOwn;

    private Transaction(String what, Connection connection) {
      this.what = what;
      this.connection = connection;
    }

    private void begin(boolean isWriting) {
      try {
        if (connection.getAutoCommit()) {
          checkNoneBegun();
          connection.setAutoCommit(false);
          isOwn = true;
          if (isWriting) {
            // A writer that waited for another one must see what it wrote.
            execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
          }
        }
      } catch (SQLException e) {
        throw PostgresErrors.of(what, name, e);
      }
    }

    /**
     * Throws if a transaction was begun by SQL: for the driver the connection is in auto-commit,
     * and it would commit the caller's work. Setting a property to its current value costs nothing,
     * and the driver rejects it within any transaction.
     */
    private void checkNoneBegun() throws SQLException {
      try {
        connection.setReadOnly(connection.isReadOnly());
      } catch (SQLException e) {
        if (ACTIVE.equals(e.getSQLState())) {
          throw new GalleryException(
              String.format(
                  Locale.ROOT,
                  "cannot %s the gallery '%s', because the connection is in auto-commit, but in a transaction that SQL began: begin the transaction with setAutoCommit(false)",
                  what,
                  name),
              e);
        }
        throw e;
      }
    }

    private void execute(String sql) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }

    /** Runs all statements, or none; after an error the caller's transaction is as before. */
    <T> T step(Statements<T> statements) {
      return step(statements, false);
    }

    /** Runs statements whose effects end with them. */
    <T> T undone(Statements<T> statements) {
      return step(statements, true);
    }

    /** Runs a step that is necessary after an error, which remains the error. */
    void after(Throwable error, Statements<?> statements) {
      if (!isOwn) {
        try {
          step(statements);
        } catch (FaceException another) {
          error.addSuppressed(another);
        }
      }
    }

    private <T> T step(Statements<T> statements, boolean isUndone) {
      try {
        if (isOwn) {
          return statements.on(connection);
        }
        Savepoint before = connection.setSavepoint();
        T result;
        try {
          result = statements.on(connection);
        } catch (Throwable e) {
          undo(before, e);
          throw e;
        }
        if (isUndone) {
          connection.rollback(before);
        }
        connection.releaseSavepoint(before);
        return result;
      } catch (SQLException e) {
        throw PostgresErrors.of(what, name, e);
      }
    }

    private void undo(Savepoint before, Throwable error) {
      try {
        connection.rollback(before);
        connection.releaseSavepoint(before);
      } catch (SQLException another) {
        error.addSuppressed(another);
      }
    }

    /** Returns the number of the caller's transaction, null if this commits its own. */
    private @Nullable String unsettled() {
      if (isOwn) {
        return null;
      }
      return this.<@Nullable String>step(
          connection -> {
            try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery("SELECT txid_current_if_assigned()::text")) {
              return row.next() ? row.getString(1) : null;
            }
          });
    }

    private void commit() {
      if (isOwn) {
        try {
          connection.commit();
        } catch (SQLException e) {
          throw PostgresErrors.of(what, name, e);
        }
      }
    }

    /**
     * Returns the connection as it was. A failure here is added to the error. Without an error the
     * work is done, and the pool notices a broken connection itself.
     */
    private void end(@Nullable Throwable error) {
      try {
        if (isOwn) {
          if (error != null) {
            connection.rollback();
          }
          // Only now: this would commit an open transaction.
          connection.setAutoCommit(true);
        }
      } catch (SQLException | RuntimeException another) {
        suppress(error, another);
      } finally {
        if (given == null) {
          try {
            connection.close();
          } catch (SQLException | RuntimeException another) {
            suppress(error, another);
          }
        }
      }
    }

    private static void suppress(@Nullable Throwable error, Exception another) {
      if (error != null) {
        error.addSuppressed(another);
      }
    }
  }
}
