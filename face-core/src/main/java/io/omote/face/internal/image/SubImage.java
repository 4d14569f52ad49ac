// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import io.omote.face.FaceImage;

/**
 * A rectangle of whole pixels of an image, without a copy.
 *
 * <p>Immutable and thread-safe.
 *
 * @param image the image
 * @param left its first column
 * @param top its first row
 * @param width its width in pixels
 * @param height its height in pixels
 */
public record SubImage(FaceImage image, int left, int top, int width, int height) {

  /**
   * Returns all of an image.
   *
   * @param image the image
   * @return all of it
   */
  public static SubImage whole(FaceImage image) {
    return new SubImage(image, 0, 0, image.width(), image.height());
  }
}
