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
 * Decides from which similarity on a search of a gallery has found somebody: for a wanted false
 * positive identification rate (FPIR), or at a threshold of the caller's.
 *
 * <p>A probe of somebody who is not enrolled is compared with every sample, and each comparison may
 * match falsely: with N samples, {@code FPIR = 1 - (1 - FMR)^N} (ISO/IEC 19795-1 defines the rates;
 * the formula takes comparisons for independent). So a threshold holds for a size, and a growing
 * gallery needs higher ones. Where no measurement supports a rate that low, there is no threshold,
 * and asking for it is refused.
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
   * At most a false positive identification rate, whatever the size.
   *
   * @param fpir the largest rate wanted, in (0, 1)
   * @param points thresholds of one model whose error rates are known
   * @return the policy
   * @throws IllegalArgumentException if the rate is outside, or the points are of several models
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
   * A threshold of the caller's, whatever the size.
   *
   * @param similarity the similarity from which on a person counts as found, in [-1, 1]
   * @return the policy
   * @throws IllegalArgumentException if it is outside
   */
  public static IdentificationPolicy ofThreshold(double similarity) {
    if (!(similarity >= -1 && similarity <= 1)) {
      throw new IllegalArgumentException(
          "expected a threshold in [-1, 1], a raw cosine, found " + similarity);
    }
    return new IdentificationPolicy(1, List.of(), similarity);
  }

  /**
   * The false match rate that keeps a false positive identification rate, {@code 1 - (1 - FPIR)^(1
   * / N)}: what a threshold must be measured to keep.
   *
   * @param fpir the largest rate wanted, in (0, 1)
   * @param samples the number of samples, 1 or more
   * @return the false match rate, about {@code fpir / samples}
   * @throws IllegalArgumentException if one is outside
   */
  public static double fmrFor(double fpir, int samples) {
    checkFpir(fpir);
    if (samples < 1) {
      throw new IllegalArgumentException("expected 1 sample or more, found " + samples);
    }
    // Without losing small numbers beside 1.
    return -Math.expm1(Math.log1p(-fpir) / samples);
  }

  private static void checkFpir(double fpir) {
    if (!(fpir > 0 && fpir < 1)) {
      throw new IllegalArgumentException(
          "expected a false positive identification rate in (0, 1), found " + fpir);
    }
  }

  /**
   * The threshold for a number of samples.
   *
   * @param modelId the id of the gallery's model
   * @param samples the number of samples, 0 or more
   * @return of the operating points whose false match rate keeps the wanted FPIR, and was measured
   *     with enough trials to speak of it ({@link ErrorRate#supports}), the one with the lowest
   *     threshold; or the caller's threshold
   * @throws ModelException if there is none, or the points are of another model
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

  /** {@code 1 - (1 - rate)^N}. */
  private static double atLeastOnce(double rate, int samples) {
    return samples == 0 ? 0 : -Math.expm1(samples * Math.log1p(-rate));
  }

  private ModelException unsupported(int samples, double fmr) {
    String found =
        points.isEmpty()
            ? "none at all"
            : points.stream()
                .map(
                    p ->
                        String.format(
                            Locale.ROOT,
                            "FMR %s by %s",
                            p.fmr().value(),
                            p.fmr().trials() == 0
                                ? "a publisher"
                                : p.fmr().trials() + " comparisons"))
                .collect(Collectors.joining("; "));
    return new ModelException(
        String.format(
            Locale.ROOT,
            "expected for an FPIR of %s with %d samples an operating point with an FMR of at most %.2g, which at least %.0f non-mated comparisons can support, found %s: measure more, allow a higher FPIR, search fewer samples, or choose a threshold of your own",
            fpir,
            samples,
            fmr,
            Math.ceil(ErrorRate.trialsFor(fmr)),
            found));
  }

  /**
   * Says what is wanted.
   *
   * @return a text
   */
  @Override
  public String toString() {
    return threshold != null
        ? String.format(Locale.ROOT, "IdentificationPolicy[threshold=%s]", threshold)
        : String.format(Locale.ROOT, "IdentificationPolicy[fpir=%s]", fpir);
  }
}
