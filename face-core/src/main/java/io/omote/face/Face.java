// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import io.omote.face.internal.Implementations;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * A face that a {@link FaceDetector} found in a {@link FaceImage}, or that the caller located.
 *
 * <p>Immutable and thread-safe.
 *
 * @param box the box around the face, in pixels of the upright image, not clipped to it
 * @param score the detector's score in [0, 1]; not comparable between detectors
 * @param landmarks the five landmarks, empty if the detector gives none
 */
public record Face(BoundingBox box, float score, Optional<Landmarks> landmarks) {

  /**
   * Checks the components.
   *
   * @param box the box around the face, in pixels of the upright image, not clipped to it
   * @param score the detector's score in [0, 1]; not comparable between detectors
   * @param landmarks the five landmarks, empty if the detector gives none
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
   * Returns the multiple of 90 degrees by which the face is turned in the image, as its landmarks
   * show. A head that leans by less than 45 degrees stands upright.
   *
   * <p>Detectors may place the landmarks of a turned face as if it stood upright, unless they look
   * for {@link Orientation#ANY}. UltraLight and YuNet always do; SCRFD and RetinaFace place those
   * of most faces that are turned by 90 degrees roughly where they are.
   *
   * @return 0 if the face stands upright, 180 if it stands upside down, 90 or 270 if it is turned
   *     clockwise by as many degrees; 0 if there are no landmarks, or they coincide
   */
  public int turn() {
    return landmarks.map(Implementations::turnOf).orElse(0);
  }

  /**
   * Returns a description with the box and the score, without the landmarks.
   *
   * @return the description, without biometric data
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
