// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Liveness and quality, measured on folders of images. */
class EvaluateAnalyzersTest {
  @TempDir private Path folder;

  private static Path data() {
    String property = System.getProperty("omote.testdata");
    assumeTrue(
        property != null && !property.isBlank(),
        "skipped: needs the reference data; give its folder as -Domote.testdata=...");
    return Path.of(property);
  }

  private static JsonObject json(Path file) throws IOException {
    return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
  }

  @Test
  void quality_ofBundledPack_hasACurveForEachProperty() throws IOException {
    for (int i = 0; i < 6; i++) {
      Images.astronaut(folder.resolve("people/collins/%d.jpg".formatted(i)), 300 + 20 * i);
    }
    Images.empty(folder.resolve("people/hopper/1.jpg"));
    Files.writeString(folder.resolve("people/hopper/2.jpg"), "no image");
    Path output = folder.resolve("out");
    Run run = Run.of(new Evaluate(), "quality", folder.resolve("people"), "--output", output);
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("left out: ").contains("2.jpg");
    assertThat(run.out()).contains("8 (1 unreadable)", "15 comparisons, 1 left out");
    JsonSchemas.assertValidFile("evaluate-quality", output.resolve("quality.json"));
    JsonArray measures = json(output.resolve("quality.json")).getAsJsonArray("measures");
    assertThat(measures).hasSize(9);
    for (JsonElement measure : measures) {
      JsonArray discards = measure.getAsJsonObject().getAsJsonArray("discards");
      assertThat(discards).hasSize(4);
      assertThat(trials(discards, 0)).isEqualTo(15);
      assertThat(trials(discards, 3)).isBetween(12, 15);
    }
    assertThat(output.resolve("quality.svg")).content().contains(">sharpness</text>");
    assertThat(output.resolve("quality.json")).content().doesNotContain(".jpg");
    assertThat(output.resolve("report.html"))
        .content()
        .contains("<h1>people</h1>", ">sharpness</th>", ">sharpness</text>")
        .doesNotContain("http:", "https:", "<script", ".jpg");
  }

  private static int trials(JsonArray discards, int at) {
    return discards.get(at).getAsJsonObject().getAsJsonObject("fnmr").get("trials").getAsInt();
  }

  @Test
  void quality_ofOneImageEach_saysWhatIsMissing() {
    Images.astronaut(folder.resolve("people/collins/1.jpg"), 300);
    Images.admiral(folder.resolve("people/hopper/1.jpg"), 320);
    Run run = Run.of(new Evaluate(), "quality", folder.resolve("people"));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("there are no mated comparisons").doesNotContain("\tat ");
  }

  @Test
  void evaluate_withoutASet_isRefused() {
    Run run = Run.of(new Evaluate());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("SET is missing");
  }

  @Test
  void liveness_ofInvalidOptionsAndFolders_saysWhatIsMissing() throws IOException {
    Run none = Run.of(new Evaluate(), "liveness", folder);
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err())
        .contains("--liveness is missing: give it minifasnet, or twice with its two files");
    Path file = Files.createFile(folder.resolve("some.onnx"));
    Object[] files = {"liveness", folder, "--liveness", file, "--liveness", file};
    Run empty = Run.of(new Evaluate(), files);
    assertThat(empty.exitCode()).isEqualTo(1);
    assertThat(empty.err()).contains("expected the folders live and attack", "found no attack");
    Object[] withThreshold = {
      "liveness", folder, "--liveness", file, "--liveness", file, "--threshold", "2"
    };
    Run beyond = Run.of(new Evaluate(), withThreshold);
    assertThat(beyond.exitCode()).isEqualTo(2);
    assertThat(beyond.err()).contains("expected a threshold in [0, 1], found 2.0");
  }

  /** The publisher's samples: one live, two attacks of two species. */
  @Test
  @Tag("testdata")
  void liveness_ofTheSamples_tellsThemApart() throws IOException {
    Path samples = data().resolve("liveness");
    Path set = folder.resolve("set");
    copy(samples.resolve("image_T1.jpg"), set.resolve("live/1.jpg"));
    Images.empty(set.resolve("live/2.jpg"));
    copy(samples.resolve("image_F1.jpg"), set.resolve("attack/1.jpg"));
    copy(samples.resolve("image_F2.jpg"), set.resolve("attack/screen/1.jpg"));
    Files.writeString(set.resolve("attack/screen/2.jpg"), "no image");
    Path networks = data().resolve("models").resolve("analysis");
    Path output = folder.resolve("out");
    Run run =
        Run.of(
            new Evaluate(),
            "liveness",
            set,
            "--liveness",
            networks.resolve("MiniFASNetV2.onnx"),
            "--liveness",
            networks.resolve("MiniFASNetV1SE.onnx"),
            "--threshold",
            "0.5",
            "--output",
            output);
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("counted as a non-response: ");
    assertThat(run.out())
        .contains("No lower APCER: an APCER of 0.1 needs at least 30 attacks of each species")
        .containsPattern("given +0.5000 +0 % .* 0 %");
    JsonSchemas.assertValidFile("evaluate-liveness", output.resolve("liveness.json"));
    JsonObject report = json(output.resolve("liveness.json"));
    assertThat(report.getAsJsonObject("bpnrr").get("value").getAsDouble()).isEqualTo(0.5);
    assertThat(report.getAsJsonObject("apnrr").keySet()).containsExactly("attack", "screen");
    assertThat(report.get("equalErrorRate").getAsDouble()).isZero();
    assertThat(report.get("unreadable").getAsInt()).isOne();
    assertThat(report.getAsJsonArray("det")).hasSize(4);
    assertThat(output.resolve("liveness.svg")).content().contains("none of any species</text>");
    assertThat(output.resolve("report.html"))
        .content()
        .contains("<h1>set</h1>", ">given</th>", "MiniFASNetV2.onnx and MiniFASNetV1SE.onnx</dd>");
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    Files.copy(from, to);
  }

  /** The figures of docs/analysis.md. */
  @Test
  @Tag("testdata")
  void quality_ofLabeledImages_predictsFalseNonMatches() throws IOException {
    Path output = folder.resolve("out");
    Run run =
        Run.of(
            new Evaluate(),
            "quality",
            data().resolve("lfw-dev"),
            "--quality",
            data().resolve("models/analysis/lightqnet-dm050.onnx"),
            "--output",
            output);
    assertThat(run.exitCode()).as(run.err()).isZero();
    System.out.println(run.out());
    JsonArray measures = json(output.resolve("quality.json")).getAsJsonArray("measures");
    assertThat(fnmr(measures, "lightqnet-dm050", 0)).isCloseTo(0.173, within(0.01));
    assertThat(fnmr(measures, "lightqnet-dm050", 3)).isCloseTo(0.100, within(0.01));
    assertThat(fnmr(measures, "sharpness", 3)).isCloseTo(0.108, within(0.01));
    assertThat(fnmr(measures, "inter-eye distance", 3)).isCloseTo(0.104, within(0.01));
  }

  private static double fnmr(JsonArray measures, String name, int discard) {
    for (JsonElement measure : measures) {
      JsonObject object = measure.getAsJsonObject();
      if (object.get("name").getAsString().startsWith(name)) {
        return object
            .getAsJsonArray("discards")
            .get(discard)
            .getAsJsonObject()
            .getAsJsonObject("fnmr")
            .get("value")
            .getAsDouble();
      }
    }
    throw new AssertionError(name);
  }
}
