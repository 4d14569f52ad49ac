// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** All commands under one name. */
@Command(
    name = "omote",
    mixinStandardHelpOptions = true,
    description = "Face recognition for the JVM. \"omote help COMMAND\" describes a command.")
final class Omote implements Callable<Integer> {
  private static final Map<String, Supplier<Object>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("compare", Compare::new);
    COMMANDS.put("detect", Detect::new);
    COMMANDS.put("analyze", Analyze::new);
    COMMANDS.put("enroll", Enroll::new);
    COMMANDS.put("identify", Identify::new);
    COMMANDS.put("gallery", Gallery::new);
    COMMANDS.put("embed", Embed::new);
    COMMANDS.put("albums", Albums::new);
    COMMANDS.put("blur", Blur::new);
    COMMANDS.put("models", Models::new);
    COMMANDS.put("evaluate", Evaluate::new);
    COMMANDS.put("calibrate", Calibrate::new);
    COMMANDS.put("serve", Serve::new);
    COMMANDS.put("cds", Cds::new);
    COMMANDS.put("completion", Completion::new);
    COMMANDS.put("help", Help::new);
  }

  @Spec private CommandSpec spec;

  /**
   * Returns the command with the subcommand that the arguments name, or with all of them.
   * Inspecting the options of all subcommands takes longer than some of them run.
   *
   * @param args the arguments of the command
   */
  static CommandSpec of(String... args) {
    CommandSpec omote = CommandSpec.forAnnotatedObject(new Omote());
    if (args.length > 0 && COMMANDS.containsKey(args[0])) {
      add(omote, args[0]);
    } else {
      COMMANDS.keySet().forEach(name -> add(omote, name));
    }
    return omote;
  }

  private static void add(CommandSpec omote, String name) {
    omote.addSubcommand(name, new CommandLine(COMMANDS.get(name).get()));
  }

  /** Shows the commands if none is given. */
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE;
  }

  public static void main(String[] args) {
    Commands.main(of(args), args);
  }
}
