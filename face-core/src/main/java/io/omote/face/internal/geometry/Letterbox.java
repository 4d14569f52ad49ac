// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.geometry;

/**
 * The fit of an image into the canvas of a network, at the top-left corner and with its aspect
 * ratio. Small images are scaled up, too. Sizes are truncated as by InsightFace.
 *
 * <p>Immutable and thread-safe.
 *
 * @param width the width of the resized image, in pixels
 * @param height the height of the resized image, in pixels
 * @param canvasWidth the width of the canvas, in pixels
 * @param canvasHeight the height of the canvas, in pixels
 * @param scale the factor from pixels of the image to pixels of the canvas, for both directions
 */
public record Letterbox(int width, int height, int canvasWidth, int canvasHeight, float scale) {

  /**
   * Fits an image into a canvas.
   *
   * @param imageWidth the width of the image
   * @param imageHeight the height of the image
   * @param canvasWidth the width of the canvas
   * @param canvasHeight the height of the canvas
   * @return the fit; extreme images keep at least one row and one column
   */
  public static Letterbox fit(int imageWidth, int imageHeight, int canvasWidth, int canvasHeight) {
    double ratio = (double) imageHeight / imageWidth;
    int width;
    int height;
    if (ratio > (double) canvasHeight / canvasWidth) {
      height = canvasHeight;
      width = (int) (height / ratio);
    } else {
      width = canvasWidth;
      height = (int) (width * ratio);
    }
    width = Math.max(1, width);
    height = Math.max(1, height);
    return new Letterbox(
        width, height, canvasWidth, canvasHeight, (float) ((double) height / imageHeight));
  }

  /**
   * Fits an image into a canvas as OpenCV's samples do: the scale is that of the side that fills
   * the canvas, whereas {@link #fit} uses that of the truncated height.
   *
   * @param imageWidth the width of the image
   * @param imageHeight the height of the image
   * @param canvasWidth the width of the canvas
   * @param canvasHeight the height of the canvas
   * @return the fit; extreme images keep at least one row and one column
   */
  public static Letterbox scaled(
      int imageWidth, int imageHeight, int canvasWidth, int canvasHeight) {
    Letterbox fit = fit(imageWidth, imageHeight, canvasWidth, canvasHeight);
    double scale = Math.min((double) canvasWidth / imageWidth, (double) canvasHeight / imageHeight);
    return new Letterbox(fit.width(), fit.height(), canvasWidth, canvasHeight, (float) scale);
  }

  /**
   * Reduces the canvas to the size that the resized image needs.
   *
   * @param multiple the number that width and height of the canvas must be multiples of
   * @return the same fit in the smallest such canvas
   */
  public Letterbox tight(int multiple) {
    return new Letterbox(width, height, roundUp(width, multiple), roundUp(height, multiple), scale);
  }

  private static int roundUp(int size, int multiple) {
    return (size + multiple - 1) / multiple * multiple;
  }
}
