// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import static io.omote.face.evaluation.Rates.count;
import static io.omote.face.evaluation.Rates.percent;
import static io.omote.face.evaluation.Rates.withBounds;
import static io.omote.face.evaluation.ReportPage.cosine;

import io.omote.face.description.OperatingPoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The report of an evaluation of verification. Immutable and thread-safe.
 *
 * @param origin where the report comes from
 * @param dataSet the description of the images
 * @param modelId the id of the model that made the embeddings
 * @param images the numbers of images
 * @param comparisons the numbers of comparisons
 * @param equalErrorRate the mean of both error rates where they differ least
 * @param bestAccuracy the threshold with the highest accuracy on these comparisons
 * @param tenFold the accuracy by LFW's protocol, null if the protocol has only one fold
 * @param defaultThreshold the error rates at the default threshold of the models
 * @param atFmr the lowest threshold for each false match rate, from 10 % down to the lowest rate
 *     that the comparisons support
 * @param limit why there is no lower rate
 * @param det the corners of the DET curve
 * @param histogram the distribution of similarities
 */
public record VerificationReport(
    ReportOrigin origin,
    String dataSet,
    String modelId,
    ImageCounts images,
    ComparisonCounts comparisons,
    double equalErrorRate,
    ThresholdAccuracy bestAccuracy,
    @Nullable TenFold tenFold,
    OperatingPoint defaultThreshold,
    List<AtFmr> atFmr,
    String limit,
    List<VerificationScores.Point> det,
    Histogram histogram)
    implements EvaluationReport {
  /** Names of the files that {@link Evaluation#writeTo} writes. */
  public static final List<String> FILES =
      List.of("report.json", "report.html", "scores.svg", "det.svg");

  /**
   * The numbers of images.
   *
   * @param total all images
   * @param withoutFace the images without a usable face
   * @param unreadable the images that could not be read
   * @param embeddedBefore the images embedded by an earlier run
   * @param perSecond the images embedded per second by this run, 0 if there were none
   */
  public record ImageCounts(
      int total, long withoutFace, int unreadable, long embeddedBefore, double perSecond) {
    static ImageCounts of(EmbeddedImages images) {
      int total = images.protocol().images().size();
      return new ImageCounts(
          total,
          images.withoutFace(),
          images.unreadable().size(),
          images.stored(),
          rate(total - images.stored(), images.duration()));
    }
  }

  /**
   * The numbers of comparisons.
   *
   * @param mated the comparisons of images of one person
   * @param matedFailures the mated comparisons that failed
   * @param nonMated the comparisons of images of different people
   * @param nonMatedFailures the non-mated comparisons that failed
   * @param perSecond the comparisons per second
   */
  public record ComparisonCounts(
      long mated, long matedFailures, long nonMated, long nonMatedFailures, double perSecond) {
    static ComparisonCounts of(VerificationScores scores, Duration duration) {
      return new ComparisonCounts(
          scores.matedTrials(),
          scores.matedFailures(),
          scores.nonMatedTrials(),
          scores.nonMatedFailures(),
          rate(scores.matedTrials() + scores.nonMatedTrials(), duration));
    }
  }

  /**
   * The accuracy by LFW's protocol.
   *
   * @param mean the mean of the folds
   * @param standardDeviation the standard deviation of the folds
   * @param standardError the standard error of the mean
   * @param folds the accuracy of each fold
   */
  public record TenFold(
      double mean, double standardDeviation, double standardError, List<ThresholdAccuracy> folds) {
    static TenFold of(CrossValidation result) {
      return new TenFold(
          result.mean(), result.standardDeviation(), result.standardError(), result.folds());
    }
  }

  /**
   * The lowest threshold for a false match rate.
   *
   * @param wanted the maximum rate
   * @param point the threshold with its error rates
   */
  public record AtFmr(double wanted, OperatingPoint point) {}

  /**
   * Creates the report.
   *
   * @param folds the scores of each fold
   * @param compared the time that comparing took
   */
  static VerificationReport of(
      ReportOrigin origin,
      String dataSet,
      String modelId,
      double defaultThreshold,
      EmbeddedImages images,
      List<VerificationScores> folds,
      Duration compared) {
    VerificationScores scores = VerificationScores.union(folds);
    List<AtFmr> atFmr = new ArrayList<>();
    String limit = addSupported(atFmr, scores, modelId, dataSet);
    return new VerificationReport(
        origin,
        dataSet,
        modelId,
        ImageCounts.of(images),
        ComparisonCounts.of(scores, compared),
        scores.equalErrorRate(),
        scores.bestAccuracy(),
        folds.size() > 1 ? TenFold.of(CrossValidation.of(folds)) : null,
        scores.operatingPoint(modelId, defaultThreshold, dataSet),
        List.copyOf(atFmr),
        limit,
        scores.det(),
        Histogram.of(scores));
  }

  /** Adds the supported rates and returns why the next one is refused. */
  private static String addSupported(
      List<AtFmr> atFmr, VerificationScores scores, String modelId, String dataSet) {
    long inverse = 10;
    while (true) {
      double wanted = 1.0 / inverse;
      try {
        atFmr.add(new AtFmr(wanted, scores.operatingPointAtFmr(modelId, wanted, dataSet)));
      } catch (TooFewTrialsException e) {
        return e.getMessage();
      }
      inverse *= 10;
    }
  }

  private static double rate(long count, Duration duration) {
    return count == 0 ? 0 : count / (duration.toNanos() / 1e9);
  }

  ReportPage page() {
    double threshold = defaultThreshold.threshold();
    ReportPage page =
        new ReportPage(this, "Verification", "report.json")
            .summary(
                "At the default threshold %.4f, %s, and %s.",
                threshold,
                Rates.sentence(
                    defaultThreshold.fnmr(), "comparisons of the same person", "failed to match"),
                Rates.sentence(
                    defaultThreshold.fmr(), "comparisons of different people", "matched"))
            .figure(
                "Same person, no match (FNMR)",
                percent(defaultThreshold.fnmr().value()),
                "95 % bounds " + Rates.bounds(defaultThreshold.fnmr()),
                "mated")
            .figure(
                "Different people, match (FMR)",
                percent(defaultThreshold.fmr().value()),
                "95 % bounds " + Rates.bounds(defaultThreshold.fmr()),
                "non-mated")
            .figure(
                "Equal error rate", percent(equalErrorRate), "both rates, at another threshold", "")
            .figure(
                "Comparisons",
                count(comparisons.mated + comparisons.nonMated),
                String.format(
                    Locale.ROOT,
                    "%s of the same person, of %s images",
                    count(comparisons.mated),
                    count(images.total)),
                "");
    addFacts(page);
    page.table(
        "Error rates by threshold", "at", "threshold", "FMR, 95 % bounds", "FNMR, 95 % bounds");
    addRow(page, "default", defaultThreshold);
    for (AtFmr at : atFmr) {
      addRow(page, String.format(Locale.ROOT, "FMR %s %%", Axis.plain(100 * at.wanted)), at.point);
    }
    page.note("No lower FMR: " + limit + ".")
        .note("The bounds assume independent comparisons; those that share an image are not.")
        .pairs(
            "Mated pairs with the lowest similarities and non-mated pairs with the highest. If a"
                + " label is wrong, or an image shows somebody else, it is found here first.",
            "Same person, least similar",
            "Different people, most similar");
    addPlots(page);
    return page;
  }

  private void addFacts(ReportPage page) {
    page.fact("model", "%s", origin.model(modelId))
        .fact(
            "images",
            "%s (%s without a face, %s unreadable)",
            count(images.total),
            count(images.withoutFace),
            count(images.unreadable))
        .fact(
            "embedded",
            "%s by an earlier run, %s now (%.1f images/s)",
            count(images.embeddedBefore),
            count(images.total - images.embeddedBefore),
            images.perSecond)
        .fact(
            "mated",
            "%s comparisons, %s failed (false non-matches)",
            count(comparisons.mated),
            count(comparisons.matedFailures))
        .fact(
            "non-mated",
            "%s comparisons, %s failed (not counted in the FMR)",
            count(comparisons.nonMated),
            count(comparisons.nonMatedFailures))
        .fact("compared", "%,.0f comparisons/s", comparisons.perSecond)
        .fact("equal error rate", "%s", percent(equalErrorRate))
        .fact(
            "best accuracy",
            "%s at %s (chosen on these comparisons)",
            percent(bestAccuracy.accuracy()),
            cosine(bestAccuracy.threshold()));
    if (tenFold != null) {
      page.fact(
          "by folds",
          "%s +- %s (mean and standard error of %d folds; standard deviation %s)",
          percent(tenFold.mean),
          percent(tenFold.standardError),
          tenFold.folds.size(),
          percent(tenFold.standardDeviation));
    }
  }

  private void addPlots(ReportPage page) {
    double threshold = defaultThreshold.threshold();
    long fmrTrials = defaultThreshold.fmr().trials();
    long fnmrTrials = defaultThreshold.fnmr().trials();
    page.plot(
            "scores.svg",
            "Similarities",
            "The further apart the two distributions are, the fewer errors a threshold makes."
                + " Comparisons of the same person left of the threshold do not match; those of"
                + " different people right of it do.",
            histogram.plot(threshold))
        .plot(
            "det.svg",
            "Error rates at all thresholds",
            "Detection error trade-off: a higher threshold moves left and up along the curve. Rates"
                + " without an error are in the shaded places, because the scales have no 0.",
            new SvgPlot(
                    Axis.ofErrorRate("false match rate (FMR)", fmrTrials, Rates.none(fmrTrials)),
                    Axis.ofErrorRate(
                        "false non-match rate (FNMR)", fnmrTrials, Rates.none(fnmrTrials)),
                    0.7,
                    "FNMR over FMR, both logarithmic, with the equal error rate and the default"
                        + " threshold and its bounds")
                .curve(
                    "curve1",
                    "all thresholds",
                    det,
                    VerificationScores.Point::fmr,
                    VerificationScores.Point::fnmr)
                .markEqualErrorRate(equalErrorRate)
                .mark(
                    "threshold " + cosine(threshold) + " with bounds",
                    defaultThreshold.fmr(),
                    defaultThreshold.fnmr()));
  }

  private static void addRow(ReportPage page, String name, OperatingPoint point) {
    page.row(name, cosine(point.threshold()), withBounds(point.fmr()), withBounds(point.fnmr()));
  }
}
