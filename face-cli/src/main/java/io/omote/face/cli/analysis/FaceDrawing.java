// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.analysis;

import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.FaceImage;
import io.omote.face.Landmarks;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.attribute.HeadPose;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.Locale;

/**
 * A drawing of results on a copy of an image. Lines and labels scale with the image.
 *
 * <p>Not thread-safe; close it when the drawing is complete.
 */
public final class FaceDrawing implements AutoCloseable {
  /** The width of lines, as a share of the longer side of the image. */
  private static final float LINE = 0.004f;

  private static final float TEXT = 0.018f;
  private static final float LEAST_LINE = 1;
  private static final float LEAST_TEXT = 9;
  private static final Color LABEL_BACKGROUND = new Color(0, 0, 0, 170);

  private final BufferedImage drawing;
  private final Graphics2D graphics;
  private final float line;

  /** Creates a drawing on a copy of an image. */
  public FaceDrawing(FaceImage image) {
    drawing = image.toBufferedImage();
    graphics = drawing.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    int side = Math.max(image.width(), image.height());
    line = Math.max(LEAST_LINE, LINE * side);
    graphics.setStroke(new BasicStroke(line));
    graphics.setFont(
        new Font(Font.SANS_SERIF, Font.PLAIN, 1).deriveFont(Math.max(LEAST_TEXT, TEXT * side)));
  }

  /** Adds box, score and landmarks. */
  public void add(Face face) {
    BoundingBox box = face.box();
    graphics.setColor(Color.GREEN);
    graphics.draw(new Rectangle2D.Float(box.left(), box.top(), box.width(), box.height()));
    face.landmarks()
        .ifPresent(landmarks -> landmarks.points().forEach(p -> dot(p.x(), p.y(), line)));
    label(String.format(Locale.ROOT, "%.2f", face.score()), box);
  }

  /** Draws a label on a dark background, above the box or, without room there, in it. */
  private void label(String text, BoundingBox box) {
    FontMetrics metrics = graphics.getFontMetrics();
    float width = metrics.stringWidth(text) + 4 * line;
    float height = metrics.getAscent() + metrics.getDescent();
    float left = within(box.left() - line / 2, drawing.getWidth() - width);
    float above = box.top() - line / 2 - height;
    float top = within(above < 0 ? box.top() + line / 2 : above, drawing.getHeight() - height);
    graphics.setColor(LABEL_BACKGROUND);
    graphics.fill(new Rectangle2D.Float(left, top, width, height));
    graphics.setColor(Color.WHITE);
    graphics.drawString(text, left + 2 * line, top + metrics.getAscent());
  }

  private static float within(float wanted, float most) {
    return Math.max(0, Math.min(wanted, most));
  }

  /** Adds box, score, all points and the axes of the head. */
  public void add(AnalyzedFace analyzed) {
    add(analyzed.face());
    float radius = Math.max(LEAST_LINE / 2, analyzed.face().box().width() / 75);
    graphics.setColor(Color.CYAN);
    analyzed.landmarks106().ifPresent(points -> dots(points, radius));
    graphics.setColor(Color.YELLOW);
    analyzed.landmarks68().ifPresent(points -> dots(points, radius));
    analyzed
        .face()
        .landmarks()
        .map(Landmarks::nose)
        .ifPresent(
            nose ->
                analyzed
                    .pose()
                    .ifPresent(
                        pose ->
                            axes(
                                analyzed.isPoseRough()
                                    ? new HeadPose(0, pose.yaw(), pose.roll())
                                    : pose,
                                nose.x(),
                                nose.y(),
                                analyzed.face().box().width() / 2)));
  }

  private void dots(DenseLandmarks points, float radius) {
    for (int at = 0; at < points.size(); at++) {
      dot(points.x(at), points.y(at), radius);
    }
  }

  private void dot(float x, float y, float radius) {
    graphics.fill(new Ellipse2D.Float(x - radius, y - radius, 2 * radius, 2 * radius));
  }

  /** Draws the axes of the head: the viewer's right in red, down in green, forward in blue. */
  private void axes(HeadPose pose, float x, float y, float length) {
    double pitch = Math.toRadians(pose.pitch());
    double yaw = Math.toRadians(pose.yaw());
    double roll = Math.toRadians(pose.roll());
    double[][] ends = {
      {Math.cos(yaw), 0},
      {Math.sin(yaw) * Math.sin(pitch), Math.cos(pitch)},
      {Math.sin(yaw) * Math.cos(pitch), -Math.sin(pitch)}
    };
    Color[] colors = {Color.RED, Color.GREEN, Color.BLUE};
    for (int axis = 0; axis < ends.length; axis++) {
      double right = ends[axis][0] * Math.cos(roll) - ends[axis][1] * Math.sin(roll);
      double down = ends[axis][0] * Math.sin(roll) + ends[axis][1] * Math.cos(roll);
      graphics.setColor(colors[axis]);
      graphics.draw(new Line2D.Double(x, y, x + length * right, y + length * down));
    }
  }

  /** Returns the image with everything drawn so far. */
  public BufferedImage image() {
    return drawing;
  }

  @Override
  public void close() {
    graphics.dispose();
  }
}
