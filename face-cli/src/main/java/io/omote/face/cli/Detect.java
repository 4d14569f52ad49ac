// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import com.google.gson.JsonObject;
import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceImage;
import io.omote.face.cli.analysis.AnalysisJson;
import io.omote.face.cli.analysis.AnalyzedFace;
import io.omote.face.cli.image.DisplayedImage;
import io.omote.face.internal.files.FileNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Detects the faces of images and draws what was found. */
@Command(
    name = "detect",
    mixinStandardHelpOptions = true,
    description = {
      "Detects faces, and draws boxes, landmarks and scores if you ask for drawings.",
      "Folders are searched for images. An image that cannot be read does not end the run."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all images were read",
      "1:no result; the message says why",
      "2:invalid options",
      "3:some images could not be read"
    })
final class Detect implements Callable<Integer> {
  @Mixin private final DetectorChoice models = new DetectorChoice();
  @Mixin private final DetectionOptions detection = new DetectionOptions();
  @Mixin private final DrawingOptions drawings = new DrawingOptions();
  @Mixin private final Answers answers = new Answers();

  @Parameters(
      index = "0..*",
      arity = "1..*",
      paramLabel = "FILE_OR_FOLDER",
      description = "images, and folders of images")
  private List<Path> inputs;

  /**
   * The answer for an image.
   *
   * @param json the answer as JSON
   */
  private record Answer(List<Face> faces, JsonObject json, Optional<Path> drawing) {}

  @Override
  public Integer call() throws IOException {
    List<Path> images = answers.walk(inputs, Answers.IMAGES).images();
    drawings.prepare(images);
    try (FaceDetector detector =
        detection.open(models.detector(), Batch.threadsPerImage(images.size()))) {
      answers.forEach("detecting faces", (at, image) -> detect(at, image, detector), this::print);
    }
    detection.hint(answers);
    return answers.end();
  }

  private Answer detect(int at, Path file, FaceDetector detector) throws IOException {
    DisplayedImage shown = DisplayedImage.read(file);
    FaceImage image = shown.stored();
    List<Face> faces = detector.detect(image);
    Optional<Path> drawing = drawings.draw(at, shown, d -> faces.forEach(d::add));
    return new Answer(
        faces, AnalysisJson.image(image, faces.stream().map(AnalyzedFace::of).toList()), drawing);
  }

  private void print(Path file, Answer answer) {
    detection.count(answer.faces);
    if (answers.isJson()) {
      answers.object(file, answer.json);
      return;
    }
    answers.text("%s: %s", FileNames.readable(file), Counted.faces(answer.faces.size()));
    for (Face face : answer.faces) {
      BoundingBox box = face.box();
      answers.text(
          "  score %.3f, box %.1f,%.1f to %.1f,%.1f",
          face.score(), box.left(), box.top(), box.right(), box.bottom());
    }
    answer.drawing.ifPresent(drawn -> answers.text("  drawn to %s", FileNames.readable(drawn)));
  }
}
