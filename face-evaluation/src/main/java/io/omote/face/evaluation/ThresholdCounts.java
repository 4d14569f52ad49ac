// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.EmbeddingException;
import io.omote.face.GalleryEntry;
import io.omote.face.InterruptedCallException;
import io.omote.face.description.ErrorRate;
import io.omote.face.description.OperatingPoint;
import io.omote.face.internal.search.PairCounts;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How many mated and non-mated comparisons reach each of some thresholds. Where {@link
 * VerificationScores} keeps every score, this keeps counts alone, so that there can be billions of
 * comparisons; and counts that were made elsewhere can be merged. On the same comparisons both say
 * the same rates.
 *
 * <p>Immutable and thread-safe.
 */
public final class ThresholdCounts {
  /** Ascending. */
  private final double[] thresholds;

  private final PairCounts made;
  private final long matedFailures;
  private final long nonMatedFailures;

  private ThresholdCounts(
      double[] thresholds, PairCounts made, long matedFailures, long nonMatedFailures) {
    this.thresholds = thresholds;
    this.made = made;
    this.matedFailures = matedFailures;
    this.nonMatedFailures = nonMatedFailures;
  }

  /**
   * Compares all samples with each other, each pair once, on as many threads as the JVM has
   * processors. A pair is mated where both are of one person.
   *
   * @param samples the samples, of one model
   * @param thresholds the similarities of interest, in [-1, 1], in any order
   * @return the counts
   * @throws EmbeddingException if they are of several models
   * @throws IllegalArgumentException if there is no threshold, or one is outside
   * @throws InterruptedCallException if the thread is interrupted
   */
  public static ThresholdCounts within(List<GalleryEntry> samples, double... thresholds) {
    return between(samples, samples, thresholds);
  }

  /**
   * Compares all samples with all others, on as many threads as the JVM has processors. A pair is
   * mated where both are of one person.
   *
   * @param first the samples of one side
   * @param second the samples of the other side, of the same model; the same list is meant as in
   *     {@link #within}
   * @param thresholds the similarities of interest, in [-1, 1], in any order
   * @return the counts
   * @throws EmbeddingException if they are of several models
   * @throws IllegalArgumentException if there is no threshold, or one is outside
   * @throws InterruptedCallException if the thread is interrupted
   */
  public static ThresholdCounts between(
      List<GalleryEntry> first, List<GalleryEntry> second, double... thresholds) {
    double[] ascending = ascending(thresholds);
    return new ThresholdCounts(ascending, PairCounts.of(first, second, ascending, true), 0, 0);
  }

  /**
   * Takes over counts that were made elsewhere, such as on a cluster.
   *
   * @param thresholds the thresholds, ascending
   * @param mated for each threshold how many mated comparisons reach it
   * @param nonMated for each threshold how many non-mated comparisons reach it
   * @param matedMade how many mated comparisons were made
   * @param nonMatedMade how many non-mated comparisons were made
   * @return the counts
   * @throws IllegalArgumentException if a threshold is outside [-1, 1], thresholds do not ascend,
   *     or counts do not fit
   */
  public static ThresholdCounts of(
      double[] thresholds, long[] mated, long[] nonMated, long matedMade, long nonMatedMade) {
    double[] ascending = ascending(thresholds);
    if (!Arrays.equals(ascending, thresholds)
        || !areCounts(mated, matedMade, ascending.length)
        || !areCounts(nonMated, nonMatedMade, ascending.length)) {
      throw new IllegalArgumentException(
          "expected ascending thresholds, and for each a count that is no larger than the one before, found others");
    }
    return new ThresholdCounts(
        ascending, new PairCounts(mated.clone(), nonMated.clone(), matedMade, nonMatedMade), 0, 0);
  }

  private static boolean areCounts(long[] counts, long all, int length) {
    long before = all;
    for (long count : counts) {
      if (count < 0 || count > before) {
        return false;
      }
      before = count;
    }
    return counts.length == length;
  }

  private static double[] ascending(double[] thresholds) {
    if (thresholds.length == 0) {
      throw new IllegalArgumentException("expected a threshold or more, found none");
    }
    for (double threshold : thresholds) {
      if (!(threshold >= -1 && threshold <= 1)) {
        throw new IllegalArgumentException(
            "expected thresholds in [-1, 1], raw cosines, found " + threshold);
      }
    }
    // A negative zero would be sorted below the other one.
    return Arrays.stream(thresholds).map(t -> t + 0.0).sorted().distinct().toArray();
  }

