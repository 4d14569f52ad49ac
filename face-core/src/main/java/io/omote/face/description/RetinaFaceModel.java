// SPDX-License-Identifier: Apache-2.0
package io.omote.face.description;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * The description of a RetinaFace detector with three outputs, such as that of the bundled pack:
 * one network gives boxes and five landmarks.
 *
 * <p>Input {@code [N,3,H,W]} of any size, BGR, 0 to 255, minus (104, 117, 123); outputs boxes
 * {@code [N,A,4]}, scores {@code [N,A,2]} (column 1 is the face) and landmarks {@code [N,A,10]}, as
 * offsets from two square anchors for each cell of the strides 8, 16 and 32. Immutable and
 * thread-safe.
 *
 * @param file the network
 */
public record RetinaFaceModel(ModelFile file) implements DetectorModel {
  /**
   * Describes a file.
   *
   * @param file the network
   * @throws NullPointerException if the file is null
   */
  public RetinaFaceModel {
    Objects.requireNonNull(file, "file");
  }

  /**
   * Describes a file on disk.
   *
   * @param onnx the ONNX file
   * @return its description
   */
  public static RetinaFaceModel of(Path onnx) {
    return new RetinaFaceModel(ModelFile.of(onnx));
  }

  @Override
  public List<ModelFile> files() {
    return List.of(file);
  }
}
