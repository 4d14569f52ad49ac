// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import io.omote.face.InterruptedCallException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Recognizes interruption among failures of files and networks. Stateless and thread-safe. */
final class Interrupts {
  private Interrupts() {}

  /**
   * Checks that a failure was not caused by interruption. All causes are examined, because
   * libraries wrap the exceptions of the streams that they read.
   *
   * @param activity the interrupted activity, such as "reading a file"
   * @throws InterruptedCallException if it was; the interrupt status of the thread is set again
   */
  static void check(Throwable failure, String activity) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (isInterrupt(cause)) {
        Thread.currentThread().interrupt();
        throw exception(activity, failure);
      }
    }
  }

  static InterruptedCallException exception(String activity, Throwable cause) {
    return new InterruptedCallException(
        String.format(
            Locale.ROOT, "interrupted while %s: incomplete files were not kept", activity),
        cause);
  }

  private static boolean isInterrupt(Throwable failure) {
    return failure instanceof ClosedByInterruptException
        || failure instanceof FileLockInterruptionException
        // A timeout is a subclass, but no interruption.
        || failure instanceof InterruptedIOException
            && !(failure instanceof SocketTimeoutException);
  }
}
