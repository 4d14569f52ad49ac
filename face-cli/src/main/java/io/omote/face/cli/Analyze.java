// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import com.google.gson.JsonObject;
import io.omote.face.BoundingBox;
import io.omote.face.FaceImage;
import io.omote.face.attribute.EnrollmentGate;
import io.omote.face.attribute.FaceMesh;
import io.omote.face.attribute.FaceMesh.Gaze;
import io.omote.face.attribute.MeasuredQuality;
import io.omote.face.cli.analysis.AnalysisJson;
import io.omote.face.cli.analysis.AnalyzedFace;
import io.omote.face.cli.analysis.FaceAnalysis;
import io.omote.face.cli.image.DisplayedImage;
import io.omote.face.cli.models.ModelNames;
import io.omote.face.internal.files.FileNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map.Entry;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Runs all given analyzers on the faces of images. */
@Command(
    name = "analyze",
    mixinStandardHelpOptions = true,
    description = {
      "Prints what the given models find out about each face: points, eyes, mouth, head pose, age"
          + " and sex, liveness, quality.",
      "Folders are searched for images. An image that cannot be read does not end the run."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all images were read",
      "1:no result; the message says why",
      "2:invalid options",
      "3:some images could not be read"
    })
final class Analyze implements Callable<Integer> {
  /** The number of coefficients that fit into a line. */
  private static final int STRONGEST = 5;

  @Mixin private final AnalysisOptions options = new AnalysisOptions();
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
   * @param width the width of the upright image in pixels
   * @param height the height of the upright image in pixels
   */
  private record Answer(List<AnalyzedFace> faces, JsonObject json, int width, int height) {}

  @Override
  public Integer call() throws IOException {
    List<Path> images = answers.walk(inputs, Answers.IMAGES).images();
    drawings.prepare(images);
    try (FaceAnalysis analysis =
        options.open(detection.orientation(), Batch.threadsPerImage(images.size()))) {
      answers.forEach("analyzing", (at, image) -> analyze(at, image, analysis), this::print);
    }
    detection.hint(answers);
    return answers.end();
  }

  private Answer analyze(int at, Path file, FaceAnalysis analysis) throws IOException {
    DisplayedImage shown = DisplayedImage.read(file);
    FaceImage image = shown.stored();
    List<AnalyzedFace> faces = analysis.analyze(image);
    drawings.draw(at, shown, drawing -> faces.forEach(drawing::add));
    return new Answer(faces, AnalysisJson.image(image, faces), image.width(), image.height());
  }

  private void print(Path file, Answer answer) {
    detection.count(answer.faces.stream().map(AnalyzedFace::face).toList());
    if (answers.isJson()) {
      answers.object(file, answer.json);
      return;
    }
    print(
        "%s: %d x %d pixels, %s",
        FileNames.readable(file), answer.width, answer.height, Counted.faces(answer.faces.size()));
    answer.faces.forEach(this::print);
  }

  private void print(AnalyzedFace analyzed) {
    BoundingBox box = analyzed.face().box();
    print(
        "  face: score %.3f, box %.1f,%.1f to %.1f,%.1f",
        analyzed.face().score(), box.left(), box.top(), box.right(), box.bottom());
    analyzed.landmarks106().ifPresent(points -> print("    106 points"));
    analyzed
        .landmarks68()
        .ifPresent(points -> print("    68 points%s", points.hasDepth() ? " with depth" : ""));
    analyzed.mesh().ifPresent(this::print);
    analyzed
        .pose()
        .ifPresent(
            pose ->
                print(
                    "    pose: %syaw %.1f, roll %.1f degrees%s",
                    analyzed.isPoseRough()
                        ? ""
                        : String.format(Locale.ROOT, "pitch %.1f, ", pose.pitch()),
                    pose.yaw(),
                    pose.roll(),
                    analyzed.isPoseRough() ? ", rough, from five points" : ""));
    analyzed
        .ageAndSex()
        .ifPresent(
            guess ->
                print(
                    "    age %d, sex %s: guesses",
                    guess.age(), guess.sex().name().toLowerCase(Locale.ROOT)));
    analyzed
        .liveness()
        .ifPresent(
            liveness ->
                print(
                    "    liveness: score %.3f (%s)",
                    liveness.score(),
                    liveness.scores().stream()
                        .map(score -> String.format(Locale.ROOT, "%.3f", score))
                        .collect(Collectors.joining(" and "))));
    analyzed
        .quality()
        .ifPresent(
            quality ->
                print(
                    "    quality: score %.3f by %s",
                    quality.score(), ModelNames.of(quality.modelId())));
    analyzed.measured().ifPresent(this::print);
  }

  private void print(FaceMesh mesh) {
    if (!mesh.isPresent()) {
      print("    mesh: presence %.2f, so it does not lie on the face", mesh.presence());
      return;
    }
    Gaze left = mesh.leftEye().gaze();
    Gaze right = mesh.rightEye().gaze();
    print(
        "    mesh: presence %.2f, eyes open %.2f (left) and %.2f (right), mouth open %.2f, gaze %s and %s",
        mesh.presence(),
        mesh.leftEye().openness(),
        mesh.rightEye().openness(),
        mesh.mouthOpenness(),
        toward((left.right() + right.right()) / 2, "to the viewer's right", "to the viewer's left"),
        toward((left.up() + right.up()) / 2, "up", "down"));
    if (!mesh.coefficients().isEmpty()) {
      print(
          "    strongest coefficients: %s",
          mesh.coefficients().entrySet().stream()
              .sorted(Entry.comparingByValue(Comparator.reverseOrder()))
              .limit(STRONGEST)
              .map(
                  each ->
                      String.format(Locale.ROOT, "%s %.2f", each.getKey().label(), each.getValue()))
              .collect(Collectors.joining(", ")));
    }
  }

  private static String toward(double value, String positive, String negative) {
    return String.format(Locale.ROOT, "%.2f %s", Math.abs(value), value >= 0 ? positive : negative);
  }

  private void print(MeasuredQuality measured) {
    print(
        "    measured: %s",
        measured.values().entrySet().stream()
            .map(
                value ->
                    String.format(
                            Locale.ROOT,
                            "%s %.3g %s",
                            value.getKey().label(),
                            value.getValue(),
                            value.getKey().unit())
                        .strip())
            .collect(Collectors.joining(", ")));
    EnrollmentGate.defaults()
        .check(measured)
        .forEach(shortfall -> print("    not fit to enroll: %s", shortfall.message()));
  }

  private void print(String pattern, Object... values) {
    answers.text(pattern, values);
  }
}
