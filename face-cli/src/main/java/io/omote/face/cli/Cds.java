// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import com.google.gson.Gson;
import io.omote.face.cli.files.Outputs;
import io.omote.face.internal.files.NewFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Creates a class-data-sharing archive, so that every command starts faster. */
@Command(
    name = "cds",
    mixinStandardHelpOptions = true,
    description = {
      "Creates a class-data-sharing (CDS) archive of this jar, so that every command starts faster,"
          + " and unpacks the native libraries. Prints the command that uses both.",
      "The archive works with this jar, this Java and this platform only. The script omote uses it"
          + " if FOLDER is omote-archive beside the jar."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:the archive was created",
      "1:no result; the message says why",
      "2:invalid options"
    })
final class Cds implements Callable<Integer> {
  private static final String SAMPLE = "astronaut_rendition.jpg";

  private static final List<String> LIBRARIES = List.of("onnxruntime", "onnxruntime4j_jni");

  private static final String OPENCV = "opencv_java490";

  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "print the command as a JSON object")
  private boolean json;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FOLDER",
      defaultValue = "omote-archive",
      description =
          "folder for the files; by default ${DEFAULT-VALUE}; existing files are never replaced")
  private Path folder;

  /** The command that starts with the archive, as JSON. */
  private record Start(List<String> command) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Path jar = location();
    Path archive = folder.resolve("omote.jsa").toAbsolutePath();
    Path sample = folder.resolve(SAMPLE);
    List<Path> files = new ArrayList<>(List.of(sample, archive, library(OPENCV)));
    LIBRARIES.forEach(name -> files.add(library(name)));
    Outputs.check(files); // another process may be using an existing archive
    if (!Files.isRegularFile(jar)) {
      return trouble(
          String.format(
              Locale.ROOT, "expected to run from omote.jar, found %s: build the jar", jar));
    }
    String libraries = "-Domote.native.path=" + folder.toAbsolutePath();
    Files.createDirectories(folder);
    for (String name : LIBRARIES) {
      unpack("/ai/onnxruntime/native/" + platform(), name);
    }
    unpack("/nu/pattern/opencv/" + platformOfOpenCv(), OPENCV);
    try {
      copy(Cds.class.getResourceAsStream(SAMPLE), sample);
      String output = trainingRun(java, jar, archive, libraries, sample);
      if (!Files.isRegularFile(archive)) {
        return trouble(String.format(Locale.ROOT, "Java did not write %s: %s", archive, output));
      }
    } finally {
      Files.deleteIfExists(sample);
    }
    print(
        List.of(
            java.toString(),
            "-XX:SharedArchiveFile=" + archive,
            libraries,
            "-jar",
            jar.toString()));
    return 0;
  }

  private Path library(String name) {
    return folder.resolve(System.mapLibraryName(name));
  }

  private void unpack(String place, String name) throws IOException {
    Path library = library(name);
    copy(Cds.class.getResourceAsStream(place + "/" + library.getFileName()), library);
  }

  private static void copy(@Nullable InputStream resource, Path file) throws IOException {
    if (resource == null) {
      throw new IOException(
          String.format(Locale.ROOT, "the jar has no %s for this platform", file.getFileName()));
    }
    try (resource) {
      NewFile.write(file, resource.readAllBytes());
    }
  }

  /** Returns the platform as ONNX Runtime's jar names it. */
  private static String platform() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String processor = System.getProperty("os.arch").matches("aarch64|arm64") ? "aarch64" : "x64";
    String name = system.contains("win") ? "win" : system.contains("mac") ? "osx" : "linux";
    return String.format(Locale.ROOT, "%s-%s", name, processor);
  }

  /** Returns the platform as OpenCV's jar names it. */
  private static String platformOfOpenCv() {
    return platform()
        .replace("win-", "windows/")
        .replace('-', '/')
        .replace("aarch64", "ARMv8")
        .replace("x64", "x86_64");
  }

  private int trouble(String message) {
    spec.commandLine().getErr().println(message.strip());
    spec.commandLine().getErr().flush();
    return ExitCode.SOFTWARE;
  }

  /** Returns the jar, or the folder of classes, that this class was loaded from. */
  private static Path location() {
    try {
      return Path.of(Cds.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Runs a comparison in another process, which archives the classes that it loaded when it exits.
   *
   * @return the output of the process
   */
  private static String trainingRun(
      Path java, Path jar, Path archive, String libraries, Path sample)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                java.toString(),
                "-XX:ArchiveClassesAtExit=" + archive,
                // With the JIT compiler, two of five archives started slower every time, probably
                // because methods that wait for compilation at exit are archived in that state.
                "-Xint",
                // Each class that cannot be archived would be logged.
                "-Xlog:disable",
                "-Xlog:all=error",
                libraries,
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
        .println(
            json
                ? Answers.line(new Gson().toJsonTree(new Start(command)).getAsJsonObject())
                : ShellWords.join(command));
    spec.commandLine().getOut().flush();
  }
}
