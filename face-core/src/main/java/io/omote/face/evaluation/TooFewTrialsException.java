// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.FaceException;

/** There are too few comparisons for what was asked of them. */
public class TooFewTrialsException extends FaceException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   */
  public TooFewTrialsException(String message) {
    super(message);
  }
}
