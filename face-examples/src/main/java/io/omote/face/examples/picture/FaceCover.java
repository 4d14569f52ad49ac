// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples.picture;

import io.omote.face.BoundingBox;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;

/**
 * Makes faces unrecognizable in a picture. What is left of a face is a few means over large parts
 * of it, or nothing: no sharpening brings it back. Stateless and thread-safe.
 */
public enum FaceCover {
  /** Soft patches of color. */
  BLUR,
  /** A grid of squares. */
  MOSAIC,
  /** A grey area. */
  FILL;

  /** How far around the box, of its sides, for hair, chin and ears. */
  private static final double MARGIN = 0.15;

  /** So many means across a face: too few to tell people apart. */
  private static final int CELLS = 5;

  /** Covers a face. */
  public void cover(BufferedImage picture, BoundingBox box) {
    int left = (int) Math.floor(box.left() - MARGIN * box.width());
    int top = (int) Math.floor(box.top() - MARGIN * box.height());
    int right = (int) Math.ceil(box.right() + MARGIN * box.width());
    int bottom = (int) Math.ceil(box.bottom() + MARGIN * box.height());
    Rectangle area =
        new Rectangle(left, top, right - left, bottom - top)
            .intersection(new Rectangle(picture.getWidth(), picture.getHeight()));
    if (area.isEmpty()) {
      return;
    }
    Graphics2D graphics = picture.createGraphics();
    try {
      if (this == FILL) {
        graphics.setColor(Color.GRAY);
        graphics.fill(area);
      } else {
        drawMeans(graphics, picture, area);
      }
    } finally {
      graphics.dispose();
    }
  }

  private void drawMeans(Graphics2D graphics, BufferedImage picture, Rectangle area) {
    if (this == BLUR) {
      graphics.setRenderingHint(
          RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
      graphics.setClip(new Ellipse2D.Double(area.x, area.y, area.width, area.height));
    } else {
      graphics.setRenderingHint(
          RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    }
    graphics.drawImage(means(picture, area), area.x, area.y, area.width, area.height, null);
  }

  private static BufferedImage means(BufferedImage picture, Rectangle area) {
    int columns = Math.min(CELLS, area.width);
    int rows = Math.min(CELLS, area.height);
    BufferedImage means = new BufferedImage(columns, rows, BufferedImage.TYPE_INT_RGB);
    for (int row = 0; row < rows; row++) {
      int top = area.y + area.height * row / rows;
      int bottom = area.y + area.height * (row + 1) / rows;
      for (int column = 0; column < columns; column++) {
        int left = area.x + area.width * column / columns;
        int right = area.x + area.width * (column + 1) / columns;
        int width = right - left;
        int[] pixels = picture.getRGB(left, top, width, bottom - top, null, 0, width);
        means.setRGB(column, row, mean(pixels));
      }
    }
    return means;
  }

  private static int mean(int[] pixels) {
    long red = 0;
    long green = 0;
    long blue = 0;
    for (int pixel : pixels) {
      red += pixel >> 16 & 0xff;
      green += pixel >> 8 & 0xff;
      blue += pixel & 0xff;
    }
    return (int) (red / pixels.length) << 16
        | (int) (green / pixels.length) << 8
        | (int) (blue / pixels.length);
  }
}
