// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceModels;
import io.omote.face.attribute.FaceQuality;
import io.omote.face.cli.models.ModelNames;
import io.omote.face.description.QualityModel;
import io.omote.face.evaluation.Evaluation;
import io.omote.face.evaluation.Evaluator;
import io.omote.face.evaluation.Protocol;
import io.omote.face.evaluation.QualityReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures how well quality predicts false non-matches on your own images. */
@Command(
    name = "quality",
    mixinStandardHelpOptions = true,
    description = {
      "Discards the comparisons of the lowest quality and measures the FNMR of the others (ISO/IEC"
          + " 29794-1), for the given networks and for the measured properties.",
      "Four of six images are blurred or shrunk first, so that quality varies."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all images were read; some may show no face",
      "1:no result; the message says why",
      "2:invalid options",
      "3:some images could not be read and were left out"
    })
final class EvaluateQuality implements Callable<Integer> {
  @Mixin private final ModelOptions models = new ModelOptions();
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "SET",
      description = "images to compare, as for evaluate; only mated comparisons count")
  private Path set;

  @Option(
      names = "--images",
      paramLabel = "FOLDER",
      description = "folder of the images that a file names; by default the folder of the file")
  private @Nullable Path images;

  @Option(
      names = "--quality",
      paramLabel = "NAME|FILE",
      description =
          "quality network: fetched pack ediffiqa, or file of LightQNet or eDifFIQA; may be given"
              + " several times")
  private List<String> quality = List.of();

  @Mixin private final ReportFolder output = new ReportFolder();

  @Override
  public Integer call() throws IOException {
    output.check(QualityReport.FILES);
    Protocol protocol = Protocol.read(set, images);
    FaceModels chosen = models.models();
    List<QualityModel> networks = quality.stream().map(this::network).toList();
    output.create();
    Evaluation<?, QualityReport> evaluation = evaluate(protocol, chosen, networks);
    evaluation.report().print(spec.commandLine().getOut());
    return output.write(evaluation);
  }

  private QualityModel network(String word) {
    return Packs.analyzer(
        spec.commandLine(), "--quality", word, QualityModel.class, QualityModel::of);
  }

  private Evaluation<?, QualityReport> evaluate(
      Protocol protocol, FaceModels chosen, List<QualityModel> networks) {
    PrintWriter err = spec.commandLine().getErr();
    protocol.examples().forEach(text -> err.println("note: " + text));
    protocol.leftOut().forEach(text -> err.println("left out: " + text));
    err.flush();
    List<FaceAnalyzer<FaceQuality>> measures = new ArrayList<>();
    try (FaceDetector detector = FaceDetector.create(chosen);
        FaceEmbedder embedder = FaceEmbedder.create(chosen);
        Progress progress = Progress.ofImages("grading", protocol.images().size())) {
      networks.forEach(network -> measures.add(FaceAnalyzer.create(network)));
      return Evaluator.create()
          .withOrigin(output.origin(ModelNames.of(embedder.modelId())))
          .withProgress(progress::step)
          .withUnreadable(text -> err.println("left out: " + text))
          .quality(protocol, detector, embedder, chosen.embedder().threshold(), measures);
    } finally {
      err.flush();
      measures.forEach(FaceAnalyzer::close);
    }
  }
}
