// SPDX-License-Identifier: Apache-2.0
package io.omote.face.attribute;

import java.util.List;

/**
 * How much a face looks like that of a person before the camera, and not like an attack by a print
 * or a screen (presentation attack detection, ISO/IEC 30107). There is no threshold that holds
 * everywhere: measure the error rates on images of your own camera.
 *
 * <p>Immutable and thread-safe.
 *
 * @param scores what each network gives, in their order, in [0, 1]: 1 is live
 */
public record Liveness(List<Float> scores) {
  /**
   * Checks the scores and takes over a copy.
   *
   * @param scores what each network gives, in [0, 1]
   * @throws IllegalArgumentException if there is none, or one is outside [0, 1]
   */
  public Liveness {
    scores = List.copyOf(scores);
    if (scores.isEmpty() || !scores.stream().allMatch(score -> score >= 0 && score <= 1)) {
      throw new IllegalArgumentException("expected scores in [0, 1], found " + scores);
    }
  }

  /**
   * The fused score: the mean of the networks'.
   *
   * @return the score in [0, 1], higher for live faces
   */
  public double score() {
    return scores.stream().mapToDouble(Float::doubleValue).average().orElseThrow();
  }
}
