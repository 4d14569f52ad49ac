// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import static io.omote.face.evaluation.Rates.count;
import static io.omote.face.evaluation.Rates.percent;

import io.omote.face.description.ErrorRate;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The report of an evaluation of quality measures. Immutable and thread-safe.
 *
 * @param origin where the report comes from
 * @param dataSet the description of the images
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
    ReportOrigin origin,
    String dataSet,
    String modelId,
    double threshold,
    int images,
    int unreadable,
    int mated,
    int left,
    List<Measure> measures)
    implements EvaluationReport {
  /** Names of the files that {@link Evaluation#writeTo} writes. */
  public static final List<String> FILES = List.of("quality.json", "report.html", "quality.svg");

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

    private AtDiscard last() {
      return discards.get(discards.size() - 1);
    }

    private Stream<ErrorVersusDiscard.Point> drawn() {
      return curve.stream().filter(point -> point.discarded() <= DRAWN);
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
      ReportOrigin origin,
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
        origin,
        dataSet,
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
    ErrorRate all = measures.get(0).discards.get(0).fnmr;
    Measure best =
        measures.stream()
            .min(Comparator.comparingDouble(measure -> measure.last().fnmr.value()))
            .orElseThrow();
    ReportPage page =
        new ReportPage(this, "Quality", "quality.json")
            .summary(
                "At threshold %.4f, %s. Without those of the lowest quality, at most %s of all, it is"
                    + " %s by the best of %d measures, %s.",
                threshold,
                Rates.sentence(all, "comparisons of the same person", "failed to match"),
                percent(best.last().discard),
                percent(best.last().fnmr.value()),
                measures.size(),
                best.name)
            .figure(
                "No match, all comparisons (FNMR)",
                percent(all.value()),
                "95 % bounds " + Rates.bounds(all),
                "mated")
            .figure(
                "Without the worst " + percent(best.last().discard),
                percent(best.last().fnmr.value()),
                "by " + best.name,
                "mated")
            .figure(
                "Comparisons",
                count(mated),
                String.format(Locale.ROOT, "of the same person, of %s images", count(images)),
                "")
            .fact("model", "%s, threshold %.4f", origin.model(modelId), threshold)
            .fact(
                "images",
                "%s (%s unreadable), four of six degraded",
                count(images),
                count(unreadable))
            .fact("mated", "%s comparisons, %s left out without a face", count(mated), count(left))
            .table(
                "Error rates after discarding",
                row(
                    "FNMR after discarding, 95 % bounds",
                    Arrays.stream(SHARES).mapToObj(Rates::percent)));
    for (Measure measure : measures) {
      page.row(row(measure.name, measure.discards.stream().map(at -> Rates.withBounds(at.fnmr))));
    }
    return page.note(
            "The bounds assume independent comparisons; those that share an image are not.")
        .plot(
            "quality.svg",
            "Error versus discard",
            "What remains of the error rate when the comparisons of the lowest quality are"
                + " discarded. A measure that predicts errors falls from the left; one that"
                + " predicts nothing stays level.",
            plot());
  }

  private SvgPlot plot() {
    double highest =
        measures.stream()
            .flatMap(Measure::drawn)
            .mapToDouble(ErrorVersusDiscard.Point::fnmr)
            .max()
            .orElse(0);
    SvgPlot plot =
        new SvgPlot(
            Axis.ofShare("comparisons discarded, those of the lowest quality", DRAWN),
            Axis.ofShare("FNMR of the others", highest),
            0.7,
            "FNMR over the share of comparisons discarded, for each quality measure");
    for (int i = 0; i < measures.size(); i++) {
      Measure measure = measures.get(i);
      plot.curve(
          SvgPlot.kind(i),
          measure.name,
          measure.drawn().toList(),
          ErrorVersusDiscard.Point::discarded,
          ErrorVersusDiscard.Point::fnmr);
    }
    return plot;
  }

  private static String[] row(String name, Stream<String> cells) {
    return Stream.concat(Stream.of(name), cells).toArray(String[]::new);
  }
}
