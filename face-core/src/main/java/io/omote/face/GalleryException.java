// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a gallery cannot store or read samples: a sample already exists with another
 * embedding, or the folder or database belongs to another model, or is locked, full, damaged or
 * gone. Earlier commits are not lost.
 */
public class GalleryException extends FaceException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message the problem and how to fix it
   */
  public GalleryException(String message) {
    super(message);
  }

  /**
   * Creates the exception.
   *
   * @param message the problem and how to fix it
   * @param cause the underlying failure, or null
   */
  public GalleryException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
