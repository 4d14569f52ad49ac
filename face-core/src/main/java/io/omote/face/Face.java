// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * A face that a {@link FaceDetector} found in a {@link FaceImage}, or whose place the caller knows.
 *
 * <p>Immutable and thread-safe.
 *
 * @param box where the face is, in pixels of the upright image, not clipped to it
 * @param score the detector's score in [0, 1]; scores of different detectors do not compare
 * @param landmarks the five points, absent where the detector gives none
 */
public record Face(BoundingBox box, float score, Optional<Landmarks> landmarks) {

  /**
   * Checks that nothing is missing and that the score is one.
   *
   * @param box where the face is, in pixels of the upright image, not clipped to it
   * @param score the detector's score in [0, 1]; scores of different detectors do not compare
   * @param landmarks the five points, absent where the detector gives none
   * @throws NullPointerException if box or landmarks are null
   * @throws IllegalArgumentException if the score is outside [0, 1]
   */
  public Face {
    Objects.requireNonNull(box, "box");
    Objects.requireNonNull(landmarks, "landmarks");
    if (!(score >= 0 && score <= 1)) {
      throw new IllegalArgumentException("expected a score in [0, 1], found " + score);
    }
  }

  /**
   * Shows the box and the score, never the landmarks.
   *
   * @return a text without biometric data
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "Face[box=%s, score=%s, landmarks=%s]",
        box,
        score,
        landmarks.isPresent() ? "5" : "none");
  }
}
