// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import io.omote.face.InterruptedCallException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells an interrupt from other failures of files and networks. Stateless and thread-safe. */
final class Interrupts {
  private Interrupts() {}

  /**
   * Does nothing unless an interrupt is behind a failure, perhaps some causes down: libraries wrap
   * what they read from fails with.
   *
   * @throws InterruptedCallException if one is; the thread is interrupted then
   */
  static void check(Throwable failure, String expected) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (isInterrupt(cause)) {
        Thread.currentThread().interrupt();
        throw exception(expected, failure);
      }
    }
  }

  static InterruptedCallException exception(String expected, Throwable cause) {
    return new InterruptedCallException(
        String.format(
            Locale.ROOT,
            "%s, found that the thread was interrupted: nothing unfinished was kept",
            expected),
        cause);
  }

  private static boolean isInterrupt(Throwable failure) {
    return failure instanceof ClosedByInterruptException
        || failure instanceof FileLockInterruptionException
        // A timeout only shares the type.
        || failure instanceof InterruptedIOException
            && !(failure instanceof SocketTimeoutException);
  }
}
