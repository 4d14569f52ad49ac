// SPDX-License-Identifier: Apache-2.0
package io.omote.face.description;

import io.omote.face.attribute.DenseLandmarks;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * The description of a network that finds 106 points on a face (InsightFace's {@code 2d106det}).
 *
 * <p>Input {@code [N,3,S,S]}, RGB, S usually 192; output {@code [N,212]}, x and y of each point
 * from -1 to 1. Immutable and thread-safe.
 *
 * @param file the network
 */
public record Landmarks106Model(ModelFile file) implements AnalyzerModel<DenseLandmarks> {
  /**
   * Describes a file.
   *
   * @param file the network
   * @throws NullPointerException if the file is null
   */
  public Landmarks106Model {
    Objects.requireNonNull(file, "file");
  }

  /**
   * Describes a file on disk.
   *
   * @param onnx the ONNX file
   * @return its description
   */
  public static Landmarks106Model of(Path onnx) {
    return new Landmarks106Model(ModelFile.of(onnx));
  }

  @Override
  public List<ModelFile> files() {
    return List.of(file);
  }
}
