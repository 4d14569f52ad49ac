// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.description.ErrorRate;
import io.omote.face.evaluation.GradedImages.Graded;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What an evaluation of quality tells: numbers only. Immutable and thread-safe. Its parts in this
 * order are the JSON form.
 *
 * @param dataSet what the images are
 * @param modelId the id of the model that made the embeddings
 * @param threshold the similarity from which on two faces count as the same person
 * @param images how many there are
 * @param unreadable how many cannot be read
 * @param mated the mated comparisons of images with a face
 * @param left the mated comparisons that were left out, because an image has no face or cannot be
 *     read
 * @param measures what each measure of quality foresees
 */
public record QualityReport(
    String dataSet,
    String modelId,
    double threshold,
    int images,
    int unreadable,
    int mated,
    int left,
    List<Measure> measures) {
  private static final double[] SHARES = {0, 0.05, 0.1, 0.2};

  /** Beyond it, few comparisons are left to speak of. */
  private static final double DRAWN = 0.5;

  /**
   * A measure of quality.
   *
   * @param name the id of a network, or a measured property
   * @param discards the error rate after discarding
   * @param curve the error rate for each share that can be discarded
   */
  public record Measure(
      String name, List<AtDiscard> discards, List<ErrorVersusDiscard.Point> curve) {}

  /**
   * The error rate after discarding.
   *
   * @param discard the largest share of comparisons that was discarded, those of the lowest quality
   * @param fnmr the false non-match rate of the others
   */
  public record AtDiscard(double discard, ErrorRate fnmr) {}

  /**
   * Compares.
   *
   * @param dataSet what the images are
   * @param modelId the id of the model that made the embeddings
   * @param threshold the threshold
   * @param protocol which images are compared
   * @param graded the images
   * @return the report
   * @throws TooFewTrialsException if there are no mated comparisons
   */
  public static QualityReport of(
      String dataSet, String modelId, double threshold, Protocol protocol, GradedImages graded) {
    Map<String, ErrorVersusDiscard.Builder> builders = new LinkedHashMap<>();
    int mated = 0;
    int left = 0;
    for (Comparison pair : protocol.comparisons()) {
      if (!pair.mated()) {
        continue;
      }
      Optional<Graded> first = graded.images().get(pair.first());
      Optional<Graded> second = graded.images().get(pair.second());
      if (first.isEmpty() || second.isEmpty()) {
        left++;
        continue;
      }
      mated++;
      double similarity = first.get().embedding().similarity(second.get().embedding());
      Map<String, Double> others = second.get().qualities();
      first
          .get()
          .qualities()
          .forEach(
              (name, quality) ->
                  builders
                      .computeIfAbsent(name, n -> ErrorVersusDiscard.builder())
                      .add(Math.min(quality, others.get(name)), similarity));
    }
    if (mated == 0) {
      throw new TooFewTrialsException(
          "expected mated comparisons, found none that could be made: add several images of the"
              + " same people");
    }
    List<Measure> measures = new ArrayList<>();
    builders.forEach((name, builder) -> measures.add(measure(name, builder.build(), threshold)));
    return new QualityReport(
        dataSet,
        modelId,
        threshold,
        protocol.images().size(),
        graded.unreadable(),
        mated,
        left,
        List.copyOf(measures));
  }

  private static Measure measure(String name, ErrorVersusDiscard trials, double threshold) {
    List<AtDiscard> discards = new ArrayList<>();
    for (double share : SHARES) {
      discards.add(new AtDiscard(share, trials.fnmr(threshold, share)));
    }
    return new Measure(name, discards, trials.curve(threshold));
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
   * Draws the curve of each measure as PNG.
   *
   * @param file the file, with the ending {@code .png}
   * @throws IOException if it cannot be written
   */
  public void writePlot(Path file) throws IOException {
    CurvePlot plot =
        CurvePlot.linear(
            String.format(Locale.ROOT, "%s, %s", dataSet, modelId),
            "comparisons discarded, those of the lowest quality",
            "FNMR of the others");
    for (Measure measure : measures) {
      plot.add(
          measure.name,
          measure.curve.stream()
              .filter(point -> point.discarded() <= DRAWN)
              .map(point -> new double[] {point.discarded(), point.fnmr()})
              .toArray(double[][]::new));
    }
    plot.write(file);
  }

  /**
   * Prints a table.
   *
   * @param out where to
   */
  public void print(PrintWriter out) {
    Report.line(out, "data set", "%s", dataSet);
    Report.line(out, "model", "%s, threshold %.4f", modelId, threshold);
    Report.line(
        out, "images", "%d, of them %d unreadable; four of six made worse", images, unreadable);
    Report.line(
        out, "mated", "%d comparisons, and %d left out where an image has no face", mated, left);
    out.println();
    out.printf(Locale.ROOT, "%-40s", "FNMR after discarding, 95 % bounds");
    for (double share : SHARES) {
      out.printf(Locale.ROOT, " %-22s", String.format(Locale.ROOT, "%.0f %%", 100 * share));
    }
    out.println();
    for (Measure measure : measures) {
      StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "%-40s", measure.name));
      for (AtDiscard discard : measure.discards) {
        row.append(String.format(Locale.ROOT, " %-22s", Report.percent(discard.fnmr, 1)));
      }
      out.println(row.toString().stripTrailing());
    }
    out.println();
    out.println("The bounds take comparisons for independent; those that share an image are not.");
    out.flush();
  }
}
