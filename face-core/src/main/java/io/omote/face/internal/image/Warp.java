// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import io.omote.face.FaceImage;
import io.omote.face.internal.geometry.AffineMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A warp that samples a crop of an image at whole coordinates, bilinearly and to whole gray levels.
 * Outside the image it is black.
 *
 * <p>Stateless and thread-safe.
 */
final class Warp {
  private Warp() {}

  /** Gray levels as floats, because a lookup is faster than a conversion. */
  private static final float[] LEVELS = new float[256];

  static {
    for (int level = 0; level < LEVELS.length; level++) {
      LEVELS[level] = level;
    }
  }

  /**
   * Receives a row of sampled pixels: the blue of all, then the green, then the red, from 0 to 255.
   */
  @FunctionalInterface
  interface Rows {
    void put(int y, int[] levels);
  }

  /**
   * The neighbors of a row of pixels, and their weights. They are separate arrays, because the JIT
   * compiler uses vector instructions only for loops over few arrays from their first element.
   */
  private static final class Row {
    private final int[] upperLeft;
    private final int[] upperRight;
    private final int[] lowerLeft;
    private final int[] lowerRight;
    private final float[] weightsX;
    private final float[] weightsY;
    private final float[] first;
    private final float[] second;
    private final float[] upper;
    private final float[] lower;
    private final float[] mixed;
    private final int[] levels;

    Row(int width) {
      upperLeft = new int[width];
      upperRight = new int[width];
      lowerLeft = new int[width];
      lowerRight = new int[width];
      weightsX = new float[width];
      weightsY = new float[width];
      first = new float[width];
      second = new float[width];
      upper = new float[width];
      lower = new float[width];
      mixed = new float[width];
      levels = new int[PixelBytes.CHANNELS * width];
    }

    int[] blend() {
      for (int channel = 0; channel < PixelBytes.CHANNELS; channel++) {
        int shift = PixelBytes.shift(channel);
        mixPixels(upperLeft, upperRight, shift, upper);
        mixPixels(lowerLeft, lowerRight, shift, lower);
        mix(upper, lower, weightsY, mixed);
        round(mixed, levels, channel * mixed.length);
      }
      return levels;
    }

    private void mixPixels(int[] left, int[] right, int shift, float[] out) {
      spread(left, shift, first);
      spread(right, shift, second);
      mix(first, second, weightsX, out);
    }

    private static void spread(int[] pixels, int shift, float[] out) {
      for (int x = 0; x < out.length; x++) {
        out[x] = LEVELS[pixels[x] >>> shift & 0xff];
      }
    }

    private static void mix(float[] first, float[] second, float[] weights, float[] out) {
      for (int x = 0; x < out.length; x++) {
        out[x] = first[x] + (second[x] - first[x]) * weights[x];
      }
    }

    private static void round(float[] values, int[] out, int offset) {
      for (int x = 0; x < values.length; x++) {
        out[offset + x] = (int) (values[x] + 0.5f);
      }
    }
  }

  /** The places where a row of pixels is read along one axis of the image. */
  private static final class Axis {
    private final double[] places;
    private final double[] floors;

    Axis(int width) {
      places = new double[width];
      floors = new double[width];
    }

    /**
     * Returns the place as an integer. A huge number becomes one outside any image; NaN becomes 0,
     * whose weight is NaN as well, which makes black.
     */
    int floor(int x) {
      return (int) floors[x];
    }

    /** Splits the places into whole coordinates and fractions. */
    void split(float[] weights) {
      for (int x = 0; x < floors.length; x++) {
        floors[x] = Math.floor(places[x]);
        places[x] = places[x] - floors[x];
      }
      for (int x = 0; x < weights.length; x++) {
        weights[x] = (float) places[x];
      }
    }
  }

  static void sample(CropTransform crop, int width, int height, Rows target) {
    AffineMap map = crop.toImage();
    if (map.xy() == 0 && map.yx() == 0) {
      sampleUpright(crop, width, height, target);
    } else {
      sampleTurned(crop, width, height, target);
    }
  }

