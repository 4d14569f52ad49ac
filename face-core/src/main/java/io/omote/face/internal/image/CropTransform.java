// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import io.omote.face.BoundingBox;
import io.omote.face.FaceImage;
import io.omote.face.internal.geometry.AffineMap;

/**
 * A crop of an image, rotated and scaled: the map gives the place in the image for each pixel of
 * the crop.
 *
 * <p>Immutable and thread-safe.
 *
 * @param image the image
 * @param toImage the map from pixels of the crop to pixels of the image
 */
public record CropTransform(FaceImage image, AffineMap toImage) {

  /**
   * Returns a square crop around the center of a box.
   *
   * @param image the image
   * @param box the box, in pixels of the image
   * @param times the side of the square, in multiples of the longer side of the box
   * @param size the side of the crop, in its own pixels
   * @return the crop
   */
  public static CropTransform square(FaceImage image, BoundingBox box, double times, int size) {
    double side = times * Math.max(box.width(), box.height());
    double scale = side / size;
    return new CropTransform(
        image,
        AffineMap.scaleThenShift(scale, box.centerX() - side / 2.0, box.centerY() - side / 2.0));
  }
}
