// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceImage;
import io.omote.face.examples.analysis.FaceDrawing;
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
      try (FaceDrawing drawing = new FaceDrawing(image)) {
        faces.forEach(drawing::add);
        ImageIO.write(drawing.image(), "png", output.toFile());
      }
    }
    return 0;
  }

  public static void main(String[] args) {
    Examples.main(new Detect(), args);
  }
}
