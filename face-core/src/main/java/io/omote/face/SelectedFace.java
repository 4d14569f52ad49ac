// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import java.util.Objects;

/**
 * The face of an image that counts, and how many there were to choose from: as many as {@link
 * FaceDetector#detect} gives, so no more than {@link FaceDetector.Builder#maxFaces}; where {@link
 * FaceDetector.Builder#coarseToFine} decided, as many as its first pass found. Immutable and
 * thread-safe.
 *
 * @param face the face, in pixels of the image as it was decoded
 * @param faceCount how many faces there were to choose from, 1 or more
 */
public record SelectedFace(Face face, int faceCount) {
  /**
   * Checks the parts.
   *
   * @param face the face, in pixels of the image as it was decoded
   * @param faceCount how many faces there were to choose from, 1 or more
   * @throws IllegalArgumentException if the number is not positive
   */
  public SelectedFace {
    Objects.requireNonNull(face, "face");
    if (faceCount < 1) {
      throw new IllegalArgumentException("expected 1 face or more, found " + faceCount);
    }
  }
}
