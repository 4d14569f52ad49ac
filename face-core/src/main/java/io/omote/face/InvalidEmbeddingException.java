// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import org.jspecify.annotations.Nullable;

/** Bytes or numbers that were given as an embedding are none. */
public class InvalidEmbeddingException extends FaceException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   */
  public InvalidEmbeddingException(String message) {
    super(message);
  }

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   * @param cause what failed underneath, null where nothing did
   */
  public InvalidEmbeddingException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
