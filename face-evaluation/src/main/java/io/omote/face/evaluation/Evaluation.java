// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.FaceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The result of an {@link Evaluator}: a report, and the scores that it was made from. Immutable and
 * thread-safe.
 *
 * @param <S> the type of the scores
 * @param <R> the type of the report
 */
public final class Evaluation<S, R extends EvaluationReport> {
  private final S scores;
  private final R report;
  private final boolean isComplete;
  private final @Nullable WorstPairs worst;
  private final @Nullable EmbeddedImages compared;

  /**
   * Creates the result.
   *
   * @param worst the pairs that the web page shows, null for none
   * @param compared the images of an evaluation of verification, else null
   */
  Evaluation(
      S scores,
      R report,
      boolean isComplete,
      @Nullable WorstPairs worst,
      @Nullable EmbeddedImages compared) {
    this.scores = scores;
    this.report = report;
    this.isComplete = isComplete;
    this.worst = worst;
    this.compared = compared;
  }

  /**
   * Returns the scores.
   *
   * @return the scores
   */
  public S scores() {
    return scores;
  }

  /**
   * Returns the report.
   *
   * @return the report
   */
  public R report() {
    return report;
  }

  /**
   * Returns whether every image was read, with or without a face.
   *
   * @return false if images could not be read or were left out
   */
  public boolean isComplete() {
    return isComplete;
  }

  /**
   * Writes the report into a folder, as JSON, plots (SVG) and one web page that needs no other
   * file. The page of verification and identification names the images of the worst pairs; it shows
   * their faces only if {@link Evaluator#withCrops} asked for them. The constant {@code FILES} of
   * each report lists the names. If a file cannot be written, those before it stay.
   *
   * @param folder the folder, created if it is missing
   * @throws FaceException if one of the files exists or cannot be written completely; it says which
   *     files are complete
   * @throws IOException if a file cannot be created
   */
  public void writeTo(Path folder) throws IOException {
    Files.createDirectories(folder);
    ReportPage.of(report).write(folder, worst);
  }

  /**
   * Writes the similarity of each pair of a verification as CSV, with the names of the images. All
   * pairs of thousands of images are millions of lines.
   *
   * @param csv the file
   * @throws IllegalStateException if this is not an evaluation of verification
   * @throws FaceException if the file exists or cannot be written completely
   * @throws IOException if the file cannot be created
   */
  public void writeScores(Path csv) throws IOException {
    if (compared == null) {
      throw new IllegalStateException("only an evaluation of verification compares listed pairs");
    }
    compared.writeScores(csv);
  }
}
