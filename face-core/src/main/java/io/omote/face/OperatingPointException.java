// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import io.omote.face.model.OperatingPoint;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An operating point is of another model, there is none as wanted, or its file cannot be read or
 * written.
 */
public class OperatingPointException extends FaceException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   */
  public OperatingPointException(String message) {
    super(message);
  }

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   * @param cause what failed underneath, null where nothing did
   */
  public OperatingPointException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  static OperatingPointException noneAt(double fmr, List<OperatingPoint> points) {
    String found =
        points.isEmpty()
            ? "none at all"
            : points.stream()
                .map(OperatingPointException::describe)
                .collect(Collectors.joining("; ", "only ", ""));
    return new OperatingPointException(
        "expected an operating point with a false match rate of at most "
            + fmr
            + " and enough trials to speak of it, found "
            + found
            + ": ask for a higher rate, or measure one on pictures of your own and set it with"
            + " FaceMatcher.Builder.operatingPoint");
  }

  private static String describe(OperatingPoint point) {
    long trials = point.fmr().trials();
    return "FMR "
        + point.fmr().value()
        + " at threshold "
        + point.threshold()
        + (trials == 0 ? " (published)" : " (" + trials + " trials)");
  }

  static OperatingPointException ofAnotherModel(OperatingPoint point, String modelId) {
    return new OperatingPointException(
        "expected an operating point of the model in use, "
            + modelId
            + ", found one of "
            + point.modelId()
            + ": a threshold of one model says nothing about another; measure one for this model");
  }
}
