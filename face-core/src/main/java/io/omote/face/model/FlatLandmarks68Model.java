// SPDX-License-Identifier: Apache-2.0
package io.omote.face.model;

import io.omote.face.attribute.DenseLandmarks;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * 68 points on a face, without depth: the network of points of an {@link UltraLightModel}.
 *
 * <p>Input {@code [1,1,S,S]}, grey, of the square about the box; output {@code [1,136]}, x and y of
 * each point as fractions of the square. Immutable and thread-safe.
 *
 * @param file the network
 */
public record FlatLandmarks68Model(ModelFile file) implements AnalyzerModel<DenseLandmarks> {
  /**
   * Checks that the file is not null.
   *
   * @param file the network
   * @throws NullPointerException if it is
   */
  public FlatLandmarks68Model {
    Objects.requireNonNull(file, "file");
  }

  /**
   * A file on disk.
   *
   * @param onnx the ONNX file
   * @return its description
   */
  public static FlatLandmarks68Model of(Path onnx) {
    return new FlatLandmarks68Model(ModelFile.of(onnx));
  }

  @Override
  public List<ModelFile> files() {
    return List.of(file);
  }
}
