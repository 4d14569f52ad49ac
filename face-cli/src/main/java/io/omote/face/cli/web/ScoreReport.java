// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.web;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import io.omote.face.description.OperatingPoint;
import io.omote.face.evaluation.Histogram;
import io.omote.face.evaluation.Report;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What of an evaluation's {@link Report} says how similarities are distributed: the scale of a
 * similarity. Immutable and thread-safe.
 *
 * @param dataSet what the images are
 * @param modelId the id of the model that made the embeddings
 * @param comparisons how many there were
 * @param defaultThreshold the error rates at the threshold of the models
 * @param histogram how the similarities are distributed
 */
public record ScoreReport(
    String dataSet,
    String modelId,
    Comparisons comparisons,
    OperatingPoint defaultThreshold,
    Histogram histogram) {
  /**
   * How many comparisons there were.
   *
   * @param mated those of one person
   * @param matedFailures those of them that could not be made
   * @param nonMated those of different people
   * @param nonMatedFailures those of them that could not be made
   */
  public record Comparisons(long mated, long matedFailures, long nonMated, long nonMatedFailures) {}

  /**
   * Reads the file {@code report.json} of an evaluation.
   *
   * @param file the file
   * @return what it says
   * @throws IOException if it cannot be read, or is no such file
   */
  public static ScoreReport read(Path file) throws IOException {
    try (Reader text = Files.newBufferedReader(file)) {
      return parse(text, file.toString());
    }
  }

  /** That of the bundled pack, written by {@code omote evaluate}. */
  static ScoreReport ofLite() {
    String name = "lite-report.json";
    try (Reader text =
        new InputStreamReader(
            ScoreReport.class.getResourceAsStream(name), StandardCharsets.UTF_8)) {
      return parse(text, name);
    } catch (IOException e) {
      throw new IllegalStateException(
          String.format(Locale.ROOT, "expected the resource %s in the jar", name), e);
    }
  }

  private static ScoreReport parse(Reader text, String name) throws IOException {
    @Nullable ScoreReport report;
    try {
      report = new Gson().fromJson(text, ScoreReport.class);
    } catch (JsonParseException e) {
      throw refusal(name, e);
    }
    if (report == null || !report.isWhole()) {
      throw refusal(name, null);
    }
    return report;
  }

  private static IOException refusal(String name, @Nullable Exception cause) {
    return new IOException(
        String.format(
            Locale.ROOT,
            "%s: expected the report.json of an evaluation, found something else: write it by omote evaluate --output",
            name),
        cause);
  }

  // Gson leaves out what is missing in the text, whatever the declaration says.
  @SuppressWarnings("ConstantValue")
  private boolean isWhole() {
    return dataSet != null
        && modelId != null
        && comparisons != null
        && defaultThreshold != null
        && histogram != null
        && histogram.mated() != null
        && histogram.nonMated() != null;
  }
}
