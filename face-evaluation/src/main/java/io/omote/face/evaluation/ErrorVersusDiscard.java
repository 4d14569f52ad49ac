// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.description.ErrorRate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * How far a measure of quality foresees false non-matches: the error-versus-discard characteristic
 * (EDC, ISO/IEC 29794-1). Mated comparisons are discarded from the lowest quality upwards, and FNMR
 * is that of the rest. A good measure makes it fall; one that says nothing leaves it where it was.
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
   * @param discarded the share of comparisons that were discarded, in [0, 1)
   * @param fnmr the false non-match rate of the others, in [0, 1]
   */
  public record Point(double discarded, double fnmr) {}

  private ErrorVersusDiscard(List<Trial> trials) {
    this.trials = trials;
  }

  /**
   * Starts to collect mated comparisons.
   *
   * @return a collection without any
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The mated comparisons.
   *
   * @return their number
   */
  public int size() {
    return trials.size();
  }

  /**
   * The false non-match rate without the comparisons of the lowest quality.
   *
   * @param threshold the similarity from which on two faces count as the same person
   * @param discard the largest share to discard, in [0, 1); less is discarded where comparisons of
   *     one quality would have to be divided
   * @return the rate with its Clopper-Pearson bounds, which take comparisons for independent
   * @throws IllegalArgumentException if the share is outside [0, 1)
   */
  public ErrorRate fnmr(double threshold, double discard) {
    if (!(discard >= 0 && discard < 1)) {
      throw new IllegalArgumentException("expected a share in [0, 1), found " + discard);
    }
    // A share such as 0.1 of 30 must not become 2 by the rounding of a product.
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
   * The whole curve.
   *
   * @param threshold the similarity from which on two faces count as the same person
   * @return a point for each quality that can be asked for, by ascending share, immutable
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
   * Says the number of comparisons.
   *
   * @return a text without scores
   */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "ErrorVersusDiscard[mated=%s]", trials.size());
  }

  /** A growing collection of mated comparisons. Not thread-safe. */
  public static final class Builder {
    private final List<Trial> trials = new ArrayList<>();

    private Builder() {}

    /**
     * Adds a mated comparison.
     *
     * @param quality the lower quality of its two images, higher is better
     * @param similarity its similarity, in [-1, 1]
     * @return this
     * @throws IllegalArgumentException if the quality is not finite, or the similarity outside [-1,
     *     1]
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
     * Ends the collection.
     *
     * @return the comparisons
     * @throws TooFewTrialsException if there is none
     */
    public ErrorVersusDiscard build() {
      if (trials.isEmpty()) {
        throw new TooFewTrialsException(
            "expected mated comparisons, found none: add several images of the same people");
      }
      return new ErrorVersusDiscard(
          trials.stream().sorted(Comparator.comparingDouble(Trial::quality)).toList());
    }
  }
}
