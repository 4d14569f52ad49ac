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

/** Exceptions of the gallery for errors of the database, with advice. Stateless. */
final class PostgresErrors {
  private static final String GRANT =
      "grant the role what it needs (USAGE on the schemas of the tables and of pgvector; SELECT on the tables to read; INSERT, UPDATE, DELETE and the sequence to write), or open the gallery with openReadOnly to read only";
  private static final String GONE =
      "the tables or pgvector were removed: restore them, or open the gallery again";
  private static final String TIMEOUT =
      "the statement was canceled, by a timeout or by an operator: raise statement_timeout, or request less in one call";
  private static final String AGAIN = "it conflicts with another transaction: try again";

  /** The advice by SQL state, which is the same in all languages of the server. */
  private static final Map<String, String> ADVICE =
      Map.ofEntries(
          Map.entry("42501", GRANT),
          Map.entry(
              "25006", "the transaction is read-only: write through a connection that may write"),
          Map.entry("25P02", "the caller's transaction failed earlier: roll it back first"),
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
          Map.entry(
              "22P05", "the encoding of the database lacks a character: use a database in UTF8"));

  /** Users and passwords in addresses. */
  private static final Pattern USER = Pattern.compile("//.*@");

  /** Passwords may have blanks: the rest of the line is removed as well. */
  private static final Pattern PASSWORD = Pattern.compile("(?i)(passw|pwd)[^=]*=.*");

  /** Bytes of names in messages about encodings. */
  private static final Pattern BYTES = Pattern.compile("0x[0-9a-f]{2}( 0x[0-9a-f]{2})*");

  private PostgresErrors() {}

  /**
   * Returns the exception for an error of a statement.
   *
   * @param what the requested work
   * @param name the gallery
   * @param cause the error
   * @return the exception
   */
  static FaceException of(String what, String name, SQLException cause) {
    String state = cause.getSQLState();
    if (Thread.currentThread().isInterrupted() && (state == null || state.startsWith("08"))) {
      // An interrupt closes the channel that the driver reads from, for example on virtual threads.
      return new InterruptedCallException(
          String.format(
              Locale.ROOT,
              "an interrupt of the thread closed the connection of a call to %s the gallery '%s': check whether it was done before you try again",
              what,
              name),
          clean(cause));
    }
    return new GalleryException(
        String.format(
            Locale.ROOT,
            "failed to %s the gallery '%s', because of a database error (state %s): %s. Earlier commits are unchanged; %s",
            what,
            name,
            state,
            words(cause),
            state == null
                ? "see the cause"
                : ADVICE.getOrDefault(state, "check that the server is available, and try again")),
        clean(cause));
  }

  /**
   * Returns the exception for a connection that could not be opened.
   *
   * @param what the requested work
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
            "no connection was available to %s the gallery '%s': %s. Check that the server is available. If the pool is exhausted because the caller's transaction holds a connection, use PostgresGallery.on(Connection), or a data source that returns the connection of the transaction",
            what,
            name,
            words(cause)),
        clean(cause));
  }

  /** Returns the message of the driver for the middle of a text. */
  private static @Nullable String words(Exception cause) {
    String message = clean(cause.getMessage());
    return message == null ? null : message.replaceFirst("\\.+$", "");
  }

  /**
   * Returns the first line of a message, without the secrets of an address. Further lines may show
   * the row, with names and face.
   */
  static @Nullable String clean(@Nullable String message) {
    if (message == null) {
      return null;
    }
    String line = message.strip().lines().findFirst().orElse("");
    String nameless = BYTES.matcher(line).replaceAll("***");
    return PASSWORD.matcher(USER.matcher(nameless).replaceAll("//***@")).replaceAll("$1***");
  }

  /** Returns an error if it shows no secrets, or else a clean copy of it. */
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
