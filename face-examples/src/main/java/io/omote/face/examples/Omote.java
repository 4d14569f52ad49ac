// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** All commands under one name. */
@Command(
    name = "omote",
    mixinStandardHelpOptions = true,
    description = "Face recognition for the JVM. Each command has a --help of its own.",
    subcommands = {
      Compare.class,
      Detect.class,
      Analyze.class,
      Enrol.class,
      Identify.class,
      Gallery.class,
      Albums.class,
      Blur.class,
      Models.class,
      Evaluate.class,
      Calibrate.class,
      Serve.class
    })
final class Omote implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "expected a command, found none");
  }

  public static void main(String[] args) {
    Examples.main(new Omote(), args);
  }
}
