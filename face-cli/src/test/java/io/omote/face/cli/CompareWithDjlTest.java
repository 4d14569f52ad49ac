// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.Gson;
import io.omote.face.FaceMatcher;
import io.omote.face.models.ModelZoo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DJL's zoo with real networks, placed by hand. */
class CompareWithDjlTest {
  private static final Path SAMPLES = Path.of("src/main/samples");
  private static final Path ASTRONAUT = SAMPLES.resolve("astronaut.png");
  private static final Path RENDITION = SAMPLES.resolve("astronaut_rendition.jpg");
  private static final Path HOPPER = SAMPLES.resolve("grace_hopper.jpg");

  @TempDir Path store;

  @BeforeEach
  void set() {
    System.setProperty("omote.models.directory", store.toString());
  }

  @AfterEach
  void unset() {
    System.clearProperty("omote.models.directory");
  }

  @Test
  void packNotFetched_isOneLine() {
    Run run = Run.of(new CompareWithDjl(), ASTRONAUT, RENDITION);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().lines())
        .singleElement()
        .asString()
        .contains("ModelZoo.get(\"buffalo_l\").acceptLicense().fetch()");
  }

  @Test
  @Tag("testdata")
  void realNetworks_agreeWithTheMatcher() throws Exception {
    place("placed", "scrfd_2.5g_kps_dynamic.onnx", "arcface_mobilefacenet_dynamic.onnx");
    try (FaceMatcher matcher = FaceMatcher.create(ModelZoo.get("placed").models())) {
      for (Path other : List.of(RENDITION, HOPPER)) {
        Run run = Run.of(new CompareWithDjl(), "--pack", "placed", ASTRONAUT, other);
        assertThat(run.err()).isEmpty();
        // Java2D samples a little otherwise.
        assertThat(Double.parseDouble(run.out().replace("similarity ", "")))
            .isCloseTo(matcher.compare(ASTRONAUT, other).similarity(), within(0.05));
      }
    }
  }

  private void place(String name, String detector, String recognizer) throws Exception {
    String root = System.getProperty("omote.testdata");
    assumeTrue(root != null && !root.isBlank(), "skipped: needs -Domote.testdata=...");
    Path folder = Files.createDirectories(store.resolve(name));
    Map<String, Object> manifest =
        Map.of(
            "name",
            name,
            "description",
            "a pack for tests",
            "license",
            Map.of(
                "name", "Test license",
                "url", "https://example.org/license",
                "commercialUse", true,
                "attribution", "nobody"),
            "archives",
            List.of(),
            "files",
            List.of(
                file(Path.of(root, "models", detector), folder, "detection"),
                file(Path.of(root, "models", recognizer), folder, "recognition")),
            "detector",
            Map.of("family", "scrfd", "files", List.of(detector), "inputSizes", List.of()),
            "recognizer",
            Map.of(
                "file",
                recognizer,
                "mean",
                127.5,
                "scale",
                127.5,
                "threshold",
                0.35,
                "thresholdCalibrated",
                false,
                "thresholdSource",
                "none",
                "operatingPoints",
                List.of()));
    ModelZoo.register(
        Files.writeString(store.resolve(name + ".json"), new Gson().toJson(manifest)));
  }

  private static Map<String, Object> file(Path source, Path folder, String purpose)
      throws Exception {
    byte[] bytes = read(source, folder);
    String name = source.getFileName().toString();
    return Map.of(
        "name",
        name,
        "size",
        bytes.length,
        "sha256",
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)),
        "purpose",
        purpose,
        "sources",
        List.of(Map.of("url", "https://example.org/" + name)));
  }

  private static byte[] read(Path source, Path folder) throws IOException {
    byte[] bytes = Files.readAllBytes(source);
    Files.write(folder.resolve(source.getFileName()), bytes);
    return bytes;
  }
}
