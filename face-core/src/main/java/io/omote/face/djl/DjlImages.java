// SPDX-License-Identifier: Apache-2.0
package io.omote.face.djl;

import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.omote.face.FaceImage;

/** Conversion of DJL's images. Stateless. */
final class DjlImages {
  private DjlImages() {}

  /** Copies the pixels of an image that any of DJL's image libraries made. */
  static FaceImage toFaceImage(Image image, NDManager manager) {
    byte[] pixels;
    try (NDArray array = image.toNDArray(manager, Image.Flag.COLOR)) {
      pixels = array.toByteArray();
    }
    // From RGB to BGR.
    for (int i = 0; i < pixels.length; i += 3) {
      byte red = pixels[i];
      pixels[i] = pixels[i + 2];
      pixels[i + 2] = red;
    }
    return FaceImage.ofBgr(pixels, image.getWidth(), image.getHeight());
  }
}
