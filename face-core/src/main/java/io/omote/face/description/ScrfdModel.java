// SPDX-License-Identifier: Apache-2.0
package io.omote.face.description;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * The description of an SCRFD detector (InsightFace's {@code det_10g}, {@code det_2.5g}, {@code
 * det_500m}, {@code scrfd_*}): one network gives boxes and, in most files, five landmarks.
 *
 * <p>Input {@code [1,3,H,W]}, RGB, {@code (x - 127.5) / 128}; 6 or 9 outputs (strides 8, 16, 32) or
 * 10 or 15 (strides 8 to 128). Immutable and thread-safe.
 *
 * @param file the network
 */
public record ScrfdModel(ModelFile file) implements DetectorModel {
  /**
   * Describes a file.
   *
   * @param file the network
   * @throws NullPointerException if the file is null
   */
  public ScrfdModel {
    Objects.requireNonNull(file, "file");
  }

  /**
   * Describes a file on disk.
   *
   * @param onnx the ONNX file
   * @return its description
   */
  public static ScrfdModel of(Path onnx) {
    return new ScrfdModel(ModelFile.of(onnx));
  }

  @Override
  public List<ModelFile> files() {
    return List.of(file);
  }
}
