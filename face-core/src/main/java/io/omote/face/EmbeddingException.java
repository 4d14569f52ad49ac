// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import org.jspecify.annotations.Nullable;

/**
 * What was given as an embedding is none, or is of another model than the one that it meets.
 * Whoever stored it can mend it, by embedding the face again.
 */
public class EmbeddingException extends FaceException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   */
  public EmbeddingException(String message) {
    super(message);
  }

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   * @param cause what failed underneath, null where nothing did
   */
  public EmbeddingException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
