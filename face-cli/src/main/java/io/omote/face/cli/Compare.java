// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.omote.face.AlignmentException;
import io.omote.face.FaceMatch;
import io.omote.face.FaceMatcher;
import io.omote.face.ImageException;
import io.omote.face.evaluation.OperatingPointFile;
import io.omote.face.internal.files.ImageFiles;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares the face of a reference image with the faces of others. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description = {
      "Decides whether images show the same person as a reference image.",
      "An image that cannot be compared does not end the run."
    },
    exitCodeOnExecutionException = Compare.TROUBLE,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all show the same person",
      "1:some show a different person",
      "2:some could not be compared, or invalid options; the message says why"
    })
final class Compare implements Callable<Integer> {
  static final int TROUBLE = 2;

  private static final int DIFFERENT = 1;

  private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().create();

  @Mixin private final ModelOptions models = new ModelOptions();
  @Spec private CommandSpec spec;

  @ArgGroup private final Decision decision = new Decision();

  /** The options for the threshold; by default it is that of the models. */
  static final class Decision {
    @Option(
        names = "--threshold",
        paramLabel = "COSINE",
        description = "minimum similarity at which two faces are considered the same person")
    private @Nullable Double threshold;

    @Option(
        names = "--operating-point",
        paramLabel = "FILE",
        description = "operating point that omote calibrate wrote for these models")
    private @Nullable Path operatingPoint;
  }

  @Parameters(
      index = "0",
      paramLabel = "REFERENCE",
      description = "image to compare the others with")
  private Path reference;

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "PROBE", description = "other images")
  private List<Path> probes;

  @Option(names = "--json", description = "print JSON Lines, one object per image")
  private boolean json;

  /** A line of JSON with its keys in this order. It has either a similarity or an error. */
  private record Line(
      String reference,
      String probe,
      @Nullable Double similarity,
      @Nullable Double threshold,
      @Nullable Boolean samePerson,
      @Nullable String error) {}

  @Override
  public Integer call() {
    FaceMatcher.Builder builder = FaceMatcher.builder(models.models());
    if (decision.threshold != null) {
      builder.threshold(decision.threshold);
    }
    if (decision.operatingPoint != null) {
      builder.operatingPoint(OperatingPointFile.read(decision.operatingPoint));
    }
    int exitCode = 0;
    try (FaceMatcher matcher = builder.build()) {
      for (Path probe : probes) {
        exitCode = Math.max(exitCode, compare(matcher, probe));
      }
    }
    return exitCode;
  }

  private int compare(FaceMatcher matcher, Path probe) {
    try {
      FaceMatch match = ImageFiles.within(probe, () -> matcher.compare(reference, probe));
      print(probe, match);
      return match.isSamePerson() ? 0 : DIFFERENT;
    } catch (ImageException | AlignmentException e) {
      spec.commandLine().getErr().println(e.getMessage());
      spec.commandLine().getErr().flush();
      if (json) {
        print(new Line(reference.toString(), probe.toString(), null, null, null, e.getMessage()));
      }
      return TROUBLE;
    }
  }

  private void print(Path probe, FaceMatch match) {
    if (json) {
      print(
          new Line(
              reference.toString(),
              probe.toString(),
              match.similarity(),
              match.threshold(),
              match.isSamePerson(),
              null));
      return;
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%s and %s: similarity %.4f, threshold %.4f: %s%n",
        reference.getFileName(),
        probe.getFileName(),
        match.similarity(),
        match.threshold(),
        match.isSamePerson() ? "same person" : "different people");
    out.flush();
  }

  private void print(Line line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(JSON.toJson(line));
    out.flush();
  }
}
