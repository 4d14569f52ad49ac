// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.BoundingBox;
import io.omote.face.FaceImage;
import io.omote.face.ImageException;
import io.omote.face.attribute.EnrollmentGate;
import io.omote.face.attribute.MeasuredQuality;
import io.omote.face.cli.analysis.AnalysisJson;
import io.omote.face.cli.analysis.AnalyzedFace;
import io.omote.face.cli.analysis.FaceAnalysis;
import io.omote.face.cli.image.DisplayedImage;
import io.omote.face.internal.files.ImageFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs all given analyzers on the faces of images. */
@Command(
    name = "analyze",
    mixinStandardHelpOptions = true,
    description = {
      "Prints what the given models find out about each face: points, head pose, age and sex,"
          + " liveness, quality.",
      "An image that cannot be read does not end the run."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all images were read",
      "1:some images could not be read, or no result; the message says why",
      "2:invalid options"
    })
final class Analyze implements Callable<Integer> {
  @Mixin private final AnalysisOptions options = new AnalysisOptions();
  @Mixin private final DrawingOptions drawings = new DrawingOptions();
  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "print JSON Lines, one object per image")
  private boolean json;

  @Parameters(index = "0..*", arity = "1..*", paramLabel = "IMAGE", description = "images")
  private List<Path> files;

  @Override
  public Integer call() throws IOException {
    int exitCode = ExitCode.OK;
    drawings.prepare(files);
    PrintWriter out = spec.commandLine().getOut();
    try (FaceAnalysis analysis = options.open()) {
      for (int at = 0; at < files.size(); at++) {
        int number = at;
        try {
          ImageFiles.within(files.get(at), () -> analyze(number, analysis));
        } catch (ImageException e) {
          spec.commandLine().getErr().println(e.getMessage());
          exitCode = ExitCode.SOFTWARE;
        }
        out.flush();
      }
    }
    return exitCode;
  }

  private List<AnalyzedFace> analyze(int at, FaceAnalysis analysis) throws IOException {
    Path file = files.get(at);
    DisplayedImage shown = DisplayedImage.read(file);
    FaceImage image = shown.stored();
    List<AnalyzedFace> faces = analysis.analyze(image);
    if (json) {
      spec.commandLine().getOut().println(AnalysisJson.line(file.toString(), image, faces));
    } else {
      print(file, image, faces);
    }
    drawings.draw(at, shown, drawing -> faces.forEach(drawing::add));
    return faces;
  }

  private void print(Path file, FaceImage image, List<AnalyzedFace> faces) {
    print("%s: %d x %d pixels, %d faces", file, image.width(), image.height(), faces.size());
    faces.forEach(this::print);
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
            quality -> print("    quality: score %.3f by %s", quality.score(), quality.modelId()));
    analyzed.measured().ifPresent(this::print);
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
    spec.commandLine().getOut().println(String.format(Locale.ROOT, pattern, values));
  }
}
