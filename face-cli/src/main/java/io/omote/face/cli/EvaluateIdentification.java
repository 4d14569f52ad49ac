// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceEmbedding;
import io.omote.face.FaceMatcher;
import io.omote.face.FaceModels;
import io.omote.face.IdentificationPoint;
import io.omote.face.IdentificationPolicy;
import io.omote.face.evaluation.EmbeddedImages;
import io.omote.face.evaluation.IdentificationReport;
import io.omote.face.evaluation.OpenSet;
import io.omote.face.evaluation.OperatingPointFile;
import io.omote.face.evaluation.Protocol;
import io.omote.face.internal.files.ImageFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures how often searches of galleries are wrong on images of one's own. */
@Command(
    name = "identification",
    mixinStandardHelpOptions = true,
    description =
        "Enrolls some of the people, searches for all of them, and says how often somebody who is not"
            + " enrolled is taken for somebody (FPIR), and who is enrolled is missed (FNIR).",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all images were read; some may show no face",
      "1:no result, the text says why",
      "2:wrong options",
      "3:some images could not be read and count as failures"
    })
final class EvaluateIdentification implements Callable<Integer> {
  @Mixin private final ModelOptions models = new ModelOptions();
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FOLDER", description = "has a folder for each person")
  private Path folder;

  @Option(
      names = "--enrolled",
      paramLabel = "COUNT",
      description = "how many people each gallery has; by default half of them")
  private @Nullable Integer enrolled;

  @Option(
      names = "--rounds",
      paramLabel = "COUNT",
      defaultValue = "10",
      description = "galleries of people drawn anew; by default ${DEFAULT-VALUE}")
  private int rounds;

  @ArgGroup private final Decision decision = new Decision();

  /** What decides. */
  static final class Decision {
    @Option(
        names = "--fpir",
        paramLabel = "RATE",
        description = "rate whose threshold the models state for that size; by default 0.01")
    private double fpir = 0.01;

    @Option(
        names = "--operating-point",
        paramLabel = "FILE",
        description = "operating point that calibrate wrote for these models")
    private @Nullable Path operatingPoint;

    @Option(names = "--threshold", paramLabel = "COSINE", description = "similarity of your own")
    private @Nullable Double threshold;
  }

  @Option(
      names = "--output",
      paramLabel = "FOLDER",
      description =
          "folder for identification.json and identification.png; refused where one of them is there")
  private @Nullable Path output;

  @Override
  public Integer call() throws IOException {
    if (output != null) {
      Outputs.check(
          List.of(output.resolve("identification.json"), output.resolve("identification.png")));
    }
    Protocol protocol = OpenSet.read(folder);
    FaceModels chosen = models.models();
    if (output != null) {
      Files.createDirectories(output);
    }
    PrintWriter err = spec.commandLine().getErr();
    try (FaceMatcher matcher = FaceMatcher.builder(chosen).threads(1).build();
        ProgressBar progress = Progress.ofImages("embedding", protocol.images().size())) {
      EmbeddedImages images =
          EmbeddedImages.embed(
              protocol,
              file -> ImageFiles.within(file, () -> matcher.embed(file)),
              null,
              Runtime.getRuntime().availableProcessors(),
              progress::step);
      images.unreadable().forEach(text -> err.println("counted as a failure: " + text));
      protocol.leftOut().forEach(text -> err.println("left out: " + text));
      err.flush();
      Map<String, List<Optional<FaceEmbedding>>> people = OpenSet.people(protocol, images);
      int size = enrolled == null ? people.size() / 2 : enrolled;
      IdentificationPoint point = policy(chosen).at(matcher.modelId(), size);
      IdentificationReport report =
          IdentificationReport.of(
              folder.toAbsolutePath().normalize().getFileName().toString(),
              matcher.modelId(),
              people.size(),
              rounds,
              point,
              OpenSet.search(people, matcher.modelId(), size, rounds));
      if (output != null) {
        report.writeJson(output.resolve("identification.json"));
        report.writePlot(output.resolve("identification.png"));
      }
      report.print(spec.commandLine().getOut());
      return images.unreadable().isEmpty() && protocol.leftOut().isEmpty()
          ? 0
          : EvaluationOptions.UNREADABLE_IMAGES;
    }
  }

  private IdentificationPolicy policy(FaceModels chosen) {
    if (decision.threshold != null) {
      return IdentificationPolicy.ofThreshold(decision.threshold);
    }
    if (decision.operatingPoint != null) {
      // Of one point the rate follows, whatever is wanted.
      return IdentificationPolicy.ofFpir(
          Math.nextDown(1.0), List.of(OperatingPointFile.read(decision.operatingPoint)));
    }
    return chosen.identificationPolicy(decision.fpir);
  }
}
