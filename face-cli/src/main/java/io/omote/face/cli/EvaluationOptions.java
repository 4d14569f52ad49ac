// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceMatcher;
import io.omote.face.FaceModels;
import io.omote.face.evaluation.EmbeddedImages;
import io.omote.face.evaluation.EmbeddingStore;
import io.omote.face.evaluation.HtmlReport;
import io.omote.face.evaluation.Protocol;
import io.omote.face.evaluation.Report;
import io.omote.face.evaluation.Scoring;
import io.omote.face.internal.files.ImageFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What evaluate and calibrate have in common: their options, and the work up to the scores. */
final class EvaluationOptions {
  @Mixin private final ModelOptions models = new ModelOptions();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SET",
      description =
          "what to compare: a folder with a folder of images for each person (all pairs), LFW's"
              + " own pairs.txt, or a CSV file image1,image2,same (1 or 0)")
  private @Nullable Path set;

  @Option(
      names = "--images",
      paramLabel = "FOLDER",
      description = "folder of the images that a file names; by default the one it is in")
  private @Nullable Path images;

  @Option(
      names = "--data-set",
      paramLabel = "TEXT",
      description = "what the images are, for the report; by default the name of SET")
  private @Nullable String dataSet;

  @Option(
      names = "--output",
      paramLabel = "FOLDER",
      description =
          "folder for report.html, report.json, scores.csv, det.png and scores.png; refused where one"
              + " of them is there")
  private @Nullable Path output;

  @Option(
      names = "--work-dir",
      paramLabel = "FOLDER",
      description =
          "folder that keeps embeddings, so that a run that was killed goes on where it was."
              + " Embeddings are biometric data: only you can read the folder; delete it"
              + " afterwards. By default nothing is kept")
  private @Nullable Path workDir;

  @Option(
      names = "--threads",
      paramLabel = "COUNT",
      description = "images to embed at a time; by default the number of processors")
  private int threads = Runtime.getRuntime().availableProcessors();

  /**
   * The outcome.
   *
   * @param report what to tell
   * @param scoring the scores
   * @param leftOut how many images have names that cannot be read
   */
  record Result(Report report, Scoring scoring, int leftOut) {
    int exitCode() {
      return report.images().unreadable() + leftOut == 0 ? 0 : UNREADABLE_IMAGES;
    }
  }

  @Option(names = "--json", description = "print the result as one JSON object")
  private boolean json;

  boolean isJson() {
    return json;
  }

  /** The exit code where the result stands, but not all images could be read. */
  static final int UNREADABLE_IMAGES = 3;

  private static final List<String> OUTPUTS =
      List.of("report.json", "det.png", "scores.png", "report.html", "scores.csv");

  /**
   * Embeds, compares and writes what was asked for.
   *
   * @param err where to say what goes wrong
   * @param further files that the command writes afterwards
   */
  Result run(PrintWriter err, Path... further) throws IOException {
    // Not required by the parser, which would require it before a sub-command, too.
    if (set == null) {
      throw new ParameterException(spec.commandLine(), "Missing required parameter: 'SET'");
    }
    List<Path> outputs = new ArrayList<>(List.of(further));
    if (output != null) {
      OUTPUTS.forEach(name -> outputs.add(output.resolve(name)));
    }
    Outputs.check(outputs);
    Protocol protocol = Protocol.read(set, images);
    FaceModels chosen = models.models();
    for (Path file : outputs) {
      Files.createDirectories(file.toAbsolutePath().getParent());
    }
    try (FaceMatcher matcher = FaceMatcher.builder(chosen).threads(1).build();
        EmbeddingStore store = workDir == null ? null : EmbeddingStore.open(workDir, chosen)) {
      EmbeddedImages embedded = embed(protocol, matcher, store);
      embedded.unreadable().forEach(text -> err.println("counted as a failure: " + text));
      protocol.leftOut().forEach(text -> err.println("left out: " + text));
      Scoring scoring = Scoring.of(protocol, embedded, outputFile("scores.csv"));
      Report report =
          Report.of(
              dataSet == null ? set.toAbsolutePath().normalize().getFileName().toString() : dataSet,
              matcher.modelId(),
              matcher.threshold(),
              embedded,
              scoring);
      if (output != null) {
        report.writeJson(output.resolve("report.json"));
        report.writeDet(output.resolve("det.png"));
        report.writeHistogram(output.resolve("scores.png"));
        HtmlReport.write(report, output);
      }
      err.flush();
      return new Result(report, scoring, protocol.leftOut().size());
    }
  }

  private @Nullable Path outputFile(String name) {
    return output == null ? null : output.resolve(name);
  }

  private EmbeddedImages embed(
      Protocol protocol, FaceMatcher matcher, @Nullable EmbeddingStore store) {
    try (ProgressBar progress = Progress.ofImages("embedding", protocol.images().size())) {
      return EmbeddedImages.embed(
          protocol,
          file -> ImageFiles.within(file, () -> matcher.embed(file)),
          store,
          threads,
          progress::step);
    }
  }
}
