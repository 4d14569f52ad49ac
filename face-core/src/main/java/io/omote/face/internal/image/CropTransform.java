// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import io.omote.face.BoundingBox;
import io.omote.face.Face;
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
   * Returns a square crop around the center of a face's box, in which the face stands upright.
   *
   * @param image the image
   * @param face the face
   * @param times the side of the square, in multiples of the longer side of the box
   * @param size the side of the crop, in its own pixels
   * @return the crop
   */
  public static CropTransform square(FaceImage image, Face face, double times, int size) {
    BoundingBox box = face.box();
    double side = times * Math.max(box.width(), box.height());
    double scale = side / size;
    double left = box.centerX() - side / 2.0;
    double top = box.centerY() - side / 2.0;
    double right = left + side;
    double bottom = top + side;
    return new CropTransform(
        image,
        switch (face.turn()) {
          case 90 -> new AffineMap(0, -scale, right, scale, 0, top);
          case 180 -> new AffineMap(-scale, 0, right, 0, -scale, bottom);
          case 270 -> new AffineMap(0, scale, left, -scale, 0, bottom);
          default -> AffineMap.scaleThenShift(scale, left, top);
        });
  }

  /**
   * Returns a square crop at any angle.
   *
   * @param image the image
   * @param centerX x of the center, in pixels of the image
   * @param centerY y of the center, in pixels of the image
   * @param side the side of the square, in pixels of the image
   * @param angle the angle by which the square is rotated clockwise in the image, in radians
   * @param size the side of the crop, in its own pixels
   * @return the crop
   */
  public static CropTransform rotated(
      FaceImage image, double centerX, double centerY, double side, double angle, int size) {
    double half = size / 2.0;
    double cos = Math.cos(angle) * side / size;
    double sin = Math.sin(angle) * side / size;
    return new CropTransform(
        image,
        new AffineMap(
            cos, -sin, centerX - half * (cos - sin), sin, cos, centerY - half * (sin + cos)));
  }
}
