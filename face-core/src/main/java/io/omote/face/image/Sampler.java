// SPDX-License-Identifier: Apache-2.0
package io.omote.face.image;

import io.omote.face.FaceImage;
import io.omote.face.Normalization;
import io.omote.face.geometry.AffineMap;
import io.omote.face.geometry.Letterbox;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Fills the planar input of a network from an image: bilinear sampling along an affine map,
 * rounding to grey levels, normalisation.
 *
 * <p>Two conventions, those of OpenCV's {@code resize} and {@code warpAffine}: a resize samples at
 * pixel centres and repeats the edge; a warp samples at whole coordinates and is black outside.
 * Levels are rounded because the reference samples into 8-bit pictures.
 *
 * <p>Immutable and thread-safe.
 */
public final class Sampler {
  private final boolean grey;
  private final float mean;
  private final float factor;

  private Sampler(boolean grey, Normalization normalization) {
    this.grey = grey;
    this.mean = normalization.mean();
    this.factor = 1 / normalization.scale();
  }

  /**
   * Fills three planes: red, green, blue.
   *
   * @param normalization how grey levels become input
   * @return the sampler
   */
  public static Sampler rgb(Normalization normalization) {
    return new Sampler(false, normalization);
  }

  /**
   * Fills one plane: {@code 0.299 R + 0.587 G + 0.114 B}.
   *
   * @param normalization how grey levels become input
   * @return the sampler
   */
  public static Sampler grey(Normalization normalization) {
    return new Sampler(true, normalization);
  }

  /**
   * The number of planes.
   *
   * @return 3 for RGB, 1 for grey
   */
  public int planes() {
    return grey ? 1 : 3;
  }

  /**
   * Resizes the image into the top-left of a canvas; the rest is black.
   *
   * @param image the image
   * @param fit the sizes
   * @param out takes {@code planes * canvasHeight * canvasWidth} floats from index 0 on
   */
  public void letterbox(FaceImage image, Letterbox fit, FloatBuffer out) {
    Target target = new Target(out, 0, fit.canvasWidth(), fit.canvasHeight());
    int[] offsets = new int[fit.width()];
    float[] weights = new float[fit.width()];
    double scaleX = (double) image.width() / fit.width();
    for (int x = 0; x < fit.width(); x++) {
      double at = clamp((x + 0.5) * scaleX - 0.5, image.width() - 1);
      // The last column has no right neighbour: weight it from the left one.
      int column = Math.min((int) at, Math.max(0, image.width() - 2));
      offsets[x] = 3 * column;
      weights[x] = (float) (at - column);
    }
    ResizedRows rows = new ResizedRows(image, offsets, weights);
    float[] levels = new float[3 * fit.canvasWidth()];
    double scaleY = (double) image.height() / fit.height();
    for (int y = 0; y < fit.height(); y++) {
      double at = clamp((y + 0.5) * scaleY - 0.5, image.height() - 1);
      int row = (int) at;
      rows.blend(row, Math.min(row + 1, image.height() - 1), (float) (at - row), levels);
      target.put(y, levels);
    }
    Arrays.fill(levels, 0);
    for (int y = fit.height(); y < fit.canvasHeight(); y++) {
      target.put(y, levels);
    }
  }

  private static double clamp(double at, int last) {
    return Math.max(0, Math.min(at, last));
  }

