// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.Candidate;
import io.omote.face.description.ErrorRate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * The results of mated and non-mated searches of a gallery, and the error rates of thresholds that
 * follow from them (open-set identification, ISO/IEC 19795-1). A search is mated if the person of
 * the probe is in the gallery. A candidate counts if its similarity is {@code >= threshold}.
 *
 * <p>The rates belong to the size of the gallery that was searched: FPIR grows with the number of
 * samples.
 *
 * <p>Immutable and thread-safe.
 */
public final class IdentificationScores {
  /** The similarity and rank of the probe's person; rank 0 if the person was not found. */
  private record Mated(double similarity, int rank) {}

  private final List<Mated> mated;
  private final SortedScores nonMated;
  private final long nonMatedFailures;

  /**
   * Both error rates of identification at a threshold. Immutable and thread-safe.
   *
   * @param threshold the minimum similarity at which a candidate counts
   * @param fpir the false positive identification rate, in [0, 1]
   * @param fnir the false negative identification rate, in [0, 1]
   */
  public record Point(double threshold, double fpir, double fnir) {}

  private IdentificationScores(List<Mated> mated, SortedScores nonMated, long nonMatedFailures) {
    this.mated = mated;
    this.nonMated = nonMated;
    this.nonMatedFailures = nonMatedFailures;
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
   * Returns the number of mated searches.
   *
   * @return the number, failures to acquire included
   */
  public long matedTrials() {
    return mated.size();
  }

  /**
   * Returns the number of non-mated searches.
   *
   * @return the number, failures to acquire included
   */
  public long nonMatedTrials() {
    return nonMated.size() + nonMatedFailures;
  }

  /**
   * Returns the false positive identification rate: the share of non-mated searches that return a
   * candidate that reaches the threshold. A probe that could not be embedded is no trial.
   *
   * @param threshold the threshold
   * @return the rate with its Clopper-Pearson bounds
   * @throws TooFewTrialsException if there is no completed non-mated search
   */
  public ErrorRate fpir(double threshold) {
    requireNonMated();
    return ClopperPearson.rate(nonMated.countFrom(threshold), nonMated.size());
  }

  /**
   * Returns the false negative identification rate: the share of mated searches in which the person
   * of the probe is not among the first candidates, or does not reach the threshold. A probe that
   * could not be embedded counts as such.
   *
   * @param threshold the threshold
   * @param rank the number of candidates that count, at least 1
   * @return the rate with its Clopper-Pearson bounds
   * @throws TooFewTrialsException if there is no mated search
   * @throws IllegalArgumentException if the rank is not positive
   */
  public ErrorRate fnir(double threshold, int rank) {
    if (rank < 1) {
      throw new IllegalArgumentException("expected a rank of at least 1, found " + rank);
    }
    requireMated();
    long hits =
        mated.stream()
            .filter(m -> m.rank > 0 && m.rank <= rank && m.similarity >= threshold)
            .count();
    return ClopperPearson.rate(mated.size() - hits, mated.size());
  }

  /**
   * Returns both error rates at every threshold at which one of them changes, and at -1 if none
   * changes.
   *
   * @param rank the number of candidates that count, at least 1
   * @return the points by ascending threshold, immutable
   * @throws TooFewTrialsException if there are no mated or no completed non-mated searches
   */
  public List<Point> curve(int rank) {
    requireMated();
    requireNonMated();
    SortedScores hits =
        new SortedScores(
            mated.stream()
                .filter(m -> m.rank > 0 && m.rank <= rank)
                .mapToDouble(Mated::similarity));
    // A search without a candidate has an infinite score, which is no threshold.
    double[] thresholds =
        DoubleStream.concat(hits.stream(), nonMated.stream())
            .filter(Double::isFinite)
            .sorted()
            .distinct()
            .toArray();
    return DoubleStream.of(thresholds.length == 0 ? new double[] {-1} : thresholds)
        .mapToObj(
            threshold ->
                new Point(
                    threshold,
                    (double) nonMated.countFrom(threshold) / nonMated.size(),
                    (double) (mated.size() - hits.countFrom(threshold)) / mated.size()))
        .toList();
  }

  private void requireMated() {
    if (mated.isEmpty()) {
      throw new TooFewTrialsException(
          "there are no mated searches: add further images of the people in the gallery");
    }
  }

  private void requireNonMated() {
    if (nonMated.size() == 0) {
      throw new TooFewTrialsException(
          "there are no completed non-mated searches: add people, or enroll fewer of them");
    }
  }

  /**
   * Returns the numbers of searches, without scores.
   *
   * @return the text
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "IdentificationScores[mated=%s, nonMated=%s]",
        matedTrials(),
        nonMatedTrials());
  }

  /** A builder of scores. Not thread-safe. */
  public static final class Builder {
    private final List<Mated> mated = new ArrayList<>();
    private final DoubleStream.Builder nonMated = DoubleStream.builder();
    private long nonMatedFailures;

    private Builder() {}

    /**
     * Adds a mated search.
     *
     * @param person the person of the probe
     * @param candidates the result of the search, by descending similarity
     * @return this builder
     */
    public Builder addMated(String person, List<Candidate> candidates) {
      for (int i = 0; i < candidates.size(); i++) {
        if (candidates.get(i).person().equals(person)) {
          mated.add(new Mated(candidates.get(i).similarity(), i + 1));
          return this;
        }
      }
      mated.add(new Mated(-1, 0));
      return this;
    }

    /**
     * Adds a non-mated search.
     *
     * @param candidates the result of the search, by descending similarity
     * @return this builder
     */
    public Builder addNonMated(List<Candidate> candidates) {
      nonMated.add(
          candidates.isEmpty() ? Double.NEGATIVE_INFINITY : candidates.get(0).similarity());
      return this;
    }

    /**
     * Adds a search whose probe could not be embedded, a failure to acquire.
     *
     * @param isMated whether the person of the probe is in the gallery
     * @return this builder
     */
    public Builder addFailure(boolean isMated) {
      if (isMated) {
        mated.add(new Mated(-1, 0));
      } else {
        nonMatedFailures++;
      }
      return this;
    }

    /**
     * Builds the scores.
     *
     * @return the scores
     */
    public IdentificationScores build() {
      return new IdentificationScores(
          List.copyOf(mated), new SortedScores(nonMated.build()), nonMatedFailures);
    }
  }
}
