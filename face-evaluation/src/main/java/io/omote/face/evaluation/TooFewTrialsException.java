// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.FaceException;

/** Thrown when there are too few comparisons, searches or images to support the requested rate. */
public class TooFewTrialsException extends FaceException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what is missing, and how to add it
   */
  public TooFewTrialsException(String message) {
    super(message);
  }

  static TooFewTrialsException noMated() {
    return new TooFewTrialsException(
        "there are no mated comparisons: add several images of the same people");
  }

  static TooFewTrialsException noNonMated() {
    return new TooFewTrialsException(
        "there are no completed non-mated comparisons: add images of other people");
  }
}
