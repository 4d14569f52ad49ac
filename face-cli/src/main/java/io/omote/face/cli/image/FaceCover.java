// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.image;

import io.omote.face.BoundingBox;
import java.awt.AlphaComposite;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;
import java.util.Locale;

/**
 * The ways to cover a face in an image. What remains of a face is a few averages of large parts of
 * it, or nothing, so that no sharpening restores it. Stateless and thread-safe.
 */
public enum FaceCover {
  /** Soft patches of color. */
  BLUR,
  /** A grid of squares. */
  MOSAIC,
  /** A gray area. */
  FILL;

  /** The margin around the box for hair, chin and ears, as a share of its sides. */
  private static final double MARGIN = 0.15;

  /** The number of averages across a face: too few to tell people apart. */
  private static final int CELLS = 5;

  /**
   * Covers a face. If the image cuts the face off, its visible part is covered as if the whole face
   * were visible.
   *
   * @param image the image, which is modified; the cover has the average transparency of what it
   *     covers
   * @param box the box of the whole face, which may extend beyond the image
   */
  public void cover(BufferedImage image, BoundingBox box) {
    int left = (int) Math.floor(box.left() - MARGIN * box.width());
    int top = (int) Math.floor(box.top() - MARGIN * box.height());
    int right = (int) Math.ceil(box.right() + MARGIN * box.width());
    int bottom = (int) Math.ceil(box.bottom() + MARGIN * box.height());
    Rectangle face = new Rectangle(left, top, right - left, bottom - top);
    Rectangle visible = face.intersection(new Rectangle(image.getWidth(), image.getHeight()));
    if (visible.isEmpty()) {
      return;
    }
    Graphics2D graphics = image.createGraphics();
    try {
      // Replaces pixels, so that nothing shows through.
      graphics.setComposite(AlphaComposite.Src);
      if (this == FILL) {
        graphics.setColor(Color.GRAY);
        graphics.fill(visible);
      } else {
        drawMeans(graphics, image, face, visible);
      }
    } finally {
      graphics.dispose();
    }
  }

  private void drawMeans(
      Graphics2D graphics, BufferedImage image, Rectangle face, Rectangle visible) {
    if (this == BLUR) {
      graphics.setRenderingHint(
          RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
      // At the border the detector may have taken part of a face for the whole, and the corners may
      // be in the middle of the face: then cover them, too. Java2D approximates an ellipse by
      // curves
      // slightly inside it, hence the extra pixel.
      graphics.setClip(
          visible.equals(face)
              ? new Ellipse2D.Double(face.x - 1, face.y - 1, face.width + 2, face.height + 2)
              : visible);
    } else {
      graphics.setRenderingHint(
          RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    }
    graphics.drawImage(means(image, face, visible), face.x, face.y, face.width, face.height, null);
  }

  /** Averages parts of the whole face, so that a face that is cut off shows no more detail. */
  private static BufferedImage means(BufferedImage image, Rectangle face, Rectangle visible) {
    int columns = Math.min(CELLS, face.width);
    int rows = Math.min(CELLS, face.height);
    BufferedImage means =
        new BufferedImage(
            columns,
            rows,
            image.getColorModel().hasAlpha()
                ? BufferedImage.TYPE_INT_ARGB
                : BufferedImage.TYPE_INT_RGB);
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        Rectangle cell = cell(face, columns, rows, column, row).intersection(visible);
        if (cell.isEmpty()) {
          // Beyond the border, but interpolated into its neighbors: use the nearest visible part.
          cell =
              cell(
                      face,
                      columns,
                      rows,
                      nearest(column, columns, face.x, face.width, visible.x, visible.width),
                      nearest(row, rows, face.y, face.height, visible.y, visible.height))
                  .intersection(visible);
        }
        int[] pixels = image.getRGB(cell.x, cell.y, cell.width, cell.height, null, 0, cell.width);
        means.setRGB(column, row, mean(pixels));
      }
    }
    return means;
  }

  private static Rectangle cell(Rectangle face, int columns, int rows, int column, int row) {
    int left = edge(face.x, face.width, columns, column);
    int top = edge(face.y, face.height, rows, row);
    return new Rectangle(
        left,
        top,
        edge(face.x, face.width, columns, column + 1) - left,
        edge(face.y, face.height, rows, row + 1) - top);
  }

  private static int edge(int start, int length, int cells, int cell) {
    return start + (int) ((long) length * cell / cells);
  }

  /** Returns the nearest cell that overlaps the visible part. */
  private static int nearest(
      int cell, int cells, int start, int length, int visibleStart, int visibleLength) {
    int nearest = cell;
    while (edge(start, length, cells, nearest + 1) <= visibleStart) {
      nearest++;
    }
    while (edge(start, length, cells, nearest) >= visibleStart + visibleLength) {
      nearest--;
    }
    return nearest;
  }

  /** Averages colors, weighted by their opacity. */
  private static int mean(int[] pixels) {
    long alpha = 0;
    long red = 0;
    long green = 0;
    long blue = 0;
    for (int pixel : pixels) {
      int weight = pixel >>> 24;
      alpha += weight;
      red += (long) weight * (pixel >> 16 & 0xff);
      green += (long) weight * (pixel >> 8 & 0xff);
      blue += (long) weight * (pixel & 0xff);
    }
    if (alpha == 0) {
      return 0;
    }
    return (int) (alpha / pixels.length) << 24
        | (int) (red / alpha) << 16
        | (int) (green / alpha) << 8
        | (int) (blue / alpha);
  }

  /** Returns the name as users write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
