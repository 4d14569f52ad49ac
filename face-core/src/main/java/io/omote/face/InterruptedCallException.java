// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the calling thread is interrupted. Calls check for interruption between their stages:
 * before they decode an image, before a network runs, and before they read from or write to a
 * gallery. The thread stays interrupted.
 */
public final class InterruptedCallException extends FaceException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message the problem and how to fix it
   */
  public InterruptedCallException(String message) {
    super(message);
  }

  /**
   * Creates the exception.
   *
   * @param message the problem and how to fix it
   * @param cause the underlying failure, or null
   */
  public InterruptedCallException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
