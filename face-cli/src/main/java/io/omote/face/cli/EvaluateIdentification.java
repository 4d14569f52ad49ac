// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceMatcher;
import io.omote.face.FaceModels;
import io.omote.face.IdentificationPolicy;
import io.omote.face.cli.messages.OptionException;
import io.omote.face.cli.models.ModelNames;
import io.omote.face.evaluation.Evaluation;
import io.omote.face.evaluation.Evaluator;
import io.omote.face.evaluation.IdentificationReport;
import io.omote.face.evaluation.OperatingPointFile;
import io.omote.face.evaluation.Protocol;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures the error rates of identification on your own images. */
@Command(
    name = "identification",
    mixinStandardHelpOptions = true,
    description =
        "Enrolls some of the people, searches for all of them, and measures how often a search for a"
            + " person who is not enrolled returns somebody (FPIR), and how often a search for a"
            + " person who is enrolled misses them (FNIR).",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all images were read; some may show no face",
      "1:no result; the message says why",
      "2:invalid options",
      "3:some images could not be read and count as failures"
    })
final class EvaluateIdentification implements Callable<Integer> {
  @Mixin private final ModelOptions models = new ModelOptions();
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "FOLDER",
      description = "folder with a folder of images for each person")
  private Path folder;

  @Option(
      names = "--enrolled",
      paramLabel = "COUNT",
      description = "number of people in each gallery; by default half of them")
  private @Nullable Integer enrolled;

  @Option(
      names = "--rounds",
      paramLabel = "COUNT",
      defaultValue = "10",
      description = "number of galleries, each with other people; by default ${DEFAULT-VALUE}")
  private int rounds;

  @ArgGroup private final Decision decision = new Decision();

  /** The threshold. */
  static final class Decision {
    @Option(
        names = "--fpir",
        paramLabel = "RATE",
        description =
            "rate whose threshold the models state for the size of the gallery; by default 0.01")
    private double fpir = 0.01;

    @Option(
        names = "--operating-point",
        paramLabel = "FILE",
        description = "operating point that calibrate wrote for these models")
    private @Nullable Path operatingPoint;

    @Option(
        names = "--threshold",
        paramLabel = "COSINE",
        description = "minimum similarity of a candidate")
    private @Nullable Double threshold;
  }

  @Mixin private final ReportFolder output = new ReportFolder();
  @Mixin private final PairFaces faces = new PairFaces();

  @Override
  public Integer call() throws IOException {
    if (rounds < 1) {
      throw new OptionException("--rounds: expected at least one round, found " + rounds);
    }
    faces.check(output);
    output.check(IdentificationReport.FILES);
    Protocol protocol = Protocol.read(folder);
    FaceModels chosen = models.models();
    output.create();
    Evaluation<?, IdentificationReport> evaluation = evaluate(protocol, chosen);
    evaluation.report().print(spec.commandLine().getOut());
    return output.write(evaluation);
  }

  private Evaluation<?, IdentificationReport> evaluate(Protocol protocol, FaceModels chosen)
      throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    protocol.examples().forEach(text -> err.println("note: " + text));
    protocol.leftOut().forEach(text -> err.println("left out: " + text));
    err.flush();
    try (FaceMatcher matcher = FaceMatcher.builder(chosen).threads(1).build();
        @Nullable FaceCrops crops = faces.open(chosen).orElse(null);
        Progress progress = Progress.ofImages("embedding", protocol.images().size())) {
      Evaluator evaluator =
          Evaluator.create()
              .withOrigin(output.origin(ModelNames.of(matcher.modelId())))
              .withProgress(progress::step)
              .withUnreadable(text -> err.println("counted as a failure: " + text));
      if (crops != null) {
        evaluator = evaluator.withCrops(crops::of);
      }
      return evaluator.identification(protocol, matcher, policy(chosen), enrolled, rounds);
    } finally {
      err.flush();
    }
  }

  private IdentificationPolicy policy(FaceModels chosen) {
    if (decision.threshold != null) {
      return OptionException.check(
          "--threshold", () -> IdentificationPolicy.ofThreshold(decision.threshold));
    }
    if (decision.operatingPoint != null) {
      // The only point is always used; the rate follows from it.
      return IdentificationPolicy.ofFpir(
          Math.nextDown(1.0), List.of(OperatingPointFile.read(decision.operatingPoint)));
    }
    return OptionException.check("--fpir", () -> chosen.identificationPolicy(decision.fpir));
  }
}
