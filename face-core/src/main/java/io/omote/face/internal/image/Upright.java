// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import java.util.Locale;

/**
 * A turn of pixels to upright. EXIF's eight orientations are four rotations, mirrored or not.
 *
 * <p>Stateless.
 */
public final class Upright {
  /** The side of a square that fits the first cache, read by rows and written by columns. */
  private static final int TILE = 32;

  private Upright() {}

  /** Returns whether an EXIF orientation turns or mirrors the image, which takes new pixels. */
  static boolean isTurned(int orientation) {
    return orientation >= 2;
  }

  /**
   * Turns an image.
   *
   * @param image the pixels
   * @param degrees by how many degrees, clockwise: 90, 180 or 270
   * @return new pixels
   * @throws IllegalArgumentException if the number is not one of these
   * @throws io.omote.face.ImageException if the heap has no room for them
   */
  public static DecodedPixels clockwise(DecodedPixels image, int degrees) {
    return switch (degrees) {
      case 90 -> turned(image, 6);
      case 180 -> turned(image, 3);
      case 270 -> turned(image, 8);
      default ->
          throw new IllegalArgumentException(
              "expected a turn of 0, 90, 180 or 270 degrees, found " + degrees);
    };
  }

  /**
   * Turns an image upright.
   *
   * @param stored the pixels as they are stored, which the caller must not use afterwards
   * @param orientation the EXIF number
   * @return the upright pixels
   * @throws io.omote.face.ImageException if the heap has no room for them
   */
  static DecodedPixels turned(DecodedPixels stored, int orientation) {
    boolean transposed = orientation >= 5;
    boolean mirrored = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
    boolean upsideDown =
        orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
    if (!isTurned(orientation)) {
      return stored;
    }
    int width = transposed ? stored.height() : stored.width();
    int height = transposed ? stored.width() : stored.height();
    byte[] from = stored.bgr();
    byte[] bgr = HeapRoom.bytes(from.length, String.format(Locale.ROOT, "%dx%d", width, height));
    for (int top = 0; top < stored.height(); top += TILE) {
      int bottom = Math.min(top + TILE, stored.height());
      for (int left = 0; left < stored.width(); left += TILE) {
        int right = Math.min(left + TILE, stored.width());
        for (int y = top; y < bottom; y++) {
          int at = 3 * (y * stored.width() + left);
          for (int x = left; x < right; x++, at += 3) {
            int column = transposed ? y : x;
            int row = transposed ? x : y;
            int to =
                3
                    * ((upsideDown ? height - 1 - row : row) * width
                        + (mirrored ? width - 1 - column : column));
            bgr[to] = from[at];
            bgr[to + 1] = from[at + 1];
            bgr[to + 2] = from[at + 2];
          }
        }
      }
    }
    return new DecodedPixels(bgr, width, height);
  }
}
