// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.description.ErrorRate;
import io.omote.face.description.OperatingPoint;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;

/**
 * The similarities of mated and non-mated comparisons, and what they say about thresholds. A match
 * is {@code similarity >= threshold}.
 *
 * <p>A comparison that could not be made, because an image shows no face or cannot be read, is a
 * failure to acquire. It is counted and never helps: among mated comparisons it is a false
 * non-match at every threshold and so a part of FNMR; among non-mated ones it proves nothing about
 * similarities and so is no trial of FMR, which ISO/IEC 19795-1 defines over completed comparisons.
 * For {@link #accuracy}, where every question wants an answer, it is a non-match on both sides.
 *
 * <p>Immutable and thread-safe.
 */
public final class VerificationScores {
  private static final MathContext UP_TO_TWO_DIGITS = new MathContext(2, RoundingMode.CEILING);

  private final double[] mated;
  private final double[] nonMated;
  private final long matedFailures;
  private final long nonMatedFailures;

  private VerificationScores(
      double[] mated, double[] nonMated, long matedFailures, long nonMatedFailures) {
    this.mated = mated;
    this.nonMated = nonMated;
    this.matedFailures = matedFailures;
    this.nonMatedFailures = nonMatedFailures;
    Arrays.sort(mated);
    Arrays.sort(nonMated);
  }

  /**
   * Scores of comparisons that all could be made.
   *
   * @param mated similarities of one person's images, in [-1, 1], in any order; copied
   * @param nonMated similarities of different people's images, in [-1, 1], in any order; copied
   * @return the scores
   * @throws IllegalArgumentException if a similarity is outside [-1, 1]
   */
  public static VerificationScores of(double[] mated, double[] nonMated) {
    Builder builder = builder();
    for (double similarity : mated) {
      builder.add(true, similarity);
    }
    for (double similarity : nonMated) {
      builder.add(false, similarity);
    }
    return builder.build();
  }

  /**
   * Starts to collect scores.
   *
   * @return a collection without any
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Puts several sets together.
   *
   * @param parts the sets
   * @return all their scores and failures
   */
  public static VerificationScores union(List<VerificationScores> parts) {
    return new VerificationScores(
        parts.stream().flatMapToDouble(p -> DoubleStream.of(p.mated)).toArray(),
        parts.stream().flatMapToDouble(p -> DoubleStream.of(p.nonMated)).toArray(),
        parts.stream().mapToLong(p -> p.matedFailures).sum(),
        parts.stream().mapToLong(p -> p.nonMatedFailures).sum());
  }

  /**
   * The mated comparisons that were asked for.
   *
   * @return their number, failures included
   */
  public long matedTrials() {
    return mated.length + matedFailures;
  }

  /**
   * The non-mated comparisons that were asked for.
   *
   * @return their number, failures included
   */
  public long nonMatedTrials() {
    return nonMated.length + nonMatedFailures;
  }

  /**
   * The mated comparisons that could not be made.
   *
   * @return their number
   */
  public long matedFailures() {
    return matedFailures;
  }

  /**
   * The non-mated comparisons that could not be made.
   *
   * @return their number
   */
  public long nonMatedFailures() {
    return nonMatedFailures;
  }

  /**
   * The false match rate: non-mated comparisons that reach the threshold, over those made.
   *
   * @param threshold the threshold
   * @return the rate with its Clopper-Pearson bounds
   * @throws TooFewTrialsException if no non-mated comparison was made
   */
  public ErrorRate fmr(double threshold) {
    requireNonMated();
    return ClopperPearson.rate(falseMatches(threshold), nonMated.length);
  }

  /**
   * The false non-match rate: mated comparisons that do not reach the threshold, or could not be
   * made, over all.
   *
   * @param threshold the threshold
   * @return the rate with its Clopper-Pearson bounds
   * @throws TooFewTrialsException if there is no mated comparison
   */
  public ErrorRate fnmr(double threshold) {
    requireMated();
    return ClopperPearson.rate(falseNonMatches(threshold), matedTrials());
  }

  /**
   * The non-mated comparisons that reach a threshold.
   *
   * @param threshold the threshold
   * @return their number
   */
  public long falseMatches(double threshold) {
    return nonMated.length - countBelow(nonMated, threshold);
  }

  /**
   * The mated comparisons that do not reach a threshold, or could not be made.
   *
   * @param threshold the threshold
   * @return their number
   */
  public long falseNonMatches(double threshold) {
    return matedFailures + countBelow(mated, threshold);
  }

