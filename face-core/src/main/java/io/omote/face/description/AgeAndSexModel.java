// SPDX-License-Identifier: Apache-2.0
package io.omote.face.description;

import io.omote.face.attribute.AgeAndSex;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Age and sex (InsightFace's {@code genderage}).
 *
 * <p>Input {@code [N,3,S,S]}, RGB, mostly of 96; output {@code [N,3]}: the logits of female and
 * male, and the age in hundreds of years. Immutable and thread-safe.
 *
 * @param file the network
 */
public record AgeAndSexModel(ModelFile file) implements AnalyzerModel<AgeAndSex> {
  /**
   * Checks that the file is not null.
   *
   * @param file the network
   * @throws NullPointerException if it is
   */
  public AgeAndSexModel {
    Objects.requireNonNull(file, "file");
  }

  /**
   * A file on disk.
   *
   * @param onnx the ONNX file
   * @return its description
   */
  public static AgeAndSexModel of(Path onnx) {
    return new AgeAndSexModel(ModelFile.of(onnx));
  }

  @Override
  public List<ModelFile> files() {
    return List.of(file);
  }
}
