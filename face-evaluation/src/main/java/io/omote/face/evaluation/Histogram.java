// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The distribution of similarities, in bins of equal width from -1 to 1 that include their lower
 * edge. Immutable and thread-safe.
 *
 * @param width the width of the bins
 * @param mated the share of completed mated comparisons in each bin, in [0, 1]
 * @param nonMated the share of completed non-mated comparisons in each bin, in [0, 1]
 */
public record Histogram(double width, List<Double> mated, List<Double> nonMated) {
  private static final int BINS = 100;

  static Histogram of(VerificationScores scores) {
    double width = 2.0 / BINS;
    long matedMade = scores.matedTrials() - scores.matedFailures();
    long nonMatedMade = scores.nonMatedTrials() - scores.nonMatedFailures();
    List<Double> mated = new ArrayList<>();
    List<Double> nonMated = new ArrayList<>();
    for (int bin = 0; bin < BINS; bin++) {
      double from = -1 + bin * width;
      // A similarity of 1 is in the last bin.
      double to = bin == BINS - 1 ? 2 : from + width;
      mated.add(share(scores.falseNonMatches(to) - scores.falseNonMatches(from), matedMade));
      nonMated.add(share(scores.falseMatches(from) - scores.falseMatches(to), nonMatedMade));
    }
    return new Histogram(width, List.copyOf(mated), List.copyOf(nonMated));
  }

  private static double share(long part, long all) {
    return all == 0 ? 0 : (double) part / all;
  }

  /** Returns the outline of bars: two points for each bin. */
  List<double[]> steps(List<Double> shares) {
    return IntStream.range(0, shares.size())
        .boxed()
        .flatMap(
            bin ->
                Stream.of(
                    new double[] {-1 + bin * width, shares.get(bin)},
                    new double[] {-1 + (bin + 1) * width, shares.get(bin)}))
        .toList();
  }

  double highest() {
    return DoubleStream.concat(
            mated.stream().mapToDouble(share -> share),
            nonMated.stream().mapToDouble(share -> share))
        .max()
        .orElse(0);
  }
}
