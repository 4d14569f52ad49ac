// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples.picture;

import io.omote.face.FaceImage;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An image as viewers show it. A file may store colors that nobody sees, such as those of a part
 * that was erased: {@link FaceImage} drops transparency and has the colors as they are stored. What
 * is written for people to look at, or to publish, is made of this instead. Immutable and
 * thread-safe.
 */
public final class ShownImage {
  private final FaceImage stored;
  private final Optional<Alpha> alpha;

  private ShownImage(FaceImage stored, Optional<Alpha> alpha) {
    this.stored = stored;
    this.alpha = alpha;
  }

  /**
   * Looks at the transparency of an image that was read.
   *
   * @param stored the image
   * @param file the file that it was read from
   * @return the image as it is shown
   * @throws io.omote.face.PictureException if the file has transparency that cannot be read
   * @throws IOException if the file cannot be read again
   */
  public static ShownImage of(FaceImage stored, Path file) throws IOException {
    return new ShownImage(stored, Alpha.read(file, stored.width(), stored.height()));
  }

  /** Whether all of it is seen. */
  public boolean isOpaque() {
    return alpha.isEmpty();
  }

  /** Laid on white, as most viewers do; an opaque image as it is. */
  public FaceImage onWhite() {
    return isOpaque() ? stored : FaceImage.of(PictureFile.onWhite(toBufferedImage()));
  }

  /**
   * Copies the image for Java's own imaging.
   *
   * @return a new image, with transparency where the file has some; what cannot be seen at all is
   *     black
   */
  public BufferedImage toBufferedImage() {
    if (alpha.isEmpty()) {
      return stored.toBufferedImage();
    }
    BufferedImage shown =
        new BufferedImage(stored.width(), stored.height(), BufferedImage.TYPE_INT_ARGB);
    ByteBuffer bgr = stored.bgr();
    int[] row = new int[stored.width()];
    for (int y = 0; y < stored.height(); y++) {
      for (int x = 0; x < row.length; x++) {
        int color = bgr.get() & 0xff | (bgr.get() & 0xff) << 8 | (bgr.get() & 0xff) << 16;
        int opacity = alpha.get().at(x, y);
        row[x] = opacity == 0 ? 0 : opacity << 24 | color;
      }
      shown.setRGB(0, y, row.length, 1, row, 0, row.length);
    }
    return shown;
  }
}
