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

  static TooFewTrialsException noMated() {
    return new TooFewTrialsException(
        "expected mated comparisons, found none: add several images of the same people");
  }

  static TooFewTrialsException noNonMated() {
    return new TooFewTrialsException(
        "expected non-mated comparisons, found none that could be made: add images of other"
            + " people");
  }
}
