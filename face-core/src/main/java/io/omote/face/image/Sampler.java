// SPDX-License-Identifier: Apache-2.0
package io.omote.face.image;

import io.omote.face.FaceImage;
import io.omote.face.geometry.AffineMap;
import io.omote.face.geometry.Letterbox;
import io.omote.face.model.Normalization;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Fills the planar input of a network from an image: bilinear sampling along an affine map to whole
 * grey levels, then normalisation.
 *
 * <p>Two conventions, those of OpenCV's {@code resize} and {@code warpAffine}, which the reference
 * samples with: a resize samples at pixel centres and repeats the edge; a warp samples at whole
 * coordinates and is black outside. The resize repeats OpenCV's fixed-point arithmetic bit for bit
 * (weights of 11 bits, two truncations), because a tenth of all pixels would differ by a level
 * otherwise, and landmarks with them.
 *
 * <p>Immutable and thread-safe.
 *
 * @hidden
 */
public final class Sampler {
  private final int planes;
  // The channel of BGR pixels that comes first, and the step to the next.
  private final int firstChannel;
  private final int step;
  private final float mean;
  private final float factor;

  private Sampler(int planes, int firstChannel, int step, Normalization normalization) {
    this.planes = planes;
    this.firstChannel = firstChannel;
    this.step = step;
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
    return new Sampler(3, 2, -1, normalization);
  }

  /**
   * Fills three planes: blue, green, red.
   *
   * @param normalization how grey levels become input
   * @return the sampler
   */
  public static Sampler bgr(Normalization normalization) {
    return new Sampler(3, 0, 1, normalization);
  }

  /**
   * Fills one plane: {@code 0.299 R + 0.587 G + 0.114 B}.
   *
   * @param normalization how grey levels become input
   * @return the sampler
   */
  public static Sampler grey(Normalization normalization) {
    return new Sampler(1, 0, 0, normalization);
  }

  /**
   * The number of planes.
   *
   * @return 3 for colours, 1 for grey
   */
  public int planes() {
    return planes;
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
    Taps columns = Taps.ofColumns(image.width(), fit.width());
    Taps rows = Taps.ofRows(image.height(), fit.height());
    ResizedRows resized = new ResizedRows(image, columns);
    int[] levels = new int[3 * fit.canvasWidth()];
    for (int y = 0; y < fit.height(); y++) {
      resized.blend(rows, y, levels);
      target.put(y, levels);
    }
    Arrays.fill(levels, 0);
    for (int y = fit.height(); y < fit.canvasHeight(); y++) {
      target.put(y, levels);
    }
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
    warp(region, width, height, new Target(out, offset, width, height)::put);
  }

  /**
   * Samples a part of an image into a picture, the grey levels of which are those that {@link
   * #warp} normalises.
   *
   * @param region the part
   * @param width its width in pixels
   * @param height its height in pixels
   * @return the picture
   */
  public static FaceImage picture(Region region, int width, int height) {
    byte[] bgr = new byte[3 * width * height];
    warp(
        region,
        width,
        height,
        (y, levels) -> {
          for (int i = 0, at = y * levels.length; i < levels.length; i++, at++) {
            bgr[at] = (byte) levels[i];
          }
        });
    return FaceImage.ofBgr(bgr, width, height);
  }

  /** Takes a row of sampled pixels: blue, green and red of each, from 0 to 255. */
  @FunctionalInterface
  private interface Rows {
    void put(int y, int[] bgr);
  }

