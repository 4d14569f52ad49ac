// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.util.Locale;

/**
 * Conversions from and to Java's own images. Pixels are the same as those that the decoder reads
 * from a file: samples as they are stored, without profiles and alpha.
 *
 * <p>{@link BufferedImage#getRGB} differs for color spaces other than sRGB: it assumes that gray is
 * linear, so that 128 becomes 188, and applies the profile of a file.
 *
 * <p>Stateless.
 */
public final class BufferedPixels {
  private BufferedPixels() {}

  /**
   * Returns a copy of the pixels.
   *
   * @param image the image, of any type
   * @return blue, green, red of each pixel, rows from top to bottom
   * @throws io.omote.face.ImageException if the heap has no room for them
   */
  public static byte[] bgr(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] bgr =
        HeapRoom.bytes(3 * width * height, String.format(Locale.ROOT, "%dx%d", width, height));
    ColorModel model = image.getColorModel();
    if (!keepsSamples(model.getColorSpace())) {
      convert(image, bgr);
    } else if (hasWholeSamples(model)) {
      copySamples(image, bgr);
    } else if (model.getColorSpace().isCS_sRGB()) {
      convert(image, bgr);
    } else {
      normalize(image, bgr);
    }
    return bgr;
  }

  /**
   * Returns pixels as an image of Java.
   *
   * @param bgr blue, green, red of each pixel, rows from top to bottom
   * @param width the number of columns
   * @param height the number of rows
   * @return a new image of the type {@link BufferedImage#TYPE_3BYTE_BGR}
   * @throws io.omote.face.ImageException if the heap has no room for it
   */
  public static BufferedImage image(byte[] bgr, int width, int height) {
    BufferedImage image =
        HeapRoom.make(
            bgr.length,
            String.format(Locale.ROOT, "%dx%d", width, height),
            () -> new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR));
    // The bands of the raster are red, green, blue regardless of the order in memory.
    int[] row = new int[3 * width];
    for (int y = 0, at = 0; y < height; y++) {
      for (int x = 0; x < row.length; x += 3, at += 3) {
        row[x] = bgr[at + 2] & 0xff;
        row[x + 1] = bgr[at + 1] & 0xff;
        row[x + 2] = bgr[at] & 0xff;
      }
      image.getRaster().setPixels(0, y, width, 1, row);
    }
    return image;
  }

  /** Returns whether samples are used as they are: gray and RGB, but not linear RGB or inks. */
  private static boolean keepsSamples(ColorSpace space) {
    return space.getType() == ColorSpace.TYPE_GRAY
        || space.getType() == ColorSpace.TYPE_RGB
            && !space.equals(ColorSpace.getInstance(ColorSpace.CS_LINEAR_RGB));
  }

  /**
   * Returns whether each sample has 8 or 16 bits of its own, of which the upper 8 are its level.
   */
  private static boolean hasWholeSamples(ColorModel model) {
    int type = model.getTransferType();
    if (!(model instanceof ComponentColorModel)
        || model.isAlphaPremultiplied()
        || type != DataBuffer.TYPE_BYTE && type != DataBuffer.TYPE_USHORT) {
      return false;
    }
    int bits = DataBuffer.getDataTypeSize(type);
    for (int size : model.getComponentSize()) {
      if (size != bits) {
        return false;
      }
    }
    return true;
  }

  private static void copySamples(BufferedImage image, byte[] bgr) {
    Raster raster = image.getRaster();
    int bands = raster.getNumBands();
    int shift = DataBuffer.getDataTypeSize(image.getColorModel().getTransferType()) - 8;
    int green = image.getColorModel().getNumColorComponents() == 1 ? 0 : 1;
    int blue = 2 * green;
    int[] row = new int[bands * image.getWidth()];
    int at = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, image.getWidth(), 1, row);
      for (int x = 0; x < row.length; x += bands) {
        bgr[at++] = (byte) (row[x + blue] >> shift);
        bgr[at++] = (byte) (row[x + green] >> shift);
        bgr[at++] = (byte) (row[x] >> shift);
      }
    }
  }

  private static void convert(BufferedImage image, byte[] bgr) {
    int[] row = new int[image.getWidth()];
    int at = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, row.length, 1, row, 0, row.length);
      for (int rgb : row) {
        bgr[at++] = (byte) rgb;
        bgr[at++] = (byte) (rgb >> 8);
        bgr[at++] = (byte) (rgb >> 16);
      }
    }
  }

  /** Copies samples of other types, and those premultiplied by alpha, which is slow. */
  private static void normalize(BufferedImage image, byte[] bgr) {
    ColorModel model = image.getColorModel();
    Raster raster = image.getRaster();
    int green = model.getNumColorComponents() == 1 ? 0 : 1;
    Object pixel = null;
    float[] samples = null;
    int at = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        pixel = raster.getDataElements(raster.getMinX() + x, raster.getMinY() + y, pixel);
        samples = model.getNormalizedComponents(pixel, samples, 0);
        bgr[at++] = level(samples[2 * green]);
        bgr[at++] = level(samples[green]);
        bgr[at++] = level(samples[0]);
      }
    }
  }

  private static byte level(float sample) {
    return (byte) Math.round(255 * Math.min(Math.max(sample, 0), 1));
  }
}
