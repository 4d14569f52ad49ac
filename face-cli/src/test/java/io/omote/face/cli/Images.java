// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;

/** Images for tests, made from the samples, with different bytes each. */
public final class Images {
  private static final Path SAMPLES = Path.of("../samples");

  private Images() {}

  /** Writes an image of Eileen Collins. */
  public static Path astronaut(Path file, int width) {
    return scaled("astronaut.png", file, width);
  }

  /** Writes an image of Grace Hopper. */
  public static Path admiral(Path file, int width) {
    return scaled("grace_hopper.jpg", file, width);
  }

  private static Path scaled(String sample, Path file, int width) {
    try {
      BufferedImage image = ImageIO.read(SAMPLES.resolve(sample).toFile());
      int height = width * image.getHeight() / image.getWidth();
      BufferedImage result = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
      Graphics2D graphics = result.createGraphics();
      graphics.setRenderingHint(
          RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
      graphics.drawImage(image, 0, 0, width, height, null);
      graphics.dispose();
      return write(result, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes an image without a face. */
  public static Path empty(Path file) {
    return write(new BufferedImage(200, 200, BufferedImage.TYPE_3BYTE_BGR), file);
  }

  /** Counts the pixels of a color, given as 0xRRGGBB. */
  static long pixels(BufferedImage image, int color) {
    int width = image.getWidth();
    int[] pixels = image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
    return Arrays.stream(pixels).filter(pixel -> (pixel & 0xffffff) == color).count();
  }

  private static Path write(BufferedImage image, Path file) {
    try {
      Files.createDirectories(file.getParent());
      ImageIO.write(image, "jpg", file.toFile());
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
