// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import static io.omote.face.evaluation.ReportPage.percent;

import io.omote.face.description.ErrorRate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The report of an evaluation of quality measures. Immutable and thread-safe.
 *
 * @param dataSet the description of the images
 * @param notes what does not count, or counts once
 * @param modelId the id of the model that made the embeddings
 * @param threshold the minimum similarity at which two faces are considered the same person
 * @param images the number of images
 * @param unreadable the number of images that could not be read
 * @param mated the number of completed mated comparisons
 * @param left the number of mated comparisons left out, because an image has no face or could not
 *     be read
 * @param measures the results of each quality measure
 */
public record QualityReport(
    String dataSet,
    List<String> notes,
    String modelId,
    double threshold,
    int images,
    int unreadable,
    int mated,
    int left,
    List<Measure> measures)
    implements EvaluationReport {
  /** Names of the files that {@link Evaluation#writeTo} writes. */
  public static final List<String> FILES = List.of("quality.json", "quality.png", "report.html");

  private static final double[] SHARES = {0, 0.05, 0.1, 0.2};

  /** The share up to which curves are drawn; beyond, few comparisons remain. */
  private static final double DRAWN = 0.5;

  /**
   * The results of a quality measure.
   *
   * @param name the id of a network, or a measured property
   * @param discards the error rate after discarding given shares
   * @param curve the error rate for each share that can be discarded
   */
  public record Measure(
      String name, List<AtDiscard> discards, List<ErrorVersusDiscard.Point> curve) {
    private static Measure of(String name, ErrorVersusDiscard trials, double threshold) {
      return new Measure(
          name,
          Arrays.stream(SHARES)
              .mapToObj(share -> new AtDiscard(share, trials.fnmr(threshold, share)))
              .toList(),
          trials.curve(threshold));
    }
  }

  /**
   * The error rate after discarding.
   *
   * @param discard the maximum share of comparisons discarded, those of the lowest quality
   * @param fnmr the false non-match rate of the remaining comparisons
   */
  public record AtDiscard(double discard, ErrorRate fnmr) {}

  /** Creates the report. */
  static QualityReport of(
      String dataSet,
      String modelId,
      double threshold,
      Protocol protocol,
      int unreadable,
      Map<String, ErrorVersusDiscard> scores) {
    int all = 0;
    for (Protocol.Pair pair : protocol.pairs()) {
      all += pair.mated() ? 1 : 0;
    }
    int mated = scores.values().iterator().next().size();
    return new QualityReport(
        dataSet,
        protocol.notes(),
        modelId,
        threshold,
        protocol.images().size(),
        unreadable,
        mated,
        all - mated,
        scores.entrySet().stream()
            .map(entry -> Measure.of(entry.getKey(), entry.getValue(), threshold))
            .toList());
  }

  ReportPage page() {
    ReportPage page =
        new ReportPage(this, "quality.json")
            .fact("model", "%s, threshold %.4f", modelId, threshold)
            .fact("images", "%d (%d unreadable), four of six degraded", images, unreadable)
            .fact("mated", "%d comparisons, %d left out without a face", mated, left)
            .table(
                "Error rates after discarding",
                row(
                    "FNMR after discarding, 95 % bounds",
                    Arrays.stream(SHARES)
                        .mapToObj(share -> String.format(Locale.ROOT, "%.0f %%", 100 * share))));
    CurvePlot plot =
        CurvePlot.linear(
            dataSet + ", " + modelId,
            "comparisons discarded, those of the lowest quality",
            "FNMR of the others");
    for (Measure measure : measures) {
      page.row(row(measure.name, measure.discards.stream().map(at -> percent(at.fnmr, 1))));
      plot.add(
          measure.name,
          measure.curve.stream().filter(point -> point.discarded() <= DRAWN).toList(),
          ErrorVersusDiscard.Point::discarded,
          ErrorVersusDiscard.Point::fnmr);
    }
    return page.note(
            "The bounds assume independent comparisons; those that share an image are not.")
        .plot(
            "quality.png",
            "Error versus discard",
            "FNMR over the share of comparisons discarded, for each quality measure",
            plot);
  }

  private static String[] row(String name, Stream<String> cells) {
    return Stream.concat(Stream.of(name), cells).toArray(String[]::new);
  }
}
