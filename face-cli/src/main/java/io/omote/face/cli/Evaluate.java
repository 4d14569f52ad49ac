// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.evaluation.Evaluation;
import io.omote.face.evaluation.VerificationReport;
import io.omote.face.evaluation.VerificationScores;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Measures the error rates of verification on your own images. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    subcommands = {EvaluateIdentification.class, EvaluateLiveness.class, EvaluateQuality.class},
    description = "Compares images of known people and measures the error rates of thresholds.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all images were read; some may show no face",
      "1:no result; the message says why",
      "2:invalid options",
      "3:some images could not be read and count as failures"
    })
final class Evaluate implements Callable<Integer> {
  @Mixin private final EvaluationOptions options = new EvaluationOptions();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Evaluation<VerificationScores, VerificationReport> evaluation = options.run();
    PrintWriter out = spec.commandLine().getOut();
    if (options.isJson()) {
      out.println(evaluation.report().toJson());
      out.flush();
    } else {
      evaluation.report().print(out);
    }
    return options.write(evaluation);
  }

  public static void main(String[] args) {
    Commands.main(new Evaluate(), args);
  }
}
