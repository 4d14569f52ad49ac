// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.analysis;

import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.FaceImage;
import io.omote.face.Landmarks;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.attribute.FaceMesh;
import io.omote.face.attribute.HeadPose;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;

/**
 * A drawing of results on a copy of an image. Lines, points and labels scale with each face, so
 * that they do not hide a small one. Everything is bright with a dark edge, which is visible on any
 * ground.
 *
 * <p>Not thread-safe; close it when the drawing is complete.
 */
public final class FaceDrawing implements AutoCloseable {
  /** The width of lines and the radius of points, as shares of the width of the face. */
  private static final float LINE = 0.02f;

  private static final float POINT = 0.018f;
  private static final float DENSE_POINT = 0.01f;

  /**
   * The points of a mesh are so many that they hide a face if they are large. They have no minimum,
   * and cover 7 % of a face of any size.
   */
  private static final float MESH_POINT = 0.005f;

  private static final float IRIS_LINE = 0.01f;
  private static final float LEAST_LINE = 1;
  private static final float LEAST_RADIUS = 0.5f;

  /** The width of the dark edge on each side, as a share of a line or a radius. */
  private static final float EDGE = 0.4f;

  private static final float LEAST_EDGE = 1;

  /**
   * The height of text, as a share of the width of the face and of the longer side of the image.
   */
  private static final float TEXT = 0.2f;

  private static final float MOST_TEXT = 0.018f;
  private static final float LEAST_TEXT = 9;

  private static final Color DARK = new Color(0, 0, 0, 230);
  private static final Color LABEL_BACKGROUND = new Color(0, 0, 0, 170);
  private static final Color BOX = new Color(0xffd600);
  private static final Color LANDMARK = new Color(0xff5fd2);
  private static final Color POINTS_106 = new Color(0x40e0ff);
  private static final Color POINTS_68 = Color.WHITE;
  private static final Color MESH = new Color(0x9dff70);
  private static final Color IRIS = new Color(0x40e0ff);
  private static final Color RIGHT = new Color(0xff5252);
  private static final Color DOWN = new Color(0x5cf08a);
  private static final Color FORWARD = new Color(0x6ea0ff);

  private static final boolean HAS_FONTS = hasFonts();

  private final BufferedImage drawing;
  private final Graphics2D graphics;

  /** Creates a drawing on a copy of an image. */
  public FaceDrawing(FaceImage image) {
    drawing = image.toBufferedImage();
    graphics = drawing.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
  }

  /**
   * Returns whether Java can write text on images. It needs a font and, on Linux, fontconfig, which
   * small containers lack; drawings have no labels then.
   */
  public static boolean isWithLabels() {
    return HAS_FONTS;
  }

  private static boolean hasFonts() {
    Graphics2D graphics = new BufferedImage(1, 1, BufferedImage.TYPE_3BYTE_BGR).createGraphics();
    try {
      graphics.drawString("0", 0, 1);
      return true;
    } catch (RuntimeException | LinkageError | InternalError e) {
      // Java has no exception of its own for it: what it throws depends on the version.
      return false;
    } finally {
      graphics.dispose();
    }
  }

  /** Adds box, score and landmarks. */
  public void add(Face face) {
    BoundingBox box = face.box();
    float line = line(box);
    draw(new Rectangle2D.Float(box.left(), box.top(), box.width(), box.height()), BOX, line);
    face.landmarks()
        .ifPresent(
            landmarks ->
                landmarks.points().forEach(p -> dot(p.x(), p.y(), radius(box, POINT), LANDMARK)));
    if (HAS_FONTS) {
      label(String.format(Locale.ROOT, "%.2f", face.score()), box, line);
    }
  }

  private static float line(BoundingBox box) {
    return Math.max(LEAST_LINE, LINE * box.width());
  }

  private static float radius(BoundingBox box, float share) {
    return Math.max(LEAST_RADIUS, share * box.width());
  }

  private void draw(Shape shape, Color color, float line) {
    graphics.setColor(DARK);
    graphics.setStroke(new BasicStroke(line + 2 * Math.max(LEAST_EDGE, EDGE * line)));
    graphics.draw(shape);
    graphics.setColor(color);
    graphics.setStroke(new BasicStroke(line));
    graphics.draw(shape);
  }

  /** Draws a label on a dark background, above the box or, without room there, in it. */
  private void label(String text, BoundingBox box, float line) {
    float most = MOST_TEXT * Math.max(drawing.getWidth(), drawing.getHeight());
    graphics.setFont(
        new Font(Font.SANS_SERIF, Font.PLAIN, 1)
            .deriveFont(Math.max(LEAST_TEXT, Math.min(most, TEXT * box.width()))));
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

  /** Adds box, score, all points, the mesh and the axes of the head. */
  public void add(AnalyzedFace analyzed) {
    add(analyzed.face());
    BoundingBox box = analyzed.face().box();
    analyzed.mesh().filter(FaceMesh::isPresent).ifPresent(mesh -> add(mesh, box));
    float radius = radius(box, DENSE_POINT);
    analyzed.landmarks106().ifPresent(points -> dots(points, radius, POINTS_106));
    analyzed.landmarks68().ifPresent(points -> dots(points, radius, POINTS_68));
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
                                box)));
  }

  private void add(FaceMesh mesh, BoundingBox box) {
    dots(mesh.points(), MESH_POINT * box.width(), MESH);
    for (FaceMesh.Eye eye : List.of(mesh.leftEye(), mesh.rightEye())) {
      graphics.setColor(IRIS);
      graphics.setStroke(new BasicStroke(IRIS_LINE * box.width()));
      graphics.draw(circle(eye.iris().x(), eye.iris().y(), (float) eye.irisDiameter() / 2));
    }
  }

  private void dots(DenseLandmarks points, float radius, Color color) {
    for (int at = 0; at < points.size(); at++) {
      dot(points.x(at), points.y(at), radius, color);
    }
  }

  private void dot(float x, float y, float radius, Color color) {
    graphics.setColor(DARK);
    graphics.fill(circle(x, y, radius * (1 + EDGE)));
    graphics.setColor(color);
    graphics.fill(circle(x, y, radius));
  }

  private static Shape circle(float x, float y, float radius) {
    return new Ellipse2D.Float(x - radius, y - radius, 2 * radius, 2 * radius);
  }

  /** Draws the axes of the head: the viewer's right in red, down in green, forward in blue. */
  private void axes(HeadPose pose, float x, float y, BoundingBox box) {
    double length = box.width() / 2;
    double pitch = Math.toRadians(pose.pitch());
    double yaw = Math.toRadians(pose.yaw());
    double roll = Math.toRadians(pose.roll());
    double[][] ends = {
      {Math.cos(yaw), 0},
      {Math.sin(yaw) * Math.sin(pitch), Math.cos(pitch)},
      {Math.sin(yaw) * Math.cos(pitch), -Math.sin(pitch)}
    };
    Color[] colors = {RIGHT, DOWN, FORWARD};
    for (int axis = 0; axis < ends.length; axis++) {
      double right = ends[axis][0] * Math.cos(roll) - ends[axis][1] * Math.sin(roll);
      double down = ends[axis][0] * Math.sin(roll) + ends[axis][1] * Math.cos(roll);
      draw(new Line2D.Double(x, y, x + length * right, y + length * down), colors[axis], line(box));
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
