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

  /** Takes a row of sampled pixels: blue, green and red of each, from 0 to 255. */
  @FunctionalInterface
  interface Rows {
    void put(int y, int[] bgr);
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
    float[] weights = new float[width];
    int from = image.width();
    int to = 0;
    for (int x = 0; x < width; x++) {
      double at = map.x(x, 0);
      columns[x] = floor(at, image.width());
      weights[x] = (float) (at - Math.floor(at));
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
    int[] levels = new int[3 * width];
    for (int y = 0; y < height; y++) {
      double at = map.y(0, y);
      int row = floor(at, image.height());
      float weight = (float) (at - Math.floor(at));
      copy(image, row, from, upper);
      copy(image, row + 1, from, lower);
      for (int x = 0; x < width; x++) {
        int left = lefts[x];
        int right = rights[x];
        for (int channel = 0; channel < 3; channel++) {
          levels[3 * x + channel] =
              blend(
                  upper[left + channel] & 0xff,
                  upper[right + channel] & 0xff,
                  lower[left + channel] & 0xff,
                  lower[right + channel] & 0xff,
                  weights[x],
                  weight);
        }
      }
      target.put(y, levels);
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
    int[] levels = new int[3 * width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double sourceX = map.x(x, y);
        double sourceY = map.y(x, y);
        double floorX = Math.floor(sourceX);
        double floorY = Math.floor(sourceY);
        float weightX = (float) (sourceX - floorX);
        float weightY = (float) (sourceY - floorY);
        // A cast of a huge or undefined double saturates, which lies outside of any image.
        int column = (int) floorX;
        int row = (int) floorY;
        int source = row * stride + 3 * column;
        int at = 3 * x;
        if (column >= 0
            && row >= 0
            && column < image.width() - 1
            && row < image.height() - 1
            && source <= lastSource) {
          // Eight bytes hold both neighbours of a row; each single read would cost a check.
          long upper = bgr.getLong(source);
          long lower = bgr.getLong(source + stride);
          int upperLeft = (int) upper;
          int upperRight = (int) (upper >>> 24);
          int lowerLeft = (int) lower;
          int lowerRight = (int) (lower >>> 24);
          for (int channel = 0; channel < 3; channel++) {
            int shift = 8 * channel;
            levels[at + channel] =
                blend(
                    upperLeft >> shift & 0xff,
                    upperRight >> shift & 0xff,
                    lowerLeft >> shift & 0xff,
                    lowerRight >> shift & 0xff,
                    weightX,
                    weightY);
          }
        } else {
          for (int channel = 0; channel < 3; channel++) {
            levels[at + channel] =
                blend(
                    level(image, bgr, column, row, channel),
                    level(image, bgr, column + 1, row, channel),
                    level(image, bgr, column, row + 1, channel),
                    level(image, bgr, column + 1, row + 1, channel),
                    weightX,
                    weightY);
          }
        }
      }
      target.put(y, levels);
    }
  }

  private static int level(FaceImage image, ByteBuffer bgr, int column, int row, int channel) {
    if (column < 0 || row < 0 || column >= image.width() || row >= image.height()) {
      return 0;
    }
    return bgr.get(3 * (row * image.width() + column) + channel) & 0xff;
  }

  private static int blend(
      int upperLeft, int upperRight, int lowerLeft, int lowerRight, float weightX, float weightY) {
    float upper = mix(upperLeft, upperRight, weightX);
    float lower = mix(lowerLeft, lowerRight, weightX);
    return (int) (mix(upper, lower, weightY) + 0.5f);
  }

  private static float mix(float first, float second, float weight) {
    return first + (second - first) * weight;
  }
}
