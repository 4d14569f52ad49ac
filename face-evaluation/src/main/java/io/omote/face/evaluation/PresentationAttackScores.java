// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.description.ErrorRate;
import java.util.ArrayList;
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
 * The liveness scores of live faces and of attacks, and the error rates of thresholds that follow
 * from them (ISO/IEC 30107-3). A face is considered live if its score is {@code >= threshold}.
 *
 * <p>Each attack has a species, such as prints and screens. A threshold that stops one species may
 * let another through, so the error rate of attacks is the highest of all species. An image without
 * a score, because no face was found in it, is a non-response: it is counted, but is no trial of
 * either error rate.
 *
 * <p>Immutable and thread-safe.
 */
public final class PresentationAttackScores {
  /** The scores of one kind of presentation, and the number of presentations without one. */
  private record Kind(SortedScores scores, long nonResponses) {
    ErrorRate passed(double threshold) {
      return ClopperPearson.rate(scores.countFrom(threshold), scores.size());
    }

    double passedShare(double threshold) {
      return (double) scores.countFrom(threshold) / scores.size();
    }

    ErrorRate nonResponse() {
      return ClopperPearson.rate(nonResponses, scores.size() + nonResponses);
    }
  }

  private final Kind live;
  private final Map<String, Kind> attacks;

  /**
   * Both error rates of liveness at a threshold. Immutable and thread-safe.
   *
   * @param threshold the minimum score at which a face is considered live
   * @param apcer the highest attack presentation classification error rate of all species, in [0,
   *     1]
   * @param bpcer the bona fide presentation classification error rate, in [0, 1]
   */
  public record Point(double threshold, double apcer, double bpcer) {}

