// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import io.omote.face.FaceException;
import io.omote.face.GalleryException;
import io.omote.face.InterruptedCallException;
import io.omote.face.internal.search.GalleryChecks;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Errors of the database, as errors of the gallery that say what to do. Stateless. */
final class PostgresErrors {
  private static final String GRANT =
      "grant the role what it needs (USAGE on the schemas of the tables and of pgvector; SELECT on the tables to read; INSERT, UPDATE, DELETE and the sequence to write), or open the gallery with openReadOnly to read only";
  private static final String GONE =
      "the tables, or pgvector, were taken away: put them back, or open the gallery again";
  private static final String TIMEOUT =
      "it was ended, by a timeout or by somebody: raise statement_timeout, or ask for less at once";
  private static final String AGAIN = "another transaction was in the way: try again";

  /** By the server's states, which are the same in all its languages. */
  private static final Map<String, String> ADVICE =
      Map.ofEntries(
          Map.entry("42501", GRANT),
          Map.entry("25006", "the transaction may only read: write through a connection that may"),
          Map.entry("25P02", "the caller's transaction had failed before: roll it back first"),
          Map.entry("42P01", GONE),
          Map.entry("42703", GONE),
          Map.entry("3F000", GONE),
          Map.entry("42704", GONE),
          Map.entry("42883", GONE),
          Map.entry("40001", AGAIN),
          Map.entry("40P01", AGAIN),
          Map.entry("55P03", AGAIN),
          Map.entry("23505", AGAIN),
          Map.entry("57014", TIMEOUT),
          Map.entry("22P05", "the database's encoding lacks a character: use one in UTF8"));

  /** Users and passwords of addresses. */
  private static final Pattern USER = Pattern.compile("//.*@");

  /** Passwords may hold blanks: whatever follows goes with them. */
  private static final Pattern PASSWORD = Pattern.compile("(?i)(passw|pwd)[^=]*=.*");

  /** Characters of names. */
  private static final Pattern BYTES = Pattern.compile("0x[0-9a-f]{2}( 0x[0-9a-f]{2})*");

  private PostgresErrors() {}

  /**
   * An error of a statement.
   *
   * @param what what was asked
   * @param name the gallery
   * @param cause the error
   * @return the exception
   */
  static FaceException of(String what, String name, SQLException cause) {
    String state = cause.getSQLState();
    if (Thread.currentThread().isInterrupted() && (state == null || state.startsWith("08"))) {
      // The driver reads from a channel that an interrupt closes, as on virtual threads.
      return new InterruptedCallException(
          String.format(
              Locale.ROOT,
              "expected to %s the gallery '%s', found that an interrupt of the thread closed the connection: see whether it was done before you try again",
              what,
              name),
          clean(cause));
    }
    return new GalleryException(
        String.format(
            Locale.ROOT,
            "expected to %s the gallery '%s', found an error of the database (state %s): %s. What was committed before is unchanged; %s",
            what,
            name,
            state,
            words(cause),
            state == null
                ? "see the cause"
                : ADVICE.getOrDefault(
                    state, "see whether the server is there and may be used, and try again")),
        clean(cause));
  }

  /**
   * A connection that could not be had.
   *
   * @param what what was asked
   * @param name the gallery
   * @param cause the error, which a pool may throw unchecked
   * @return the exception
   */
  static FaceException connecting(String what, String name, Exception cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
    }
    if (Thread.currentThread().isInterrupted()) {
      return GalleryChecks.interrupted(clean(cause));
    }
    return new GalleryException(
        String.format(
            Locale.ROOT,
            "expected a connection to %s the gallery '%s', found none: %s. See whether the server is there and may be used. Where the pool is used up because the caller's transaction holds a connection, use PostgresGallery.on(Connection), or a data source that gives the transaction's connection",
            what,
            name,
            words(cause)),
        clean(cause));
  }

  /** What the driver says, for the middle of a text. */
  private static @Nullable String words(Exception cause) {
    String message = clean(cause.getMessage());
    return message == null ? null : message.replaceFirst("\\.+$", "");
  }

  /**
   * The first line: further ones may show the row, with names and face. Without the address's
   * secrets.
   */
  static @Nullable String clean(@Nullable String message) {
    if (message == null) {
      return null;
    }
    String line = message.strip().lines().findFirst().orElse("");
    String nameless = BYTES.matcher(line).replaceAll("***");
    return PASSWORD.matcher(USER.matcher(nameless).replaceAll("//***@")).replaceAll("$1***");
  }

  /** The error itself where it shows nothing, or else one that does not. */
  private static Exception clean(Exception cause) {
    if (!shows(cause)) {
      return cause;
    }
    SQLException copy =
        cause instanceof SQLException e
            ? new SQLException(clean(e.getMessage()), e.getSQLState(), e.getErrorCode())
            : new SQLException(clean(cause.getMessage()));
    copy.setStackTrace(cause.getStackTrace());
    return copy;
  }

  private static boolean shows(@Nullable Throwable cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      String message = t.getMessage();
      if (message != null && !message.equals(clean(message))) {
        return true;
      }
      if (t instanceof SQLException e && shows(e.getNextException())) {
        return true;
      }
      for (Throwable suppressed : t.getSuppressed()) {
        if (shows(suppressed)) {
          return true;
        }
      }
    }
    return false;
  }
}
