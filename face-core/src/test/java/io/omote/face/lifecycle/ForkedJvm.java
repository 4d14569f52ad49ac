// SPDX-License-Identifier: Apache-2.0
package io.omote.face.lifecycle;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs a main class in a JVM of its own, for what would take the JVM of the tests down or needs one
 * that has done nothing yet.
 */
final class ForkedJvm {
  private static final long TIMEOUT_SECONDS = 600;

  private final List<String> options = new ArrayList<>();
  private final List<String> prefix = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();
  private String classPath = System.getProperty("java.class.path");
  private Path home = Path.of(System.getProperty("java.home"));

  /** The exit code of a JVM and what it wrote to standard output and standard error. */
  record Outcome(int exitCode, String output) {}

  ForkedJvm option(String option) {
    options.add(option);
    return this;
  }

  /** A command that runs another one, which is the JVM. */
  ForkedJvm under(String... command) {
    prefix.addAll(List.of(command));
    return this;
  }

  /** Another Java runtime. */
  ForkedJvm home(Path folder) {
    home = folder;
    return this;
  }

  /** Leaves out the jars whose path contains a text. */
  ForkedJvm without(String text) {
    classPath =
        Stream.of(classPath.split(File.pathSeparator))
            .filter(entry -> !entry.contains(text))
            .collect(Collectors.joining(File.pathSeparator));
    return this;
  }

  ForkedJvm environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  ForkedJvm classPathFirst(Path entry) {
    classPath = entry + File.pathSeparator + classPath;
    return this;
  }

  Outcome run(Class<?> main, Object... arguments) throws IOException, InterruptedException {
    return await(start(main, arguments));
  }

  Running start(Class<?> main, Object... arguments) throws IOException {
    Path log = Files.createTempFile("forked", ".log");
    List<String> command = new ArrayList<>(prefix);
    command.add(home.resolve("bin").resolve("java").toString());
    command.addAll(
        List.of("-Xmx512m", "-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=" + log + ".hs"));
    // Most of the work is native: what the slower compiler would gain is less than it takes.
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, main.getName()));
    Arrays.stream(arguments).map(Object::toString).forEach(command::add);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    return new Running(process, log);
  }

  /** A JVM that was started. */
  record Running(Process process, Path log) {}

  Outcome await(Running running) throws IOException, InterruptedException {
    try {
      if (!running.process().waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("the forked JVM hangs: " + output(running));
      }
      return new Outcome(running.process().exitValue(), output(running));
    } finally {
      running.process().destroyForcibly();
      Files.deleteIfExists(running.log());
      Files.deleteIfExists(Path.of(running.log() + ".hs"));
    }
  }

  private static String output(Running running) throws IOException {
    return Files.readString(running.log(), StandardCharsets.UTF_8);
  }
}
