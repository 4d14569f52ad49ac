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
  private final @Nullable EmbeddedImages compared;

  /**
   * Creates the result.
   *
   * @param compared the images whose comparisons are written, too; null for none
   */
  Evaluation(S scores, R report, boolean isComplete, @Nullable EmbeddedImages compared) {
    this.scores = scores;
    this.report = report;
    this.isComplete = isComplete;
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
   * Writes the report into a folder, as JSON, plots (PNG) and one web page that needs no other
   * file. Verification also writes the similarity of each pair, with the names of the images. The
   * constant {@code FILES} of each report lists the names.
   *
   * @param folder the folder, created if it is missing
   * @throws FaceException if one of the files exists
   * @throws IOException if a file cannot be written
   */
  public void writeTo(Path folder) throws IOException {
    Files.createDirectories(folder);
    ReportPage.of(report).write(folder);
    if (compared != null) {
      compared.writeScores(folder.resolve("scores.csv"));
    }
  }
}
