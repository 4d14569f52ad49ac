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
 * The numbers of mated and non-mated comparisons that reach given thresholds. {@link
 * VerificationScores} keeps every score; this class keeps only counts, so it can hold billions of
 * comparisons, and counts made elsewhere can be merged. On the same comparisons both give the same
 * rates.
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
   * processors. A pair is mated if both samples belong to one person.
   *
   * @param samples the samples, all from one model
   * @param thresholds the similarities of interest, in [-1, 1], in any order
   * @return the counts
   * @throws EmbeddingException if they come from several models
   * @throws IllegalArgumentException if there is no threshold, or one is outside [-1, 1]
   * @throws InterruptedCallException if the thread is interrupted
   */
  public static ThresholdCounts within(List<GalleryEntry> samples, double... thresholds) {
    return between(samples, samples, thresholds);
  }

  /**
   * Compares each sample of one list with each sample of another, on as many threads as the JVM has
   * processors. A pair is mated if both samples belong to one person.
   *
   * @param first the samples of one side
   * @param second the samples of the other side, from the same model; if it is the same list, this
   *     method is the same as {@link #within}
   * @param thresholds the similarities of interest, in [-1, 1], in any order
   * @return the counts
   * @throws EmbeddingException if they come from several models
   * @throws IllegalArgumentException if there is no threshold, or one is outside [-1, 1]
   * @throws InterruptedCallException if the thread is interrupted
   */
  public static ThresholdCounts between(
      List<GalleryEntry> first, List<GalleryEntry> second, double... thresholds) {
    double[] ascending = ascending(thresholds);
    return new ThresholdCounts(ascending, PairCounts.of(first, second, ascending, true), 0, 0);
  }

  /**
   * Returns counts that were made elsewhere, such as on a cluster.
   *
   * @param thresholds the thresholds, ascending
   * @param mated for each threshold, the number of mated comparisons that reach it
   * @param nonMated for each threshold, the number of non-mated comparisons that reach it
   * @param matedMade the number of completed mated comparisons
   * @param nonMatedMade the number of completed non-mated comparisons
   * @return the counts
   * @throws IllegalArgumentException if a threshold is outside [-1, 1], or thresholds or counts are
   *     out of order
   */
  public static ThresholdCounts of(
      double[] thresholds, long[] mated, long[] nonMated, long matedMade, long nonMatedMade) {
    double[] ascending = ascending(thresholds);
    if (!Arrays.equals(ascending, thresholds)
        || !areCounts(mated, matedMade, ascending.length)
        || !areCounts(nonMated, nonMatedMade, ascending.length)) {
      throw new IllegalArgumentException(
          "expected ascending thresholds, and counts that do not increase: check their order");
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
      throw new IllegalArgumentException("expected at least one threshold, found none");
    }
    for (double threshold : thresholds) {
      if (!(threshold >= -1 && threshold <= 1)) {
        throw new IllegalArgumentException(
            "expected thresholds in [-1, 1], raw cosines, found " + threshold);
      }
    }
    // A negative zero would sort below the positive one.
    return Arrays.stream(thresholds).map(t -> t + 0.0).sorted().distinct().toArray();
  }

  /**
   * Returns the counts with further failed comparisons, failures to acquire. They count as in
   * {@link VerificationScores}.
   *
   * @param mated the number of failed mated comparisons
   * @param nonMated the number of failed non-mated comparisons
   * @return the new counts
   * @throws IllegalArgumentException if a number is negative
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
   * Returns the sum of these counts and others.
   *
   * @param other counts at the same thresholds
   * @return the counts of all comparisons
   * @throws IllegalArgumentException if the thresholds differ
   */
  public ThresholdCounts merge(ThresholdCounts other) {
    if (!Arrays.equals(thresholds, other.thresholds)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected counts at the thresholds %s, found counts at %s: count at the same thresholds",
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
   * Returns the thresholds.
   *
   * @return a copy, ascending, each once
   */
  public double[] thresholds() {
    return thresholds.clone();
  }

  /**
   * Returns the number of mated comparisons.
   *
   * @return the number, failures included
   */
  public long matedTrials() {
    return made.matedPairs() + matedFailures;
  }

  /**
   * Returns the number of non-mated comparisons.
   *
   * @return the number, failures included
   */
  public long nonMatedTrials() {
    return made.nonMatedPairs() + nonMatedFailures;
  }

  /**
   * Returns the number of non-mated comparisons that reach a threshold.
   *
   * @param threshold one of the thresholds
   * @return the number
   * @throws IllegalArgumentException if comparisons were not counted at the threshold
   */
  public long falseMatches(double threshold) {
    return made.nonMated()[place(threshold)];
  }

  /**
   * Returns the number of mated comparisons that fail or do not reach a threshold.
   *
   * @param threshold one of the thresholds
   * @return the number
   * @throws IllegalArgumentException if comparisons were not counted at the threshold
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
              "expected one of the thresholds %s, found %s: count at that threshold, too",
              Arrays.toString(thresholds),
              threshold));
    }
    return place;
  }

  /**
   * Returns the false match rate: the share of completed non-mated comparisons that reach the
   * threshold.
   *
   * @param threshold one of the thresholds
   * @return the rate with its Clopper-Pearson bounds
   * @throws IllegalArgumentException if comparisons were not counted at the threshold
   * @throws TooFewTrialsException if no non-mated comparison was completed
   */
  public ErrorRate fmr(double threshold) {
    if (made.nonMatedPairs() == 0) {
      throw TooFewTrialsException.noNonMated();
    }
    return ClopperPearson.rate(falseMatches(threshold), made.nonMatedPairs());
  }

  /**
   * Returns the false non-match rate: the share of all mated comparisons that fail or do not reach
   * the threshold.
   *
   * @param threshold one of the thresholds
   * @return the rate with its Clopper-Pearson bounds
   * @throws IllegalArgumentException if comparisons were not counted at the threshold
   * @throws TooFewTrialsException if there is no mated comparison
   */
  public ErrorRate fnmr(double threshold) {
    if (matedTrials() == 0) {
      throw TooFewTrialsException.noMated();
    }
    return ClopperPearson.rate(falseNonMatches(threshold), matedTrials());
  }

  /**
   * Returns a threshold with its counted error rates.
   *
   * @param modelId the id of the model that made the embeddings
   * @param threshold one of the thresholds
   * @param dataSet a description of the images
   * @return the operating point
   * @throws IllegalArgumentException if comparisons were not counted at the threshold
   * @throws TooFewTrialsException if there are no mated or no non-mated comparisons
   */
  public OperatingPoint operatingPoint(String modelId, double threshold, String dataSet) {
    return new OperatingPoint(modelId, threshold, fmr(threshold), fnmr(threshold), dataSet);
  }

  /**
   * Returns the numbers of comparisons.
   *
   * @return the text
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