  static int countBelow(double[] ascending, double threshold) {
    if (Double.isNaN(threshold)) {
      throw new IllegalArgumentException("expected a threshold, found NaN");
    }
    int low = 0;
    int high = ascending.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ascending[middle] < threshold) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * The lowest threshold whose false match rate is at most the one wanted.
   *
   * <p>A rate below 3/n is refused, n being the number of non-mated comparisons made: with no error
   * in n independent trials, the 95 % bound of the rate is about 3/n (the rule of three; B. D.
   * Jovanovic, P. S. Levy, The American Statistician 51, 1997).
   *
   * @param fmr the largest rate wanted, in (0, 1]
   * @return the threshold, in [-1, 1]
   * @throws IllegalArgumentException if the rate is outside (0, 1]
   * @throws TooFewTrialsException if there are too few comparisons to speak of that rate, or none
   *     of the thresholds up to 1 reaches it
   */
  public double thresholdAtFmr(double fmr) {
    if (!(fmr > 0 && fmr <= 1)) {
      throw new IllegalArgumentException("expected a false match rate in (0, 1], found " + fmr);
    }
    requireNonMated();
    int trials = nonMated.length;
    if (!fmr(1).supports(fmr)) {
      throw new TooFewTrialsException(
          String.format(
              Locale.ROOT,
              "expected at least %s non-mated comparisons to speak of a false match rate of %s (rule of three), found %s: compare more images of different people, or ask for %s or more",
              (long) Math.ceil(ErrorRate.trialsFor(fmr)),
              fmr,
              trials,
              BigDecimal.valueOf(3).divide(BigDecimal.valueOf(trials), UP_TO_TWO_DIGITS)));
    }
    int allowed = (int) Math.round(fmr * trials);
    if ((double) allowed / trials > fmr) {
      allowed--;
    }
    if (allowed >= trials) {
      return -1;
    }
    // All that tie with the first one too many must fall below, too.
    double threshold = Math.nextUp(nonMated[trials - 1 - allowed]);
    if (threshold > 1) {
      throw new TooFewTrialsException(
          String.format(
              Locale.ROOT,
              "expected a threshold up to 1 with a false match rate of at most %s, found more than %s non-mated comparisons with a similarity of 1: look for copies of an image under two names",
              fmr,
              allowed));
    }
    return threshold;
  }

  /**
   * A threshold with the error rates that were measured here.
   *
   * @param modelId the id of the model that made the embeddings
   * @param threshold the threshold, in [-1, 1]
   * @param dataSet what the images are
   * @return the operating point
   * @throws TooFewTrialsException if there are no mated or no non-mated comparisons
   */
  public OperatingPoint operatingPoint(String modelId, double threshold, String dataSet) {
    return new OperatingPoint(modelId, threshold, fmr(threshold), fnmr(threshold), dataSet);
  }

  /**
   * The equal error rate: the mean of both error rates where they differ least.
   *
   * @return the rate, in [0, 1]
   * @throws TooFewTrialsException if there are no mated or no non-mated comparisons
   */
  public double equalErrorRate() {
    DetPoint point = equalErrorPoint();
    return (point.fmr() + point.fnmr()) / 2;
  }

  /**
   * Where both error rates differ least; they are steps and need not meet.
   *
   * @return the point, of several that with the smaller sum of both rates, then the lower threshold
   * @throws TooFewTrialsException if there are no mated or no non-mated comparisons
   */
  public DetPoint equalErrorPoint() {
    DetPoint[] best = {new DetPoint(-1, 1, 0)};
    forEachPoint(
        point -> {
          if (isCloserToEqual(point, best[0])) {
            best[0] = point;
          }
        });
    return best[0];
  }

  private static boolean isCloserToEqual(DetPoint point, DetPoint other) {
    double difference = Math.abs(point.fmr() - point.fnmr());
    double otherDifference = Math.abs(other.fmr() - other.fnmr());
    return difference < otherDifference
        || (difference == otherDifference
            && point.fmr() + point.fnmr() < other.fmr() + other.fnmr());
  }

  /**
   * The detection error trade-off curve (DET): both error rates at all thresholds that matter.
   *
   * @return the corners of the curve by ascending threshold, from all matches to none; the points
   *     between two of its corners add nothing and are left out
   * @throws TooFewTrialsException if there are no mated or no non-mated comparisons
   */
  public List<DetPoint> det() {
    List<DetPoint> corners = new ArrayList<>();
    forEachPoint(point -> addCorner(corners, point));
    return List.copyOf(corners);
  }

  private void forEachPoint(Consumer<DetPoint> visitor) {
    requireMated();
    requireNonMated();
    sweep(
        (threshold, falseMatches, falseNonMatches) ->
            visitor.accept(
                new DetPoint(
                    threshold,
                    (double) falseMatches / nonMated.length,
                    (double) falseNonMatches / matedTrials())));
  }

  private static void addCorner(List<DetPoint> corners, DetPoint next) {
    int size = corners.size();
    if (size >= 2) {
      DetPoint before = corners.get(size - 2);
      DetPoint last = corners.get(size - 1);
      if ((before.fmr() == last.fmr() && last.fmr() == next.fmr())
          || (before.fnmr() == last.fnmr() && last.fnmr() == next.fnmr())) {
        corners.remove(size - 1);
      }
    }
    corners.add(next);
  }

