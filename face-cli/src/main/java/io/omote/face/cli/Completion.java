// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a script with which a shell completes commands, options and values. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description = {
      "Prints a script with which a shell completes commands, options and values.",
      "  bash and zsh: source <(omote completion bash)",
      "  fish: omote completion fish | source"
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:the script was printed", "2:invalid options"})
final class Completion implements Callable<Integer> {
  private static final String NAME = "omote";

  /** The start of a condition of fish. */
  private static final String SEEN = "__fish_seen_subcommand_from ";

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "SHELL", description = "one of ${COMPLETION-CANDIDATES}")
  private Shell shell;

  /** The shells that scripts are made for. */
  enum Shell {
    BASH,
    ZSH,
    FISH;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Override
  public Integer call() {
    CommandLine omote = Commands.commandLine(Omote.of());
    // The script of picocli for bash runs in zsh, too.
    String script = shell == Shell.FISH ? fish(omote) : AutoComplete.bash(NAME, omote);
    spec.commandLine().getOut().println(script);
    spec.commandLine().getOut().flush();
    return 0;
  }

  private static String fish(CommandLine omote) {
    List<String> lines = new ArrayList<>();
    lines.add("complete -c omote -e");
    addFish(omote, List.of(), lines);
    return String.join("\n", lines);
  }

  /**
   * Adds the lines for a command and its subcommands.
   *
   * @param command the command
   * @param seen the conditions of fish under which the command was named
   * @param lines receives the lines
   */
  private static void addFish(CommandLine command, List<String> seen, List<String> lines) {
    Map<String, CommandLine> commands = command.getSubcommands();
    List<String> here =
        commands.isEmpty() ? seen : and(seen, "not " + SEEN + String.join(" ", commands.keySet()));
    commands.forEach(
        (name, subcommand) -> {
          String[] description = subcommand.getCommandSpec().usageMessage().description();
          lines.add(fishLine(here, "-f -a " + name, description));
          addFish(subcommand, and(seen, SEEN + name), lines);
        });
    for (PositionalParamSpec parameter : command.getCommandSpec().positionalParameters()) {
      if (parameter.completionCandidates() != null) {
        lines.add(fishLine(here, "-f" + candidates(parameter), parameter.description()));
      }
    }
    for (OptionSpec option : command.getCommandSpec().options()) {
      lines.add(fishLine(here, words(option), option.description()));
    }
  }

  private static List<String> and(List<String> conditions, String another) {
    return Stream.concat(conditions.stream(), Stream.of(another)).toList();
  }

  private static String words(OptionSpec option) {
    List<String> words = new ArrayList<>();
    for (String name : option.names()) {
      words.add(name.startsWith("--") ? "-l " + name.substring(2) : "-s " + name.substring(1));
    }
    if (option.arity().max() > 0) {
      words.add("-r");
    }
    return String.join(" ", words) + candidates(option);
  }

  private static String candidates(ArgSpec arg) {
    return arg.completionCandidates() == null
        ? ""
        : " -a " + quoted(String.join(" ", arg.completionCandidates()));
  }

  /** Returns a line; the description is the first clause of that in the help. */
  private static String fishLine(List<String> conditions, String words, String[] description) {
    return String.format(
        Locale.ROOT,
        "complete -c omote -n %s %s -d %s",
        quoted(String.join("; and ", conditions)),
        words,
        quoted(String.join(" ", description).split("[;.:,] |\\$\\{")[0].strip()));
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
