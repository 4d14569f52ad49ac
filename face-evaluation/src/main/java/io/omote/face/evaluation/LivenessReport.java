// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import static io.omote.face.evaluation.Rates.count;
import static io.omote.face.evaluation.Rates.percent;
import static io.omote.face.evaluation.Rates.withBounds;
import static io.omote.face.evaluation.ReportPage.cosine;

import io.omote.face.description.ErrorRate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The report of an evaluation of liveness. Immutable and thread-safe.
 *
 * @param origin where the report comes from
 * @param dataSet the description of the images
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
    ReportOrigin origin,
    String dataSet,
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
  public static final List<String> FILES = List.of("liveness.json", "report.html", "liveness.svg");

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
      ReportOrigin origin,
      String dataSet,
      @Nullable Double threshold,
      PresentationAttackScores scores,
      int unreadable) {
    List<AtApcer> atApcer = new ArrayList<>();
    String limit = addSupported(atApcer, scores);
    return new LivenessReport(
        origin,
        dataSet,
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
    ReportPage page = new ReportPage(this, "Liveness", "liveness.json");
    Optional<Decision> shown = shown();
    shown.ifPresentOrElse(
        decision -> addResult(page, decision),
        () ->
            page.summary(
                "Both error rates are %s where they differ least. There are too few attacks to"
                    + " support a threshold.",
                percent(equalErrorRate)));
    page.figure("Equal error rate (D-EER)", percent(equalErrorRate), "of all thresholds", "")
        .figure(
            "Images",
            count(bpnrr.trials() + apnrr.values().stream().mapToLong(ErrorRate::trials).sum()),
            String.format(
                Locale.ROOT, "%s live, %d species of attack", count(bpnrr.trials()), apnrr.size()),
            "");
    if (origin.model() != null) {
      page.fact("model", "%s", origin.model());
    }
    page.fact("live", "%s", responses(bpnrr));
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
        "liveness.svg",
        "Error rates at all thresholds",
        "Detection error trade-off: a higher threshold moves left and up along the curve. Rates"
            + " without an error are in the shaded places, because the scales have no 0.",
        plot(shown));
  }

  /** Returns the decision that the summary is about. */
  private Optional<Decision> shown() {
    return Optional.ofNullable(atThreshold)
        .or(() -> atApcer.stream().map(AtApcer::decision).reduce((first, last) -> last));
  }

  private static void addResult(ReportPage page, Decision decision) {
    page.summary(
            "At threshold %.4f, %s, and %s.",
            decision.threshold,
            Rates.sentence(decision.bpcer, "live faces", "failed"),
            Rates.sentence(
                decision.highestApcer,
                decision.apcer.size() > 1 ? "attacks of the worst species" : "attacks",
                "passed"))
        .figure(
            "Live, taken for an attack (BPCER)",
            percent(decision.bpcer.value()),
            "95 % bounds " + Rates.bounds(decision.bpcer),
            "mated")
        .figure(
            "Attack, taken for live (APCER)",
            percent(decision.highestApcer.value()),
            "95 % bounds " + Rates.bounds(decision.highestApcer),
            "non-mated");
  }

  private SvgPlot plot(Optional<Decision> shown) {
    long attacks = apnrr.values().stream().mapToLong(LivenessReport::scored).max().orElseThrow();
    SvgPlot plot =
        new SvgPlot(
                Axis.ofErrorRate(
                    apnrr.size() > 1
                        ? "highest error rate of a species (APCER)"
                        : "attacks taken for live (APCER)",
                    attacks,
                    apnrr.size() > 1 ? "none of any species" : Rates.none(attacks)),
                Axis.ofErrorRate(
                    "live faces taken for attacks (BPCER)",
                    scored(bpnrr),
                    Rates.none(scored(bpnrr))),
                0.7,
                "BPCER over the highest APCER of all species, both logarithmic, with the equal"
                    + " error rate")
            .curve(
                "curve1",
                "all thresholds",
                det,
                PresentationAttackScores.Point::apcer,
                PresentationAttackScores.Point::bpcer)
            .markEqualErrorRate(equalErrorRate);
    shown.ifPresent(
        decision ->
            plot.mark(
                "threshold " + cosine(decision.threshold) + " with bounds",
                decision.highestApcer,
                decision.bpcer));
    return plot;
  }

  private static long scored(ErrorRate nonResponse) {
    return nonResponse.trials() - Rates.errors(nonResponse);
  }

  private static String responses(ErrorRate nonResponse) {
    return String.format(
        Locale.ROOT,
        "%s images, %s without a score",
        count(nonResponse.trials()),
        count(Rates.errors(nonResponse)));
  }

  private static void addRows(ReportPage page, String name, Decision decision) {
    page.row(
        name,
        cosine(decision.threshold),
        withBounds(decision.highestApcer),
        withBounds(decision.bpcer));
    if (decision.apcer.size() > 1) {
      decision.apcer.forEach((species, rate) -> page.row("  " + species, "", withBounds(rate), ""));
    }
  }
}
