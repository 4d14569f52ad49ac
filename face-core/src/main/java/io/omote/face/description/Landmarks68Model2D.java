// SPDX-License-Identifier: Apache-2.0
package io.omote.face.description;

import io.omote.face.attribute.DenseLandmarks;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * 68 points on a face, without depth: the network of points of an {@link UltraLightModel}.
 *
 * <p>Input {@code [1,1,S,S]}, gray, of the square about the box; output {@code [1,136]}, x and y of
 * each point as fractions of the square. Immutable and thread-safe.
 *
 * @param file the network
 */
public record Landmarks68Model2D(ModelFile file) implements AnalyzerModel<DenseLandmarks> {
  /**
   * Checks that the file is not null.
   *
   * @param file the network
   * @throws NullPointerException if it is
   */
  public Landmarks68Model2D {
    Objects.requireNonNull(file, "file");
  }

  /**
   * A file on disk.
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
