// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import io.omote.face.BoundingBox;
import io.omote.face.FaceImage;
import io.omote.face.internal.geometry.AffineMap;

/**
 * A part of an image, turned and scaled: the map says for each pixel of the part where it lies in
 * the image.
 *
 * <p>Immutable and thread-safe.
 *
 * @param image the image
 * @param toImage from pixels of the part to pixels of the image
 * @hidden
 */
public record CropTransform(FaceImage image, AffineMap toImage) {

  /**
   * The square about the center of a box whose side is so many times the longer side of the box.
   *
   * @param image the image
   * @param box the box, in pixels of the image
   * @param times how many times the longer side
   * @param size the side of the part, in its own pixels
   * @return the square
   */
  public static CropTransform square(FaceImage image, BoundingBox box, double times, int size) {
    double side = times * Math.max(box.width(), box.height());
    double scale = side / size;
    return new CropTransform(
        image,
        AffineMap.scaleThenShift(scale, box.centerX() - side / 2.0, box.centerY() - side / 2.0));
  }
}
