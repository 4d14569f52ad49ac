// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import java.util.Locale;

/**
 * An axis-aligned rectangle around a face, in pixels of the upright image: {@code x} runs to the
 * right, {@code y} downward, and the origin is the center of the top left pixel.
 *
 * <p>Boxes are not clipped: the box of a face at the border may reach beyond the image. Immutable
 * and thread-safe.
 *
 * @param left the smaller x
 * @param top the smaller y
 * @param right the larger x
 * @param bottom the larger y
 */
public record BoundingBox(float left, float top, float right, float bottom) {

  /**
   * Checks that the coordinates are finite and in order.
   *
   * @param left the smaller x
   * @param top the smaller y
   * @param right the larger x
   * @param bottom the larger y
   * @throws IllegalArgumentException if a coordinate is not finite, {@code right < left}, or {@code
   *     bottom < top}
   */
  public BoundingBox {
    boolean finite =
        Float.isFinite(left)
            && Float.isFinite(top)
            && Float.isFinite(right)
            && Float.isFinite(bottom);
    if (!finite || right < left || bottom < top) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected four finite coordinates, left <= right and top <= bottom, found %s, %s, %s, %s",
              left,
              top,
              right,
              bottom));
    }
  }

  /**
   * Returns the width.
   *
   * @return {@code right - left}, in pixels
   */
  public float width() {
    return right - left;
  }

  /**
   * Returns the height.
   *
   * @return {@code bottom - top}, in pixels
   */
  public float height() {
    return bottom - top;
  }

  /**
   * Returns the area.
   *
   * @return {@code width * height}, in square pixels
   */
  public float area() {
    return width() * height();
  }

  /**
   * Returns the x coordinate of the center.
   *
   * @return {@code (left + right) / 2}, in pixels
   */
  public float centerX() {
    return (left + right) / 2;
  }

  /**
   * Returns the y coordinate of the center.
   *
   * @return {@code (top + bottom) / 2}, in pixels
   */
  public float centerY() {
    return (top + bottom) / 2;
  }
}
