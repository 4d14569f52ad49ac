// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes an archive of classes, with which the jar starts faster. */
@Command(
    name = "archive",
    mixinStandardHelpOptions = true,
    description = {
      "Writes an archive of the classes of this jar (class-data sharing), and prints the command"
          + " that starts with it.",
      "It is of this jar and of this Java: with others it is left aside, and nothing is gained."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:it was written", "1:no result; the text says why", "2:wrong options"})
final class Archive implements Callable<Integer> {
  private static final String SAMPLE = "astronaut_rendition.jpg";

  private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().create();

  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "print the command as a JSON object")
  private boolean json;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FILE",
      defaultValue = "omote.jsa",
      description = "the archive; by default ${DEFAULT-VALUE}")
  private Path archive;

  /** What starts with the archive, as JSON. */
  private record Start(List<String> command) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Path jar = place();
    if (!Files.isRegularFile(jar)) {
      return trouble("expected to run from omote.jar, found %s: build the jar".formatted(jar));
    }
    Path folder = Files.createTempDirectory("omote-archive");
    Path sample = folder.resolve(SAMPLE);
    try {
      try (InputStream picture = Archive.class.getResourceAsStream(SAMPLE)) {
        Files.copy(picture, sample);
      }
      String output = rehearse(java, jar, sample);
      if (!Files.isRegularFile(archive)) {
        return trouble(
            "expected that Java writes %s, found that it did not: %s".formatted(archive, output));
      }
    } finally {
      Files.deleteIfExists(sample);
      Files.deleteIfExists(folder);
    }
    print(
        List.of(
            java.toString(),
            "-XX:SharedArchiveFile=" + archive.toAbsolutePath(),
            "-jar",
            jar.toString()));
    return 0;
  }

  private int trouble(String message) {
    spec.commandLine().getErr().println(message.strip());
    spec.commandLine().getErr().flush();
    return ExitCode.SOFTWARE;
  }

  /** Where this class was loaded from. */
  private static Path place() {
    try {
      return Path.of(Archive.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Another process compares, and writes the archive of what it loaded when it ends.
   *
   * @return what it printed
   */
  private String rehearse(Path java, Path jar, Path sample)
      throws IOException, InterruptedException {
    Files.deleteIfExists(archive);
    Process process =
        new ProcessBuilder(
                java.toString(),
                "-XX:ArchiveClassesAtExit=" + archive.toAbsolutePath(),
                // Classes that cannot be archived would each have a line.
                "-Xlog:disable",
                "-Xlog:all=error",
                "-jar",
                jar.toString(),
                "compare",
                sample.toString(),
                sample.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  private void print(List<String> command) {
    spec.commandLine()
        .getOut()
        .println(json ? JSON.toJson(new Start(command)) : String.join(" ", command));
    spec.commandLine().getOut().flush();
  }

  public static void main(String[] args) {
    Examples.main(new Archive(), args);
  }
}