  /**
   * Adds comparisons that could not be made, failures to acquire. They count as in {@link
   * VerificationScores}.
   *
   * @param mated how many mated ones
   * @param nonMated how many non-mated ones
   * @return the counts with them
   * @throws IllegalArgumentException if one is negative
   */
  public ThresholdCounts withFailures(long mated, long nonMated) {
    if (mated < 0 || nonMated < 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "expected 0 failures or more, found %d and %d", mated, nonMated));
    }
    return new ThresholdCounts(
        thresholds, made, matedFailures + mated, nonMatedFailures + nonMated);
  }

  /**
   * Adds those of other comparisons.
   *
   * @param other counts at the same thresholds
   * @return the counts of all
   * @throws IllegalArgumentException if the thresholds differ
   */
  public ThresholdCounts merge(ThresholdCounts other) {
    if (!Arrays.equals(thresholds, other.thresholds)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected counts at the thresholds %s, found some at %s: count again",
              Arrays.toString(thresholds),
              Arrays.toString(other.thresholds)));
    }
    return new ThresholdCounts(
        thresholds,
        made.plus(other.made),
        matedFailures + other.matedFailures,
        nonMatedFailures + other.nonMatedFailures);
  }

  /**
   * The thresholds.
   *
   * @return a copy, ascending, each once
   */
  public double[] thresholds() {
    return thresholds.clone();
  }

  /**
   * The mated comparisons that were asked for.
   *
   * @return their number, failures included
   */
  public long matedTrials() {
    return made.matedPairs() + matedFailures;
  }

  /**
   * The non-mated comparisons that were asked for.
   *
   * @return their number, failures included
   */
  public long nonMatedTrials() {
    return made.nonMatedPairs() + nonMatedFailures;
  }

  /**
   * The non-mated comparisons that reach a threshold.
   *
   * @param threshold one of the thresholds
   * @return their number
   * @throws IllegalArgumentException if it is none of them
   */
  public long falseMatches(double threshold) {
    return made.nonMated()[place(threshold)];
  }

  /**
   * The mated comparisons that do not reach a threshold, or could not be made.
   *
   * @param threshold one of the thresholds
   * @return their number
   * @throws IllegalArgumentException if it is none of them
   */
  public long falseNonMatches(double threshold) {
    return matedTrials() - made.mated()[place(threshold)];
  }

  private int place(double threshold) {
    int place = Arrays.binarySearch(thresholds, threshold + 0.0);
    if (place < 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected one of the thresholds %s, found %s: count at it",
              Arrays.toString(thresholds),
              threshold));
    }
    return place;
  }

  /**
   * The false match rate: non-mated comparisons that reach the threshold, over those made.
   *
   * @param threshold one of the thresholds
   * @return the rate with its Clopper-Pearson bounds
   * @throws IllegalArgumentException if it is none of them
   * @throws TooFewTrialsException if no non-mated comparison was made
   */
  public ErrorRate fmr(double threshold) {
    if (made.nonMatedPairs() == 0) {
      throw TooFewTrialsException.noNonMated();
    }
    return ClopperPearson.rate(falseMatches(threshold), made.nonMatedPairs());
  }

  /**
   * The false non-match rate: mated comparisons that do not reach the threshold, or could not be
   * made, over all.
   *
   * @param threshold one of the thresholds
   * @return the rate with its Clopper-Pearson bounds
   * @throws IllegalArgumentException if it is none of them
   * @throws TooFewTrialsException if there is no mated comparison
   */
  public ErrorRate fnmr(double threshold) {
    if (matedTrials() == 0) {
      throw TooFewTrialsException.noMated();
    }
    return ClopperPearson.rate(falseNonMatches(threshold), matedTrials());
  }

  /**
   * A threshold with the error rates that were counted here.
   *
   * @param modelId the id of the model that made the embeddings
   * @param threshold one of the thresholds
   * @param dataSet what the images are
   * @return the operating point
   * @throws IllegalArgumentException if it is none of them
   * @throws TooFewTrialsException if there are no mated or no non-mated comparisons
   */
  public OperatingPoint operatingPoint(String modelId, double threshold, String dataSet) {
    return new OperatingPoint(modelId, threshold, fmr(threshold), fnmr(threshold), dataSet);
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
        "ThresholdCounts[mated=%d, nonMated=%d, failures=%d]",
        matedTrials(),
        nonMatedTrials(),
        matedFailures + nonMatedFailures);
  }
}
