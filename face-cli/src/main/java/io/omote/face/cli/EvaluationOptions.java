// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceMatcher;
import io.omote.face.FaceModels;
import io.omote.face.cli.messages.OptionException;
import io.omote.face.cli.models.ModelNames;
import io.omote.face.evaluation.Evaluation;
import io.omote.face.evaluation.Evaluator;
import io.omote.face.evaluation.Protocol;
import io.omote.face.evaluation.VerificationReport;
import io.omote.face.evaluation.VerificationScores;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The options of evaluate and calibrate, and the evaluation itself. */
final class EvaluationOptions {
  private static final String SCORES = "scores.csv";

  @Mixin private final ModelOptions models = new ModelOptions();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SET",
      description =
          "images to compare: a folder with a folder of images for each person (all pairs), LFW's"
              + " pairs.txt, or a CSV file image1,image2,same (1 or 0)")
  private @Nullable Path set;

  @Option(
      names = "--images",
      paramLabel = "FOLDER",
      description = "folder of the images that a file names; by default the folder of the file")
  private @Nullable Path images;

  @Option(
      names = "--data-set",
      paramLabel = "TEXT",
      description = "description of the images, for the report; by default the name of SET")
  private @Nullable String dataSet;

  @Mixin private final ReportFolder output = new ReportFolder();
  @Mixin private final PairFaces faces = new PairFaces();

  @Option(
      names = "--scores",
      description = "also write scores.csv, with the similarity of each pair, one line each")
  private boolean scores;

  @Option(
      names = "--work-dir",
      paramLabel = "FOLDER",
      description =
          "folder that keeps embeddings, so that a killed run resumes where it stopped."
              + " Embeddings are biometric data: only you can read the folder; delete it"
              + " afterwards. By default nothing is kept")
  private @Nullable Path workFolder;

  @Option(
      names = "--threads",
      paramLabel = "COUNT",
      description = "images to embed concurrently; by default the number of processors")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--json", description = "print the result as one JSON object")
  private boolean json;

  boolean isJson() {
    return json;
  }

  /**
   * Runs the evaluation.
   *
   * @param others files that the command writes afterwards
   */
  Evaluation<VerificationScores, VerificationReport> run(Path... others) throws IOException {
    // The parser would require it before a subcommand, too.
    if (set == null) {
      throw new ParameterException(spec.commandLine(), "SET is missing");
    }
    Evaluator parallel =
        OptionException.check("--threads", () -> Evaluator.create().withThreads(threads));
    checkOutputs(others);
    Protocol protocol = Protocol.read(set, images);
    FaceModels chosen = models.models();
    output.create();
    for (Path file : others) {
      Files.createDirectories(file.toAbsolutePath().getParent());
    }
    PrintWriter err = spec.commandLine().getErr();
    protocol.examples().forEach(text -> err.println("note: " + text));
    protocol.leftOut().forEach(text -> err.println("left out: " + text));
    err.flush();
    try (FaceMatcher matcher = FaceMatcher.builder(chosen).threads(1).build();
        @Nullable FaceCrops crops = faces.open(chosen).orElse(null);
        Progress progress = Progress.ofImages("embedding", protocol.images().size())) {
      Evaluator evaluator =
          parallel
              .withOrigin(output.origin(ModelNames.of(matcher.modelId())))
              .withDataSet(dataSet == null ? protocol.name() : dataSet)
              .withProgress(progress::step)
              .withUnreadable(text -> err.println("counted as a failure: " + text));
      if (workFolder != null) {
        evaluator = evaluator.withWorkFolder(workFolder, chosen);
      }
      if (crops != null) {
        evaluator = evaluator.withCrops(crops::of);
      }
      return evaluator.verification(protocol, matcher);
    } finally {
      err.flush();
    }
  }

  private void checkOutputs(Path... others) throws IOException {
    faces.check(output);
    List<String> names = new ArrayList<>(VerificationReport.FILES);
    if (scores) {
      output.require("--scores");
      names.add(SCORES);
    }
    output.check(names, others);
  }

  /** Writes the report and returns the exit code. */
  int write(Evaluation<?, ?> evaluation) throws IOException {
    return scores ? output.writeWithScores(evaluation, SCORES) : output.write(evaluation);
  }
}
