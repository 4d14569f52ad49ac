// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows the help of commands: {@code omote help compare} is {@code omote compare --help}. */
@Command(
    name = "help",
    mixinStandardHelpOptions = true,
    description = "Shows the help of a command, such as \"help compare\" or \"help models fetch\".")
final class Help implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "command and subcommand")
  private List<String> names = List.of();

  @Override
  public Integer call() {
    String[] words = Stream.concat(names.stream(), Stream.of("--help")).toArray(String[]::new);
    return Commands.commandLine(Omote.of(words))
        .setOut(spec.commandLine().getOut())
        .setErr(spec.commandLine().getErr())
        .execute(words);
  }
}
