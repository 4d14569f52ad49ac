// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import java.io.PrintWriter;
import java.util.List;

/**
 * The report of an evaluation. It holds numbers only, no embeddings and no names of images. The
 * components of each report, in their order, are its JSON form, after the version of this form.
 *
 * <p>Immutable and thread-safe.
 */
public sealed interface EvaluationReport
    permits VerificationReport, IdentificationReport, LivenessReport, QualityReport {

  /**
   * Returns the description of the images.
   *
   * @return the text
   */
  String dataSet();

  /**
   * Returns what does not count, or counts once, and why.
   *
   * @return sentences with numbers, without names of images
   */
  List<String> notes();

  /**
   * Returns where the report comes from.
   *
   * @return the version, the time and, if they are known, the command and the name of the model
   */
  ReportOrigin origin();

  /**
   * Prints the report as text and flushes the writer.
   *
   * @param out the writer
   */
  default void print(PrintWriter out) {
    ReportPage.of(this).print(out);
  }

  /**
   * Returns the JSON form.
   *
   * @return a JSON object in one line
   */
  default String toJson() {
    return Json.COMPACT.toJson(Json.tree(this));
  }
}
