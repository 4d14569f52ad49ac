// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceDetector;
import io.omote.face.attribute.Liveness;
import io.omote.face.description.LivenessModel;
import io.omote.face.evaluation.LivenessReport;
import io.omote.face.evaluation.Presentations;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures how well live faces and attacks are told apart on images of one's own. */
@Command(
    name = "liveness",
    mixinStandardHelpOptions = true,
    description = {
      "Scores live faces and attacks, and says what each threshold costs (ISO/IEC 30107-3).",
      "FOLDER has a folder live, and a folder attack with images or with a folder for each species"
          + " of attack, such as print and screen."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all images were read; some may show no face",
      "1:no result, the text says why",
      "2:wrong options",
      "3:some images could not be read and count as non-responses"
    })
final class EvaluateLiveness implements Callable<Integer> {
  @Mixin private final DetectorChoice detector = new DetectorChoice();
  @Mixin private final LivenessFiles files = new LivenessFiles();
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FOLDER", description = "folder with live and attack")
  private Path folder;

  @Option(
      names = "--threshold",
      paramLabel = "SCORE",
      description =
          "score from which on a face counts as live, in [0, 1]; without one no decision is judged,"
              + " only the curve")
  private @Nullable Double threshold;

  @Option(
      names = "--output",
      paramLabel = "FOLDER",
      description = "folder for liveness.json and liveness.png; refused where one of them is there")
  private @Nullable Path output;

  @Override
  public Integer call() throws IOException {
    LivenessModel model =
        files
            .model()
            .orElseThrow(
                () ->
                    new ParameterException(
                        spec.commandLine(),
                        "expected --liveness twice, for MiniFASNetV2 and for MiniFASNetV1SE, found"
                            + " none"));
    if (threshold != null && !(threshold >= 0 && threshold <= 1)) {
      throw new ParameterException(
          spec.commandLine(), "expected a threshold in [0, 1], found " + threshold);
    }
    if (output != null) {
      Outputs.check(List.of(output.resolve("liveness.json"), output.resolve("liveness.png")));
    }
    Presentations presentations = Presentations.read(folder);
    if (output != null) {
      Files.createDirectories(output);
    }
    PrintWriter err = spec.commandLine().getErr();
    try (FaceDetector opened = FaceDetector.builder(detector.detector()).build();
        FaceAnalyzer<Liveness> analyzer = FaceAnalyzer.create(model);
        ProgressBar progress = Progress.ofImages("scoring", presentations.count())) {
      LivenessReport report =
          LivenessReport.of(
              presentations,
              opened,
              analyzer,
              threshold,
              text -> err.println("counted as a non-response: " + text),
              progress::step);
      presentations.leftOut().forEach(text -> err.println("left out: " + text));
      err.flush();
      if (output != null) {
        report.writeJson(output.resolve("liveness.json"));
        report.writePlot(output.resolve("liveness.png"));
      }
      report.print(spec.commandLine().getOut());
      return report.unreadable() == 0 && presentations.leftOut().isEmpty()
          ? 0
          : EvaluationOptions.UNREADABLE_IMAGES;
    }
  }
}
