// SPDX-License-Identifier: Apache-2.0
package io.omote.face.description;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * The description of a YuNet detector (OpenCV's {@code face_detection_yunet_*}, {@code yunet_n_*}
 * of libfacedetection): one small network gives boxes and five landmarks.
 *
 * <p>Input {@code [1,3,H,W]}, BGR, 0 to 255, sides that are multiples of 32; 12 outputs: class,
 * object, box and points for the strides 8, 16 and 32. Immutable and thread-safe.
 *
 * @param file the network
 */
public record YuNetModel(ModelFile file) implements DetectorModel {
  /**
   * Describes a file.
   *
   * @param file the network
   * @throws NullPointerException if the file is null
   */
  public YuNetModel {
    Objects.requireNonNull(file, "file");
  }

  /**
   * Describes a file on disk.
   *
   * @param onnx the ONNX file
   * @return its description
   */
  public static YuNetModel of(Path onnx) {
    return new YuNetModel(ModelFile.of(onnx));
  }

  @Override
  public List<ModelFile> files() {
    return List.of(file);
  }
}
