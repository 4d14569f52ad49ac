// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import io.omote.face.FaceImage;
import io.omote.face.description.Normalization;
import io.omote.face.internal.geometry.Letterbox;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * A sampler that fills the input of a network from an image: bilinear sampling along an affine map
 * to whole gray levels, then normalization.
 *
 * <p>It follows two conventions, those of OpenCV's {@code resize} and {@code warpAffine}, which the
 * reference implementations use: a resize samples at pixel centers and repeats the edge; a warp
 * samples at whole coordinates and is black outside. The resize repeats OpenCV's fixed-point
 * arithmetic bit for bit (weights of 11 bits, two truncations). Otherwise a tenth of all pixels
 * would differ by one level, and landmarks would differ, too.
 *
 * <p>Immutable and thread-safe.
 */
public final class Sampler {
  private final int planes;
  private final boolean interleaved;
  // The channel of BGR pixels that comes first, and the step to the next.
  private final int firstChannel;
  private final int step;

  /** The input for each gray level of each plane. */
  private final float[][] inputs;

  private Sampler(boolean interleaved, int firstChannel, int step, Normalization... planes) {
    this.planes = planes.length;
    this.interleaved = interleaved;
    this.firstChannel = firstChannel;
    this.step = step;
    inputs = Arrays.stream(planes).map(Sampler::inputs).toArray(float[][]::new);
  }

  private static float[] inputs(Normalization normalization) {
    float[] inputs = new float[256];
    float factor = 1 / normalization.scale();
    for (int level = 0; level < inputs.length; level++) {
      inputs[level] = (level - normalization.mean()) * factor;
    }
    return inputs;
  }

  /**
   * Returns a sampler of three planes: red, green, blue.
   *
   * @param normalization how gray levels become input
   * @return the sampler
   */
  public static Sampler rgb(Normalization normalization) {
    return new Sampler(false, 2, -1, normalization, normalization, normalization);
  }

  /**
   * Returns a sampler of red, green and blue of each pixel, one pixel after the other.
   *
   * @param normalization how gray levels become input
   * @return the sampler
   */
  public static Sampler interleavedRgb(Normalization normalization) {
    return new Sampler(true, 2, -1, normalization, normalization, normalization);
  }

  /**
   * Returns a sampler of three planes: blue, green, red.
   *
   * @param normalization how gray levels become input
   * @return the sampler
   */
  public static Sampler bgr(Normalization normalization) {
    return new Sampler(false, 0, 1, normalization, normalization, normalization);
  }

  /**
   * Returns a sampler of three planes, blue, green, red, each minus a mean of its own.
   *
   * @param blue the mean of the blue levels
   * @param green the mean of the green levels
   * @param red the mean of the red levels
   * @return the sampler
   */
  public static Sampler bgr(float blue, float green, float red) {
    return new Sampler(
        false,
        0,
        1,
        new Normalization(blue, 1),
        new Normalization(green, 1),
        new Normalization(red, 1));
  }

  /**
   * Returns a sampler of one plane: {@code 0.299 R + 0.587 G + 0.114 B}.
   *
   * @param normalization how gray levels become input
   * @return the sampler
   */
  public static Sampler gray(Normalization normalization) {
    return new Sampler(false, 0, 0, normalization);
  }

  /**
   * Returns the number of planes.
   *
   * @return 3 for colors, 1 for gray
   */
  public int planes() {
    return planes;
  }

  /**
   * Resizes an image into the top-left corner of a canvas; the rest is black.
   *
   * @param image the image
   * @param fit the sizes
   * @param out receives {@code planes * canvasHeight * canvasWidth} floats from index 0
   */
  public void letterbox(FaceImage image, Letterbox fit, FloatBuffer out) {
    Target target = new Target(out, fit.canvasWidth(), fit.canvasHeight());
    resize(SubImage.whole(image), fit.width(), fit.height(), target);
    for (int y = fit.height(); y < fit.canvasHeight(); y++) {
      target.put(y, new int[0], 0);
    }
  }

  /**
   * Resizes a rectangle of an image.
   *
   * @param part the rectangle
   * @param width the new width in pixels
   * @param height the new height in pixels
   * @param out receives {@code planes * height * width} floats from index 0
   */
  public void resize(SubImage part, int width, int height, FloatBuffer out) {
    resize(part, width, height, new Target(out, width, height));
  }

  private static void resize(SubImage part, int width, int height, Target target) {
    int[] levels = new int[3 * width];
    Taps columns = Taps.ofColumns(part.width(), width);
    Taps rows = Taps.ofRows(part.height(), height);
    ResizedRows resized = new ResizedRows(part, columns);
    for (int y = 0; y < height; y++) {
      resized.blend(rows, y, levels);
      target.put(y, levels, width);
    }
  }

  /**
   * Samples a crop of an image.
   *
   * @param crop the crop
   * @param width its width in pixels
   * @param height its height in pixels
   * @param out receives {@code planes * height * width} floats, from index 0
   */
  public void warp(CropTransform crop, int width, int height, FloatBuffer out) {
    Target target = new Target(out, width, height);
    Warp.sample(crop, width, height, (y, levels) -> target.put(y, levels, width));
  }

