// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import org.jspecify.annotations.Nullable;

/** A detector, embedder or matcher was used after it was closed. */
public class ClosedException extends FaceException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   */
  public ClosedException(String message) {
    super(message);
  }

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   * @param cause what failed underneath, null where nothing did
   */
  public ClosedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
