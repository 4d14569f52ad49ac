// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

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
    CommandLine command =
        Commands.commandLine(Omote.of(names.toArray(String[]::new)))
            .setErr(spec.commandLine().getErr());
    for (String name : names) {
      CommandLine next = command.getSubcommands().get(name);
      if (next == null) {
        throw new UnmatchedArgumentException(command, List.of(name));
      }
      command = next;
    }
    command.usage(spec.commandLine().getOut());
    return 0;
  }
}
