// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

/**
 * Thrown when a face has no landmarks, or degenerate ones that determine no transform, or when an
 * aligned crop has the wrong size.
 */
public final class AlignmentException extends FaceException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message the problem and how to fix it
   */
  public AlignmentException(String message) {
    super(message);
  }
}
