// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.description.ErrorRate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.DoubleStream;

/**
 * The liveness scores of live faces and of attacks, and what they say about thresholds (ISO/IEC
 * 30107-3). An image counts as live where its score is {@code >= threshold}.
 *
 * <p>Attacks are told apart by their species, such as prints and screens: a threshold that stops
 * the one kind may let the other through, so the error rate of attacks is that of the species that
 * gets through most often. An image that got no score, because no face was found in it, is a
 * non-response: it is counted, and no trial of either error rate.
 *
 * <p>Immutable and thread-safe.
 */
public final class PresentationAttackScores {
  /** The scores of one kind of presentation, ascending, and how many got none. */
  private record Presentations(double[] scores, long nonResponses) {
    int below(double threshold) {
      return VerificationScores.countBelow(scores, threshold);
    }

    ErrorRate passed(double threshold) {
      return ClopperPearson.rate(scores.length - below(threshold), scores.length);
    }

    double passedShare(double threshold) {
      return (double) (scores.length - below(threshold)) / scores.length;
    }

    ErrorRate nonResponse() {
      return ClopperPearson.rate(nonResponses, scores.length + nonResponses);
    }
  }

  private final Presentations live;
  private final Map<String, Presentations> attacks;

  private PresentationAttackScores(Presentations live, Map<String, Presentations> attacks) {
    this.live = live;
    this.attacks = attacks;
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
   * The species of attacks.
   *
   * @return their names in alphabetical order, immutable
   */
  public Collection<String> species() {
    return attacks.keySet();
  }

  /**
   * The attack presentation classification error rate (APCER) of each species: attacks that count
   * as live, over those that got a score.
   *
   * @param threshold the threshold
   * @return the rate of each species that got a score, with its Clopper-Pearson bounds, immutable
   */
  public Map<String, ErrorRate> apcer(double threshold) {
    Map<String, ErrorRate> rates = new TreeMap<>();
    scored().forEach(species -> rates.put(species, attacks.get(species).passed(threshold)));
    return Collections.unmodifiableMap(rates);
  }

  /**
   * The APCER of the species that gets through most often.
   *
   * @param threshold the threshold
   * @return the rate with its Clopper-Pearson bounds; of several equally high ones that of the
   *     fewest trials
   */
  public ErrorRate highestApcer(double threshold) {
    return apcer(threshold).values().stream()
        .max(Comparator.comparing(ErrorRate::value).thenComparing(ErrorRate::upper))
        .orElseThrow();
  }

  /**
   * The bona fide presentation classification error rate (BPCER): live faces that count as attacks,
   * over those that got a score.
   *
   * @param threshold the threshold
   * @return the rate with its Clopper-Pearson bounds
   */
  public ErrorRate bpcer(double threshold) {
    return ClopperPearson.rate(live.below(threshold), live.scores.length);
  }

  /**
   * The attack presentation non-response rate (APNRR) of each species.
   *
   * @return the share of attacks that got no score, with its bounds, immutable
   */
  public Map<String, ErrorRate> apnrr() {
    Map<String, ErrorRate> rates = new TreeMap<>();
    attacks.forEach((species, scores) -> rates.put(species, scores.nonResponse()));
    return Collections.unmodifiableMap(rates);
  }

  /**
   * The bona fide presentation non-response rate (BPNRR).
   *
   * @return the share of live faces that got no score, with its bounds
   */
  public ErrorRate bpnrr() {
    return live.nonResponse();
  }

  /**
   * The lowest threshold at which no species has a higher APCER than the one wanted. BPCER there is
   * what the standard calls BPCER10 for a tenth, BPCER20 for a twentieth, BPCER100 for a hundredth.
   *
   * <p>A rate below 3/n is refused, n being the attacks of the smallest species (the rule of three,
   * as for {@link VerificationScores#thresholdAtFmr}).
   *
   * @param apcer the largest rate wanted, in (0, 1]
   * @return the threshold
   * @throws IllegalArgumentException if the rate is outside (0, 1]
   * @throws TooFewTrialsException if a species has too few attacks to speak of that rate
   */
  public double thresholdAtApcer(double apcer) {
    if (!(apcer > 0 && apcer <= 1)) {
      throw new IllegalArgumentException("expected an APCER in (0, 1], found " + apcer);
    }
    for (String species : scored()) {
      ErrorRate rate = attacks.get(species).passed(0);
      if (!rate.supports(apcer)) {
        throw new TooFewTrialsException(
            String.format(
                Locale.ROOT,
                "expected at least %s attacks of each species to speak of an APCER of %s (rule of three), found %s of %s: add more",
                (long) Math.ceil(ErrorRate.trialsFor(apcer)),
                apcer,
                rate.trials(),
                species));
      }
    }
    return thresholds()
        .filter(threshold -> highestShare(threshold) <= apcer)
        .findFirst()
        .orElseThrow();
  }

  /** The species of which an attack got a score: of others nothing can pass. */
  private List<String> scored() {
    return attacks.keySet().stream()
        .filter(species -> attacks.get(species).scores.length > 0)
        .toList();
  }

  /** Without bounds, which take much longer. */
  private double highestShare(double threshold) {
    return scored().stream()
        .mapToDouble(species -> attacks.get(species).passedShare(threshold))
        .max()
        .orElseThrow();
  }

  /** Each score, ascending, and one above all. */
  private DoubleStream thresholds() {
    double[] scores =
        DoubleStream.concat(
                DoubleStream.of(live.scores),
                attacks.values().stream().flatMapToDouble(a -> DoubleStream.of(a.scores)))
            .sorted()
            .distinct()
            .toArray();
    double above = Math.nextUp(scores[scores.length - 1]);
    return DoubleStream.concat(DoubleStream.of(scores), DoubleStream.of(above));
  }

  /**
   * The detection equal error rate (D-EER): the mean of BPCER and the highest APCER where they
   * differ least; they are steps and need not meet.
   *
   * @return the rate, in [0, 1]
   */
  public double equalErrorRate() {
    return det().stream()
        .min(
            Comparator.<PresentationAttackPoint>comparingDouble(
                    point -> Math.abs(point.apcer() - point.bpcer()))
                .thenComparing(point -> point.apcer() + point.bpcer()))
        .map(point -> (point.apcer() + point.bpcer()) / 2)
        .orElseThrow();
  }

  /**
   * Both error rates at all thresholds that matter.
   *
   * @return the points by ascending threshold, from all live to none, immutable
   */
  public List<PresentationAttackPoint> det() {
    return thresholds()
        .mapToObj(
            threshold ->
                new PresentationAttackPoint(
                    threshold, highestShare(threshold), 1 - live.passedShare(threshold)))
        .toList();
  }

  /**
   * Says the numbers of presentations.
   *
   * @return a text without scores
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "PresentationAttackScores[live=%s, species=%s]",
        live.scores.length,
        attacks.size());
  }

  /** A growing collection of scores. Not thread-safe. */
  public static final class Builder {
    private final Growing live = new Growing();
    private final Map<String, Growing> attacks = new TreeMap<>();

    private Builder() {}

    private static final class Growing {
      private final List<Double> scores = new ArrayList<>();
      private long nonResponses;

      void add(double score) {
        if (!Double.isFinite(score)) {
          throw new IllegalArgumentException("expected a finite score, found " + score);
        }
        scores.add(score);
      }

      Presentations build() {
        double[] sorted = scores.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return new Presentations(sorted, nonResponses);
      }
    }

    /**
     * Adds a live face.
     *
     * @param score its score, higher for live
     * @return this
     * @throws IllegalArgumentException if the score is not finite
     */
    public Builder addLive(double score) {
      live.add(score);
      return this;
    }

    /**
     * Adds a live face that got no score.
     *
     * @return this
     */
    public Builder addLiveNonResponse() {
      live.nonResponses++;
      return this;
    }

    /**
     * Adds an attack.
     *
     * @param species the kind of attack, such as {@code print}
     * @param score its score, higher for live
     * @return this
     * @throws IllegalArgumentException if the score is not finite
     */
    public Builder addAttack(String species, double score) {
      of(species).add(score);
      return this;
    }

    /**
     * Adds an attack that got no score.
     *
     * @param species the kind of attack
     * @return this
     */
    public Builder addAttackNonResponse(String species) {
      of(species).nonResponses++;
      return this;
    }

    private Growing of(String species) {
      return attacks.computeIfAbsent(
          Objects.requireNonNull(species, "species"), name -> new Growing());
    }

    /**
     * Ends the collection.
     *
     * @return the scores
     * @throws TooFewTrialsException if no live face, or no attack, got a score
     */
    public PresentationAttackScores build() {
      Map<String, Presentations> built = new TreeMap<>();
      attacks.forEach((species, scores) -> built.put(species, scores.build()));
      require("live faces", List.of(live));
      require("attacks", attacks.values());
      return new PresentationAttackScores(live.build(), Collections.unmodifiableMap(built));
    }

    private static void require(String what, Collection<Growing> presentations) {
      if (presentations.stream().allMatch(one -> one.scores.isEmpty())) {
        throw new TooFewTrialsException(
            String.format(
                Locale.ROOT,
                "expected %s that get a score, found none of %d: add images of them",
                what,
                presentations.stream().mapToLong(one -> one.nonResponses).sum()));
      }
    }
  }
}
