// SPDX-License-Identifier: Apache-2.0
package io.omote.face.attribute;

import java.util.Objects;

/**
 * How well an image of a face serves recognition, as a network judges it. Scores of different
 * networks cannot be compared.
 *
 * <p>Immutable and thread-safe.
 *
 * @param score the quality, higher is better
 * @param modelId which network says so, as in {@code lightqnet-dm050:01bc1ba14fdf}
 */
public record FaceQuality(float score, String modelId) {
  /**
   * Checks the parts.
   *
   * @param score the quality, higher is better
   * @param modelId which network says so
   * @throws IllegalArgumentException if the score is not finite
   */
  public FaceQuality {
    Objects.requireNonNull(modelId, "modelId");
    if (!Float.isFinite(score)) {
      throw new IllegalArgumentException("expected a finite score, found " + score);
    }
  }
}
