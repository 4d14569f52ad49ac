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

  public static CommandLine commandLine(Object example) {
    return new CommandLine(example)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (e, command, result) -> {
              if (e instanceof FaceException) {
                command.getErr().println(e.getMessage());
                return CommandLine.ExitCode.SOFTWARE;
              }
              if (e instanceof IOException || e instanceof UncheckedIOException) {
                command.getErr().println("expected to read and write files, found " + e);
                return CommandLine.ExitCode.SOFTWARE;
              }
              throw e;
            });
  }
}
