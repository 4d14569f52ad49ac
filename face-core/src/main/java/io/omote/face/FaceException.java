// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import org.jspecify.annotations.Nullable;

/**
 * The root of all that this library throws about images, models and their use.
 *
 * <p>Each message says what was expected, what was found and what to do. No message holds an
 * embedding, a landmark or a pixel; a file is named only by the exception about that very file.
 */
public class FaceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   */
  public FaceException(String message) {
    super(message);
  }

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   * @param cause what failed underneath, null where nothing did
   */
  public FaceException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
