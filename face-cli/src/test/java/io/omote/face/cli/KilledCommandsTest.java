// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Commands that are killed while they write: only requested files exist, and each of them is
 * complete.
 */
class KilledCommandsTest {
  private static final int IMAGES = 8;

  @TempDir private Path folder;

  private Map<String, byte[]> files(Path output) throws IOException {
    Map<String, byte[]> files = new HashMap<>();
    if (Files.isDirectory(output)) {
      try (Stream<Path> all = Files.walk(output)) {
        for (Path file : all.filter(Files::isRegularFile).toList()) {
          files.put(output.relativize(file).toString(), Files.readAllBytes(file));
        }
      }
    }
    return files;
  }

  private List<String> command(String name, String option, Path output) {
    List<String> words = new ArrayList<>(List.of(name));
    if (name.equals("albums")) {
      words.add(folder.resolve("in").toString());
    } else {
      for (int i = 0; i < IMAGES; i++) {
        words.add(folder.resolve("in/" + i + ".png").toString());
      }
    }
    words.addAll(List.of(option, output.toString()));
    return words;
  }

  private int run(List<String> words) {
    return Run.of(Omote.of(words.get(0)), words.toArray()).exitCode();
  }

  @ParameterizedTest
  @CsvSource({"blur, --output, 1", "detect, --drawings, 2", "albums, --sheet, 3"})
  void killedCommand_leavesNothingElse(String name, String option, int seed) throws Exception {
    for (int i = 0; i < IMAGES; i++) {
      Images.astronaut(folder.resolve("in/" + i + ".png"), 300 + i);
    }
    assertThat(run(command(name, option, folder.resolve("whole")))).isZero();
    Map<String, byte[]> whole = files(folder.resolve("whole"));
    assertThat(whole).hasSizeGreaterThanOrEqualTo(IMAGES);

    Path output = folder.resolve("out");
    kill(command(name, option, output), output, seed);

    Map<String, byte[]> left = files(output);
    assertThat(left).as(Files.readString(folder.resolve("log"))).isNotEmpty();
    left.forEach(
        (file, content) -> {
          assertThat(whole).containsKey(file);
          assertThat(content).isEqualTo(Arrays.copyOf(whole.get(file), content.length));
        });
    // Another run replaces none of it, and does all of the work elsewhere.
    assertThat(run(command(name, option, output))).isEqualTo(2);
    files(output).forEach((file, content) -> assertThat(content).isEqualTo(left.get(file)));
    assertThat(run(command(name, option, folder.resolve("again")))).isZero();
    assertThat(files(folder.resolve("again"))).hasSameSizeAs(whole);
  }

  /** Runs a command and kills it at some moment behind the first result. */
  private void kill(List<String> command, Path output, int seed) throws Exception {
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Omote.class.getName()));
    words.addAll(command);
    Process process =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    try {
      while (files(output).isEmpty() && process.isAlive()) {
        LockSupport.parkNanos(100_000);
      }
      LockSupport.parkNanos(new Random(seed).nextInt(50_000_000));
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
  }

  /** The same command continues the file, whose lines are those of a run that was not killed. */
  @Test
  void killedEmbed_isContinued() throws Exception {
    for (int i = 0; i < 40; i++) {
      Images.astronaut(folder.resolve("in/" + (i + 10) + ".png"), 300 + i);
    }
    Path output = Files.createDirectory(folder.resolve("out"));
    Path faces = output.resolve("faces.jsonl");
    List<String> words =
        List.of("embed", folder.resolve("in").toString(), "--output", faces.toString());
    for (int seed = 0; seed < 3; seed++) {
      kill(words, output, seed);
    }
    assertThat(run(words)).isZero();

    Path whole = folder.resolve("whole.jsonl");
    assertThat(run(List.of(words.get(0), words.get(1), words.get(2), whole.toString()))).isZero();
    assertThat(faces).hasSameTextualContentAs(whole);
  }
}
