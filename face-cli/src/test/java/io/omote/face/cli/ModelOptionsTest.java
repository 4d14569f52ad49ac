// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    assertThat(run.err()).startsWith("--models and --detector with --embedder exclude each other");
  }

  @Test
  void detector_withoutEmbedder_isAWrongOption() {
    Run run = Run.of(new Compare(), "--detector", "d", ASTRONAUT, HOPPER);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines())
        .containsExactly("--embedder=NAME|FILE is missing: try compare --help");
  }

  @Test
  void packOfAnAnalyzer_isReportedToBeOne() {
    Run run = Run.of(new Compare(), "--models", "minifasnet", "a.jpg", "b.jpg");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("found 'minifasnet', which has only an analyzer");
  }

  @Test
  void detector_ofAPack_isUsedOnceFetched() {
    Run missing = Run.of(new Detect(), "--detector", pack.name(), ASTRONAUT);
    assertThat(missing.exitCode()).isOne();
    assertThat(missing.err().lines())
        .singleElement()
        .asString()
        .contains("omote models fetch " + pack.name() + " --accept-license");

    Run.of(new Models(), "fetch", pack.name(), "--accept-license");
    assertThat(Run.of(new Detect(), "--detector", pack.name(), ASTRONAUT).out())
        .isEqualTo(Run.of(new Detect(), "--models", "lite-fast", ASTRONAUT).out())
        .isEqualTo(Run.of(new Detect(), "--detector", "lite-fast", ASTRONAUT).out())
        .isNotEqualTo(Run.of(new Detect(), ASTRONAUT).out());
    Run both =
        Run.of(new Compare(), "--detector", "lite", "--embedder", pack.name(), ASTRONAUT, HOPPER);
    assertThat(both.out()).contains("threshold 0.4000: different");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "--liveness minifasnet ~ 1 ~ the pack minifasnet is missing .*: fetch it with omote models fetch minifasnet",
        "--quality ediffiqa ~ 1 ~ the pack ediffiqa is missing .*: fetch it with omote models fetch ediffiqa",
        "--gender-age buffalo_l ~ 1 ~ the pack buffalo_l is missing .* run omote models fetch buffalo_l --accept-license",
        "--quality edifiqa ~ 2 ~ expected a file for --quality, or the name of a pack \\(ediffiqa\\), found 'edifiqa', perhaps ediffiqa: try analyze --help",
        "--quality minifasnet ~ 2 ~ expected a file for --quality, .* found 'minifasnet'.*",
        "--liveness one.onnx ~ 2 ~ expected --liveness twice, with a file each, or once with a pack such as minifasnet, found one.onnx: .*",
        "--liveness a --liveness b ~ 2 ~ expected a file for --liveness, or the name of a pack \\(minifasnet\\), found 'a': .*",
        "--detector minifasnet ~ 2 ~ expected a file for --detector, or .* found 'minifasnet'.*",
        "--detector nosuch.onnx ~ 1 ~ expected a model file at nosuch.onnx, found no file.*",
        "--landmarks68 lite ~ 2 ~ expected a file for --landmarks68, or .*buffalo_l.*, found 'lite'.*"
      })
  void packThatCannotBeUsed_isOneLine(String options, int exitCode, String message) {
    Run run = Run.of(new Analyze(), (Object[]) (options + " a.jpg").split(" "));
    assertThat(run.exitCode()).isEqualTo(exitCode);
    assertThat(run.err().lines()).singleElement().asString().matches(message);
  }

  @Test
  void detector_ofTwoNetworks_isNamed() {
    Path folderOfLite = Path.of("../face-models/src/main/resources/io/omote/face/models/lite");
    Run run = Run.of(new Detect(), "--detector", folderOfLite.resolve("fr_detect.onnx"), ASTRONAUT);
    assertThat(run.exitCode()).isOne();
    assertThat(run.err()).contains("the box network of an UltraLight detector").hasLineCount(1);
  }

  /** Real networks: by name, by file in any order, and what is added. */
  @Test
  @Tag("testdata")
  void analyzersAndDetectors_byNameAndByFile() throws IOException {
    String property = System.getProperty("omote.testdata");
    assumeTrue(property != null && !property.isBlank(), "skipped: needs the reference data");
    Path models = Path.of(property).resolve("models");
    Path v2 = models.resolve("analysis/MiniFASNetV2.onnx");
    Path v1se = models.resolve("analysis/MiniFASNetV1SE.onnx");
    Path store = Files.createDirectories(pack.folder().resolveSibling("minifasnet"));
    Files.copy(v2, store.resolve("MiniFASNetV2.onnx"));
    Files.copy(v1se, store.resolve("MiniFASNetV1SE.onnx"));

    String without = Run.of(new Analyze(), ASTRONAUT).out();
    String named = Run.of(new Analyze(), "--liveness", "minifasnet", ASTRONAUT).out();
    assertThat(named).contains("68 points", "    liveness: score 0.8");
    assertThat(named.lines().filter(line -> !line.contains("liveness:")))
        .containsExactlyElementsOf(without.lines().toList());
    for (List<Path> files : List.of(List.of(v2, v1se), List.of(v1se, v2))) {
      Run run =
          Run.of(new Analyze(), "--liveness", files.get(0), "--liveness", files.get(1), ASTRONAUT);
      assertThat(run.out()).isEqualTo(named);
    }
    Run yuNet =
        Run.of(new Detect(), "--detector", models.resolve("yunet_n_dynamic.onnx"), ASTRONAUT);
    assertThat(yuNet.out()).as(yuNet.err()).contains("score 0.94");
  }
}
