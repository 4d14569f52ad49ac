// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.IdentificationPoint;
import io.omote.face.description.ErrorRate;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an evaluation of identification tells: numbers only. Immutable and thread-safe. Its parts in
 * this order are the JSON form.
 *
 * @param dataSet what the images are
 * @param modelId the id of the model that made the embeddings
 * @param people how many there are
 * @param enrolled how many of them each gallery has, one sample each
 * @param rounds how many galleries were searched
 * @param mated probes of people who were in the gallery
 * @param nonMated probes of people who were not
 * @param threshold from which similarity on a candidate counts
 * @param statedFpir what the models state for that threshold and size, null where they state none
 * @param fpir what was measured
 * @param fnir what was measured, at each rank
 * @param curve both rates at all thresholds, at rank 1
 */
public record IdentificationReport(
    String dataSet,
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
    List<IdentificationErrors> curve) {
  private static final int[] RANKS = {1, 5, OpenSet.RANKS};

  /**
   * The error rate at a rank.
   *
   * @param rank how many candidates count
   * @param fnir the false negative identification rate
   */
  public record AtRank(int rank, ErrorRate fnir) {}

  /**
   * Makes the report.
   *
   * @param dataSet what the images are
   * @param modelId the id of the model that made the embeddings
   * @param people how many there are
   * @param rounds how many galleries were searched
   * @param point the threshold for the size
   * @param scores the searches
   * @return the report
   */
  public static IdentificationReport of(
      String dataSet,
      String modelId,
      int people,
      int rounds,
      IdentificationPoint point,
      IdentificationScores scores) {
    List<AtRank> fnir = new ArrayList<>();
    for (int rank : RANKS) {
      fnir.add(new AtRank(rank, scores.fnir(point.threshold(), rank)));
    }
    return new IdentificationReport(
        dataSet,
        modelId,
        people,
        point.samples(),
        rounds,
        scores.matedTrials(),
        scores.nonMatedTrials(),
        point.threshold(),
        point.fpir().orElse(null),
        scores.fpir(point.threshold()),
        List.copyOf(fnir),
        scores.curve(1));
  }

  /**
   * Writes the JSON form.
   *
   * @param file the file
   * @throws IOException if it cannot be written
   */
  public void writeJson(Path file) throws IOException {
    JsonFile.write(file, this);
  }

  /**
   * Draws FNIR over FPIR as PNG.
   *
   * @param file the file, with the ending {@code .png}
   * @throws IOException if it cannot be written
   */
  public void writePlot(Path file) throws IOException {
    CurvePlot.det(
            String.format(Locale.ROOT, "%s, %s, %d enrolled", dataSet, modelId, enrolled),
            "false positive identification rate (FPIR)",
            nonMated,
            "false negative identification rate (FNIR), rank 1",
            mated)
        .add(
            "rank 1",
            curve.stream()
                .map(point -> new double[] {point.fpir(), point.fnir()})
                .toArray(double[][]::new))
        .mark(String.format(Locale.ROOT, "threshold %.4f", threshold), fpir, fnir.get(0).fnir())
        .write(file);
  }

  /**
   * Prints a table.
   *
   * @param out where to
   */
  public void print(PrintWriter out) {
    Report.line(out, "data set", "%s", dataSet);
    Report.line(out, "model", "%s", modelId);
    Report.line(
        out, "galleries", "%d of %d people, one sample each; %d rounds", enrolled, people, rounds);
    Report.line(out, "probes", "%d of people in it, %d of others", mated, nonMated);
    Report.line(
        out,
        "threshold",
        "%.4f%s",
        threshold,
        statedFpir == null
            ? ", your own"
            : String.format(Locale.ROOT, ", stated FPIR %s", Report.percent(statedFpir, 2)));
    Report.line(out, "FPIR", "%s", Report.percent(fpir, 2));
    for (AtRank row : fnir) {
      Report.line(out, "FNIR, rank " + row.rank, "%s", Report.percent(row.fnir, 2));
    }
    out.println();
    out.println("The bounds take searches for independent; those that share images are not.");
    out.flush();
  }
}
