// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.cli.files.Outputs;
import io.omote.face.evaluation.Evaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The folder that the report of an evaluation is written to, if any. */
final class ReportFolder {
  /** The exit code of a valid result that lacks images that could not be read. */
  private static final int UNREADABLE_IMAGES = 3;

  @Option(
      names = "--output",
      paramLabel = "FOLDER",
      description =
          "folder for the report: report.html, JSON and plots, for verification also the similarities"
              + " of compared pairs as CSV; refused if one of the files exists")
  private @Nullable Path folder;

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

  /** Writes the report and returns the exit code. */
  int write(Evaluation<?, ?> evaluation) throws IOException {
    if (folder != null) {
      evaluation.writeTo(folder);
    }
    return evaluation.isComplete() ? 0 : UNREADABLE_IMAGES;
  }
}
