// SPDX-License-Identifier: Apache-2.0
package io.omote.face.attribute;

import java.util.List;

/**
 * A score of how much a face looks like that of a person in front of the camera, rather than an
 * attack with a print or a screen (presentation attack detection, ISO/IEC 30107). No threshold is
 * valid everywhere: measure the error rates on images of your own camera.
 *
 * <p>Immutable and thread-safe.
 *
 * @param scores the score of each network, in the order of the networks, in [0, 1]; 1 is live
 */
public record Liveness(List<Float> scores) {
  /**
   * Checks and copies the scores.
   *
   * @param scores the score of each network, in [0, 1]
   * @throws IllegalArgumentException if the list is empty, or a score is outside [0, 1]
   */
  public Liveness {
    scores = List.copyOf(scores);
    if (scores.isEmpty() || !scores.stream().allMatch(score -> score >= 0 && score <= 1)) {
      throw new IllegalArgumentException("expected scores in [0, 1], found " + scores);
    }
  }

  /**
   * Returns the fused score: the mean of the scores of the networks.
   *
   * @return the score in [0, 1], higher for live faces
   */
  public double score() {
    return scores.stream().mapToDouble(Float::doubleValue).average().orElseThrow();
  }
}
