// SPDX-License-Identifier: Apache-2.0
package io.omote.face.detection;

import io.omote.face.Face;
import io.omote.face.FaceImage;
import io.omote.face.FaceSelection;
import io.omote.face.ModelException;
import io.omote.face.inference.OnnxFile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of a detector, checked where they were set. Immutable and thread-safe.
 *
 * @param scoreThreshold the score from which on a face counts, null for the family's own
 * @param iouThreshold the overlap above which the lower of two boxes is dropped, null for the
 *     family's own
 * @param inputSizes the sides of the square inputs, null for the family's own
 * @param coarseToFine whether a cheap first pass may decide where one face is wanted
 * @param landmarksRequired whether a network without landmarks is refused
 * @param maxFaces the largest number of faces to return
 * @param ranking which faces those are
 */
public record DetectionSettings(
    @Nullable Float scoreThreshold,
    @Nullable Float iouThreshold,
    @Nullable List<Integer> inputSizes,
    boolean coarseToFine,
    boolean landmarksRequired,
    int maxFaces,
    FaceSelection ranking) {

  float scoreThreshold(float ofFamily) {
    return scoreThreshold == null ? ofFamily : scoreThreshold;
  }

  float iouThreshold(float ofFamily) {
    return iouThreshold == null ? ofFamily : iouThreshold;
  }

  /** The refusal of input sizes that a file cannot have. */
  static ModelException inputSizesOfFixed(List<Integer> asked, OnnxFile file, InputSize fixed) {
    return new ModelException(
        "expected for inputSizes %s a detector with a free input size, found that %s has a fixed input of %s: leave inputSizes unset, or use a file with free height and width"
            .formatted(asked, file.name(), fixed));
  }

  /** Cuts a result to the largest number of faces. */
  List<Face> limit(List<Face> faces, FaceImage image) {
    if (faces.size() <= maxFaces) {
      return faces;
    }
    return ranking.rank(faces, image.width(), image.height()).subList(0, maxFaces);
  }
}
