// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceImage;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Detects the faces of a picture and draws what was found. */
@Command(
    name = "detect",
    mixinStandardHelpOptions = true,
    description = "Detects faces and writes a picture with boxes, landmarks and scores.")
final class Detect implements Callable<Integer> {
  @Mixin private final ModelOptions models = new ModelOptions();
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "PICTURE", description = "picture to look at")
  private Path picture;

  @Parameters(index = "1", paramLabel = "OUTPUT.png", description = "where to write the drawing")
  private Path output;

  @Override
  public Integer call() throws IOException {
    FaceImage image = FaceImage.read(picture);
    try (FaceDetector detector = FaceDetector.create(models.models())) {
      List<Face> faces = detector.detect(image);
      for (Face face : faces) {
        BoundingBox box = face.box();
        spec.commandLine()
            .getOut()
            .printf(
                Locale.ROOT,
                "score %.3f, box %.1f,%.1f to %.1f,%.1f%n",
                face.score(),
                box.left(),
                box.top(),
                box.right(),
                box.bottom());
      }
      spec.commandLine().getOut().printf("%d faces, drawn to %s%n", faces.size(), output);
      spec.commandLine().getOut().flush();
      ImageIO.write(draw(image, faces), "png", output.toFile());
    }
    return 0;
  }

  private static BufferedImage draw(FaceImage image, List<Face> faces) {
    BufferedImage drawing = image.toBufferedImage();
    Graphics2D graphics = drawing.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setColor(Color.GREEN);
    graphics.setStroke(new BasicStroke(2));
    for (Face face : faces) {
      BoundingBox box = face.box();
      graphics.draw(new Rectangle2D.Float(box.left(), box.top(), box.width(), box.height()));
      String score = String.format(Locale.ROOT, "%.2f", face.score());
      graphics.drawString(score, box.left(), box.top() - 4);
      face.landmarks()
          .ifPresent(
              landmarks ->
                  landmarks
                      .points()
                      .forEach(
                          p -> graphics.fill(new Ellipse2D.Float(p.x() - 2, p.y() - 2, 4, 4))));
    }
    graphics.dispose();
    return drawing;
  }

  public static void main(String[] args) {
    Examples.main(new Detect(), args);
  }
}
