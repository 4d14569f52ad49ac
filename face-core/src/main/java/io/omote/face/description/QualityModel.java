// SPDX-License-Identifier: Apache-2.0
package io.omote.face.description;

import io.omote.face.attribute.FaceQuality;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * The description of a network that scores how well an image of a face serves recognition. Two
 * networks are supported, told apart by their inputs: LightQNet ({@code [N,3,96,96]}) and eDifFIQA
 * ({@code [N,3,112,112]}).
 *
 * <p>Output {@code [N,1]}, higher is better. Immutable and thread-safe.
 *
 * @param file the network
 */
public record QualityModel(ModelFile file) implements AnalyzerModel<FaceQuality> {
  /**
   * Describes a file.
   *
   * @param file the network
   * @throws NullPointerException if the file is null
   */
  public QualityModel {
    Objects.requireNonNull(file, "file");
  }

  /**
   * Describes a file on disk.
   *
   * @param onnx the ONNX file
   * @return its description
   */
  public static QualityModel of(Path onnx) {
    return new QualityModel(ModelFile.of(onnx));
  }

  @Override
  public List<ModelFile> files() {
    return List.of(file);
  }
}
