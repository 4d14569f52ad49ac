// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import org.jspecify.annotations.Nullable;

/**
 * The superclass of the exceptions about images, models, embeddings, galleries and their use. The
 * subclasses are grouped by who can fix the problem.
 *
 * <p>Every message states the problem and how to fix it. No message contains an embedding, a
 * landmark or a pixel, and only an exception about a file names that file.
 */
public class FaceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message the problem and how to fix it
   */
  public FaceException(String message) {
    super(message);
  }

  /**
   * Creates the exception.
   *
   * @param message the problem and how to fix it
   * @param cause the underlying failure, or null
   */
  public FaceException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
