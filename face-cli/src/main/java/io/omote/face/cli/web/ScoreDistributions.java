// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.web;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import io.omote.face.FaceException;
import io.omote.face.description.DetectorModel;
import io.omote.face.description.OperatingPoint;
import io.omote.face.description.UltraLightModel;
import io.omote.face.evaluation.Histogram;
import io.omote.face.evaluation.VerificationReport;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The part of a {@link VerificationReport} that the page shows: the distributions of mated and
 * non-mated similarities. Immutable and thread-safe.
 *
 * @param dataSet the description of the images
 * @param modelId the id of the model that made the embeddings
 * @param comparisons the numbers of comparisons
 * @param defaultThreshold the error rates at the default threshold of the models
 * @param histogram the distribution of similarities
 */
public record ScoreDistributions(
    String dataSet,
    String modelId,
    Counts comparisons,
    OperatingPoint defaultThreshold,
    Histogram histogram) {
  /**
   * The numbers of comparisons.
   *
   * @param mated the comparisons of images of one person
   * @param matedFailures the mated comparisons that failed
   * @param nonMated the comparisons of images of different people
   * @param nonMatedFailures the non-mated comparisons that failed
   */
  public record Counts(long mated, long matedFailures, long nonMated, long nonMatedFailures) {}

  /**
   * Reads the file {@code report.json} of an evaluation.
   *
   * @param file the file
   * @return the distributions
   * @throws FaceException if the file cannot be read or is not such a file
   */
  public static ScoreDistributions read(Path file) {
    try (Reader text = Files.newBufferedReader(file)) {
      return parse(text, file.toString());
    } catch (NoSuchFileException e) {
      throw new FaceException(
          String.format(Locale.ROOT, "there is no file %s: check --report", file), e);
    } catch (CharacterCodingException e) {
      throw refusal(file.toString(), e);
    } catch (IOException e) {
      throw new FaceException(
          String.format(
              Locale.ROOT,
              "%s could not be read: check that it is a file, and its permissions",
              file),
          e);
    }
  }

  /**
   * Returns the distributions of the bundled recognizer, as written by {@code omote evaluate}. Both
   * bundled packs have it, but similarities also depend on the detector.
   *
   * @param detector the detector in use
   */
  static ScoreDistributions ofBundled(DetectorModel detector) {
    String name =
        detector instanceof UltraLightModel ? "lite-fast-report.json" : "lite-report.json";
    try (Reader text =
        new InputStreamReader(
            ScoreDistributions.class.getResourceAsStream(name), StandardCharsets.UTF_8)) {
      return parse(text, name);
    } catch (IOException e) {
      throw new IllegalStateException(
          String.format(Locale.ROOT, "the resource %s is missing from the jar", name), e);
    }
  }

  private static ScoreDistributions parse(Reader text, String name) {
    @Nullable ScoreDistributions report;
    try {
      report = new Gson().fromJson(text, ScoreDistributions.class);
    } catch (JsonParseException e) {
      throw refusal(name, e);
    }
    if (report == null || !report.isWhole()) {
      throw refusal(name, null);
    }
    return report;
  }

  private static FaceException refusal(String name, @Nullable Exception cause) {
    return new FaceException(
        String.format(
            Locale.ROOT,
            "%s is not the report.json of an evaluation: write one with omote evaluate --output",
            name),
        cause);
  }

  // Gson leaves missing members null.
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
