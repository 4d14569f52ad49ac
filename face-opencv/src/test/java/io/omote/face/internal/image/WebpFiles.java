// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import java.awt.image.BufferedImage;
import org.opencv.imgcodecs.Imgcodecs;

/** WebP files for tests of other packages. */
public final class WebpFiles {
  private WebpFiles() {}

  /** Returns a black image, whose file is small. */
  public static byte[] black(int width, int height) {
    byte[] png =
        Fixtures.write(new BufferedImage(width, height, BufferedImage.TYPE_BYTE_BINARY), "png");
    return Fixtures.webp(png, Imgcodecs.IMREAD_COLOR, 101);
  }
}
