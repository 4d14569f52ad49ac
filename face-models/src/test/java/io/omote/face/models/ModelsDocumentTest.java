// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/models.md agrees with the manifests and the code. */
class ModelsDocumentTest {
  @TempDir Path temp;
  private String document;

  @BeforeEach
  void read() throws IOException {
    document = Files.readString(Path.of("..", "docs", "models.md"));
  }

  private String row(String start) {
    return document.lines().filter(line -> line.startsWith(start)).findFirst().orElseThrow();
  }

  private static String megabytes(Pack pack, Predicate<PackFile> which) {
    long bytes = pack.files().stream().filter(which).mapToLong(PackFile::size).sum();
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lite",
        "lite-fast",
        "buffalo_l",
        "buffalo_m",
        "buffalo_s",
        "buffalo_sc",
        "antelopev2",
        "auraface",
        "opencv"
      })
  void packs_areThoseOfTheManifests(String name) {
    ModelPack pack = ModelZoo.get(name);
    List<String> cells = List.of(row("| `" + name + "`").split(" \\| "));
    assertThat(cells.get(2))
        .isEqualTo(
            megabytes(
                pack,
                file ->
                    file.purpose() == PackFile.Purpose.DETECTION
                        || file.purpose() == PackFile.Purpose.RECOGNITION));
    assertThat(cells.get(3)).isEqualTo(megabytes(pack, file -> true));
    assertThat(cells.get(4)).startsWith(pack.license().commercialUse() ? "yes" : "no");
    assertThat(cells.get(5).contains("not calibrated")).isEqualTo(!pack.isThresholdCalibrated());
  }

  @ParameterizedTest
  @ValueSource(strings = {"minifasnet", "ediffiqa"})
  void packsOfAnalyzers_areThoseOfTheManifests(String name) {
    Pack pack =
        ModelZoo.list().stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
    List<String> cells = List.of(row("| `" + name + "`").split(" \\| "));
    assertThat(cells.get(2)).isEqualTo(megabytes(pack, file -> true));
    assertThat(cells.get(3)).startsWith(pack.license().commercialUse() ? "yes" : "no");
    assertThat(cells.get(3)).contains(pack.license().name());
  }

  @Test
  void settings_areThoseOfTheCode() {
    assertThat(row("| folder of the store")).contains(Settings.DIRECTORY, "OMOTE_MODELS_DIRECTORY");
    assertThat(row("| mirror")).contains(Settings.MIRROR, "OMOTE_MODELS_MIRROR");
    assertThat(row("| no fetching")).contains(Settings.OFFLINE, "OMOTE_MODELS_OFFLINE");
    assertThat(row("| licenses accepted")).contains(Settings.ACCEPT_LICENSE);
  }

  @Test
  void ownManifest_isOne() throws IOException {
    Matcher json = Pattern.compile("```json\\n(.*?)```", Pattern.DOTALL).matcher(document);
    assertThat(json.find()).isTrue();
    Path file = Files.writeString(temp.resolve("mine.json"), json.group(1));

    ModelPack pack = ModelStore.builder().directory(temp).manifest(file).build().get("mine");

    assertThat(pack.files()).hasSize(2);
    assertThat(pack.threshold()).isEqualTo(0.45);
  }
}
