// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import static io.omote.face.evaluation.ReportPage.cosine;
import static io.omote.face.evaluation.ReportPage.percent;

import io.omote.face.description.ErrorRate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The report of an evaluation of liveness. Immutable and thread-safe.
 *
 * @param dataSet the description of the images
 * @param notes what does not count, or counts once
 * @param bpnrr the share of live faces without a score
 * @param apnrr the share of attacks without a score, for each species
 * @param equalErrorRate the mean of BPCER and the highest APCER where they differ least
 * @param atThreshold the error rates at the threshold of the caller, null without one
 * @param atApcer the error rates at an APCER of 10, 5 and 1 %, as far as the attacks support them
 * @param limit why there is no lower rate, null if all three are supported
 * @param det both error rates at all thresholds
 * @param unreadable the number of images that could not be read, and so have no score
 */
public record LivenessReport(
    String dataSet,
    List<String> notes,
    ErrorRate bpnrr,
    Map<String, ErrorRate> apnrr,
    double equalErrorRate,
    @Nullable Decision atThreshold,
    List<AtApcer> atApcer,
    @Nullable String limit,
    List<PresentationAttackScores.Point> det,
    int unreadable)
    implements EvaluationReport {
  /** Names of the files that {@link Evaluation#writeTo} writes. */
  public static final List<String> FILES = List.of("liveness.json", "liveness.png", "report.html");

  /**
   * The error rates at a threshold.
   *
   * @param threshold the minimum score at which a face is considered live
   * @param apcer the attack presentation classification error rate of each species
   * @param highestApcer the highest APCER of all species
   * @param bpcer the bona fide presentation classification error rate
   */
  public record Decision(
      double threshold, Map<String, ErrorRate> apcer, ErrorRate highestApcer, ErrorRate bpcer) {
    static Decision of(PresentationAttackScores scores, double threshold) {
      return new Decision(
          threshold,
          scores.apcer(threshold),
          scores.highestApcer(threshold),
          scores.bpcer(threshold));
    }
  }

  /**
   * The lowest threshold for an APCER.
   *
   * @param wanted the maximum APCER of all species
   * @param decision the threshold with its error rates
   */
  public record AtApcer(double wanted, Decision decision) {}

  /** Creates the report. */
  static LivenessReport of(
      String dataSet,
      List<String> notes,
      @Nullable Double threshold,
      PresentationAttackScores scores,
      int unreadable) {
    List<AtApcer> atApcer = new ArrayList<>();
    String limit = addSupported(atApcer, scores);
    return new LivenessReport(
        dataSet,
        notes,
        scores.bpnrr(),
        scores.apnrr(),
        scores.equalErrorRate(),
        threshold == null ? null : Decision.of(scores, threshold),
        List.copyOf(atApcer),
        limit,
        scores.det(),
        unreadable);
  }

  /** Adds the supported rates and returns why the next one is refused. */
  private static @Nullable String addSupported(
      List<AtApcer> atApcer, PresentationAttackScores scores) {
    for (double wanted : new double[] {0.1, 0.05, 0.01}) {
      try {
        atApcer.add(new AtApcer(wanted, Decision.of(scores, scores.thresholdAtApcer(wanted))));
      } catch (TooFewTrialsException e) {
        return e.getMessage();
      }
    }
    return null;
  }

  ReportPage page() {
    ReportPage page = new ReportPage(this, "liveness.json").fact("live", "%s", responses(bpnrr));
    apnrr.forEach((species, rate) -> page.fact(species, "%s", responses(rate)));
    page.fact("D-EER", "%s", percent(equalErrorRate))
        .table(
            "Error rates by threshold",
            "at",
            "threshold",
            "APCER, 95 % bounds",
            "BPCER, 95 % bounds");
    if (atThreshold != null) {
      addRows(page, "given", atThreshold);
    }
    for (AtApcer at : atApcer) {
      addRows(page, String.format(Locale.ROOT, "BPCER%.0f", 1 / at.wanted), at.decision);
    }
    if (limit != null) {
      page.note("No lower APCER: " + limit + ".");
    }
    return page.plot(
        "liveness.png",
        "Detection error trade-off",
        "BPCER over the highest APCER of all species, with the equal error rate",
        plot());
  }

  private CurvePlot plot() {
    long attacks = apnrr.values().stream().mapToLong(ErrorRate::trials).max().orElseThrow();
    CurvePlot plot =
        CurvePlot.det(
                dataSet,
                "highest APCER of all species of attack",
                attacks,
                "bona fide classification error rate (BPCER)",
                bpnrr.trials())
            .add(
                "DET",
                det,
                PresentationAttackScores.Point::apcer,
                PresentationAttackScores.Point::bpcer)
            .markEqualErrorRate(equalErrorRate);
    return atThreshold == null
        ? plot
        : plot.mark(
            "threshold " + cosine(atThreshold.threshold),
            atThreshold.highestApcer,
            atThreshold.bpcer);
  }

  private static String responses(ErrorRate nonResponse) {
    return String.format(
        Locale.ROOT,
        "%d images, %d without a score",
        nonResponse.trials(),
        Math.round(nonResponse.value() * nonResponse.trials()));
  }

  private static void addRows(ReportPage page, String name, Decision decision) {
    page.row(
        name,
        cosine(decision.threshold),
        percent(decision.highestApcer, 2),
        percent(decision.bpcer, 2));
    if (decision.apcer.size() > 1) {
      decision.apcer.forEach((species, rate) -> page.row("  " + species, "", percent(rate, 2), ""));
    }
  }
}
