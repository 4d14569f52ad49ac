// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import java.util.Objects;

/**
 * The face that counts in an image, and the number of faces to choose from. That is the number that
 * {@link FaceDetector#detect} gives, at most {@link FaceDetector.Builder#maxFaces}; or the number
 * that the first pass found, if {@link FaceDetector.Builder#coarseToFine} stopped there. Immutable
 * and thread-safe.
 *
 * @param face the face, in pixels of the upright image
 * @param faceCount the number of faces to choose from, 1 or more
 */
public record SelectedFace(Face face, int faceCount) {
  /**
   * Checks the components.
   *
   * @param face the face, in pixels of the upright image
   * @param faceCount the number of faces to choose from, 1 or more
   * @throws IllegalArgumentException if the number is not positive
   */
  public SelectedFace {
    Objects.requireNonNull(face, "face");
    if (faceCount < 1) {
      throw new IllegalArgumentException("expected 1 face or more, found " + faceCount);
    }
  }
}
