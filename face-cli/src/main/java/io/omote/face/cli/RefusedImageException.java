// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceException;

/** Thrown for an image that is fine, but that the command cannot use. */
final class RefusedImageException extends FaceException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  /**
   * Creates the exception.
   *
   * @param reason a word for programs, in lower case with underscores
   * @param message a sentence for people
   */
  RefusedImageException(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
