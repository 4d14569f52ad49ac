// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import io.omote.face.FaceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import picocli.CommandLine;

/**
 * How every example ends: with its exit code, and with one line where pictures or models are bad.
 */
public final class Examples {
  private Examples() {}

  /** Runs an example and ends the process unless all went well. */
  public static void main(Object example, String[] args) {
    int exitCode = commandLine(example).execute(args);
    if (exitCode != 0) {
      System.exit(exitCode);
    }
  }

  /** With the version, and the handling of errors, for its subcommands, too. */
  public static CommandLine commandLine(Object example) {
    CommandLine commandLine = new CommandLine(example);
    setVersion(commandLine);
    return commandLine
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (e, command, result) -> {
              if (e instanceof FaceException) {
                return trouble(
                    command,
                    e.getMessage(),
                    command.getCommandSpec().exitCodeOnExecutionException());
              }
              if (isValueOfAnOption(e)) {
                return trouble(
                    command, e.getMessage(), command.getCommandSpec().exitCodeOnInvalidInput());
              }
              if (e instanceof IOException || e instanceof UncheckedIOException) {
                return trouble(
                    command,
                    "expected to read and write files, found " + e,
                    command.getCommandSpec().exitCodeOnExecutionException());
              }
              throw e;
            });
  }

  private static void setVersion(CommandLine command) {
    command.getCommandSpec().versionProvider(new Version());
    command.getSubcommands().values().forEach(Examples::setVersion);
  }

  /** The library's own check of what it was given; any other is a fault of the program. */
  private static boolean isValueOfAnOption(Exception e) {
    return e instanceof IllegalArgumentException
        && e.getMessage() != null
        && e.getMessage().startsWith("expected ");
  }

  /** One line, and an exit code that the command's help says. */
  private static int trouble(CommandLine command, String message, int exitCode) {
    command.getErr().println(message);
    command.getErr().flush();
    return exitCode;
  }
}
