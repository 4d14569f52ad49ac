// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each example, run with the bundled pack on the sample pictures. */
class ExamplesTest {
  private static final Path SAMPLES = Path.of("src/main/samples");
  private static final String ASTRONAUT = SAMPLES.resolve("astronaut.png").toString();
  private static final String RENDITION = SAMPLES.resolve("astronaut_rendition.jpg").toString();
  private static final String HOPPER = SAMPLES.resolve("grace_hopper.jpg").toString();

  @TempDir Path folder;

  /** What an example printed to its output and error streams, and its exit code. */
  private record Run(int exitCode, String output, String errors) {}

  private static Run run(Callable<Integer> example, String... args) {
    StringWriter output = new StringWriter();
    StringWriter errors = new StringWriter();
    int exitCode =
        Examples.commandLine(example)
            .setOut(new PrintWriter(output))
            .setErr(new PrintWriter(errors))
            .execute(args);
    return new Run(exitCode, output.toString(), errors.toString());
  }

  static List<Callable<Integer>> examples() {
    return List.of(new Compare(), new Detect(), new Similarities());
  }

  @ParameterizedTest
  @MethodSource("examples")
  void help_isThere(Callable<Integer> example) {
    Run run = run(example, "--help");
    assertThat(run.exitCode()).isZero();
    assertThat(run.output()).contains("Usage:", "--detector", "--embedder");
  }

  @Test
  void compare_matedAndNonMated_areTold() {
    Run run = run(new Compare(), ASTRONAUT, RENDITION, HOPPER);
    assertThat(run.exitCode()).isZero();
    assertThat(run.output().lines())
        .hasSize(2)
        .satisfiesExactly(
            mated ->
                assertThat(mated)
                    .matches(".*: similarity 0\\.9\\d+, threshold 0\\.3500: same person"),
            nonMated ->
                assertThat(nonMated)
                    .matches(".*: similarity 0\\.1\\d+, threshold 0\\.3500: different people"));
  }

  @Test
  void compare_badPicture_isOneLine() throws IOException {
    Path text = Files.writeString(folder.resolve("text.jpg"), "no picture");
    Run run = run(new Compare(), ASTRONAUT, text.toString());
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.errors().lines()).singleElement().asString().contains("text.jpg");
  }

  @Test
  void detect_drawsWhatItFound() throws IOException {
    Path drawing = folder.resolve("drawing.png");
    Run run = run(new Detect(), ASTRONAUT, drawing.toString());
    assertThat(run.exitCode()).isZero();
    assertThat(run.output()).contains("1 faces");
    BufferedImage image = ImageIO.read(drawing.toFile());
    assertThat(image.getWidth()).isEqualTo(512);
    long green = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        green += (image.getRGB(x, y) & 0xffffff) == 0x00ff00 ? 1 : 0;
      }
    }
    assertThat(green).isGreaterThan(200);
  }

  @Test
  void similarities_printsTheMatrix() {
    Run run = run(new Similarities(), ASTRONAUT, RENDITION, HOPPER);
    assertThat(run.exitCode()).isZero();
    assertThat(run.output().lines())
        .hasSize(6)
        .anySatisfy(row -> assertThat(row).matches(" +1\\.0000 +0\\.9\\d+ +0\\.1\\d+"));
  }
}
