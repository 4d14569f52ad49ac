// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import java.util.ArrayList;
import java.util.List;

/**
 * Accuracy by the protocol of Labeled Faces in the Wild: each fold is decided by the threshold that
 * is best on all other folds (G. B. Huang et al., "Labeled Faces in the Wild", University of
 * Massachusetts, Amherst, Technical Report 07-49, 2007, section on view 2).
 *
 * <p>A failed comparison counts as a non-match. Immutable and thread-safe.
 *
 * @param folds the threshold and the accuracy of each fold, in order
 */
public record CrossValidation(List<ThresholdAccuracy> folds) {
  /**
   * Creates the result.
   *
   * @param folds the threshold and the accuracy of each fold, in order
   * @throws IllegalArgumentException if there are fewer than two
   */
  public CrossValidation {
    folds = List.copyOf(folds);
    requireSeveral(folds.size());
  }

  /**
   * Evaluates each fold with the threshold of the others.
   *
   * @param folds the scores of each fold, ten in LFW's protocol
   * @return the accuracy of each fold
   * @throws IllegalArgumentException if there are fewer than two folds
   * @throws TooFewTrialsException if a fold is empty
   */
  public static CrossValidation of(List<VerificationScores> folds) {
    requireSeveral(folds.size());
    List<ThresholdAccuracy> results = new ArrayList<>();
    for (int i = 0; i < folds.size(); i++) {
      List<VerificationScores> others = new ArrayList<>(folds);
      VerificationScores held = others.remove(i);
      double threshold = VerificationScores.union(others).bestAccuracy().threshold();
      results.add(new ThresholdAccuracy(threshold, held.accuracy(threshold)));
    }
    return new CrossValidation(results);
  }

  private static void requireSeveral(int folds) {
    if (folds < 2) {
      throw new IllegalArgumentException("expected at least two folds, found " + folds);
    }
  }

  /**
   * Returns the mean accuracy, the figure that LFW's results report.
   *
   * @return the mean of the folds' accuracies, in [0, 1]
   */
  public double mean() {
    return folds.stream().mapToDouble(ThresholdAccuracy::accuracy).average().orElseThrow();
  }

  /**
   * Returns the standard deviation of the folds' accuracies.
   *
   * @return the standard deviation, with n - 1 in the denominator
   */
  public double standardDeviation() {
    double mean = mean();
    double squares =
        folds.stream().mapToDouble(f -> (f.accuracy() - mean) * (f.accuracy() - mean)).sum();
    return Math.sqrt(squares / (folds.size() - 1));
  }

  /**
   * Returns the standard error of the mean, which LFW's results report with it.
   *
   * @return the standard deviation divided by the square root of the number of folds
   */
  public double standardError() {
    return standardDeviation() / Math.sqrt(folds.size());
  }
}
