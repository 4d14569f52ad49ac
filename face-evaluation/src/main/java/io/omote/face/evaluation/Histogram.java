// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

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

  /** The least width of a drawing, for its text. */
  private static final int LEAST_WIDTH = 280;

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

  /**
   * Draws both distributions as an element {@code svg} of a web page, with a line at a threshold.
   * The page gives the colors by rules for {@code .plot} and the classes in it: {@code mated} and
   * {@code non-mated} for the areas, {@code line mark} for the threshold, {@code grid}, {@code
   * axis} and {@code text}. The text is 13 pixels high if the drawing is shown in the given width.
   *
   * <p>A script can add marks: similarities from -1 to 1 lie between the attributes {@code
   * data-left} and {@code data-right}, the area of the curves between {@code data-top} and {@code
   * data-bottom}, in the coordinates of the drawing.
   *
   * @param threshold the minimum similarity at which two faces are considered the same person
   * @param width the width, in pixels, at least 280
   * @return the element, without scripts and styles
   * @throws IllegalArgumentException if the width is less than 280
   */
  public String toSvg(double threshold, int width) {
    if (width < LEAST_WIDTH) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "expected a width of at least %d pixels, found %d", LEAST_WIDTH, width));
    }
    return plot(threshold).svg(width);
  }

  SvgPlot plot(double threshold) {
    return new SvgPlot(
            Axis.ofSimilarity(),
            Axis.ofShare("share of comparisons", highest()),
            0.62,
            String.format(
                Locale.ROOT,
                "Distributions of similarities of mated and non-mated comparisons, with the"
                    + " threshold %.4f",
                threshold))
        .bars("non-mated", "different people", -1, width, nonMated)
        .bars("mated", "same person", -1, width, mated)
        .vertical(String.format(Locale.ROOT, "threshold %.4f", threshold), threshold);
  }

  private double highest() {
    return DoubleStream.concat(
            mated.stream().mapToDouble(share -> share),
            nonMated.stream().mapToDouble(share -> share))
        .max()
        .orElse(0);
  }
}
