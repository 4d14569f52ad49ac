// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceDetector;
import io.omote.face.attribute.Liveness;
import io.omote.face.description.LivenessModel;
import io.omote.face.description.ModelFile;
import io.omote.face.evaluation.Evaluation;
import io.omote.face.evaluation.Evaluator;
import io.omote.face.evaluation.LivenessReport;
import io.omote.face.evaluation.Presentations;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures the error rates of liveness on your own images. */
@Command(
    name = "liveness",
    mixinStandardHelpOptions = true,
    description = {
      "Scores live faces and attacks, and measures the error rates of thresholds (ISO/IEC 30107-3).",
      "FOLDER holds a folder live, and a folder attack with images or a folder for each species"
          + " of attack, such as print and screen."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all images were read; some may show no face",
      "1:no result; the message says why",
      "2:invalid options",
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
          "minimum score at which a face is considered live, in [0, 1], to report in addition to"
              + " those for given error rates")
  private @Nullable Double threshold;

  @Mixin private final ReportFolder output = new ReportFolder();

  @Override
  public Integer call() throws IOException {
    LivenessModel model =
        files
            .model()
            .orElseThrow(
                () ->
                    new ParameterException(
                        spec.commandLine(),
                        "--liveness is missing: give it minifasnet, or twice with its two files"));
    if (threshold != null && !(threshold >= 0 && threshold <= 1)) {
      throw new ParameterException(
          spec.commandLine(), "expected a threshold in [0, 1], found " + threshold);
    }
    output.check(LivenessReport.FILES);
    Presentations presentations = Presentations.read(folder);
    output.create();
    Evaluation<?, LivenessReport> evaluation = evaluate(presentations, model);
    evaluation.report().print(spec.commandLine().getOut());
    return output.write(evaluation);
  }

  private Evaluation<?, LivenessReport> evaluate(Presentations presentations, LivenessModel model) {
    PrintWriter err = spec.commandLine().getErr();
    presentations.examples().forEach(text -> err.println("note: " + text));
    presentations.leftOut().forEach(text -> err.println("left out: " + text));
    err.flush();
    try (FaceDetector opened = FaceDetector.builder(detector.detector()).build();
        FaceAnalyzer<Liveness> analyzer = FaceAnalyzer.create(model);
        Progress progress = Progress.ofImages("scoring", presentations.count())) {
      return Evaluator.create()
          .withOrigin(output.origin(names(model)))
          .withProgress(progress::step)
          .withUnreadable(text -> err.println("counted as a non-response: " + text))
          .liveness(presentations, opened, analyzer, threshold);
    } finally {
      err.flush();
    }
  }

  private static String names(LivenessModel model) {
    return model.files().stream().map(ModelFile::name).collect(Collectors.joining(" and "));
  }
}
