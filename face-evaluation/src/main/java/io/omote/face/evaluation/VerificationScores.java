// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.description.ErrorRate;
import io.omote.face.description.OperatingPoint;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * The similarities of mated and non-mated comparisons, and the error rates of thresholds that
 * follow from them. A comparison is a match if {@code similarity >= threshold}.
 *
 * <p>A comparison fails if an image shows no face or cannot be read: a failure to acquire. Failures
 * are counted and never improve a rate. A failed mated comparison is a false non-match at every
 * threshold, so it is part of FNMR. A failed non-mated comparison says nothing about similarities,
 * so it is no trial of FMR, which ISO/IEC 19795-1 defines over completed comparisons. For {@link
 * #accuracy}, which needs a decision for every comparison, a failure is a non-match.
 *
 * <p>Immutable and thread-safe.
 */
public final class VerificationScores {
  private static final MathContext UP_TO_TWO_DIGITS = new MathContext(2, RoundingMode.CEILING);

  private final SortedScores mated;
  private final SortedScores nonMated;
  private final long matedFailures;
  private final long nonMatedFailures;

  /**
   * A point of the detection error trade-off curve. Immutable and thread-safe.
   *
   * @param threshold the minimum similarity at which two faces are considered the same person
   * @param fmr the false match rate at the threshold, in [0, 1]
   * @param fnmr the false non-match rate at the threshold, failures to acquire included, in [0, 1]
   */
  public record Point(double threshold, double fmr, double fnmr) {}

  private VerificationScores(
      DoubleStream mated, DoubleStream nonMated, long matedFailures, long nonMatedFailures) {
    this.mated = new SortedScores(mated);
    this.nonMated = new SortedScores(nonMated);
    this.matedFailures = matedFailures;
    this.nonMatedFailures = nonMatedFailures;
  }

  /**
   * Returns the scores of comparisons without failures.
   *
   * @param mated similarities of images of one person, in [-1, 1], in any order; copied
   * @param nonMated similarities of images of different people, in [-1, 1], in any order; copied
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
   * Returns a new, empty builder.
   *
   * @return the builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns the union of several sets of scores.
   *
   * @param parts the sets
   * @return all their scores and failures
   */
  public static VerificationScores union(List<VerificationScores> parts) {
    return new VerificationScores(
        parts.stream().flatMapToDouble(part -> part.mated.stream()),
        parts.stream().flatMapToDouble(part -> part.nonMated.stream()),
        parts.stream().mapToLong(part -> part.matedFailures).sum(),
        parts.stream().mapToLong(part -> part.nonMatedFailures).sum());
  }

  /**
   * Returns the number of mated comparisons.
   *
   * @return the number, failures included
   */
  public long matedTrials() {
    return mated.size() + matedFailures;
  }

  /**
   * Returns the number of non-mated comparisons.
   *
   * @return the number, failures included
   */
  public long nonMatedTrials() {
    return nonMated.size() + nonMatedFailures;
  }

  /**
   * Returns the number of mated comparisons that failed.
   *
   * @return the number
   */
  public long matedFailures() {
    return matedFailures;
  }

  /**
   * Returns the number of non-mated comparisons that failed.
   *
   * @return the number
   */
  public long nonMatedFailures() {
    return nonMatedFailures;
  }

  /**
   * Returns the false match rate: the share of completed non-mated comparisons that reach the
   * threshold.
   *
   * @param threshold the threshold
   * @return the rate with its Clopper-Pearson bounds
   * @throws TooFewTrialsException if no non-mated comparison was completed
   */
  public ErrorRate fmr(double threshold) {
    requireNonMated();
    return ClopperPearson.rate(falseMatches(threshold), nonMated.size());
  }

  /**
   * Returns the false non-match rate: the share of all mated comparisons that fail or do not reach
   * the threshold.
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
   * Returns the number of non-mated comparisons that reach a threshold.
   *
   * @param threshold the threshold
   * @return the number
   */
  public long falseMatches(double threshold) {
    return nonMated.countFrom(threshold);
  }

  /**
   * Returns the number of mated comparisons that fail or do not reach a threshold.
   *
   * @param threshold the threshold
   * @return the number
   */
  public long falseNonMatches(double threshold) {
    return matedFailures + mated.countBelow(threshold);
  }

  /**
   * Returns the lowest threshold whose false match rate is at most the requested one.
   *
   * <p>A rate below 3/n is refused, where n is the number of completed non-mated comparisons: with
   * no error in n independent trials, the 95 % bound of the rate is about 3/n (the rule of three;
   * B. D. Jovanovic, P. S. Levy, The American Statistician 51, 1997).
   *
   * @param fmr the maximum rate, in (0, 1]
   * @return the threshold, in [-1, 1]
   * @throws IllegalArgumentException if the rate is outside (0, 1]
   * @throws TooFewTrialsException if there are too few comparisons to support the rate, or no
   *     threshold up to 1 reaches it
   */
  public double thresholdAtFmr(double fmr) {
    if (!(fmr > 0 && fmr <= 1)) {
      throw new IllegalArgumentException("expected a false match rate in (0, 1], found " + fmr);
    }
    requireNonMated();
    int trials = nonMated.size();
    if (!fmr(1).supports(fmr)) {
      throw new TooFewTrialsException(
          String.format(
              Locale.ROOT,
              "a false match rate of %s needs at least %s non-mated comparisons (rule of three), found %s: compare more images of different people, or use a rate of %s or more",
              fmr,
              (long) Math.ceil(ErrorRate.trialsFor(fmr)),
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
    // The first score too many must fall below the threshold, and so must all that equal it.
    double threshold = Math.nextUp(nonMated.at(trials - 1 - allowed));
    if (threshold > 1) {
      throw new TooFewTrialsException(
          String.format(
              Locale.ROOT,
              "no threshold up to 1 has a false match rate of at most %s: more than %s non-mated comparisons have a similarity of 1: look for copies of an image under two names",
              fmr,
              allowed));
    }
    return threshold;
  }

  /**
   * Returns a threshold with the error rates measured on these comparisons.
   *
   * @param modelId the id of the model that made the embeddings
   * @param threshold the threshold, in [-1, 1]
   * @param dataSet a description of the images
   * @return the operating point
   * @throws TooFewTrialsException if there are no mated or no non-mated comparisons
   */
  public OperatingPoint operatingPoint(String modelId, double threshold, String dataSet) {
    return new OperatingPoint(modelId, threshold, fmr(threshold), fnmr(threshold), dataSet);
  }

  /**
   * Returns the lowest threshold of four decimals whose false match rate is at most the requested
   * one. More decimals would be noise: they differ between processors.
   *
   * @param modelId the id of the model that made the embeddings
   * @param fmr the maximum rate, in (0, 1]
   * @param dataSet a description of the images
   * @return the operating point
   * @throws IllegalArgumentException if the rate is outside (0, 1]
   * @throws TooFewTrialsException as from {@link #thresholdAtFmr}
   */
  public OperatingPoint operatingPointAtFmr(String modelId, double fmr, String dataSet) {
    return operatingPoint(modelId, Math.ceil(thresholdAtFmr(fmr) * 1e4) / 1e4, dataSet);
  }

  /**
   * Returns the equal error rate: the mean of both error rates where they differ least.
   *
   * @return the rate, in [0, 1]
   * @throws TooFewTrialsException if there are no mated or no non-mated comparisons
   */
  public double equalErrorRate() {
    Point point = equalErrorPoint();
    return (point.fmr() + point.fnmr()) / 2;
  }

  /**
   * Returns the point at which both error rates differ least. The rates are step functions and may
   * never be equal.
   *
   * @return the point; among several, the one with the smaller sum of both rates, then with the
   *     lower threshold
   * @throws TooFewTrialsException if there are no mated or no non-mated comparisons
   */
  public Point equalErrorPoint() {
    requireMated();
    requireNonMated();
    return sweep().equalError();
  }

  /**
   * Returns the detection error trade-off (DET) curve: both error rates at every threshold at which
   * one of them changes.
   *
   * @return the corners of the curve by ascending threshold, from all matches to none; points on
   *     the line between two corners are left out
   * @throws TooFewTrialsException if there are no mated or no non-mated comparisons
   */
  public List<Point> det() {
    requireMated();
    requireNonMated();
    return sweep().corners();
  }

  private ScoreSweep sweep() {
    return new ScoreSweep(mated, nonMated, matedFailures);
  }

  /**
   * Returns the share of correct decisions at a threshold. It depends on the proportion of mated
   * comparisons; a failed comparison counts as a non-match.
   *
   * @param threshold the threshold
   * @return the accuracy, in [0, 1]
   * @throws TooFewTrialsException if there is no comparison
   */
  public double accuracy(double threshold) {
    return accuracy(falseMatches(threshold), falseNonMatches(threshold));
  }

  private double accuracy(long falseMatches, long falseNonMatches) {
    long trials = matedTrials() + nonMatedTrials();
    if (trials == 0) {
      throw new TooFewTrialsException("there are no comparisons: add some");
    }
    return (double) (trials - falseMatches - falseNonMatches) / trials;
  }

  /**
   * Returns the threshold with the highest accuracy on these comparisons. The accuracy is biased
   * upwards: on other comparisons it will be lower. {@link CrossValidation} avoids that.
   *
   * @return the threshold, in the middle between two scores, and its accuracy; among equally good
   *     thresholds the lowest
   * @throws TooFewTrialsException if there is no comparison
   */
  public ThresholdAccuracy bestAccuracy() {
    ThresholdAccuracy[] best = {new ThresholdAccuracy(-1, accuracy(-1))};
    sweep()
        .visit(
            (threshold, falseMatches, falseNonMatches) -> {
              double accuracy = accuracy(falseMatches, falseNonMatches);
              if (accuracy > best[0].accuracy()) {
                best[0] = new ThresholdAccuracy(threshold, accuracy);
              }
            });
    return best[0];
  }

  private void requireMated() {
    if (matedTrials() == 0) {
      throw TooFewTrialsException.noMated();
    }
  }

  private void requireNonMated() {
    if (nonMated.size() == 0) {
      throw TooFewTrialsException.noNonMated();
    }
  }

  /**
   * Returns the numbers of comparisons, without scores.
   *
   * @return the text
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

  /** A builder of scores. Not thread-safe. */
  public static final class Builder {
    private final DoubleStream.Builder mated = DoubleStream.builder();
    private final DoubleStream.Builder nonMated = DoubleStream.builder();
    private long matedFailures;
    private long nonMatedFailures;

    private Builder() {}

    /**
     * Adds a completed comparison.
     *
     * @param isMated whether both images show the same person
     * @param similarity their similarity, in [-1, 1]
     * @return this builder
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
     * Adds a failed comparison, a failure to acquire.
     *
     * @param isMated whether both images show the same person
     * @return this builder
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
     * Builds the scores. The builder cannot be used afterwards.
     *
     * @return the scores
     * @throws IllegalStateException if the scores were already built
     */
    public VerificationScores build() {
      return new VerificationScores(
          mated.build(), nonMated.build(), matedFailures, nonMatedFailures);
    }
  }
}
