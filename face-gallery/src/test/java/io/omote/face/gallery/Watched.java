// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Connections whose calls are observed before they are made, and can fail. */
final class Watched {
  /** An observer of calls of a connection or one of its statements. */
  interface Watcher {
    /**
     * Observes a call.
     *
     * @param method its name, with the prefix "statement." for a method of a statement
     * @return whether to make the call
     */
    boolean before(String method) throws SQLException;
  }

  /** A source of connections. */
  interface Giver {
    Connection connection() throws SQLException;
  }

  private Watched() {}

  static DataSource giving(Giver giver) {
    return (DataSource)
        Proxy.newProxyInstance(
            Watched.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) -> giver.connection());
  }

  static DataSource database(DataSource database, Watcher watcher) {
    return wrap(DataSource.class, database, method -> true, watcher);
  }

  static Connection connection(Connection connection, Watcher watcher) {
    return wrap(Connection.class, connection, watcher, watcher);
  }

  /** Returns one connection for all calls, which stays open and is the transaction of a host. */
  static DataSource always(Connection connection) {
    Connection open = connection(connection, method -> !method.equals("close"));
    return giving(() -> open);
  }

  /** Runs something before the statement of a number, from 0. */
  static Watcher beforeStatement(int number, Runnable action) {
    AtomicInteger statements = new AtomicInteger();
    return method -> {
      if (method.startsWith("statement.execute") && statements.getAndIncrement() == number) {
        action.run();
      }
      return true;
    };
  }

  /** Counts statements. */
  static Watcher counting(AtomicInteger statements) {
    return method -> {
      if (method.startsWith("statement.execute")) {
        statements.incrementAndGet();
      }
      return true;
    };
  }

  private static <T> T wrap(Class<T> type, T target, Watcher own, Watcher watcher) {
    Object proxy =
        Proxy.newProxyInstance(
            Watched.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              String prefix = target instanceof Statement ? "statement." : "";
              if (!own.before(prefix + method.getName())) {
                return null;
              }
              try {
                return wrapped(method.invoke(target, arguments), watcher);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
    return type.cast(proxy);
  }

  private static @Nullable Object wrapped(@Nullable Object result, Watcher watcher) {
    if (result instanceof Connection connection) {
      return wrap(Connection.class, connection, watcher, watcher);
    }
    if (result instanceof PreparedStatement statement) {
      return wrap(PreparedStatement.class, statement, watcher, watcher);
    }
    if (result instanceof Statement statement) {
      return wrap(Statement.class, statement, watcher, watcher);
    }
    return result;
  }
}
