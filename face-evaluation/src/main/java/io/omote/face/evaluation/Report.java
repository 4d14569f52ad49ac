// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.description.ErrorRate;
import io.omote.face.description.OperatingPoint;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an evaluation tells: numbers only, no embedding and no name of an image. Immutable and
 * thread-safe. Its parts in this order are the JSON form.
 *
 * @param dataSet what the images are
 * @param modelId the id of the model that made the embeddings
 * @param images what became of the images
 * @param comparisons what became of the comparisons
 * @param equalErrorRate the mean of both rates where they differ least
 * @param bestAccuracy the threshold that is best on these very comparisons
 * @param tenFold accuracy by LFW's protocol, null where the comparisons are not divided
 * @param defaultThreshold the error rates at the threshold of the models
 * @param atFmr for each false match rate from 10 % downwards that the trials support, the lowest
 *     threshold that keeps it
 * @param limit why no lower rate is stated
 * @param det the corners of the DET curve
 * @param histogram how the similarities are distributed
 */
public record Report(
    String dataSet,
    String modelId,
    Images images,
    Comparisons comparisons,
    double equalErrorRate,
    ThresholdAccuracy bestAccuracy,
    @Nullable TenFold tenFold,
    OperatingPoint defaultThreshold,
    List<AtFmr> atFmr,
    String limit,
    List<DetPoint> det,
    Histogram histogram) {
  /**
   * What became of the images.
   *
   * @param total all
   * @param withoutFace those without a face that can be used
   * @param unreadable those that could not be read
   * @param embeddedBefore those known from an earlier run
   * @param perSecond those embedded by this run, for each second; 0 if none were
   */
  public record Images(
      int total, long withoutFace, int unreadable, long embeddedBefore, double perSecond) {
    static Images of(EmbeddedImages images) {
      int total = images.outcomes().size();
      return new Images(
          total,
          images.withoutFace(),
          images.unreadable().size(),
          images.stored(),
          rate(total - images.stored(), images.duration()));
    }
  }

  /**
   * What became of the comparisons.
   *
   * @param mated those of one person
   * @param matedFailures those of them that could not be made
   * @param nonMated those of different people
   * @param nonMatedFailures those of them that could not be made
   * @param perSecond comparisons for each second
   */
  public record Comparisons(
      long mated, long matedFailures, long nonMated, long nonMatedFailures, double perSecond) {
    static Comparisons of(VerificationScores scores, Duration duration) {
      return new Comparisons(
          scores.matedTrials(),
          scores.matedFailures(),
          scores.nonMatedTrials(),
          scores.nonMatedFailures(),
          rate(scores.matedTrials() + scores.nonMatedTrials(), duration));
    }
  }

  /**
   * Accuracy by LFW's protocol.
   *
   * @param mean the mean of the folds
   * @param standardDeviation their standard deviation
   * @param standardError the standard error of the mean
   * @param folds each fold
   */
  public record TenFold(
      double mean, double standardDeviation, double standardError, List<ThresholdAccuracy> folds) {
    static TenFold of(CrossValidation result) {
      return new TenFold(
          result.mean(), result.standardDeviation(), result.standardError(), result.folds());
    }
  }

  /**
   * A wanted false match rate.
   *
   * @param wanted the rate
   * @param point the operating point that keeps it
   */
  public record AtFmr(double wanted, OperatingPoint point) {}

  /**
   * Makes the report.
   *
   * @param dataSet what the images are
   * @param modelId the id of the model that made the embeddings
   * @param defaultThreshold the threshold of the models
   * @param images the embeddings
   * @param scoring the scores
   * @return the report
   * @throws TooFewTrialsException if there are no mated or no non-mated comparisons
   */
  public static Report of(
      String dataSet,
      String modelId,
      double defaultThreshold,
      EmbeddedImages images,
      Scoring scoring) {
    VerificationScores scores = VerificationScores.union(scoring.folds());
    List<AtFmr> atFmr = new ArrayList<>();
    String limit = addSupported(atFmr, scores, modelId, dataSet);
    return new Report(
        dataSet,
        modelId,
        Images.of(images),
        Comparisons.of(scores, scoring.duration()),
        scores.equalErrorRate(),
        scores.bestAccuracy(),
        scoring.folds().size() > 1 ? TenFold.of(CrossValidation.of(scoring.folds())) : null,
        scores.operatingPoint(modelId, defaultThreshold, dataSet),
        List.copyOf(atFmr),
        limit,
        scores.det(),
        Histogram.of(scores));
  }

  /** Adds the rates that are supported and gives the words that refuse the next one. */
  private static String addSupported(
      List<AtFmr> atFmr, VerificationScores scores, String modelId, String dataSet) {
    long inverse = 10;
    while (true) {
      double wanted = 1.0 / inverse;
      try {
        atFmr.add(new AtFmr(wanted, pointAt(wanted, scores, modelId, dataSet)));
      } catch (TooFewTrialsException e) {
        return e.getMessage();
      }
      inverse *= 10;
    }
  }

  /**
   * The lowest threshold of four decimals that keeps a false match rate. More decimals would be
   * noise: they differ from processor to processor.
   *
   * @param fmr the false match rate wanted
   * @param scores the scores
   * @param modelId the id of the model
   * @param dataSet what the images are
   * @return the threshold with its error rates
   * @throws TooFewTrialsException if the trials do not support the rate
   */
  public static OperatingPoint pointAt(
      double fmr, VerificationScores scores, String modelId, String dataSet) {
    double threshold = Math.ceil(scores.thresholdAtFmr(fmr) * 1e4) / 1e4;
    return scores.operatingPoint(modelId, threshold, dataSet);
  }

  private static double rate(long count, Duration duration) {
    return count == 0 ? 0 : count / (duration.toNanos() / 1e9);
  }

  /**
   * The JSON form in one line.
   *
   * @return a JSON object without a line break
   */
  public String toJson() {
    return JsonFile.line(this);
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
   * Draws the DET curve as PNG, with the equal error rate, the threshold of the models and its
   * bounds.
   *
   * @param file the file, with the ending {@code .png}
   * @throws IOException if it cannot be written
   */
  public void writeDet(Path file) throws IOException {
    CurvePlot.det(
            String.format(Locale.ROOT, "%s, %s", dataSet, modelId),
            "false match rate (FMR)",
            defaultThreshold.fmr().trials(),
            "false non-match rate (FNMR)",
            defaultThreshold.fnmr().trials())
        .add(
            "DET",
            det.stream()
                .map(point -> new double[] {point.fmr(), point.fnmr()})
                .toArray(double[][]::new))
        .mark(
            String.format(Locale.ROOT, "equal error rate %.2f %%", 100 * equalErrorRate),
            equalErrorRate,
            equalErrorRate)
        .mark(
            String.format(
                Locale.ROOT, "threshold of the models, %.4f", defaultThreshold.threshold()),
            defaultThreshold.fmr(),
            defaultThreshold.fnmr())
        .write(file);
  }

  /**
   * Draws how the similarities are distributed, with the threshold, as PNG.
   *
   * @param file the file, with the ending {@code .png}
   * @throws IOException if it cannot be written
   */
  public void writeHistogram(Path file) throws IOException {
    CurvePlot.overSimilarity(String.format(Locale.ROOT, "%s, %s", dataSet, modelId), "comparisons")
        .add("mated", histogram.steps(histogram.mated()))
        .add("non-mated", histogram.steps(histogram.nonMated()))
        .add(
            String.format(
                Locale.ROOT, "threshold of the models, %.4f", defaultThreshold.threshold()),
            new double[][] {
              {defaultThreshold.threshold(), 0}, {defaultThreshold.threshold(), histogram.highest()}
            })
        .write(file);
  }

  /**
   * Prints a table.
   *
   * @param out where to
   */
  public void print(PrintWriter out) {
    line(out, "data set", "%s", dataSet);
    line(out, "model", "%s", modelId);
    line(
        out,
        "images",
        "%d, of them %d without a face, %d unreadable",
        images.total,
        images.withoutFace,
        images.unreadable);
    line(
        out,
        "embedded",
        "%d by an earlier run, %d now (%.1f images/s)",
        images.embeddedBefore,
        images.total - images.embeddedBefore,
        images.perSecond);
    line(
        out,
        "mated",
        "%d comparisons, of them %d failed (false non-matches)",
        comparisons.mated,
        comparisons.matedFailures);
    line(
        out,
        "non-mated",
        "%d comparisons, of them %d failed (no trials of FMR)",
        comparisons.nonMated,
        comparisons.nonMatedFailures);
    line(out, "compared", "%.0f comparisons/s", comparisons.perSecond);
    line(out, "equal error rate", "%.2f %%", 100 * equalErrorRate);
    line(
        out,
        "best accuracy",
        "%.2f %% at %.4f (chosen on these comparisons)",
        100 * bestAccuracy.accuracy(),
        bestAccuracy.threshold());
    if (tenFold != null) {
      line(
          out,
          "by folds",
          "%.2f %% +- %.2f %% (mean and standard error of %d folds; standard deviation %.2f %%)",
          100 * tenFold.mean,
          100 * tenFold.standardError,
          tenFold.folds.size(),
          100 * tenFold.standardDeviation);
    }
    out.println();
    out.printf(
        Locale.ROOT,
        "%-10s %9s   %-34s %s%n",
        "at",
        "threshold",
        "FMR, 95 % bounds",
        "FNMR, 95 % bounds");
    row(out, "default", defaultThreshold);
    for (AtFmr row : atFmr) {
      row(out, String.format(Locale.ROOT, "FMR %.0e", row.wanted), row.point);
    }
    out.println();
    out.println("No lower FMR: " + limit + ".");
    out.println("The bounds take comparisons for independent; those that share an image are not.");
    out.flush();
  }

  static void line(PrintWriter out, String name, String format, Object... values) {
    out.printf(Locale.ROOT, "%-17s %s%n", name, String.format(Locale.ROOT, format, values));
  }

  private static void row(PrintWriter out, String name, OperatingPoint point) {
    out.printf(
        Locale.ROOT,
        "%-10s %9.4f   %-34s %s%n",
        name,
        point.threshold(),
        percent(point.fmr(), 5),
        percent(point.fnmr(), 2));
  }

  static String percent(ErrorRate rate, int decimals) {
    String format =
        String.format(Locale.ROOT, "%%.%sf %%%% (%%.%sf to %%.%sf)", decimals, decimals, decimals);
    return String.format(
        Locale.ROOT, format, 100 * rate.value(), 100 * rate.lower(), 100 * rate.upper());
  }
}
