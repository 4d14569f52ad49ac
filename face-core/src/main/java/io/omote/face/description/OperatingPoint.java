// SPDX-License-Identifier: Apache-2.0
package io.omote.face.description;

import java.util.Objects;

/**
 * A threshold with its false match rate and false non-match rate. It is valid for one model, and
 * for images like those of the data set on which it was measured.
 *
 * <p>Immutable and thread-safe.
 *
 * @param modelId the id of the model whose similarities the threshold decides
 * @param threshold the minimum similarity at which two faces are considered the same person, in
 *     [-1, 1]
 * @param fmr the false match rate: the share of non-mated comparisons that reach the threshold
 * @param fnmr the false non-match rate: the share of mated comparisons that do not
 * @param dataSet the data on which it was measured, and the author if it is a published figure
 */
public record OperatingPoint(
    String modelId, double threshold, ErrorRate fmr, ErrorRate fnmr, String dataSet) {
  /**
   * Checks the components.
   *
   * @param modelId the id of the model whose similarities the threshold decides
   * @param threshold the minimum similarity at which two faces are considered the same person, in
   *     [-1, 1]
   * @param fmr the false match rate: the share of non-mated comparisons that reach the threshold
   * @param fnmr the false non-match rate: the share of mated comparisons that do not
   * @param dataSet the data on which it was measured, and the author if it is a published figure
   * @throws IllegalArgumentException if the threshold is outside [-1, 1]
   */
  public OperatingPoint {
    Objects.requireNonNull(modelId, "modelId");
    Objects.requireNonNull(fmr, "fmr");
    Objects.requireNonNull(fnmr, "fnmr");
    Objects.requireNonNull(dataSet, "dataSet");
    Thresholds.check(threshold);
  }
}