  /**
   * Samples a crop that is not rotated, which reads the same columns in every row. Two rows of the
   * image are copied for each: that costs less than reading single bytes of a buffer. The levels
   * are the same as those of {@link #sampleTurned}.
   */
  private static void sampleUpright(CropTransform crop, int width, int height, Rows target) {
    FaceImage image = crop.image();
    AffineMap map = crop.toImage();
    int[] columns = new int[width];
    Row between = new Row(width);
    int from = image.width();
    int to = 0;
    for (int x = 0; x < width; x++) {
      double at = map.x(x, 0);
      columns[x] = floor(at, image.width());
      between.weightsX[x] = (float) (at - Math.floor(at));
      from = Math.min(from, Math.max(0, columns[x]));
      to = Math.max(to, Math.min(image.width(), columns[x] + 2));
    }
    // The first pixel of both rows is black and represents everything outside.
    byte[] upper = new byte[3 * (1 + Math.max(0, to - from)) + PixelBytes.PADDING];
    byte[] lower = new byte[upper.length];
    int[] lefts = new int[width];
    int[] rights = new int[width];
    for (int x = 0; x < width; x++) {
      lefts[x] = place(columns[x], image.width(), from);
      rights[x] = place(columns[x] + 1, image.width(), from);
    }
    for (int y = 0; y < height; y++) {
      double at = map.y(0, y);
      int row = floor(at, image.height());
      Arrays.fill(between.weightsY, (float) (at - Math.floor(at)));
      copy(image, row, from, upper);
      copy(image, row + 1, from, lower);
      PixelBytes.pick(upper, lefts, between.upperLeft);
      PixelBytes.pick(upper, rights, between.upperRight);
      PixelBytes.pick(lower, lefts, between.lowerLeft);
      PixelBytes.pick(lower, rights, between.lowerRight);
      target.put(y, between.blend());
    }
  }

  /** Returns the next whole coordinate below, or one that is outside together with its neighbor. */
  private static int floor(double at, int size) {
    return (int) Math.max(-2, Math.min(size, Math.floor(at)));
  }

  private static int place(int column, int width, int from) {
    return column < 0 || column >= width ? 0 : 3 * (1 + column - from);
  }

  private static void copy(FaceImage image, int row, int from, byte[] to) {
    if (row < 0 || row >= image.height()) {
      Arrays.fill(to, (byte) 0);
    } else {
      image.bgr().get(3 * (row * image.width() + from), to, 3, to.length - 3 - PixelBytes.PADDING);
    }
  }

  private static void sampleTurned(CropTransform crop, int width, int height, Rows target) {
    FaceImage image = crop.image();
    AffineMap map = crop.toImage();
    ByteBuffer bgr = image.bgr().order(ByteOrder.LITTLE_ENDIAN);
    int stride = 3 * image.width();
    int lastSource = bgr.limit() - stride - Long.BYTES;
    // Floats, because converting them for each pixel takes longer.
    double[] columns = new double[width];
    for (int x = 0; x < width; x++) {
      columns[x] = x;
    }
    Axis across = new Axis(width);
    Axis down = new Axis(width);
    Row between = new Row(width);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        across.places[x] = map.x(columns[x], y);
        down.places[x] = map.y(columns[x], y);
      }
      across.split(between.weightsX);
      down.split(between.weightsY);
      for (int x = 0; x < width; x++) {
        int column = across.floor(x);
        int row = down.floor(x);
        int source = row * stride + 3 * column;
        if (column >= 0
            && row >= 0
            && column < image.width() - 1
            && row < image.height() - 1
            && source <= lastSource) {
          // Eight bytes hold both neighbors of a row; each single read costs a bounds check.
          long upper = bgr.getLong(source);
          long lower = bgr.getLong(source + stride);
          between.upperLeft[x] = (int) upper;
          between.upperRight[x] = (int) (upper >>> 24);
          between.lowerLeft[x] = (int) lower;
          between.lowerRight[x] = (int) (lower >>> 24);
        } else {
          between.upperLeft[x] = pixel(image, bgr, column, row);
          between.upperRight[x] = pixel(image, bgr, column + 1, row);
          between.lowerLeft[x] = pixel(image, bgr, column, row + 1);
          between.lowerRight[x] = pixel(image, bgr, column + 1, row + 1);
        }
      }
      target.put(y, between.blend());
    }
  }

  private static int pixel(FaceImage image, ByteBuffer bgr, int column, int row) {
    if (column < 0 || row < 0 || column >= image.width() || row >= image.height()) {
      return 0;
    }
    int at = 3 * (row * image.width() + column);
    return bgr.get(at) & 0xff | (bgr.get(at + 1) & 0xff) << 8 | (bgr.get(at + 2) & 0xff) << 16;
  }
}
