// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceImage;
import io.omote.face.ImageException;
import io.omote.face.cli.analysis.AnalysisJson;
import io.omote.face.cli.analysis.AnalyzedFace;
import io.omote.face.cli.image.DisplayedImage;
import io.omote.face.internal.files.ImageFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Detects the faces of images and draws what was found. */
@Command(
    name = "detect",
    mixinStandardHelpOptions = true,
    description = {
      "Detects faces, and draws boxes, landmarks and scores if you ask for drawings.",
      "An image that cannot be read does not end the run."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all images were read",
      "1:some images could not be read, or no result; the message says why",
      "2:invalid options"
    })
final class Detect implements Callable<Integer> {
  @Mixin private final ModelOptions models = new ModelOptions();
  @Mixin private final DrawingOptions drawings = new DrawingOptions();
  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "print JSON Lines, one object per image")
  private boolean json;

  @Parameters(index = "0..*", arity = "1..*", paramLabel = "IMAGE", description = "images")
  private List<Path> files;

  @Override
  public Integer call() throws IOException {
    drawings.prepare(files);
    int exitCode = ExitCode.OK;
    try (FaceDetector detector = FaceDetector.create(models.models())) {
      for (int at = 0; at < files.size(); at++) {
        int number = at;
        try {
          ImageFiles.within(files.get(at), () -> detect(number, detector));
        } catch (ImageException e) {
          spec.commandLine().getErr().println(e.getMessage());
          exitCode = ExitCode.SOFTWARE;
        }
      }
    }
    return exitCode;
  }

  private List<Face> detect(int at, FaceDetector detector) throws IOException {
    Path file = files.get(at);
    DisplayedImage shown = DisplayedImage.read(file);
    FaceImage image = shown.stored();
    List<Face> faces = detector.detect(image);
    Optional<Path> drawing = drawings.draw(at, shown, d -> faces.forEach(d::add));
    print(file, image, faces, drawing);
    return faces;
  }

  private void print(Path file, FaceImage image, List<Face> faces, Optional<Path> drawing) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(
          AnalysisJson.line(file.toString(), image, faces.stream().map(AnalyzedFace::of).toList()));
    } else {
      out.printf(Locale.ROOT, "%s: %d faces%n", file, faces.size());
      for (Face face : faces) {
        BoundingBox box = face.box();
        out.printf(
            Locale.ROOT,
            "  score %.3f, box %.1f,%.1f to %.1f,%.1f%n",
            face.score(),
            box.left(),
            box.top(),
            box.right(),
            box.bottom());
      }
      drawing.ifPresent(drawn -> out.printf(Locale.ROOT, "  drawn to %s%n", drawn));
    }
    out.flush();
  }
}
