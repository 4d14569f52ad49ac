// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceModels;
import io.omote.face.attribute.FaceQuality;
import io.omote.face.description.QualityModel;
import io.omote.face.evaluation.GradedImages;
import io.omote.face.evaluation.Protocol;
import io.omote.face.evaluation.QualityReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures what a measure of quality foresees of false non-matches. */
@Command(
    name = "quality",
    mixinStandardHelpOptions = true,
    description = {
      "Discards the comparisons of the lowest quality and says what FNMR is left (ISO/IEC 29794-1),"
          + " for the given networks and for the measured properties.",
      "Four of six images are blurred or shrunk first, so that quality differs."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all images were read; some may show no face",
      "1:no result, the text says why",
      "2:wrong options",
      "3:some images could not be read and were left out"
    })
final class EvaluateQuality implements Callable<Integer> {
  @Mixin private final ModelOptions models = new ModelOptions();
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "SET",
      description = "what to compare, as for evaluate; only mated comparisons count")
  private Path set;

  @Option(
      names = "--images",
      paramLabel = "FOLDER",
      description = "folder of the images that a file names; by default the one it is in")
  private @Nullable Path images;

  @Option(
      names = "--quality",
      paramLabel = "FILE",
      description = "quality networks: LightQNet or eDifFIQA; may be given several times")
  private List<Path> quality = List.of();

  @Option(
      names = "--output",
      paramLabel = "FOLDER",
      description = "folder for quality.json and quality.png; refused where one of them is there")
  private @Nullable Path output;

  @Override
  public Integer call() throws IOException {
    if (output != null) {
      Outputs.check(List.of(output.resolve("quality.json"), output.resolve("quality.png")));
    }
    Protocol protocol = Protocol.read(set, images);
    FaceModels chosen = models.models();
    if (output != null) {
      Files.createDirectories(output);
    }
    List<FaceAnalyzer<FaceQuality>> networks = new ArrayList<>();
    try (FaceDetector detector = FaceDetector.create(chosen);
        FaceEmbedder embedder = FaceEmbedder.create(chosen);
        ProgressBar progress = Progress.ofImages("grading", protocol.images().size())) {
      quality.forEach(file -> networks.add(FaceAnalyzer.create(QualityModel.of(file))));
      PrintWriter err = spec.commandLine().getErr();
      GradedImages graded =
          GradedImages.of(
              protocol,
              new GradedImages.Networks(detector, embedder, networks),
              text -> err.println("left out: " + text),
              progress::step);
      protocol.leftOut().forEach(text -> err.println("left out: " + text));
      err.flush();
      QualityReport report =
          QualityReport.of(
              set.toAbsolutePath().normalize().getFileName().toString(),
              embedder.modelId(),
              chosen.embedder().threshold(),
              protocol,
              graded);
      if (output != null) {
        report.writeJson(output.resolve("quality.json"));
        report.writePlot(output.resolve("quality.png"));
      }
      report.print(spec.commandLine().getOut());
      return report.unreadable() == 0 && protocol.leftOut().isEmpty()
          ? 0
          : EvaluationOptions.UNREADABLE_IMAGES;
    } finally {
      networks.forEach(FaceAnalyzer::close);
    }
  }
}
