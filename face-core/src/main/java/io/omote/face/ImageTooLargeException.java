// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import org.jspecify.annotations.Nullable;

/** A picture exceeds a limit of {@link ImageOptions}. It was refused before it was decoded. */
public class ImageTooLargeException extends FaceException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   */
  public ImageTooLargeException(String message) {
    super(message);
  }

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   * @param cause what failed underneath, null where nothing did
   */
  public ImageTooLargeException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
