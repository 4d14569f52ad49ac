// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import static io.omote.face.evaluation.ReportPage.cosine;
import static io.omote.face.evaluation.ReportPage.percent;

import io.omote.face.IdentificationPoint;
import io.omote.face.description.ErrorRate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The report of an evaluation of identification. Immutable and thread-safe.
 *
 * @param dataSet the description of the images
 * @param notes what does not count, or counts once
 * @param modelId the id of the model that made the embeddings
 * @param people the number of people
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
    String dataSet,
    List<String> notes,
    String modelId,
    int people,
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
      List.of("identification.json", "identification.png", "report.html");

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
      String dataSet,
      List<String> notes,
      String modelId,
      int people,
      int rounds,
      IdentificationPoint point,
      IdentificationScores scores) {
    return new IdentificationReport(
        dataSet,
        notes,
        modelId,
        people,
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
    String stated = statedFpir == null ? "your own" : "stated FPIR " + percent(statedFpir, 2);
    ReportPage page =
        new ReportPage(this, "identification.json")
            .fact("model", "%s", modelId)
            .fact(
                "galleries",
                "%d of %d people, one sample each; %d rounds",
                enrolled,
                people,
                rounds)
            .fact("probes", "%d of people in it, %d of others", mated, nonMated)
            .fact("threshold", "%s, %s", cosine(threshold), stated)
            .fact("FPIR", "%s", percent(fpir, 2));
    for (AtRank at : fnir) {
      page.fact("FNIR, rank " + at.rank, "%s", percent(at.fnir, 2));
    }
    return page.note("The bounds assume independent searches; those that share images are not.")
        .plot(
            "identification.png",
            "Detection error trade-off",
            "FNIR over FPIR at rank 1, with the threshold and its bounds",
            CurvePlot.det(
                    String.format(Locale.ROOT, "%s, %s, %d enrolled", dataSet, modelId, enrolled),
                    "false positive identification rate (FPIR)",
                    nonMated,
                    "false negative identification rate (FNIR), rank 1",
                    mated)
                .add(
                    "rank 1",
                    curve,
                    IdentificationScores.Point::fpir,
                    IdentificationScores.Point::fnir)
                .mark("threshold " + cosine(threshold), fpir, fnir.get(0).fnir));
  }
}
