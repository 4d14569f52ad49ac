// SPDX-License-Identifier: Apache-2.0
package io.omote.it;

import nu.pattern.OpenCV;
import org.opencv.imgcodecs.Imgcodecs;

/** Converts an image to WebP. Arguments: the image, the new file. */
public final class MakeWebp {
  private MakeWebp() {}

  public static void main(String[] args) {
    OpenCV.loadLocally();
    if (!Imgcodecs.imwrite(args[1], Imgcodecs.imread(args[0]))) {
      throw new IllegalStateException("OpenCV did not write " + args[1]);
    }
  }
}
