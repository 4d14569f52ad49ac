// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each example, run with the bundled pack on the sample images. */
class ExamplesTest {
  private static final Path SAMPLES = Path.of("src/main/samples");
  private static final String ASTRONAUT = SAMPLES.resolve("astronaut.png").toString();
  private static final String RENDITION = SAMPLES.resolve("astronaut_rendition.jpg").toString();
  private static final String HOPPER = SAMPLES.resolve("grace_hopper.jpg").toString();

  @TempDir Path folder;

  static List<Callable<Integer>> examples() {
    return List.of(new Compare(), new Detect(), new Similarities());
  }

  @ParameterizedTest
  @MethodSource("examples")
  void help_isThere(Callable<Integer> example) {
    Run run = Run.of(example, "--help");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("Usage:", "--detector", "--embedder");
  }

  @Test
  void compare_matedAndNonMated_areTold() {
    Run run = Run.of(new Compare(), ASTRONAUT, RENDITION, HOPPER);
    assertThat(run.exitCode()).isOne();
    assertThat(Run.of(new Compare(), ASTRONAUT, RENDITION).exitCode()).isZero();
    assertThat(run.out().lines())
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
  void compare_badImage_isOneLineAndTheOthersGoOn() throws IOException {
    Path text = Files.writeString(folder.resolve("text.jpg"), "no image");
    Run run = Run.of(new Compare(), ASTRONAUT, text, RENDITION, HOPPER);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).singleElement().asString().contains("text.jpg");
    assertThat(run.out().lines()).hasSize(2);
  }

  @Test
  void compare_missingReference_isTroubleForEach() {
    Run run = Run.of(new Compare(), folder.resolve("none.jpg"), RENDITION, HOPPER);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(2).allMatch(line -> line.contains("none.jpg"));
    assertThat(run.out()).isEmpty();
  }

  @Test
  void compare_json_hasAnAnswerOrAnErrorForEach() throws IOException {
    Path text = Files.writeString(folder.resolve("text.jpg"), "no image");
    Run run = Run.of(new Compare(), ASTRONAUT, RENDITION, text, "--json");
    List<JsonObject> lines =
        run.out().lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0).keySet())
        .containsExactly("reference", "probe", "similarity", "threshold", "samePerson");
    assertThat(lines.get(0).get("samePerson").getAsBoolean()).isTrue();
    assertThat(lines.get(1).keySet()).containsExactly("reference", "probe", "error");
    assertThat(lines.get(1).get("error").getAsString()).contains("text.jpg: expected ");
  }

  @Test
  void compare_modelsThatAreNotThere_isTrouble() {
    Run run = Run.of(new Compare(), ASTRONAUT, RENDITION, "--detector", "a", "--embedder", "b");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1);
  }

  @Test
  void similarities_printsTheMatrix() {
    Run run = Run.of(new Similarities(), ASTRONAUT, RENDITION, HOPPER);
    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines())
        .hasSize(6)
        .anySatisfy(row -> assertThat(row).matches(" +1\\.0000 +0\\.9\\d+ +0\\.1\\d+"));
  }
}
