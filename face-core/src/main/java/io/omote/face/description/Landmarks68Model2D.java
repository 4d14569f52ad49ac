// SPDX-License-Identifier: Apache-2.0
package io.omote.face.description;

import io.omote.face.attribute.DenseLandmarks;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * The description of a network that finds 68 points on a face, without depth: the second network of
 * an {@link UltraLightModel}, used on its own.
 *
 * <p>Input {@code [N,1,S,S]}, gray, the square around the box; output {@code [N,136]}, x and y of
 * each point as fractions of the square. Immutable and thread-safe.
 *
 * @param file the network
 */
public record Landmarks68Model2D(ModelFile file) implements AnalyzerModel<DenseLandmarks> {
  /**
   * Describes a file.
   *
   * @param file the network
   * @throws NullPointerException if the file is null
   */
  public Landmarks68Model2D {
    Objects.requireNonNull(file, "file");
  }

  /**
   * Describes a file on disk.
   *
   * @param onnx the ONNX file
   * @return its description
   */
  public static Landmarks68Model2D of(Path onnx) {
    return new Landmarks68Model2D(ModelFile.of(onnx));
  }

  @Override
  public List<ModelFile> files() {
    return List.of(file);
  }
}
