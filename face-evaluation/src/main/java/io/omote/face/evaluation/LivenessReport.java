// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceDetector;
import io.omote.face.FaceImage;
import io.omote.face.FaceSelection;
import io.omote.face.ImageException;
import io.omote.face.attribute.Liveness;
import io.omote.face.description.ErrorRate;
import io.omote.face.internal.files.ImageFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What an evaluation of liveness tells: numbers only. Immutable and thread-safe. Its parts in this
 * order are the JSON form.
 *
 * @param dataSet what the images are
 * @param bpnrr live faces that got no score
 * @param apnrr attacks of each species that got no score
 * @param equalErrorRate the mean of BPCER and the highest APCER where they differ least
 * @param atThreshold the errors at the caller's threshold, null where there is none
 * @param atApcer BPCER at an APCER of 10, 5 and 1 %, as far as the attacks support it
 * @param limit why no lower rate is stated, null where all three are
 * @param det both error rates at all thresholds
 * @param unreadable how many images could not be read, and so got no score
 */
public record LivenessReport(
    String dataSet,
    ErrorRate bpnrr,
    Map<String, ErrorRate> apnrr,
    double equalErrorRate,
    @Nullable Decision atThreshold,
    List<AtApcer> atApcer,
    @Nullable String limit,
    List<PresentationAttackPoint> det,
    int unreadable) {

  /**
   * The errors of a threshold.
   *
   * @param threshold the score from which on a face counts as live
   * @param apcer attacks of each species that count as live
   * @param highestApcer that of the species which gets through most often
   * @param bpcer live faces that count as attacks
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
   * The errors where APCER is kept.
   *
   * @param wanted the highest APCER of any species
   * @param decision the lowest threshold that keeps it, with its errors
   */
  public record AtApcer(double wanted, Decision decision) {}

  /**
   * Scores all images; of several faces the largest counts.
   *
   * @param presentations the images
   * @param detector finds the faces
   * @param analyzer scores them
   * @param threshold the threshold to judge, null for none
   * @param complain takes the words about each image that cannot be read
   * @param step is called after each image
   * @return the report
   * @throws TooFewTrialsException if there are no live faces or no attacks
   */
  public static LivenessReport of(
      Presentations presentations,
      FaceDetector detector,
      FaceAnalyzer<Liveness> analyzer,
      @Nullable Double threshold,
      Consumer<String> complain,
      Runnable step) {
    PresentationAttackScores.Builder builder = PresentationAttackScores.builder();
    List<String> unreadable = new ArrayList<>();
    for (Path image : presentations.live()) {
      score(image, detector, analyzer, unreadable)
          .ifPresentOrElse(builder::addLive, builder::addLiveNonResponse);
      step.run();
    }
    presentations
        .attacks()
        .forEach(
            (species, images) -> {
              for (Path image : images) {
                score(image, detector, analyzer, unreadable)
                    .ifPresentOrElse(
                        score -> builder.addAttack(species, score),
                        () -> builder.addAttackNonResponse(species));
                step.run();
              }
            });
    unreadable.forEach(complain);
    PresentationAttackScores scores = builder.build();
    List<AtApcer> atApcer = new ArrayList<>();
    return new LivenessReport(
        presentations.name(),
        scores.bpnrr(),
        scores.apnrr(),
        scores.equalErrorRate(),
        threshold == null ? null : Decision.of(scores, threshold),
        atApcer,
        addSupported(atApcer, scores),
        scores.det(),
        unreadable.size());
  }

  private static Optional<Double> score(
      Path file, FaceDetector detector, FaceAnalyzer<Liveness> analyzer, List<String> unreadable) {
    try {
      FaceImage image = ImageFiles.read(file);
      return detector
          .detectOne(image, FaceSelection.LARGEST)
          .map(selected -> analyzer.analyze(image, selected.face()).score());
    } catch (ImageException e) {
      unreadable.add(e.getMessage());
      return Optional.empty();
    }
  }

  /** Adds the rates that are supported and gives the words that refuse the next one. */
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
   * Draws the DET curve as PNG.
   *
   * @param file the file, with the ending {@code .png}
   * @throws IOException if it cannot be written
   */
  public void writePlot(Path file) throws IOException {
    long attacks = apnrr.values().stream().mapToLong(ErrorRate::trials).max().orElseThrow();
    CurvePlot plot =
        CurvePlot.det(
                dataSet,
                "highest APCER of the species of attack",
                attacks,
                "bona fide classification error rate (BPCER)",
                bpnrr.trials())
            .add(
                "DET",
                det.stream()
                    .map(point -> new double[] {point.apcer(), point.bpcer()})
                    .toArray(double[][]::new))
            .mark(
                String.format(Locale.ROOT, "equal error rate %.2f %%", 100 * equalErrorRate),
                equalErrorRate,
                equalErrorRate);
    if (atThreshold != null) {
      plot.mark(
          String.format(Locale.ROOT, "threshold %.4f", atThreshold.threshold()),
          atThreshold.highestApcer(),
          atThreshold.bpcer());
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
    Report.line(out, "live", "%s", responses(bpnrr));
    apnrr.forEach((species, rate) -> Report.line(out, species, "%s", responses(rate)));
    Report.line(out, "D-EER", "%.2f %%", 100 * equalErrorRate);
    out.println();
    out.printf(
        Locale.ROOT,
        "%-10s %9s   %-34s %s%n",
        "at",
        "threshold",
        "APCER, 95 % bounds",
        "BPCER, 95 % bounds");
    if (atThreshold != null) {
      row(out, "given", atThreshold);
    }
    for (AtApcer row : atApcer) {
      row(out, String.format(Locale.ROOT, "BPCER%.0f", 1 / row.wanted), row.decision);
    }
    if (limit != null) {
      out.println();
      out.println("No lower APCER: " + limit + ".");
    }
    out.flush();
  }

  private static String responses(ErrorRate nonResponse) {
    return String.format(
        Locale.ROOT,
        "%d images, of them %d without a score",
        nonResponse.trials(),
        Math.round(nonResponse.value() * nonResponse.trials()));
  }

  private static void row(PrintWriter out, String name, Decision decision) {
    out.printf(
        Locale.ROOT,
        "%-10s %9.4f   %-34s %s%n",
        name,
        decision.threshold,
        Report.percent(decision.highestApcer, 2),
        Report.percent(decision.bpcer, 2));
    if (decision.apcer.size() > 1) {
      decision.apcer.forEach(
          (species, rate) ->
              out.printf(Locale.ROOT, "  %-18s   %s%n", species, Report.percent(rate, 2)));
    }
  }
}
