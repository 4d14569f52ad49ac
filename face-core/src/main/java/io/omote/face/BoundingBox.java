// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import java.util.Locale;

/**
 * An axis-aligned rectangle about a face, in pixels of the upright image: {@code x} runs to the
 * right, {@code y} downwards, the origin is the center of the top-left pixel.
 *
 * <p>Boxes are not clipped: a face at the border of the image may have a box that reaches beyond
 * it. Immutable and thread-safe.
 *
 * @param left the smaller x
 * @param top the smaller y
 * @param right the larger x
 * @param bottom the larger y
 */
public record BoundingBox(float left, float top, float right, float bottom) {

  /**
   * Checks that the four coordinates are finite numbers in their order.
   *
   * @param left the smaller x
   * @param top the smaller y
   * @param right the larger x
   * @param bottom the larger y
   * @throws IllegalArgumentException if one is not, or the right is left of the left
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
   * The horizontal extent.
   *
   * @return {@code right - left}, in pixels
   */
  public float width() {
    return right - left;
  }

  /**
   * The vertical extent.
   *
   * @return {@code bottom - top}, in pixels
   */
  public float height() {
    return bottom - top;
  }

  /**
   * The area.
   *
   * @return {@code width * height}, in square pixels
   */
  public float area() {
    return width() * height();
  }

  /**
   * The horizontal center.
   *
   * @return {@code (left + right) / 2}, in pixels
   */
  public float centerX() {
    return (left + right) / 2;
  }

  /**
   * The vertical center.
   *
   * @return {@code (top + bottom) / 2}, in pixels
   */
  public float centerY() {
    return (top + bottom) / 2;
  }
}
