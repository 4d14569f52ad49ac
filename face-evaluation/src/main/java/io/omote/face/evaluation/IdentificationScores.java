// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.Candidate;
import io.omote.face.description.ErrorRate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * Searches of a gallery with probes of people who are in it and of people who are not, and what
 * they say about thresholds (open-set identification, ISO/IEC 19795-1). A candidate counts where
 * its similarity is {@code >= threshold}.
 *
 * <p>Rates belong to the size of the gallery that was searched: with more samples, more strangers
 * are taken for somebody.
 *
 * <p>Immutable and thread-safe.
 */
public final class IdentificationScores {
  /** Of a person who is in the gallery: how similar, and at which place, from 1; 0 for nowhere. */
  private record Mated(double similarity, int rank) {}

  private final List<Mated> mated;
  private final double[] nonMated;
  private final long nonMatedFailures;

  private IdentificationScores(List<Mated> mated, double[] nonMated, long nonMatedFailures) {
    this.mated = mated;
    this.nonMated = nonMated;
    this.nonMatedFailures = nonMatedFailures;
  }

  /**
   * Starts to collect searches.
   *
   * @return a collection without any
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The probes of people who are in the gallery.
   *
   * @return their number, failures to acquire included
   */
  public long matedTrials() {
    return mated.size();
  }

  /**
   * The probes of people who are not in the gallery.
   *
   * @return their number, failures to acquire included
   */
  public long nonMatedTrials() {
    return nonMated.length + nonMatedFailures;
  }

  /**
   * The false positive identification rate: of probes of people who are not in the gallery, those
   * with a candidate that reaches the threshold. A probe that could not be embedded is no trial.
   *
   * @param threshold the threshold
   * @return the rate with its Clopper-Pearson bounds
   * @throws TooFewTrialsException if there is no such probe
   */
  public ErrorRate fpir(double threshold) {
    requireNonMated();
    return ClopperPearson.rate(
        nonMated.length - VerificationScores.countBelow(nonMated, threshold), nonMated.length);
  }

  /**
   * The false negative identification rate: of probes of people who are in the gallery, those whose
   * person is not among the first candidates, or does not reach the threshold. A probe that could
   * not be embedded is one of them.
   *
   * @param threshold the threshold
   * @param rank how many candidates count, from 1
   * @return the rate with its Clopper-Pearson bounds
   * @throws TooFewTrialsException if there is no such probe
   * @throws IllegalArgumentException if the rank is not positive
   */
  public ErrorRate fnir(double threshold, int rank) {
    if (rank < 1) {
      throw new IllegalArgumentException("expected a rank from 1, found " + rank);
    }
    requireMated();
    long hits =
        mated.stream()
            .filter(m -> m.rank > 0 && m.rank <= rank && m.similarity >= threshold)
            .count();
    return ClopperPearson.rate(mated.size() - hits, mated.size());
  }

  /**
   * Both error rates at all thresholds that matter.
   *
   * @param rank how many candidates count, from 1
   * @return the points by ascending threshold, immutable
   * @throws TooFewTrialsException if there are no probes of the one or the other kind
   */
  public List<IdentificationErrors> curve(int rank) {
    requireMated();
    requireNonMated();
    double[] hits =
        mated.stream()
            .filter(m -> m.rank > 0 && m.rank <= rank)
            .mapToDouble(Mated::similarity)
            .sorted()
            .toArray();
    double[] all =
        DoubleStream.concat(DoubleStream.of(hits), DoubleStream.of(nonMated))
            .sorted()
            .distinct()
            .toArray();
    List<IdentificationErrors> points = new ArrayList<>();
    for (double threshold : all) {
      int strangers = nonMated.length - VerificationScores.countBelow(nonMated, threshold);
      int found = hits.length - VerificationScores.countBelow(hits, threshold);
      points.add(
          new IdentificationErrors(
              threshold,
              (double) strangers / nonMated.length,
              (double) (mated.size() - found) / mated.size()));
    }
    return List.copyOf(points);
  }

  private void requireMated() {
    if (mated.isEmpty()) {
      throw new TooFewTrialsException(
          "expected probes of people who are in the gallery, found none: add further images of"
              + " them");
    }
  }

  private void requireNonMated() {
    if (nonMated.length == 0) {
      throw new TooFewTrialsException(
          "expected probes of people who are not in the gallery, found none that could be embedded:"
              + " add people, or enroll fewer");
    }
  }

  /**
   * Says the numbers of probes.
   *
   * @return a text without scores
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "IdentificationScores[mated=%s, nonMated=%s]",
        matedTrials(),
        nonMatedTrials());
  }

  /** A growing collection of searches. Not thread-safe. */
  public static final class Builder {
    private final List<Mated> mated = new ArrayList<>();
    private final DoubleStream.Builder nonMated = DoubleStream.builder();
    private long nonMatedFailures;

    private Builder() {}

    /**
     * Adds a search for somebody who is in the gallery.
     *
     * @param person who it is
     * @param candidates what was found, by descending similarity
     * @return this
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
     * Adds a search for somebody who is not in the gallery.
     *
     * @param candidates what was found, by descending similarity
     * @return this
     */
    public Builder addNonMated(List<Candidate> candidates) {
      nonMated.add(
          candidates.isEmpty() ? Double.NEGATIVE_INFINITY : candidates.get(0).similarity());
      return this;
    }

    /**
     * Adds a probe that could not be embedded, a failure to acquire.
     *
     * @param isMated whether the person is in the gallery
     * @return this
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
     * Ends the collection.
     *
     * @return the scores
     */
    public IdentificationScores build() {
      double[] sorted = nonMated.build().toArray();
      Arrays.sort(sorted);
      return new IdentificationScores(List.copyOf(mated), sorted, nonMatedFailures);
    }
  }
}
