// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.description.ErrorRate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The error-versus-discard characteristic of a quality measure (EDC, ISO/IEC 29794-1), which shows
 * how well it predicts false non-matches. Mated comparisons are discarded from the lowest quality
 * upwards, and FNMR is measured on the rest. It falls with a good measure and stays the same with
 * one that predicts nothing.
 *
 * <p>Immutable and thread-safe.
 */
public final class ErrorVersusDiscard {
  private final List<Trial> trials;

  /** A mated comparison. */
  private record Trial(double quality, double similarity) {}

  /**
   * A point of the curve. Immutable and thread-safe.
   *
   * @param discarded the share of comparisons discarded, in [0, 1)
   * @param fnmr the false non-match rate of the remaining ones, in [0, 1]
   */
  public record Point(double discarded, double fnmr) {}

  private ErrorVersusDiscard(List<Trial> trials) {
    this.trials = trials;
  }

  /**
   * Returns a new, empty builder.
   *
   * @return the builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns the number of mated comparisons.
   *
   * @return the number
   */
  public int size() {
    return trials.size();
  }

  /**
   * Returns the false non-match rate without the comparisons of the lowest quality.
   *
   * @param threshold the minimum similarity at which two faces are considered the same person
   * @param discard the maximum share to discard, in [0, 1); comparisons of equal quality are kept
   *     together, so less may be discarded
   * @return the rate with its Clopper-Pearson bounds, which assume independent comparisons
   * @throws IllegalArgumentException if the share is outside [0, 1)
   */
  public ErrorRate fnmr(double threshold, double discard) {
    if (!(discard >= 0 && discard < 1)) {
      throw new IllegalArgumentException("expected a share in [0, 1), found " + discard);
    }
    // Keeps 0.1 * 30 from becoming 2 by rounding.
    int first = (int) Math.floor(discard * trials.size() + 1e-9);
    while (first > 0 && trials.get(first - 1).quality == trials.get(first).quality) {
      first--;
    }
    return fnmr(threshold, first);
  }

  private ErrorRate fnmr(double threshold, int first) {
    long errors =
        trials.subList(first, trials.size()).stream().filter(t -> t.similarity < threshold).count();
    return ClopperPearson.rate(errors, trials.size() - first);
  }

  /**
   * Returns the curve.
   *
   * @param threshold the minimum similarity at which two faces are considered the same person
   * @return a point for each distinct quality, by ascending share, immutable
   */
  public List<Point> curve(double threshold) {
    long errors = trials.stream().filter(trial -> trial.similarity < threshold).count();
    List<Point> points = new ArrayList<>();
    for (int first = 0; first < trials.size(); first++) {
      if (first == 0 || trials.get(first).quality != trials.get(first - 1).quality) {
        int rest = trials.size() - first;
        points.add(new Point((double) first / trials.size(), (double) errors / rest));
      }
      errors -= trials.get(first).similarity < threshold ? 1 : 0;
    }
    return List.copyOf(points);
  }

  /**
   * Returns the number of comparisons, without scores.
   *
   * @return the text
   */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "ErrorVersusDiscard[mated=%s]", trials.size());
  }

  /** A builder of the characteristic. Not thread-safe. */
  public static final class Builder {
    private final List<Trial> trials = new ArrayList<>();

    private Builder() {}

    /**
     * Adds a mated comparison.
     *
     * @param quality the quality of the worse of the two images, higher is better
     * @param similarity the similarity, in [-1, 1]
     * @return this builder
     * @throws IllegalArgumentException if the quality is not finite, or the similarity is outside
     *     [-1, 1]
     */
    public Builder add(double quality, double similarity) {
      if (!Double.isFinite(quality) || !(similarity >= -1 && similarity <= 1)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "expected a finite quality and a similarity in [-1, 1], found %s and %s",
                quality,
                similarity));
      }
      trials.add(new Trial(quality, similarity));
      return this;
    }

    /**
     * Builds the characteristic.
     *
     * @return the characteristic
     * @throws TooFewTrialsException if there are no comparisons
     */
    public ErrorVersusDiscard build() {
      if (trials.isEmpty()) {
        throw TooFewTrialsException.noMated();
      }
      return new ErrorVersusDiscard(
          trials.stream().sorted(Comparator.comparingDouble(Trial::quality)).toList());
    }
  }
}
