// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import org.jspecify.annotations.Nullable;

/** Something was given as a picture that is none, or one of a format that is not read. */
public class UnsupportedFormatException extends FaceException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   */
  public UnsupportedFormatException(String message) {
    super(message);
  }

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   * @param cause what failed underneath, null where nothing did
   */
  public UnsupportedFormatException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
