// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import io.omote.face.description.ErrorRate;
import io.omote.face.description.OperatingPoint;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A policy that decides identifications. It gives the minimum similarity at which a probe is
 * identified, either for an acceptable false positive identification rate (FPIR) or as a fixed
 * threshold.
 *
 * <pre>{@code
 * IdentificationPolicy policy = models.identificationPolicy(0.01);
 * Optional<Candidate> person = gallery.identify(probe, policy);
 * }</pre>
 *
 * <p>A search compares the probe with every sample, and each comparison can be a false match: with
 * N samples, {@code FPIR = 1 - (1 - FMR)^N} (ISO/IEC 19795-1 defines the rates; the formula assumes
 * independent comparisons). A threshold is therefore valid for one size of the gallery, and a
 * larger gallery needs a higher one. If no measurement supports the rate for a size, the policy
 * throws.
 *
 * <p>Immutable and thread-safe.
 */
public final class IdentificationPolicy {
  private final double fpir;
  private final List<OperatingPoint> points;
  private final @Nullable Double threshold;

  private IdentificationPolicy(
      double fpir, List<OperatingPoint> points, @Nullable Double threshold) {
    this.fpir = fpir;
    this.points = points;
    this.threshold = threshold;
  }

  /**
   * Returns a policy that keeps a false positive identification rate for galleries of any size.
   *
   * @param fpir the largest acceptable rate, in (0, 1)
   * @param points operating points of one model
   * @return the policy
   * @throws IllegalArgumentException if the rate is outside (0, 1), or the points belong to several
   *     models
   */
  public static IdentificationPolicy ofFpir(double fpir, List<OperatingPoint> points) {
    checkFpir(fpir);
    List<String> models = points.stream().map(OperatingPoint::modelId).distinct().toList();
    if (models.size() > 1) {
      throw new IllegalArgumentException(
          "expected operating points of one model, found those of " + models);
    }
    return new IdentificationPolicy(fpir, List.copyOf(points), null);
  }

  /**
   * Returns a policy with a fixed threshold for galleries of any size.
   *
   * @param similarity the minimum similarity at which a probe is identified, in [-1, 1]
   * @return the policy
   * @throws IllegalArgumentException if the threshold is outside [-1, 1]
   */
  public static IdentificationPolicy ofThreshold(double similarity) {
    return new IdentificationPolicy(1, List.of(), Checks.threshold(similarity));
  }

  /**
   * Returns the false match rate that a threshold must keep for a false positive identification
   * rate, {@code 1 - (1 - FPIR)^(1 / N)}.
   *
   * @param fpir the largest acceptable false positive identification rate, in (0, 1)
   * @param samples the number of samples, 1 or more
   * @return the false match rate, about {@code fpir / samples}
   * @throws IllegalArgumentException if the rate is outside (0, 1), or the number is not positive
   */
  public static double fmrFor(double fpir, int samples) {
    checkFpir(fpir);
    if (samples < 1) {
      throw new IllegalArgumentException("expected 1 sample or more, found " + samples);
    }
    // expm1 and log1p keep the precision of small rates.
    return -Math.expm1(Math.log1p(-fpir) / samples);
  }

  private static void checkFpir(double fpir) {
    if (!(fpir > 0 && fpir < 1)) {
      throw new IllegalArgumentException(
          "expected a false positive identification rate in (0, 1), found " + fpir);
    }
  }

  /**
   * Returns the threshold for a gallery of a given size.
   *
   * @param modelId the id of the gallery's model
   * @param samples the number of samples, 0 or more
   * @return the operating point with the lowest threshold, among those whose false match rate keeps
   *     the acceptable rate and has enough trials to support it ({@link ErrorRate#supports}); or
   *     the fixed threshold
   * @throws ModelException if no operating point supports the rate, or the points belong to another
   *     model
   * @throws IllegalArgumentException if the number is negative
   */
  public IdentificationPoint at(String modelId, int samples) {
    if (samples < 0) {
      throw new IllegalArgumentException("expected 0 samples or more, found " + samples);
    }
    if (threshold != null) {
      return new IdentificationPoint(threshold, samples, Optional.empty());
    }
    if (!points.isEmpty() && !points.get(0).modelId().equals(modelId)) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected operating points of the gallery's model %s, found those of %s: measure them with that model",
              modelId,
              points.get(0).modelId()));
    }
    double fmr = samples == 0 ? 1 : fmrFor(fpir, samples);
    OperatingPoint point =
        points.stream()
            .filter(p -> p.fmr().value() <= fmr && p.fmr().supports(fmr))
            .min(Comparator.comparingDouble(OperatingPoint::threshold))
            .orElseThrow(() -> unsupported(samples, fmr));
    ErrorRate rate = point.fmr();
    return new IdentificationPoint(
        point.threshold(),
        samples,
        Optional.of(
            new ErrorRate(
                atLeastOnce(rate.value(), samples),
                atLeastOnce(rate.lower(), samples),
                atLeastOnce(rate.upper(), samples),
                rate.trials())));
  }

  /** Returns {@code 1 - (1 - rate)^N}. */
  private static double atLeastOnce(double rate, int samples) {
    return samples == 0 ? 0 : -Math.expm1(samples * Math.log1p(-rate));
  }

  private ModelException unsupported(int samples, double fmr) {
    String found =
        points.isEmpty()
            ? "no operating point"
            : points.stream()
                .map(
                    p ->
                        String.format(
                            Locale.ROOT,
                            "FMR %.2g from %s",
                            p.fmr().value(),
                            p.fmr().trials() == 0
                                ? "a publisher"
                                : p.fmr().trials() + " comparisons"))
                .collect(Collectors.joining("; "));
    return new ModelException(
        String.format(
            Locale.ROOT,
            "expected an operating point with an FMR of at most %.2g from at least %s non-mated comparisons, for an FPIR of %s with %d %s, found %s: measure with more comparisons, accept a higher FPIR, search fewer samples, or set a fixed threshold",
            fmr,
            count(Math.ceil(ErrorRate.trialsFor(fmr))),
            fpir,
            samples,
            samples == 1 ? "sample" : "samples",
            found));
  }

  /** Returns a number that may have hundreds of digits. */
  private static String count(double number) {
    return String.format(Locale.ROOT, number < 1e9 ? "%.0f" : "%.1e", number);
  }

  /**
   * Returns a description with the rate or the threshold.
   *
   * @return the description
   */
  @Override
  public String toString() {
    return threshold != null
        ? String.format(Locale.ROOT, "IdentificationPolicy[threshold=%s]", threshold)
        : String.format(Locale.ROOT, "IdentificationPolicy[fpir=%s]", fpir);
  }
}
