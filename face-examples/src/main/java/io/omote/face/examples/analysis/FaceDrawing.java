// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples.analysis;

import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.FaceImage;
import io.omote.face.Landmarks;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.attribute.HeadPose;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.Locale;

/**
 * Draws what was found into a copy of a picture.
 *
 * <p>Not thread-safe; close it when the drawing is done.
 */
public final class FaceDrawing implements AutoCloseable {
  private final BufferedImage drawing;
  private final Graphics2D graphics;

  /** Begins with the picture as it is. */
  public FaceDrawing(FaceImage image) {
    drawing = image.toBufferedImage();
    graphics = drawing.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setStroke(new BasicStroke(2));
  }

  /** Adds box, score and landmarks. */
  public void add(Face face) {
    graphics.setColor(Color.GREEN);
    BoundingBox box = face.box();
    graphics.draw(new Rectangle2D.Float(box.left(), box.top(), box.width(), box.height()));
    String score = String.format(Locale.ROOT, "%.2f", face.score());
    graphics.drawString(score, box.left(), box.top() - 4);
    face.landmarks().ifPresent(landmarks -> landmarks.points().forEach(p -> dot(p.x(), p.y(), 2)));
  }

  /** Adds box, score, all points and the axes of the head. */
  public void add(AnalyzedFace analyzed) {
    add(analyzed.face());
    graphics.setColor(Color.CYAN);
    analyzed.landmarks106().ifPresent(this::dots);
    graphics.setColor(Color.YELLOW);
    analyzed.landmarks68().ifPresent(this::dots);
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

  private void dots(DenseLandmarks points) {
    for (int at = 0; at < points.size(); at++) {
      dot(points.x(at), points.y(at), 1);
    }
  }

  private void dot(float x, float y, float radius) {
    graphics.fill(new Ellipse2D.Float(x - radius, y - radius, 2 * radius, 2 * radius));
  }

  /** The head's axes: to the viewer's right in red, down in green, where it looks in blue. */
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

  /** The picture with all that was drawn. */
  public BufferedImage image() {
    return drawing;
  }

  @Override
  public void close() {
    graphics.dispose();
  }
}
