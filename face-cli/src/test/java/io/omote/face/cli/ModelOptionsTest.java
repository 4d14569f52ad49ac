// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The options for models, tested with the command compare. */
class ModelOptionsTest {
  private static final Path SAMPLES = Path.of("../samples");
  private static final Path ASTRONAUT = SAMPLES.resolve("astronaut.png");
  private static final Path HOPPER = SAMPLES.resolve("grace_hopper.jpg");

  @TempDir Path folder;
  private ServedPack pack;

  @BeforeEach
  void serve() {
    pack = new ServedPack(folder);
  }

  @AfterEach
  void stop() {
    pack.close();
  }

  private static Run compare(Object models) {
    return Run.of(new Compare(), "--models", models, ASTRONAUT, HOPPER);
  }

  @Test
  void models_ofEveryCommand_isAnOption() {
    for (Object command :
        new Object[] {new Compare(), new Detect(), new Evaluate(), new Calibrate()}) {
      assertThat(Run.of(command, "--help").out()).contains("--models=NAME|FOLDER");
    }
  }

  @Test
  void models_bundledPack_isUsed() {
    assertThat(compare("lite").out()).contains("threshold 0.3500: different people");
  }

  @Test
  void models_notFetched_saysHowAndFetchesNothing() {
    Run run = compare(pack.name());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines())
        .singleElement()
        .asString()
        .contains(
            pack.folder().toString(),
            ServedPack.LICENSE,
            ServedPack.LICENSE_URL,
            "omote models fetch " + pack.name() + " --accept-license");
    assertThat(pack.requests()).isZero();
  }

  @Test
  void models_fetched_isUsedWithItsOwnThreshold() {
    Run.of(new Models(), "fetch", pack.name(), "--accept-license");
    Run run = compare(pack.name());
    assertThat(run.exitCode()).as(run.err()).isOne();
    assertThat(run.out()).containsPattern("similarity 0\\.1\\d+, threshold 0\\.4000: different");
  }

  @Test
  void models_placedByHandButNotAccepted_saysHow() throws IOException {
    Run.of(new Models(), "fetch", pack.name(), "--accept-license");
    Files.delete(pack.folder().resolve("LICENSE-ACCEPTED.txt"));
    Run run = compare(pack.name());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines())
        .singleElement()
        .asString()
        .contains("was not accepted", "--accept-license");
  }

  @Test
  void models_folder_isReadAsOne() {
    Run run = compare(folder);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).singleElement().asString().contains(folder.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"buffalo", "no/such/folder"})
  void models_neitherPackNorFolder_isAWrongOption(String name) {
    Run run = compare(name);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("'" + name + "'", "buffalo_l", pack.name());
  }

  @Test
  void models_withFiles_isAWrongOption() {
    Run run =
        Run.of(
            new Compare(),
            "--models",
            "lite",
            "--detector",
            "d",
            "--embedder",
            "e",
            ASTRONAUT,
            HOPPER);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("exclude each other");
  }

  @Test
  void detector_withoutEmbedder_isAWrongOption() {
    Run run = Run.of(new Compare(), "--detector", "d", ASTRONAUT, HOPPER);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--embedder");
  }

  @Test
  void packOfAnAnalyzer_isReportedToBeOne() {
    Run run = Run.of(new Compare(), "--models", "minifasnet", "a.jpg", "b.jpg");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("found 'minifasnet', which has only an analyzer");
  }
}
