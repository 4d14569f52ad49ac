// SPDX-License-Identifier: Apache-2.0
package io.omote.face.description;

import io.omote.face.attribute.FaceQuality;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * The quality of a face for recognition. Two networks are known, told apart by their inputs:
 * LightQNet ({@code [N,3,96,96]}) and eDifFIQA ({@code [N,3,112,112]}).
 *
 * <p>Output {@code [N,1]}, higher is better. Immutable and thread-safe.
 *
 * @param file the network
 */
public record QualityModel(ModelFile file) implements AnalyzerModel<FaceQuality> {
  /**
   * Checks that the file is not null.
   *
   * @param file the network
   * @throws NullPointerException if it is
   */
  public QualityModel {
    Objects.requireNonNull(file, "file");
  }

  /**
   * A file on disk.
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
