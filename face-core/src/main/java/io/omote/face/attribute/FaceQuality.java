// SPDX-License-Identifier: Apache-2.0
package io.omote.face.attribute;

import java.util.Objects;

/**
 * A network's score of how well an image of a face serves recognition. Scores of different networks
 * cannot be compared. {@link MeasuredQuality} needs no network.
 *
 * <p>Immutable and thread-safe.
 *
 * @param score the quality, higher is better
 * @param modelId the id of the network, as in {@code lightqnet-dm050:01bc1ba14fdf}
 */
public record FaceQuality(float score, String modelId) {
  /**
   * Checks the components.
   *
   * @param score the quality, higher is better
   * @param modelId the id of the network
   * @throws IllegalArgumentException if the score is not finite
   */
  public FaceQuality {
    Objects.requireNonNull(modelId, "modelId");
    if (!Float.isFinite(score)) {
      throw new IllegalArgumentException("expected a finite score, found " + score);
    }
  }
}
