// SPDX-License-Identifier: Apache-2.0
package io.omote.face.description;

import io.omote.face.attribute.Liveness;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * The description of two networks that together score liveness, each from a face and a different
 * part of its surroundings (Silent-Face-Anti-Spoofing's MiniFASNet).
 *
 * <p>Input {@code [1,3,80,80]}, BGR, 0 to 255; output {@code [1,3]}, the logits of print, live and
 * replay. The two files have the same inputs and outputs, and are told apart by their operators
 * when they are opened, in any order: V1SE has squeeze and excitation. The networks get the
 * surroundings as they are in the image: if the face does not stand upright ({@link
 * io.omote.face.Face#turn}), turn the image and detect the face again. Immutable and thread-safe.
 *
 * @param v2 MiniFASNetV2, which takes 2.7 times the box
 * @param v1se MiniFASNetV1SE, which takes 4 times the box
 */
public record LivenessModel(ModelFile v2, ModelFile v1se) implements AnalyzerModel<Liveness> {
  /**
   * Describes two files.
   *
   * @param v2 MiniFASNetV2, which takes 2.7 times the box
   * @param v1se MiniFASNetV1SE, which takes 4 times the box
   * @throws NullPointerException if a file is null
   */
  public LivenessModel {
    Objects.requireNonNull(v2, "v2");
    Objects.requireNonNull(v1se, "v1se");
  }

  /**
   * Describes two files on disk, in any order.
   *
   * @param v2 MiniFASNetV2
   * @param v1se MiniFASNetV1SE
   * @return their description
   */
  public static LivenessModel of(Path v2, Path v1se) {
    return new LivenessModel(ModelFile.of(v2), ModelFile.of(v1se));
  }

  @Override
  public List<ModelFile> files() {
    return List.of(v2, v1se);
  }
}
