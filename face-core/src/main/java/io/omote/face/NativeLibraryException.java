// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import org.jspecify.annotations.Nullable;

/** The native library that decodes pictures cannot be loaded in this process. */
public class NativeLibraryException extends FaceException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   */
  public NativeLibraryException(String message) {
    super(message);
  }

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   * @param cause what failed underneath, null where nothing did
   */
  public NativeLibraryException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
