// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import static io.omote.face.evaluation.Rates.count;
import static io.omote.face.evaluation.Rates.percent;
import static io.omote.face.evaluation.Rates.withBounds;
import static io.omote.face.evaluation.ReportPage.cosine;

import io.omote.face.IdentificationPoint;
import io.omote.face.description.ErrorRate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The report of an evaluation of identification. Immutable and thread-safe.
 *
 * @param origin where the report comes from
 * @param dataSet the description of the images
 * @param notes what does not count, or counts once
 * @param modelId the id of the model that made the embeddings
 * @param persons the number of people
 * @param enrolled the number of people in each gallery, with one sample each
 * @param rounds the number of galleries that were searched
 * @param mated the number of probes of people in the gallery
 * @param nonMated the number of probes of other people
 * @param threshold the minimum similarity at which a candidate counts
 * @param statedFpir the rate that the models state for the threshold and the size of the gallery,
 *     null if they state none
 * @param fpir the measured false positive identification rate
 * @param fnir the measured false negative identification rate at each rank
 * @param curve both rates at all thresholds, at rank 1
 */
public record IdentificationReport(
    ReportOrigin origin,
    String dataSet,
    List<String> notes,
    String modelId,
    int persons,
    int enrolled,
    int rounds,
    long mated,
    long nonMated,
    double threshold,
    @Nullable ErrorRate statedFpir,
    ErrorRate fpir,
    List<AtRank> fnir,
    List<IdentificationScores.Point> curve)
    implements EvaluationReport {
  /** Names of the files that {@link Evaluation#writeTo} writes. */
  public static final List<String> FILES =
      List.of("identification.json", "report.html", "identification.svg");

  private static final int[] RANKS = {1, 5, OpenSet.RANKS};

  /**
   * The error rate at a rank.
   *
   * @param rank the number of candidates that count
   * @param fnir the false negative identification rate
   */
  public record AtRank(int rank, ErrorRate fnir) {}

  /** Creates the report of searches at the threshold for the size of the gallery. */
  static IdentificationReport of(
      ReportOrigin origin,
      String dataSet,
      List<String> notes,
      String modelId,
      int persons,
      int rounds,
      IdentificationPoint point,
      IdentificationScores scores) {
    return new IdentificationReport(
        origin,
        dataSet,
        notes,
        modelId,
        persons,
        point.samples(),
        rounds,
        scores.matedTrials(),
        scores.nonMatedTrials(),
        point.threshold(),
        point.fpir().orElse(null),
        scores.fpir(point.threshold()),
        Arrays.stream(RANKS)
            .mapToObj(rank -> new AtRank(rank, scores.fnir(point.threshold(), rank)))
            .toList(),
        scores.curve(1));
  }

  ReportPage page() {
    ErrorRate missed = fnir.get(0).fnir;
    ReportPage page =
        new ReportPage(this, "Identification", "identification.json")
            .summary(
                "In a gallery of %s, at threshold %.4f, %s, and %s.",
                enrolled == 1 ? "1 person" : count(enrolled) + " people",
                threshold,
                Rates.sentence(
                    fpir, "searches for people who are not enrolled", "returned somebody"),
                Rates.sentence(missed, "searches for people who are enrolled", "missed them"))
            .figure(
                "Enrolled, missed (FNIR, rank 1)",
                percent(missed.value()),
                "95 % bounds " + Rates.bounds(missed),
                "mated")
            .figure(
                "Not enrolled, somebody found (FPIR)",
                percent(fpir.value()),
                "95 % bounds " + Rates.bounds(fpir),
                "non-mated")
            .figure(
                "Searches",
                count(mated + nonMated),
                String.format(Locale.ROOT, "%s for people who are enrolled", count(mated)),
                "")
            .fact("model", "%s", origin.model(modelId))
            .fact(
                "galleries",
                "%s of %s people, one sample each; %s rounds",
                count(enrolled),
                count(persons),
                count(rounds))
            .fact("probes", "%s of people in it, %s of others", count(mated), count(nonMated))
            .fact(
                "threshold",
                "%s, %s",
                cosine(threshold),
                statedFpir == null ? "your own" : "stated FPIR " + withBounds(statedFpir))
            .table(
                "Error rates at threshold " + cosine(threshold),
                "rate",
                "measured, 95 % bounds",
                "errors");
    addRow(page, "FPIR", fpir);
    for (AtRank at : fnir) {
      addRow(page, "FNIR, rank " + at.rank, at.fnir);
    }
    return page.note("The bounds assume independent searches; those that share images are not.")
        .pairs(
            "Samples and probes of one person with the lowest similarities, and the most similar"
                + " samples to probes of people who are not enrolled. If a label is wrong, or an"
                + " image shows somebody else, it is found here first.",
            "Enrolled, least similar",
            "Not enrolled, most similar")
        .plot(
            "identification.svg",
            "Error rates at all thresholds",
            "Detection error trade-off: a higher threshold moves left and up along the curve. Rates"
                + " without an error are in the shaded places, because the scales have no 0.",
            new SvgPlot(
                    Axis.ofErrorRate(
                        "not enrolled, somebody found (FPIR)",
                        fpir.trials(),
                        Rates.none(fpir.trials())),
                    Axis.ofErrorRate("enrolled, missed (FNIR, rank 1)", mated, Rates.none(mated)),
                    0.7,
                    "FNIR over FPIR at rank 1, both logarithmic, with the threshold and its bounds")
                .curve(
                    "curve1",
                    "all thresholds",
                    curve,
                    IdentificationScores.Point::fpir,
                    IdentificationScores.Point::fnir)
                .mark("threshold " + cosine(threshold) + " with bounds", fpir, missed));
  }

  private static void addRow(ReportPage page, String name, ErrorRate rate) {
    page.row(
        name,
        withBounds(rate),
        String.format(Locale.ROOT, "%s of %s", count(Rates.errors(rate)), count(rate.trials())));
  }
}