  /**
   * Samples a part of an image.
   *
   * @param region the part
   * @param width its width in pixels
   * @param height its height in pixels
   * @param out takes {@code planes * height * width} floats
   * @param offset the index of the first
   */
  public void warp(Region region, int width, int height, FloatBuffer out, int offset) {
    Target target = new Target(out, offset, width, height);
    FaceImage image = region.image();
    ByteBuffer bgr = image.bgr();
    AffineMap map = region.toImage();
    int stride = 3 * image.width();
    float[] levels = new float[3 * width];
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
        int at = 3 * x;
        if (column >= 0 && row >= 0 && column < image.width() - 1 && row < image.height() - 1) {
          int source = row * stride + 3 * column;
          for (int channel = 0; channel < 3; channel++, source++) {
            float top = mix(bgr.get(source) & 0xff, bgr.get(source + 3) & 0xff, weightX);
            float bottom =
                mix(bgr.get(source + stride) & 0xff, bgr.get(source + stride + 3) & 0xff, weightX);
            levels[at + channel] = mix(top, bottom, weightY);
          }
        } else {
          for (int channel = 0; channel < 3; channel++) {
            float top =
                mix(
                    level(image, bgr, column, row, channel),
                    level(image, bgr, column + 1, row, channel),
                    weightX);
            float bottom =
                mix(
                    level(image, bgr, column, row + 1, channel),
                    level(image, bgr, column + 1, row + 1, channel),
                    weightX);
            levels[at + channel] = mix(top, bottom, weightY);
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

  private static float mix(float first, float second, float weight) {
    return first + (second - first) * weight;
  }

  /** The rows of an image resized in x, of which a resize in y blends two at a time. */
  private static final class ResizedRows {
    private final ByteBuffer bgr;
    private final int[] offsets;
    private final float[] weights;
    // One row of the source: a bulk copy is much faster than single reads of a read-only buffer.
    private final byte[] source;
    private final int stride;
    private final int step;
    private float[] upper;
    private float[] lower;
    private int upperRow = -1;
    private int lowerRow = -1;

    ResizedRows(FaceImage image, int[] offsets, float[] weights) {
      this.bgr = image.bgr();
      this.offsets = offsets;
      this.weights = weights;
      this.stride = 3 * image.width();
      this.step = image.width() > 1 ? 3 : 0;
      this.source = new byte[stride];
      this.upper = new float[3 * offsets.length];
      this.lower = new float[3 * offsets.length];
    }

    void blend(int first, int second, float weight, float[] levels) {
      if (first == lowerRow) {
        float[] swap = upper;
        upper = lower;
        lower = swap;
        lowerRow = upperRow;
        upperRow = first;
      }
      if (first != upperRow) {
        resize(first, upper);
        upperRow = first;
      }
      if (second != lowerRow) {
        resize(second, lower);
        lowerRow = second;
      }
      for (int i = 0; i < upper.length; i++) {
        levels[i] = mix(upper[i], lower[i], weight);
      }
    }

    private void resize(int row, float[] out) {
      bgr.get(row * stride, source, 0, stride);
      for (int x = 0, at = 0; x < offsets.length; x++) {
        int left = offsets[x];
        int right = left + step;
        float weight = weights[x];
        out[at++] = mix(source[left] & 0xff, source[right] & 0xff, weight);
        out[at++] = mix(source[left + 1] & 0xff, source[right + 1] & 0xff, weight);
        out[at++] = mix(source[left + 2] & 0xff, source[right + 2] & 0xff, weight);
      }
    }
  }

  /** The planes to fill, row by row. */
  private final class Target {
    private final FloatBuffer out;
    private final int offset;
    private final int width;
    private final int plane;
    private final float[] row;

    Target(FloatBuffer out, int offset, int width, int height) {
      this.out = out;
      this.offset = offset;
      this.width = width;
      this.plane = width * height;
      this.row = new float[width];
    }

    void put(int y, float[] bgr) {
      int at = offset + y * width;
      if (grey) {
        for (int x = 0; x < width; x++) {
          float level =
              0.299f * round(bgr[3 * x + 2])
                  + 0.587f * round(bgr[3 * x + 1])
                  + 0.114f * round(bgr[3 * x]);
          row[x] = (round(level) - mean) * factor;
        }
        out.put(at, row, 0, width);
        return;
      }
      for (int channel = 2; channel >= 0; channel--, at += plane) {
        for (int x = 0; x < width; x++) {
          row[x] = (round(bgr[3 * x + channel]) - mean) * factor;
        }
        out.put(at, row, 0, width);
      }
    }

    private static int round(float level) {
      return (int) (level + 0.5f);
    }
  }
}
