// SPDX-License-Identifier: Apache-2.0
package io.omote.face.attribute;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Many points on a face, in pixels of the upright image: {@code x} runs to the right, {@code y}
 * downwards. Some networks give a depth, too: {@code z}, in the same pixels, grows towards the
 * camera and has its zero inside the head.
 *
 * <p>Which point lies where is a matter of the network: 68 points are in the order of iBUG (300-W),
 * 106 in that of InsightFace. Points may lie outside of the image. They are biometric data: {@link
 * #toString()} does not show them. Immutable and thread-safe.
 */
public final class DenseLandmarks {
  private final float[] coordinates;
  private final int dimensions;

  private DenseLandmarks(float[] coordinates, int dimensions) {
    if (coordinates.length == 0 || coordinates.length % dimensions != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected %s coordinates of each point, found %s in all",
              dimensions,
              coordinates.length));
    }
    for (float coordinate : coordinates) {
      if (!Float.isFinite(coordinate)) {
        // Which number it is is nobody's business.
        throw new IllegalArgumentException(
            "expected finite coordinates, found one that is not a finite number");
      }
    }
    this.coordinates = coordinates.clone();
    this.dimensions = dimensions;
  }

  /**
   * Points in the plane.
   *
   * @param xy x and y of each point, in pixels
   * @return the points
   * @throws IllegalArgumentException if there is none, one lacks a coordinate, or a coordinate is
   *     not finite
   */
  public static DenseLandmarks of(float... xy) {
    return new DenseLandmarks(xy, 2);
  }

  /**
   * Points with a depth.
   *
   * @param xyz x, y and z of each point, in pixels
   * @return the points
   * @throws IllegalArgumentException if there is none, one lacks a coordinate, or a coordinate is
   *     not finite
   */
  public static DenseLandmarks withDepth(float... xyz) {
    return new DenseLandmarks(xyz, 3);
  }

  /**
   * The number of points.
   *
   * @return the number, 1 or more
   */
  public int size() {
    return coordinates.length / dimensions;
  }

  /**
   * Whether the points have a depth.
   *
   * @return true if {@link #z} can be asked for
   */
  public boolean hasDepth() {
    return dimensions == 3;
  }

  /**
   * How far to the right a point lies.
   *
   * @param point its index, from 0
   * @return x in pixels
   * @throws IndexOutOfBoundsException if there is no such point
   */
  public float x(int point) {
    return coordinates[index(point)];
  }

  /**
   * How far down a point lies.
   *
   * @param point its index, from 0
   * @return y in pixels
   * @throws IndexOutOfBoundsException if there is no such point
   */
  public float y(int point) {
    return coordinates[index(point) + 1];
  }

  /**
   * How near to the camera a point lies.
   *
   * @param point its index, from 0
   * @return z in pixels, larger for nearer points
   * @throws IndexOutOfBoundsException if there is no such point
   * @throws IllegalStateException if the points have no depth
   */
  public float z(int point) {
    if (!hasDepth()) {
      throw new IllegalStateException(
          "expected points with a depth, found points in the plane: use a network that gives it");
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
   * Says what this is, without the coordinates.
   *
   * @return a text without biometric data
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "DenseLandmarks[%s points%s]", size(), hasDepth() ? " with depth" : "");
  }
}
