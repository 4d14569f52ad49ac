// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.FaceImage;
import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.image.BufferedImage;
import java.awt.image.ConvolveOp;
import java.awt.image.Kernel;

/**
 * Deterministic degradations of images, to test how quality affects accuracy.
 *
 * <p>Stateless and thread-safe.
 */
public final class Degradation {
  private Degradation() {}

  /**
   * Returns a blurred copy of an image.
   *
   * @param image the image
   * @param sigma the standard deviation of the Gaussian, in pixels
   * @return an image of the same size
   */
  public static FaceImage blurred(FaceImage image, double sigma) {
    int radius = (int) Math.ceil(3 * sigma);
    float[] weights = new float[2 * radius + 1];
    double sum = 0;
    for (int at = -radius; at <= radius; at++) {
      weights[at + radius] = (float) Math.exp(-at * at / (2 * sigma * sigma));
      sum += weights[at + radius];
    }
    for (int at = 0; at < weights.length; at++) {
      weights[at] /= (float) sum;
    }
    ConvolveOp across = convolution(new Kernel(weights.length, 1, weights));
    ConvolveOp down = convolution(new Kernel(1, weights.length, weights));
    return FaceImage.of(down.filter(across.filter(image.toBufferedImage(), null), null));
  }

  private static ConvolveOp convolution(Kernel kernel) {
    return new ConvolveOp(kernel, ConvolveOp.EDGE_NO_OP, null);
  }

  /**
   * Returns a smaller copy of an image. Each new pixel is the mean of the pixels it replaces.
   *
   * @param image the image
   * @param factor the ratio of the new size to the old one, in (0, 1]
   * @return an image of at least one pixel
   */
  public static FaceImage shrunk(FaceImage image, double factor) {
    int width = (int) Math.max(1, Math.round(image.width() * factor));
    int height = (int) Math.max(1, Math.round(image.height() * factor));
    BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = small.createGraphics();
    Image scaled =
        image.toBufferedImage().getScaledInstance(width, height, Image.SCALE_AREA_AVERAGING);
    graphics.drawImage(scaled, 0, 0, null);
    graphics.dispose();
    return FaceImage.of(small);
  }
}