  /**
   * How often a threshold decides right over all comparisons. It depends on how many of them are
   * mated; a comparison that could not be made counts as a non-match.
   *
   * @param threshold the threshold
   * @return right decisions over comparisons, in [0, 1]
   * @throws TooFewTrialsException if there is no comparison
   */
  public double accuracy(double threshold) {
    return accuracy(falseMatches(threshold), falseNonMatches(threshold));
  }

  private double accuracy(long falseMatches, long falseNonMatches) {
    long trials = matedTrials() + nonMatedTrials();
    if (trials == 0) {
      throw new TooFewTrialsException("expected comparisons, found none: add some");
    }
    return (double) (trials - falseMatches - falseNonMatches) / trials;
  }

  /**
   * The threshold that decides right most often on these very comparisons, which flatters it: on
   * others it will do worse. {@link CrossValidation} is the honest form.
   *
   * @return the threshold, in the middle between two scores, and its accuracy; of several equally
   *     good thresholds the lowest
   * @throws TooFewTrialsException if there is no comparison
   */
  public ThresholdAccuracy bestAccuracy() {
    ThresholdAccuracy[] best = {new ThresholdAccuracy(-1, accuracy(-1))};
    sweep(
        (threshold, falseMatches, falseNonMatches) -> {
          double accuracy = accuracy(falseMatches, falseNonMatches);
          if (accuracy > best[0].accuracy()) {
            best[0] = new ThresholdAccuracy(threshold, accuracy);
          }
        });
    return best[0];
  }

  /** Visits one threshold below all scores, one between each two neighbors, one above all. */
  private void sweep(Step step) {
    step.at(-1, nonMated.length, matedFailures);
    double below = -1;
    int m = 0;
    int n = 0;
    while (m < mated.length || n < nonMated.length) {
      double score = Math.min(scoreAt(mated, m), scoreAt(nonMated, n));
      if (m + n > 0) {
        double middle = below + (score - below) / 2;
        step.at(middle > below ? middle : score, nonMated.length - n, matedFailures + m);
      }
      m = skip(mated, m, score);
      n = skip(nonMated, n, score);
      below = score;
    }
    step.at(Math.nextUp(below), nonMated.length - n, matedFailures + m);
  }

  private static double scoreAt(double[] ascending, int index) {
    return index < ascending.length ? ascending[index] : Double.POSITIVE_INFINITY;
  }

  private static int skip(double[] ascending, int from, double score) {
    int index = from;
    while (index < ascending.length && ascending[index] == score) {
      index++;
    }
    return index;
  }

  private void requireMated() {
    if (matedTrials() == 0) {
      throw TooFewTrialsException.noMated();
    }
  }

  private void requireNonMated() {
    if (nonMated.length == 0) {
      throw TooFewTrialsException.noNonMated();
    }
  }

  /**
   * Says the numbers of comparisons.
   *
   * @return a text without scores
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "VerificationScores[mated=%s, nonMated=%s, failures=%s]",
        matedTrials(),
        nonMatedTrials(),
        matedFailures + nonMatedFailures);
  }

  private interface Step {
    void at(double threshold, long falseMatches, long falseNonMatches);
  }

  /** A growing collection of scores. Not thread-safe. */
  public static final class Builder {
    private final DoubleStream.Builder mated = DoubleStream.builder();
    private final DoubleStream.Builder nonMated = DoubleStream.builder();
    private long matedFailures;
    private long nonMatedFailures;

    private Builder() {}

    /**
     * Adds a comparison.
     *
     * @param isMated whether both images show the same person
     * @param similarity their similarity, in [-1, 1]
     * @return this
     * @throws IllegalArgumentException if the similarity is outside [-1, 1]
     */
    public Builder add(boolean isMated, double similarity) {
      if (!(similarity >= -1 && similarity <= 1)) {
        throw new IllegalArgumentException(
            "expected a similarity in [-1, 1], a raw cosine, found " + similarity);
      }
      (isMated ? mated : nonMated).add(similarity);
      return this;
    }

    /**
     * Adds a comparison that could not be made, a failure to acquire.
     *
     * @param isMated whether both images show the same person
     * @return this
     */
    public Builder addFailure(boolean isMated) {
      if (isMated) {
        matedFailures++;
      } else {
        nonMatedFailures++;
      }
      return this;
    }

    /**
     * Ends the collection; nothing can be added afterwards.
     *
     * @return the scores
     * @throws IllegalStateException if this was called before
     */
    public VerificationScores build() {
      return new VerificationScores(
          mated.build().toArray(), nonMated.build().toArray(), matedFailures, nonMatedFailures);
    }
  }
}
