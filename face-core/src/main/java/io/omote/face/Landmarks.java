// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import java.util.List;
import java.util.Objects;

/**
 * The five points that align a face, in pixels of the upright image: {@code x} runs to the right,
 * {@code y} downward. Left and right are the viewer's.
 *
 * <p>Landmarks are biometric data: {@link #toString()} does not show them. Immutable and
 * thread-safe.
 *
 * @param leftEye the center of the eye on the viewer's left
 * @param rightEye the center of the eye on the viewer's right
 * @param nose the tip of the nose
 * @param leftMouthCorner the corner of the mouth on the viewer's left
 * @param rightMouthCorner the corner of the mouth on the viewer's right
 */
public record Landmarks(
    Point leftEye, Point rightEye, Point nose, Point leftMouthCorner, Point rightMouthCorner) {

  /**
   * Checks that no point is missing.
   *
   * @param leftEye the center of the eye on the viewer's left
   * @param rightEye the center of the eye on the viewer's right
   * @param nose the tip of the nose
   * @param leftMouthCorner the corner of the mouth on the viewer's left
   * @param rightMouthCorner the corner of the mouth on the viewer's right
   * @throws NullPointerException if a point is null
   */
  public Landmarks {
    Objects.requireNonNull(leftEye, "leftEye");
    Objects.requireNonNull(rightEye, "rightEye");
    Objects.requireNonNull(nose, "nose");
    Objects.requireNonNull(leftMouthCorner, "leftMouthCorner");
    Objects.requireNonNull(rightMouthCorner, "rightMouthCorner");
  }

  /**
   * Returns the points in the order of the components, which is also that of the alignment
   * template.
   *
   * @return the five points, an immutable list
   */
  public List<Point> points() {
    return List.of(leftEye, rightEye, nose, leftMouthCorner, rightMouthCorner);
  }

  /**
   * Returns a description without the coordinates.
   *
   * @return the description, without biometric data
   */
  @Override
  public String toString() {
    return "Landmarks[5 points]";
  }

  /**
   * A point in pixels of the upright image. Immutable and thread-safe.
   *
   * @param x to the right
   * @param y downward
   */
  public record Point(float x, float y) {
    /**
     * Checks that both coordinates are finite.
     *
     * @param x to the right
     * @param y downward
     * @throws IllegalArgumentException if a coordinate is not finite
     */
    public Point {
      if (!Float.isFinite(x) || !Float.isFinite(y)) {
        // The message does not contain the numbers: they are biometric data.
        throw new IllegalArgumentException(
            "expected two finite coordinates, found one that is not a finite number");
      }
    }

    /**
     * Returns a description without the coordinates.
     *
     * @return the description, without biometric data
     */
    @Override
    public String toString() {
      return "Point[x, y]";
    }
  }
}
