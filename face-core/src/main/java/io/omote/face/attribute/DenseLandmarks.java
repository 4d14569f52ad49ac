// SPDX-License-Identifier: Apache-2.0
package io.omote.face.attribute;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Many points on a face, in pixels of the upright image: {@code x} runs to the right, {@code y}
 * downward. Some networks also give a depth: {@code z}, in the same pixels, grows toward the camera
 * and is zero inside the head.
 *
 * <p>The network determines the order of the points: 68 points are in the order of iBUG (300-W),
 * 106 points in that of InsightFace. Points may lie outside of the image. They are biometric data:
 * {@link #toString()} does not show them. Immutable and thread-safe.
 */
public final class DenseLandmarks {
  private final float[] coordinates;
  private final int dimensions;

  private DenseLandmarks(float[] coordinates, int dimensions) {
    if (coordinates.length == 0 || coordinates.length % dimensions != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected %s coordinates for each point, found %s in total",
              dimensions,
              coordinates.length));
    }
    for (float coordinate : coordinates) {
      if (!Float.isFinite(coordinate)) {
        // The number may be biometric data.
        throw new IllegalArgumentException(
            "expected finite coordinates, found a number that is not finite");
      }
    }
    this.coordinates = coordinates.clone();
    this.dimensions = dimensions;
  }

  /**
   * Returns points in the plane.
   *
   * @param xy x and y of each point, in pixels
   * @return the points
   * @throws IllegalArgumentException if there are no points, a point lacks a coordinate, or a
   *     coordinate is not finite
   */
  public static DenseLandmarks of(float... xy) {
    return new DenseLandmarks(xy, 2);
  }

  /**
   * Returns points with a depth.
   *
   * @param xyz x, y and z of each point, in pixels
   * @return the points
   * @throws IllegalArgumentException if there are no points, a point lacks a coordinate, or a
   *     coordinate is not finite
   */
  public static DenseLandmarks withDepth(float... xyz) {
    return new DenseLandmarks(xyz, 3);
  }

  /**
   * Returns the number of points.
   *
   * @return the number, 1 or more
   */
  public int size() {
    return coordinates.length / dimensions;
  }

  /**
   * Returns whether the points have a depth.
   *
   * @return true if {@link #z} is available
   */
  public boolean hasDepth() {
    return dimensions == 3;
  }

  /**
   * Returns the x coordinate of a point.
   *
   * @param point its index, from 0
   * @return x in pixels, from the left edge of the image
   * @throws IndexOutOfBoundsException if there is no such point
   */
  public float x(int point) {
    return coordinates[index(point)];
  }

  /**
   * Returns the y coordinate of a point.
   *
   * @param point its index, from 0
   * @return y in pixels, from the top edge of the image
   * @throws IndexOutOfBoundsException if there is no such point
   */
  public float y(int point) {
    return coordinates[index(point) + 1];
  }

  /**
   * Returns the depth of a point.
   *
   * @param point its index, from 0
   * @return z in pixels, larger for nearer points
   * @throws IndexOutOfBoundsException if there is no such point
   * @throws IllegalStateException if the points have no depth
   */
  public float z(int point) {
    if (!hasDepth()) {
      throw new IllegalStateException(
          "expected points with a depth, found points in the plane: use a network that gives a depth");
    }
    return coordinates[index(point) + 2];
  }

  private int index(int point) {
    if (point < 0 || point >= size()) {
      throw new IndexOutOfBoundsException(
          String.format(Locale.ROOT, "expected a point from 0 to %s, found %s", size() - 1, point));
    }
    return point * dimensions;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DenseLandmarks that
        && dimensions == that.dimensions
        && Arrays.equals(coordinates, that.coordinates);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(coordinates) + dimensions;
  }

  /**
   * Returns a description with the number of points, not their coordinates.
   *
   * @return the description, without biometric data
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "DenseLandmarks[%s points%s]", size(), hasDepth() ? " with depth" : "");
  }
}