  private static void warp(Region region, int width, int height, Rows target) {
    FaceImage image = region.image();
    ByteBuffer bgr = image.bgr();
    AffineMap map = region.toImage();
    int stride = 3 * image.width();
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
        int at = 3 * x;
        if (column >= 0 && row >= 0 && column < image.width() - 1 && row < image.height() - 1) {
          int source = row * stride + 3 * column;
          for (int channel = 0; channel < 3; channel++, source++) {
            float top = mix(bgr.get(source) & 0xff, bgr.get(source + 3) & 0xff, weightX);
            float bottom =
                mix(bgr.get(source + stride) & 0xff, bgr.get(source + stride + 3) & 0xff, weightX);
            levels[at + channel] = (int) (mix(top, bottom, weightY) + 0.5f);
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
            levels[at + channel] = (int) (mix(top, bottom, weightY) + 0.5f);
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

  /** Where a resize reads along one axis, and how much it takes of each of two neighbours. */
  private record Taps(int[] first, int[] second, int[] firstWeight, int[] secondWeight) {
    private static final int ONE = 1 << 11;

    /** Beyond the edge only the last column counts. */
    static Taps ofColumns(int sourceSize, int size) {
      return of(sourceSize, size, true);
    }

    /** Beyond the edge the last row counts twice, with the weights of two: the rounding differs. */
    static Taps ofRows(int sourceSize, int size) {
      return of(sourceSize, size, false);
    }

    private static Taps of(int sourceSize, int size, boolean oneAtEdge) {
      int[] first = new int[size];
      int[] second = new int[size];
      int[] firstWeight = new int[size];
      int[] secondWeight = new int[size];
      double scale = 1 / ((double) size / sourceSize);
      for (int i = 0; i < size; i++) {
        float at = (float) ((i + 0.5) * scale - 0.5);
        int floor = (int) Math.floor(at);
        boolean inside = floor >= 0 && floor < sourceSize - 1;
        float fraction = oneAtEdge && !inside ? 0 : at - floor;
        first[i] = Math.max(0, Math.min(floor, sourceSize - 1));
        second[i] = Math.max(0, Math.min(floor + 1, sourceSize - 1));
        firstWeight[i] = (int) Math.rint((1 - fraction) * ONE);
        secondWeight[i] = (int) Math.rint(fraction * ONE);
      }
      return new Taps(first, second, firstWeight, secondWeight);
    }
  }

  /** The rows of an image resized in x, of which a resize in y blends two at a time. */
  private static final class ResizedRows {
    private final ByteBuffer bgr;
    private final Taps columns;
    // One row of the source: a bulk copy is much faster than single reads of a read-only buffer.
    private final byte[] source;
    private int[] upper;
    private int[] lower;
    private int upperRow = -1;
    private int lowerRow = -1;

    ResizedRows(FaceImage image, Taps columns) {
      this.bgr = image.bgr();
      this.columns = columns;
      this.source = new byte[3 * image.width()];
      this.upper = new int[3 * columns.first().length];
      this.lower = new int[upper.length];
    }

    void blend(Taps rows, int y, int[] levels) {
      int first = rows.first()[y];
      int second = rows.second()[y];
      if (first == lowerRow) {
        int[] swap = upper;
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
      int upperWeight = rows.firstWeight()[y];
      int lowerWeight = rows.secondWeight()[y];
      for (int i = 0; i < upper.length; i++) {
        int fromUpper = upperWeight * (upper[i] >> 4) >> 16;
        int fromLower = lowerWeight * (lower[i] >> 4) >> 16;
        levels[i] = fromUpper + fromLower + 2 >> 2;
      }
    }

    private void resize(int row, int[] out) {
      bgr.get(row * source.length, source, 0, source.length);
      for (int x = 0, at = 0; x < columns.first().length; x++) {
        int left = 3 * columns.first()[x];
        int right = 3 * columns.second()[x];
        int leftWeight = columns.firstWeight()[x];
        int rightWeight = columns.secondWeight()[x];
        for (int channel = 0; channel < 3; channel++) {
          out[at++] =
              (source[left + channel] & 0xff) * leftWeight
                  + (source[right + channel] & 0xff) * rightWeight;
        }
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

    void put(int y, int[] bgr) {
      int at = offset + y * width;
      if (planes == 1) {
        for (int x = 0; x < width; x++) {
          float level = 0.299f * bgr[3 * x + 2] + 0.587f * bgr[3 * x + 1] + 0.114f * bgr[3 * x];
          row[x] = ((int) (level + 0.5f) - mean) * factor;
        }
        out.put(at, row, 0, width);
        return;
      }
      for (int i = 0, channel = firstChannel; i < planes; i++, channel += step, at += plane) {
        for (int x = 0; x < width; x++) {
          row[x] = (bgr[3 * x + channel] - mean) * factor;
        }
        out.put(at, row, 0, width);
      }
    }
  }
}