  /**
   * Samples a crop of an image into a new image, with the gray levels that {@link #warp}
   * normalizes.
   *
   * @param crop the crop
   * @param width its width in pixels
   * @param height its height in pixels
   * @return the image
   */
  public static FaceImage image(CropTransform crop, int width, int height) {
    byte[] bgr = new byte[3 * width * height];
    Warp.sample(
        crop,
        width,
        height,
        (y, levels) -> {
          for (int x = 0, at = 3 * y * width; x < width; x++, at += 3) {
            bgr[at] = (byte) levels[x];
            bgr[at + 1] = (byte) levels[width + x];
            bgr[at + 2] = (byte) levels[2 * width + x];
          }
        });
    return FaceImage.ofBgr(bgr, width, height);
  }

  /** The places that a resize reads along one axis, and the weights of each two neighbors. */
  private record Taps(int[] first, int[] second, int[] firstWeight, int[] secondWeight) {
    private static final int ONE = 1 << 11;

    /** Returns the taps in x. Beyond the edge only the last column counts. */
    static Taps ofColumns(int sourceSize, int size) {
      return of(sourceSize, size, true);
    }

    /** Returns the taps in y. Beyond the edge the last row counts twice: the rounding differs. */
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

  /**
   * The rows of an image resized in x, of which a resize in y blends two. A row has the blue of all
   * pixels, then the green, then the red, so that the blending runs along arrays.
   */
  private static final class ResizedRows {
    private final ByteBuffer bgr;
    private final int start;
    private final int stride;
    // For each pixel of a row: the places of its two neighbors in the source, and their weights.
    private final int[] lefts;
    private final int[] rights;
    private final int[] leftWeights;
    private final int[] rightWeights;
    // One row of the source: a bulk copy is much faster than single reads of a read-only buffer.
    private final byte[] source;
    private final int[] left;
    private final int[] right;
    private final int[] blended;
    private int[] upper;
    private int[] lower;
    private int upperRow = -1;
    private int lowerRow = -1;

    ResizedRows(SubImage part, Taps columns) {
      bgr = part.image().bgr();
      stride = PixelBytes.CHANNELS * part.image().width();
      start = part.top() * stride + PixelBytes.CHANNELS * part.left();
      lefts = bytes(columns.first());
      rights = bytes(columns.second());
      leftWeights = columns.firstWeight();
      rightWeights = columns.secondWeight();
      int width = lefts.length;
      source = new byte[PixelBytes.CHANNELS * part.width() + PixelBytes.PADDING];
      left = new int[width];
      right = new int[width];
      blended = new int[width];
      upper = new int[PixelBytes.CHANNELS * width];
      lower = new int[PixelBytes.CHANNELS * width];
    }

    private static int[] bytes(int[] pixels) {
      int[] bytes = new int[pixels.length];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = PixelBytes.CHANNELS * pixels[i];
      }
      return bytes;
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
        levels[i] = (upperWeight * upper[i] >> 16) + (lowerWeight * lower[i] >> 16) + 2 >> 2;
      }
    }

    private void resize(int row, int[] out) {
      bgr.get(start + row * stride, source, 0, source.length - PixelBytes.PADDING);
      PixelBytes.pick(source, lefts, left);
      PixelBytes.pick(source, rights, right);
      for (int channel = 0; channel < PixelBytes.CHANNELS; channel++) {
        blendPixels(PixelBytes.shift(channel));
        System.arraycopy(blended, 0, out, channel * blended.length, blended.length);
      }
    }

    /**
     * Blends into a separate array: with an offset the JIT compiler uses no vector instructions.
     */
    private void blendPixels(int shift) {
      for (int i = 0; i < blended.length; i++) {
        blended[i] =
            (left[i] >>> shift & 0xff) * leftWeights[i]
                    + (right[i] >>> shift & 0xff) * rightWeights[i]
                >> 4;
      }
    }
  }

  /** The input to fill, row by row. */
  private final class Target {
    private final FloatBuffer out;
    private final int width;
    private final int height;
    private final float[] row;

    Target(FloatBuffer out, int width, int height) {
      this.out = out;
      this.width = width;
      this.height = height;
      this.row = new float[interleaved ? planes * width : width];
    }

    /** Puts a row of blue, then green, then red levels. Pixels right of them are black. */
    void put(int y, int[] levels, int filled) {
      if (planes == 1) {
        putGray(y, levels, filled);
      } else if (interleaved) {
        putInterleaved(y, levels, filled);
      } else {
        putPlanes(y, levels, filled);
      }
    }

    private void putPlanes(int y, int[] levels, int filled) {
      for (int i = 0, channel = firstChannel; i < planes; i++, channel += step) {
        float[] ofPlane = inputs[i];
        int first = channel * filled;
        for (int x = 0; x < filled; x++) {
          row[x] = ofPlane[levels[first + x]];
        }
        Arrays.fill(row, filled, width, ofPlane[0]);
        out.put((i * height + y) * width, row, 0, width);
      }
    }

    private void putInterleaved(int y, int[] levels, int filled) {
      for (int i = 0, channel = firstChannel; i < planes; i++, channel += step) {
        for (int x = 0, at = i; x < width; x++, at += planes) {
          row[at] = inputs[i][x < filled ? levels[channel * filled + x] : 0];
        }
      }
      out.put(y * row.length, row, 0, row.length);
    }

    private void putGray(int y, int[] levels, int filled) {
      Arrays.fill(row, filled, width, inputs[0][0]);
      for (int x = 0; x < filled; x++) {
        float level =
            0.299f * levels[2 * filled + x] + 0.587f * levels[filled + x] + 0.114f * levels[x];
        row[x] = inputs[0][(int) (level + 0.5f)];
      }
      out.put(y * width, row, 0, width);
    }
  }
}
