// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when bytes are not an embedding, or embeddings come from different models. The owner of
 * the stored embeddings can fix it by embedding the faces again.
 */
public final class EmbeddingException extends FaceException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message the problem and how to fix it
   */
  public EmbeddingException(String message) {
    super(message);
  }

  /**
   * Creates the exception.
   *
   * @param message the problem and how to fix it
   * @param cause the underlying failure, or null
   */
  public EmbeddingException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
