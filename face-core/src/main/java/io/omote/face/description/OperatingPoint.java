// SPDX-License-Identifier: Apache-2.0
package io.omote.face.description;

import java.util.Objects;

/**
 * A threshold and what it costs: how often it takes two people for one, and one for two. It holds
 * for one model, and for images like those of the data set it was measured on.
 *
 * <p>Immutable and thread-safe.
 *
 * @param modelId the id of the model whose similarities it decides
 * @param threshold the similarity from which on two faces count as the same person, in [-1, 1]
 * @param fmr the false match rate: non-mated comparisons that reach the threshold
 * @param fnmr the false non-match rate: mated comparisons that do not
 * @param dataSet what it was measured on, and by whom where it is a published figure
 */
public record OperatingPoint(
    String modelId, double threshold, ErrorRate fmr, ErrorRate fnmr, String dataSet) {
  /**
   * Checks the parts.
   *
   * @param modelId the id of the model whose similarities it decides
   * @param threshold the similarity from which on two faces count as the same person, in [-1, 1]
   * @param fmr the false match rate: non-mated comparisons that reach the threshold
   * @param fnmr the false non-match rate: mated comparisons that do not
   * @param dataSet what it was measured on, and by whom where it is a published figure
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
