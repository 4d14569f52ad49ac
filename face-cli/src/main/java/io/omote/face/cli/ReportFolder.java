// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceException;
import io.omote.face.cli.files.Outputs;
import io.omote.face.evaluation.Evaluation;
import io.omote.face.evaluation.ReportOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The folder that the report of an evaluation is written to, if any. */
final class ReportFolder {
  /** The exit code of a valid result that lacks images that could not be read. */
  private static final int UNREADABLE_IMAGES = 3;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--output",
      paramLabel = "FOLDER",
      description =
          "folder for the report: report.html, JSON and plots; refused if one of the files exists")
  private @Nullable Path folder;

  /**
   * Returns where a report comes from: this command line, now.
   *
   * @param model the name of the model for people
   */
  ReportOrigin origin(String model) {
    CommandLine first = spec.commandLine();
    while (first.getParent() != null) {
      first = first.getParent();
    }
    List<String> words = new ArrayList<>(List.of("omote"));
    if (!first.getCommandName().equals("omote")) {
      words.add(first.getCommandName());
    }
    words.addAll(first.getParseResult().originalArgs());
    return ReportOrigin.now(Clock.systemUTC())
        .withCommand(ShellWords.joinWithoutAddresses(words))
        .withModel(model);
  }

  /** Refuses an option that needs the folder. */
  void require(String option) {
    if (folder == null) {
      throw new ParameterException(
          spec.commandLine(),
          String.format(
              Locale.ROOT, "%s belongs to a report: give a folder for it with --output", option));
    }
  }

  /** Refuses files that exist, before any work. */
  void check(List<String> names, Path... others) throws IOException {
    Stream<Path> files = folder == null ? Stream.of() : names.stream().map(folder::resolve);
    Outputs.check(Stream.concat(Stream.of(others), files).toList());
  }

  /** Creates the folder, so that long work does not end where it cannot be written. */
  void create() throws IOException {
    if (folder != null) {
      Files.createDirectories(folder);
    }
  }

  /** Writes the report and returns the exit code. The results were printed before. */
  int write(Evaluation<?, ?> evaluation) throws IOException {
    if (folder != null) {
      evaluation.writeTo(folder);
    }
    return evaluation.isComplete() ? 0 : UNREADABLE_IMAGES;
  }

  /** Writes the report and the similarity of each pair, and returns the exit code. */
  int writeWithScores(Evaluation<?, ?> evaluation, String name) throws IOException {
    int exitCode = write(evaluation);
    if (folder != null) {
      try {
        evaluation.writeScores(folder.resolve(name));
      } catch (FaceException e) {
        throw new FaceException(
            String.format(Locale.ROOT, "%s; the report in %s is complete", e.getMessage(), folder),
            e);
      }
    }
    return exitCode;
  }
}
