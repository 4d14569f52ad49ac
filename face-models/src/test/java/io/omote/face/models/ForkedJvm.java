// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A main class of the tests in its own process. */
final class ForkedJvm implements AutoCloseable {
  private final Process process;
  private final Path output;

  private ForkedJvm(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  static ForkedJvm start(Path folder, List<String> options, Class<?> main, Object... arguments)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command(options, main, arguments));
    return start(folder, builder);
  }

  /** Starts one for a user that the system does not know. The folder is its working directory. */
  static ForkedJvm startWithoutHome(Path folder, Class<?> main) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command(List.of("-Duser.home=?"), main));
    builder.directory(folder.toFile());
    builder
        .environment()
        .keySet()
        .removeAll(List.of("HOME", "XDG_CACHE_HOME", "OMOTE_MODELS_DIRECTORY"));
    return start(folder, builder);
  }

  private static List<String> command(List<String> options, Class<?> main, Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-cp");
    command.add(classPath());
    command.add(main.getName());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return command;
  }

  private static ForkedJvm start(Path folder, ProcessBuilder builder) throws IOException {
    Path output = Files.createTempFile(folder, "jvm", ".txt");
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    return new ForkedJvm(process, output);
  }

  /** Returns the class path of this process. */
  static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  /** Kills the process without letting it clean up. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Waits for the process to end, and returns its output. */
  String outputAfterSuccess() throws IOException, InterruptedException {
    boolean ended = process.waitFor(10, TimeUnit.MINUTES);
    String written = Files.readString(output);
    if (!ended || process.exitValue() != 0) {
      throw new AssertionError("the process failed:\n" + written);
    }
    return written;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
