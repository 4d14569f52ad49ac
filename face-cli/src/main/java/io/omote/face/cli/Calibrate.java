// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import com.google.gson.Gson;
import io.omote.face.IdentificationPolicy;
import io.omote.face.cli.messages.OptionException;
import io.omote.face.description.OperatingPoint;
import io.omote.face.evaluation.Evaluation;
import io.omote.face.evaluation.OperatingPointFile;
import io.omote.face.evaluation.VerificationReport;
import io.omote.face.evaluation.VerificationScores;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Finds the threshold for an error rate on your own images. */
@Command(
    name = "calibrate",
    mixinStandardHelpOptions = true,
    description =
        "Evaluates, and writes the operating point for a false match rate, or for a false positive"
            + " identification rate in a gallery of a given size.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all images were read; some may show no face",
      "1:no operating point; the message says why",
      "2:invalid options",
      "3:some images could not be read and count as failures"
    })
final class Calibrate implements Callable<Integer> {
  @Mixin private final EvaluationOptions options = new EvaluationOptions();
  @Spec private CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private Wanted wanted;

  /** The maximum rate, of comparisons or of searches of a gallery. */
  static final class Wanted {
    @Option(
        names = "--fmr",
        required = true,
        paramLabel = "RATE",
        description = "maximum false match rate, such as 1e-3")
    private double fmr;

    @ArgGroup(exclusive = false)
    private @Nullable Search search;

    double fmr() {
      if (search != null) {
        return OptionException.check(
            "--fpir and --samples", () -> IdentificationPolicy.fmrFor(search.fpir, search.samples));
      }
      if (!(fmr > 0 && fmr <= 1)) {
        throw new OptionException("--fmr: expected a false match rate in (0, 1], found " + fmr);
      }
      return fmr;
    }
  }

  /** A search of a gallery. */
  static final class Search {
    @Option(
        names = "--fpir",
        required = true,
        paramLabel = "RATE",
        description = "maximum false positive identification rate, such as 0.01")
    private double fpir;

    @Option(
        names = "--samples",
        required = true,
        paramLabel = "COUNT",
        description = "number of samples in the gallery")
    private int samples;
  }

  @Option(
      names = "--operating-point",
      required = true,
      paramLabel = "FILE",
      description = "file to write, for compare --operating-point; refused if it exists")
  private Path file;

  @Override
  public Integer call() throws IOException {
    double fmr = wanted.fmr();
    PrintWriter out = spec.commandLine().getOut();
    Evaluation<VerificationScores, VerificationReport> evaluation = options.run(file);
    VerificationReport report = evaluation.report();
    if (!options.isJson()) {
      report.print(out);
    }
    int exitCode = options.write(evaluation);
    OperatingPoint point =
        evaluation.scores().operatingPointAtFmr(report.modelId(), fmr, report.dataSet());
    OperatingPointFile.write(point, file);
    if (options.isJson()) {
      out.println(Answers.line(new Gson().toJsonTree(point).getAsJsonObject()));
    } else {
      out.printf(
          Locale.ROOT,
          "Threshold %.4f keeps FMR %.2g on these images: written to %s%n",
          point.threshold(),
          fmr,
          file);
    }
    out.flush();
    return exitCode;
  }

  public static void main(String[] args) {
    Commands.main(new Calibrate(), args);
  }
}
