// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import org.jspecify.annotations.Nullable;

/**
 * The calling thread was interrupted. Calls look for an interrupt between their stages: before an
 * image is decoded, before a network runs, and before a gallery is read or written to. The thread's
 * interrupted status is kept.
 */
public class InterruptedCallException extends FaceException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   */
  public InterruptedCallException(String message) {
    super(message);
  }

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   * @param cause what failed underneath, null where nothing did
   */
  public InterruptedCallException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
