// SPDX-License-Identifier: Apache-2.0
package io.omote.face.image;

import io.omote.face.FaceImage;
import io.omote.face.geometry.AffineMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Samples a part of an image at whole coordinates, bilinearly and to whole grey levels; outside of
 * the image is black.
 *
 * <p>Stateless and thread-safe.
 */
final class Warp {
  private Warp() {}

  private static final int CHANNELS = 3;

  /**
   * Takes a row of sampled pixels: the blue of all, then the green, then the red, from 0 to 255.
   */
  @FunctionalInterface
  interface Rows {
    void put(int y, int[] levels);
  }

  /**
   * What a row of pixels lies between, and how near it is to each. Arrays of their own, because the
   * compiler makes vector instructions of loops over few of them that begin at their first element.
   */
  private static final class Row {
    private final float[][] upperLeft;
    private final float[][] upperRight;
    private final float[][] lowerLeft;
    private final float[][] lowerRight;
    private final float[] weightsX;
    private final float[] weightsY;
    private final float[] upper;
    private final float[] lower;
    private final float[] mixed;
    private final int[] levels;

    Row(int width) {
      upperLeft = new float[CHANNELS][width];
      upperRight = new float[CHANNELS][width];
      lowerLeft = new float[CHANNELS][width];
      lowerRight = new float[CHANNELS][width];
      weightsX = new float[width];
      weightsY = new float[width];
      upper = new float[width];
      lower = new float[width];
      mixed = new float[width];
      levels = new int[CHANNELS * width];
    }

    int[] blend() {
      for (int channel = 0; channel < CHANNELS; channel++) {
        mix(upperLeft[channel], upperRight[channel], weightsX, upper);
        mix(lowerLeft[channel], lowerRight[channel], weightsX, lower);
        mix(upper, lower, weightsY, mixed);
        round(mixed, levels, channel * mixed.length);
      }
      return levels;
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

  static void sample(Region region, int width, int height, Rows target) {
    AffineMap map = region.toImage();
    if (map.xy() == 0 && map.yx() == 0) {
      sampleUpright(region, width, height, target);
    } else {
      sampleTurned(region, width, height, target);
    }
  }

  /**
   * A part that is not turned reads the same columns in every row, of two rows of the image at a
   * time. They are copied: that costs less than reading single bytes of a buffer. Gives the very
   * same levels as {@link #sampleTurned}.
   */
  private static void sampleUpright(Region region, int width, int height, Rows target) {
    FaceImage image = region.image();
    AffineMap map = region.toImage();
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
    // The first pixel of both rows is black, and stands for all that is outside.
    byte[] upper = new byte[3 * (1 + Math.max(0, to - from))];
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
      for (int channel = 0; channel < CHANNELS; channel++) {
        pick(upper, lefts, channel, between.upperLeft[channel]);
        pick(upper, rights, channel, between.upperRight[channel]);
        pick(lower, lefts, channel, between.lowerLeft[channel]);
        pick(lower, rights, channel, between.lowerRight[channel]);
      }
      target.put(y, between.blend());
    }
  }

  private static void pick(byte[] row, int[] places, int channel, float[] out) {
    for (int x = 0; x < out.length; x++) {
      out[x] = row[places[x] + channel] & 0xff;
    }
  }

  /** The next whole coordinate below, or one that lies outside with its neighbour. */
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
      image.bgr().get(3 * (row * image.width() + from), to, 3, to.length - 3);
    }
  }

  private static void sampleTurned(Region region, int width, int height, Rows target) {
    FaceImage image = region.image();
    AffineMap map = region.toImage();
    ByteBuffer bgr = image.bgr().order(ByteOrder.LITTLE_ENDIAN);
    int stride = 3 * image.width();
    int lastSource = bgr.limit() - stride - Long.BYTES;
    Row between = new Row(width);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double sourceX = map.x(x, y);
        double sourceY = map.y(x, y);
        int column = floor(sourceX);
        int row = floor(sourceY);
        between.weightsX[x] = (float) (sourceX - column);
        between.weightsY[x] = (float) (sourceY - row);
        int source = row * stride + 3 * column;
        if (column >= 0
            && row >= 0
            && column < image.width() - 1
            && row < image.height() - 1
            && source <= lastSource) {
          // Eight bytes hold both neighbours of a row; each single read would cost a check.
          long upper = bgr.getLong(source);
          long lower = bgr.getLong(source + stride);
          spread((int) upper, x, between.upperLeft);
          spread((int) (upper >>> 24), x, between.upperRight);
          spread((int) lower, x, between.lowerLeft);
          spread((int) (lower >>> 24), x, between.lowerRight);
        } else {
          for (int channel = 0; channel < CHANNELS; channel++) {
            between.upperLeft[channel][x] = level(image, bgr, column, row, channel);
            between.upperRight[channel][x] = level(image, bgr, column + 1, row, channel);
            between.lowerLeft[channel][x] = level(image, bgr, column, row + 1, channel);
            between.lowerRight[channel][x] = level(image, bgr, column + 1, row + 1, channel);
          }
        }
      }
      target.put(y, between.blend());
    }
  }

  /** Of a huge or undefined number something that lies outside of any image. */
  private static int floor(double at) {
    int whole = (int) at;
    return at < whole ? whole - 1 : whole;
  }

  private static void spread(int pixel, int x, float[][] channels) {
    channels[0][x] = pixel & 0xff;
    channels[1][x] = pixel >> 8 & 0xff;
    channels[2][x] = pixel >> 16 & 0xff;
  }

  private static int level(FaceImage image, ByteBuffer bgr, int column, int row, int channel) {
    if (column < 0 || row < 0 || column >= image.width() || row >= image.height()) {
      return 0;
    }
    return bgr.get(3 * (row * image.width() + column) + channel) & 0xff;
  }
}
