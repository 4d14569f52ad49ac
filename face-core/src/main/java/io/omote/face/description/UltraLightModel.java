// SPDX-License-Identifier: Apache-2.0
package io.omote.face.description;

import java.util.List;
import java.util.Objects;

/**
 * The description of an UltraLight detector: a small box network, then a network that gives 68
 * points on each face, which are reduced to five landmarks.
 *
 * <p>Boxes: input {@code [1,3,H,W]}, RGB, {@code (x - 127) / 128}; outputs {@code [1,n,2]} (scores,
 * column 1 is the face) and {@code [1,n,4]} (corners as fractions of the input). Points: input
 * {@code [1,1,S,S]}, gray, {@code x / 256}; output {@code [1,136]}. Immutable and thread-safe.
 *
 * @param boxes the box network
 * @param points the network of the 68 points
 */
public record UltraLightModel(ModelFile boxes, ModelFile points) implements DetectorModel {
  /**
   * Describes two files.
   *
   * @param boxes the box network
   * @param points the network of the 68 points
   * @throws NullPointerException if a file is null
   */
  public UltraLightModel {
    Objects.requireNonNull(boxes, "boxes");
    Objects.requireNonNull(points, "points");
  }

  @Override
  public List<ModelFile> files() {
    return List.of(boxes, points);
  }
}
