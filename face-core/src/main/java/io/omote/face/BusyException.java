// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import org.jspecify.annotations.Nullable;

/**
 * A call did not get its turn within {@link FaceMatcher.Builder#maxWait}: others were at work. The
 * same call may succeed later: a web service answers with 503 and {@code Retry-After}.
 */
public class BusyException extends FaceException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   */
  public BusyException(String message) {
    super(message);
  }

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   * @param cause what failed underneath, null where nothing did
   */
  public BusyException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
