// SPDX-License-Identifier: Apache-2.0
package io.omote.face.description;

import io.omote.face.attribute.DenseLandmarks;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * The description of a network that finds 68 points on a face, with depth (InsightFace's {@code
 * 1k3d68}). {@link io.omote.face.attribute.HeadPose#of(DenseLandmarks)} computes the head pose from
 * them.
 *
 * <p>Input {@code [N,3,S,S]}, RGB, S usually 192; output {@code [N,3309]}: x, y and z of 1103
 * points, of which the last 68 are used. Immutable and thread-safe.
 *
 * @param file the network
 */
public record Landmarks68Model(ModelFile file) implements AnalyzerModel<DenseLandmarks> {
  /**
   * Describes a file.
   *
   * @param file the network
   * @throws NullPointerException if the file is null
   */
  public Landmarks68Model {
    Objects.requireNonNull(file, "file");
  }

  /**
   * Describes a file on disk.
   *
   * @param onnx the ONNX file
   * @return its description
   */
  public static Landmarks68Model of(Path onnx) {
    return new Landmarks68Model(ModelFile.of(onnx));
  }

  @Override
  public List<ModelFile> files() {
    return List.of(file);
  }
}
