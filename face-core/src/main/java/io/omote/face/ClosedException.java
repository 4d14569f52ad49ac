// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

/** Thrown when a detector, embedder, analyzer, matcher or gallery is used after it was closed. */
public final class ClosedException extends FaceException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message the problem and how to fix it
   */
  public ClosedException(String message) {
    super(message);
  }
}
