// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import org.jspecify.annotations.Nullable;

/** A picture is missing, empty, damaged, cut off or cannot be decoded. */
public class UnreadableImageException extends FaceException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   */
  public UnreadableImageException(String message) {
    super(message);
  }

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   * @param cause what failed underneath, null where nothing did
   */
  public UnreadableImageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
