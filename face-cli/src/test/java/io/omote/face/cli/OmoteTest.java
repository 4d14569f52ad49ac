// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;

/** All commands under one name. */
class OmoteTest {
  @TempDir private Path folder;

  static Set<String> commands() {
    return Commands.commandLine(Omote.of()).getSubcommands().keySet();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void help_saysUsageAndExitCodes(String command) {
    Run run = Run.of(Omote.of(command), command, "--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("Usage: omote " + command + " ").contains("--help");
    assertThat(run.out().lines().mapToInt(String::length).max().orElseThrow())
        .isLessThanOrEqualTo(80);
    if (!List.of("models", "help", "completion").contains(command)) {
      assertThat(run.out()).contains("Exit codes:", "--json");
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void version_isReported(String command) {
    Run run = Run.of(Omote.of(), command, "--version");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("omote ").contains("Java " + Runtime.version());
  }

  @Test
  void noCommand_isUsage() {
    Run run = Run.of(Omote.of());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("Usage: omote ").contains("compare", "help COMMAND");
  }

  /** Values that only the library refuses. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "compare --threshold 3 ../samples/astronaut.png ../samples/grace_hopper.jpg",
        "albums --threshold 3 ../samples",
        "albums --threshold NaN ../samples"
      })
  void wrongValue_isOneLine(String line) {
    Run run = Run.of(Omote.of(), (Object[]) line.split(" "));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("--threshold: expected a threshold in ").hasLineCount(1);
  }

  @Test
  void failureOfAFile_isInWords() throws IOException {
    Path astronaut = Path.of("../samples/astronaut.png");
    Path file = Files.writeString(folder.resolve("file"), "x");
    Path nowhere = folder.resolve("none/a.png");
    Run missing = Run.of(Omote.of(), "detect", astronaut, "--drawing", nowhere);
    assertThat(missing.exitCode()).isOne();
    assertThat(missing.err())
        .isEqualToIgnoringNewLines(
            "a file could not be read or written: " + nowhere + ": its folder does not exist");

    Run inAFile = Run.of(Omote.of(), "enroll", file, "../samples");
    Run noAccess = Run.of(Omote.of(), "models", "verify", "lite");
    assertThat(inAFile.exitCode()).isOne();
    assertThat(noAccess.exitCode()).isZero();
    assertThat(inAFile.err()).doesNotContain("Exception", "java.").hasLineCount(1);
  }

  /** A command with a mistake. */
  @Command(name = "wrong")
  static final class Wrong implements Callable<Integer> {
    @Override
    public Integer call() {
      throw new IllegalStateException("a state that cannot be");
    }
  }

  @Test
  void mistakeInOmote_asksForAReport() {
    Run run = Run.of(new Wrong());

    assertThat(run.exitCode()).isOne();
    assertThat(run.err())
        .startsWith("this is a mistake in Omote: please report it")
        .contains("a state that cannot be", "at io.omote.face.cli.OmoteTest$Wrong.call");
  }

  /** {@code .ci/door} creates an archive from the jar. */
  @Test
  void archive_withoutAJar_saysWhatToDo() {
    Run run = Run.of(Omote.of(), "cds", folder.resolve("archive"));

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith("expected to run from omote.jar, found ").hasLineCount(1);
  }

  /** Another process may be using the existing archive. */
  @Test
  void archive_replacesNothing() throws IOException {
    for (String name : List.of("omote.jsa", System.mapLibraryName("onnxruntime"))) {
      Path file =
          Files.writeString(
              Files.createDirectory(folder.resolve("of" + name)).resolve(name), "mine");

      Run run = Run.of(Omote.of(), "cds", file.getParent());

      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err()).contains(" already exists: ").contains(name).hasLineCount(1);
      assertThat(file).hasContent("mine");
    }
  }

  /** A start on the CPU prints no warnings. */
  @Test
  void compare_inAProcessOfItsOwn_writesNothingBesideTheResult() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED"); // as the manifest of the jar has it
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Omote.class.getName()));
    String samples = "../samples/";
    command.addAll(
        List.of("compare", samples + "astronaut.png", samples + "astronaut_rendition.jpg"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains(": same person").hasLineCount(1);
  }

  @Test
  void progress_isNotShownWithoutATerminal() {
    // Tests have none.
    assertThat(Progress.isShown()).isFalse();
  }

  /** Values complete as the help writes them, and only those that are accepted. */
  @ParameterizedTest
  @ValueSource(strings = {"bash", "fish"})
  void completion_offersAcceptedValues(String shell) {
    Run run = Run.of(Omote.of(), "completion", shell);

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .containsPattern("central\\W+largest\\W+only")
        .containsPattern("blur\\W+mosaic\\W+fill")
        .containsPattern("upright\\W+any")
        .containsPattern("bash\\W+zsh\\W+fish")
        .doesNotContain("HIGHEST_SCORE", "CENTRAL", "UPRIGHT", "MOSAIC");
  }
}
