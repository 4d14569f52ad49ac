// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code compare}, run with the bundled pack on the sample images. */
class CompareTest {
  private static final Path SAMPLES = Path.of("../samples");
  private static final String ASTRONAUT = SAMPLES.resolve("astronaut.png").toString();
  private static final String RENDITION = SAMPLES.resolve("astronaut_rendition.jpg").toString();
  private static final String HOPPER = SAMPLES.resolve("grace_hopper.jpg").toString();

  @TempDir Path folder;

  @Test
  void matedAndNonMated_areTold() {
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
  void badImage_isOneLineAndTheOthersContinue() throws IOException {
    Path text = Files.writeString(folder.resolve("text.jpg"), "no image");
    Run run = Run.of(new Compare(), ASTRONAUT, text, RENDITION, HOPPER);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).singleElement().asString().contains("text.jpg");
    assertThat(run.out().lines()).hasSize(2);
  }

  @Test
  void missingReference_isTroubleForEach() {
    Run run = Run.of(new Compare(), folder.resolve("none.jpg"), RENDITION, HOPPER);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(2).allMatch(line -> line.contains("none.jpg"));
    assertThat(run.out()).isEmpty();
  }

  @Test
  void json_hasAnAnswerOrAnErrorForEach() throws IOException {
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
  void modelsThatAreNotThere_isTrouble() {
    Run run = Run.of(new Compare(), ASTRONAUT, RENDITION, "--detector", "a", "--embedder", "b");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1);
  }
}
