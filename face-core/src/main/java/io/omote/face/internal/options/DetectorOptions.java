// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.options;

import io.omote.face.Face;
import io.omote.face.FaceSelection;
import io.omote.face.Orientation;
import java.util.List;
import java.util.Optional;

/**
 * The options of a detector. Opening it decides whether a file supports them. Immutable and
 * thread-safe.
 *
 * @param scoreThreshold the minimum score of a face, in [0, 1]; empty for the family's
 * @param iouThreshold the overlap, intersection over union in [0, 1], above which the lower of two
 *     boxes is dropped; empty for the family's
 * @param inputSizes the sides of the network's square input in pixels, one pass each; empty for the
 *     family's
 * @param orientation the positions in which faces are found
 * @param coarseToFine whether a first pass at a small size may decide where one face is wanted
 * @param landmarksRequired whether a network without landmarks is refused
 * @param maxFaces the largest number of faces to return
 * @param ranking which faces those are
 */
public record DetectorOptions(
    Optional<Float> scoreThreshold,
    Optional<Float> iouThreshold,
    List<Integer> inputSizes,
    Orientation orientation,
    boolean coarseToFine,
    boolean landmarksRequired,
    int maxFaces,
    FaceSelection ranking) {

  public DetectorOptions {
    inputSizes = List.copyOf(inputSizes);
  }

  /** Returns these options for a matcher, which needs landmarks. */
  public DetectorOptions withLandmarksRequired() {
    return new DetectorOptions(
        scoreThreshold,
        iouThreshold,
        inputSizes,
        orientation,
        coarseToFine,
        true,
        maxFaces,
        ranking);
  }

  /** Returns these options without the limit on faces. */
  public DetectorOptions withAllFaces() {
    return new DetectorOptions(
        scoreThreshold,
        iouThreshold,
        inputSizes,
        orientation,
        coarseToFine,
        landmarksRequired,
        Integer.MAX_VALUE,
        ranking);
  }

  /**
   * Cuts a result to the largest number of faces.
   *
   * @param faces the faces by descending score
   * @param width the width of the image in pixels
   * @param height the height of the image in pixels
   * @return the faces; in the order of the ranking where some were left out
   */
  public List<Face> limit(List<Face> faces, int width, int height) {
    return faces.size() <= maxFaces
        ? faces
        : ranking.rank(faces, width, height).subList(0, maxFaces);
  }
}