  private PresentationAttackScores(Kind live, Map<String, Kind> attacks) {
    this.live = live;
    this.attacks = attacks;
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
   * Returns the species of attacks.
   *
   * @return the names in alphabetical order, immutable
   */
  public Collection<String> species() {
    return attacks.keySet();
  }

  /**
   * Returns the attack presentation classification error rate (APCER) of each species: the share of
   * scored attacks that are considered live.
   *
   * @param threshold the threshold
   * @return the rate of each species with scores, with its Clopper-Pearson bounds, immutable
   */
  public Map<String, ErrorRate> apcer(double threshold) {
    Map<String, ErrorRate> rates = new TreeMap<>();
    scored().forEach(species -> rates.put(species, attacks.get(species).passed(threshold)));
    return Collections.unmodifiableMap(rates);
  }

  /**
   * Returns the highest APCER of all species.
   *
   * @param threshold the threshold
   * @return the rate with its Clopper-Pearson bounds; among equally high rates, the one with the
   *     fewest trials
   */
  public ErrorRate highestApcer(double threshold) {
    return apcer(threshold).values().stream()
        .max(Comparator.comparing(ErrorRate::value).thenComparing(ErrorRate::upper))
        .orElseThrow();
  }

  /**
   * Returns the bona fide presentation classification error rate (BPCER): the share of scored live
   * faces that are considered attacks.
   *
   * @param threshold the threshold
   * @return the rate with its Clopper-Pearson bounds
   */
  public ErrorRate bpcer(double threshold) {
    return ClopperPearson.rate(live.scores.countBelow(threshold), live.scores.size());
  }

  /**
   * Returns the attack presentation non-response rate (APNRR) of each species.
   *
   * @return the share of attacks without a score, with its bounds, immutable
   */
  public Map<String, ErrorRate> apnrr() {
    Map<String, ErrorRate> rates = new TreeMap<>();
    attacks.forEach((species, scores) -> rates.put(species, scores.nonResponse()));
    return Collections.unmodifiableMap(rates);
  }

  /**
   * Returns the bona fide presentation non-response rate (BPNRR).
   *
   * @return the share of live faces without a score, with its bounds
   */
  public ErrorRate bpnrr() {
    return live.nonResponse();
  }

  /**
   * Returns the lowest threshold at which no species has a higher APCER than the requested one. The
   * standard calls the BPCER at that threshold BPCER10 for an APCER of 10 %, BPCER20 for 5 % and
   * BPCER100 for 1 %.
   *
   * <p>A rate below 3/n is refused, where n is the number of attacks of the smallest species (the
   * rule of three, as for {@link VerificationScores#thresholdAtFmr}).
   *
   * @param apcer the maximum rate, in (0, 1]
   * @return the threshold
   * @throws IllegalArgumentException if the rate is outside (0, 1]
   * @throws TooFewTrialsException if a species has too few attacks to support the rate
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
                "an APCER of %s needs at least %s attacks of each species (rule of three), found %s of %s: add more",
                apcer,
                (long) Math.ceil(ErrorRate.trialsFor(apcer)),
                rate.trials(),
                species));
      }
    }
    return thresholds()
        .filter(threshold -> highestShare(threshold) <= apcer)
        .findFirst()
        .orElseThrow();
  }

  /** Returns the species with scores; no attack of another one can pass. */
  private List<String> scored() {
    return attacks.keySet().stream()
        .filter(species -> attacks.get(species).scores.size() > 0)
        .toList();
  }

  /** Computes no bounds, which would take much longer. */
  private double highestShare(double threshold) {
    return scored().stream()
        .mapToDouble(species -> attacks.get(species).passedShare(threshold))
        .max()
        .orElseThrow();
  }

  /** Returns each score, ascending, and one above all. */
  private DoubleStream thresholds() {
    double[] scores =
        DoubleStream.concat(
                live.scores.stream(),
                attacks.values().stream().flatMapToDouble(kind -> kind.scores.stream()))
            .sorted()
            .distinct()
            .toArray();
    double above = Math.nextUp(scores[scores.length - 1]);
    return DoubleStream.concat(DoubleStream.of(scores), DoubleStream.of(above));
  }

  /**
   * Returns the detection equal error rate (D-EER): the mean of BPCER and the highest APCER where
   * they differ least. The rates are step functions and may never be equal.
   *
   * @return the rate, in [0, 1]
   */
  public double equalErrorRate() {
    return det().stream()
        .min(
            Comparator.<Point>comparingDouble(point -> Math.abs(point.apcer() - point.bpcer()))
                .thenComparing(point -> point.apcer() + point.bpcer()))
        .map(point -> (point.apcer() + point.bpcer()) / 2)
        .orElseThrow();
  }

  /**
   * Returns both error rates at every threshold at which one of them changes.
   *
   * @return the points by ascending threshold, from every face live to none, immutable
   */
  public List<Point> det() {
    return thresholds()
        .mapToObj(
            threshold ->
                new Point(threshold, highestShare(threshold), 1 - live.passedShare(threshold)))
        .toList();
  }

  /**
   * Returns the numbers of scores and species.
   *
   * @return the text
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "PresentationAttackScores[live=%s, species=%s]",
        live.scores.size(),
        attacks.size());
  }

  /** A builder of scores. Not thread-safe. */
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

      Kind build() {
        return new Kind(
            new SortedScores(scores.stream().mapToDouble(Double::doubleValue)), nonResponses);
      }
    }

    /**
     * Adds a live face.
     *
     * @param score the score, higher for live
     * @return this builder
     * @throws IllegalArgumentException if the score is not finite
     */
    public Builder addLive(double score) {
      live.add(score);
      return this;
    }

    /**
     * Adds a live face without a score.
     *
     * @return this builder
     */
    public Builder addLiveNonResponse() {
      live.nonResponses++;
      return this;
    }

    /**
     * Adds an attack.
     *
     * @param species the species of the attack, such as {@code print}
     * @param score the score, higher for live
     * @return this builder
     * @throws IllegalArgumentException if the score is not finite
     */
    public Builder addAttack(String species, double score) {
      of(species).add(score);
      return this;
    }

    /**
     * Adds an attack without a score.
     *
     * @param species the species of the attack
     * @return this builder
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
     * Builds the scores.
     *
     * @return the scores
     * @throws TooFewTrialsException if no live face or no attack has a score
     */
    public PresentationAttackScores build() {
      Map<String, Kind> built = new TreeMap<>();
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
                "no %s have a score (%d without one): add images of them",
                what,
                presentations.stream().mapToLong(one -> one.nonResponses).sum()));
      }
    }
  }
}
