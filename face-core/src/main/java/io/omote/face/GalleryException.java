// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import org.jspecify.annotations.Nullable;

/**
 * A gallery cannot keep or give what was asked: a sample is there already with another embedding,
 * the folder or database is of another model, locked, full, damaged or gone. What was committed
 * before is still there.
 */
public class GalleryException extends FaceException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   */
  public GalleryException(String message) {
    super(message);
  }

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   * @param cause what failed underneath, null where nothing did
   */
  public GalleryException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
