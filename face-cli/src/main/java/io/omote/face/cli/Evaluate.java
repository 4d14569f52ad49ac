// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Measures how often models are wrong on images of one's own. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    subcommands = {EvaluateIdentification.class, EvaluateLiveness.class, EvaluateQuality.class},
    description = "Compares images of known people and says what each threshold costs.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all images were read; some may show no face",
      "1:no result, the text says why",
      "2:wrong options",
      "3:some images could not be read and count as failures"
    })
final class Evaluate implements Callable<Integer> {
  @Mixin private final EvaluationOptions options = new EvaluationOptions();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    EvaluationOptions.Result result = options.run(spec.commandLine().getErr());
    PrintWriter out = spec.commandLine().getOut();
    if (options.isJson()) {
      out.println(result.report().toJson());
      out.flush();
    } else {
      result.report().print(out);
    }
    return result.exitCode();
  }

  public static void main(String[] args) {
    Commands.main(new Evaluate(), args);
  }
}
