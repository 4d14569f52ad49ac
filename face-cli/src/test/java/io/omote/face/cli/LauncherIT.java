// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script beside the runnable jar. */
@DisabledOnOs(OS.WINDOWS)
class LauncherIT {
  private static final Path TARGET = Path.of("target").toAbsolutePath();

  @TempDir private Path folder;

  /** A folder with a blank, with the script and, as a link, the jar. */
  private Path home;

  @BeforeEach
  void install() throws IOException {
    home = Files.createDirectory(folder.resolve("my programs"));
    Files.copy(TARGET.resolve("omote"), home.resolve("omote"), StandardCopyOption.COPY_ATTRIBUTES);
    try {
      Files.createLink(home.resolve("omote.jar"), TARGET.resolve("omote.jar"));
    } catch (IOException e) {
      Files.copy(TARGET.resolve("omote.jar"), home.resolve("omote.jar")); // another file system
    }
  }

  private record Outcome(int exitCode, String output) {}

  private Outcome run(Path from, Map<String, String> environment, Object... words)
      throws Exception {
    List<String> command = new ArrayList<>();
    for (Object word : words) {
      command.add(word.toString());
    }
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(from.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeAll(List.of("JAVA_HOME", "JAVA_OPTS", "OMOTE_OPTS"));
    String java = Path.of(System.getProperty("java.home"), "bin").toString();
    builder.environment().merge("PATH", java, (path, bin) -> bin + File.pathSeparator + path);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), output);
  }

  @Test
  void script_runsTheJarBesideIt_fromAnywhere_throughLinks() throws Exception {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    Path link = Files.createSymbolicLink(bin.resolve("omote"), home.resolve("omote"));
    Path relative = Files.createSymbolicLink(bin.resolve("face"), Path.of("../bin/../bin/omote"));
    for (Path script : List.of(TARGET.resolve("omote"), home.resolve("omote"), link, relative)) {
      Outcome outcome = run(folder, Map.of(), script, "--version");
      assertThat(outcome.output()).as("%s", script).startsWith("omote ");
      assertThat(outcome.exitCode()).isZero();
    }
    assertThat(run(home, Map.of(), "./omote", "--version").output()).startsWith("omote ");
    assertThat(run(home, Map.of(), "sh", "omote", "--version").output()).startsWith("omote ");
    assertThat(
            run(
                    bin,
                    Map.of(
                        "PATH",
                        bin + ":" + System.getenv("PATH"),
                        "JAVA_HOME",
                        System.getProperty("java.home")),
                    "sh",
                    "-c",
                    "omote --version")
                .output())
        .startsWith("omote ");
  }

  @Test
  void wordsAndExitCode_arePassedOn() throws Exception {
    Outcome outcome = run(folder, Map.of(), home.resolve("omote"), "compare", "a b", "*");
    assertThat(run(folder, Map.of(), home.resolve("omote"), "").output())
        .startsWith("unknown command ''");
    assertThat(outcome.output()).contains("a b: expected a readable image");
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(run(folder, Map.of(), home.resolve("omote"), "nosuch").output())
        .isEqualTo("unknown command 'nosuch': try omote --help\n");
  }

  @Test
  void javaAndItsOptions_areThoseOfTheEnvironment() throws Exception {
    Path script = home.resolve("omote");
    Outcome options =
        run(
            folder,
            Map.of("JAVA_OPTS", "-Xmx64m", "OMOTE_OPTS", "-Xmx65m -XX:+PrintCommandLineFlags"),
            script,
            "--version");
    assertThat(options.output()).contains("MaxHeapSize=" + 65 * 1024 * 1024);

    Path other = Files.createDirectories(folder.resolve("another java/bin"));
    Path java = Files.writeString(other.resolve("java"), "#!/bin/sh\necho mine \"$3\"\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    Map<String, String> home = Map.of("JAVA_HOME", other.getParent().toString());
    assertThat(run(folder, home, script, "--version").output()).isEqualTo("mine --version\n");
    Outcome none = run(folder, Map.of("JAVA_HOME", "/none"), script, "--version");
    assertThat(none.output())
        .isEqualTo("there is no Java at JAVA_HOME, /none: correct or unset it\n");
    assertThat(none.exitCode()).isOne();
  }

  @Test
  void archive_isUsed_unlessTheJarIsNewer() throws Exception {
    Path other = Files.createDirectories(folder.resolve("java/bin"));
    Path java = Files.writeString(other.resolve("java"), "#!/bin/sh\necho \"$1\"\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    Map<String, String> environment = Map.of("JAVA_HOME", other.getParent().toString());
    Path archive =
        Files.createFile(Files.createDirectory(home.resolve("omote-archive")).resolve("omote.jsa"));
    Path real = archive.toRealPath();
    assertThat(run(folder, environment, home.resolve("omote"), "--version").output())
        .isEqualTo("-XX:SharedArchiveFile=" + real + "\n");

    Files.setLastModifiedTime(archive, FileTime.fromMillis(0));
    assertThat(run(folder, environment, home.resolve("omote"), "--version").output())
        .isEqualTo("-jar\n");
  }

  @Test
  void scriptWithoutTheJar_saysSo() throws Exception {
    Files.delete(home.resolve("omote.jar"));
    Outcome outcome = run(folder, Map.of(), home.resolve("omote"), "--version");
    assertThat(outcome.output())
        .contains("omote.jar is missing: keep this file beside it")
        .hasLineCount(1);
    assertThat(outcome.exitCode()).isOne();
  }
}
