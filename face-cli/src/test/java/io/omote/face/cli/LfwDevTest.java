// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.omote.face.description.OperatingPoint;
import io.omote.face.models.ModelZoo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The figures of docs/accuracy.md. */
@Tag("testdata")
class LfwDevTest {
  @TempDir private Path folder;
  private Path data;

  @BeforeEach
  void findData() {
    String property = System.getProperty("omote.testdata");
    assumeTrue(
        property != null && !property.isBlank(),
        "skipped: needs the reference data; give its folder as -Domote.testdata=...");
    data = Path.of(property);
  }

  /** Runs evaluate; images are embedded by the first run only. */
  private JsonObject evaluate(String set, Object... models) throws IOException {
    Path output = folder.resolve(set);
    Object[] args =
        Stream.concat(
                Stream.of(
                    data.resolve(set),
                    "--output",
                    output,
                    "--scores",
                    "--work-dir",
                    folder.resolve("work")),
                Stream.of(models))
            .toArray();
    Run run = Run.of(new Evaluate(), args);
    System.out.println(run.out());
    assertThat(run.exitCode()).as(run.err()).isZero();
    try (Stream<String> lines = Files.lines(output.resolve("scores.csv"))) {
      assertThat(lines.count() - 1).isEqualTo(set.endsWith(".csv") ? 599 : 179_700);
    }
    return JsonParser.parseString(Files.readString(output.resolve("report.json")))
        .getAsJsonObject();
  }

  private static double bestAccuracy(JsonObject report) {
    return report.getAsJsonObject("bestAccuracy").get("accuracy").getAsDouble();
  }

  private static List<JsonObject> points(JsonObject report) {
    return report.getAsJsonArray("atFmr").asList().stream()
        .map(JsonElement::getAsJsonObject)
        .toList();
  }

  /** The operating points were measured on all of LFW, of which this set is a small part. */
  @Test
  void evaluate_litePack_agreesWithItsOperatingPoints() throws IOException {
    assertThat(bestAccuracy(evaluate("lfw-dev/pairs.csv"))).isGreaterThanOrEqualTo(0.995);
    JsonObject all = evaluate("lfw-dev");
    assertThat(all.getAsJsonObject("images").get("embeddedBefore").getAsInt()).isEqualTo(600);
    assertShownDistributions(all, "lite-report.json");
    assertThat(points(all)).hasSize(4);
    for (JsonObject atFmr : points(all).subList(1, 4)) { // the pack states none at 10 %
      double wanted = atFmr.get("wanted").getAsDouble();
      JsonObject measured = atFmr.getAsJsonObject("point");
      OperatingPoint stated = ModelZoo.lite().atFmr(wanted);
      String what = String.format(Locale.ROOT, "FMR %s", wanted);
      assertThat(measured.get("modelId").getAsString()).isEqualTo(stated.modelId());
      assertThat(measured.get("threshold").getAsDouble())
          .as(what)
          .isCloseTo(stated.threshold(), within(0.003));
      JsonObject fnmr = measured.getAsJsonObject("fnmr");
      assertThat(fnmr.get("lower").getAsDouble()).as(what).isLessThan(stated.fnmr().upper());
      assertThat(fnmr.get("upper").getAsDouble()).as(what).isGreaterThan(stated.fnmr().lower());
    }
  }

  @Test
  void evaluate_firstEdition_reproducesItsOperatingPoints() throws IOException {
    JsonObject pairs = evaluate("lfw-dev/pairs.csv", "--models", "lite-fast");
    assertThat(bestAccuracy(pairs)).isGreaterThanOrEqualTo(0.995);
    JsonObject all = evaluate("lfw-dev", "--models", "lite-fast");
    assertShownDistributions(all, "lite-fast-report.json");
    assertThat(points(all)).hasSize(4);
    for (JsonObject atFmr : points(all).subList(1, 4)) { // the pack states none at 10 %
      double wanted = atFmr.get("wanted").getAsDouble();
      JsonObject measured = atFmr.getAsJsonObject("point");
      OperatingPoint stated = ModelZoo.liteFast().atFmr(wanted);
      String what = String.format(Locale.ROOT, "FMR %s", wanted);
      assertThat(measured.get("modelId").getAsString()).isEqualTo(stated.modelId());
      assertThat(measured.get("threshold").getAsDouble())
          .as(what)
          .isCloseTo(stated.threshold(), within(0.002));
      assertThat(measured.getAsJsonObject("fmr").get("trials").getAsLong())
          .isEqualTo(stated.fmr().trials());
      assertThat(measured.getAsJsonObject("fnmr").get("value").getAsDouble())
          .as(what)
          .isCloseTo(stated.fnmr().value(), within(0.0034)); // one mated comparison
    }
  }

  /** The web page shows the distributions of such a report. */
  private static void assertShownDistributions(JsonObject measured, String report)
      throws IOException {
    JsonObject shown =
        JsonParser.parseString(
                Files.readString(Path.of("src/main/resources/io/omote/face/cli/web", report)))
            .getAsJsonObject();
    assertThat(shown.get("modelId")).isEqualTo(measured.get("modelId"));
    for (String kind : List.of("mated", "nonMated")) {
      assertThat(shown.getAsJsonObject("comparisons").get(kind))
          .isEqualTo(measured.getAsJsonObject("comparisons").get(kind));
      List<JsonElement> expected =
          measured.getAsJsonObject("histogram").getAsJsonArray(kind).asList();
      List<JsonElement> shares = shown.getAsJsonObject("histogram").getAsJsonArray(kind).asList();
      assertThat(shares).hasSameSizeAs(expected);
      for (int bin = 0; bin < shares.size(); bin++) {
        assertThat(shares.get(bin).getAsDouble())
            .as("bin %d, %s", bin, kind)
            .isCloseTo(expected.get(bin).getAsDouble(), within(0.0034)); // one mated comparison
      }
    }
  }

  @Test
  void evaluate_scrfdAndArcFace_hasTheKnownAccuracy() throws IOException {
    Object[] models = {
      "--detector", data.resolve("models/scrfd_2.5g_kps_dynamic.onnx"),
      "--embedder", data.resolve("models/arcface_mobilefacenet_dynamic.onnx")
    };
    JsonObject pairs = evaluate("lfw-dev/pairs.csv", models);
    assertThat(bestAccuracy(pairs)).isCloseTo(0.9967, within(0.0017)); // one comparison
    JsonObject all = evaluate("lfw-dev", models);
    assertThat(all.getAsJsonObject("images").get("embeddedBefore").getAsInt()).isEqualTo(600);
    assertThat(points(all)).hasSize(4);
  }

  /** A list of two pairs that a spreadsheet wrote, with a byte order mark. */
  @Test
  void evaluate_listBehindAByteOrderMark() {
    Run run =
        Run.of(
            new Evaluate(),
            data.resolve("cases/pairs_bom.csv"),
            "--images",
            data.resolve("photos"),
            "--output",
            folder.resolve("report"),
            "--scores",
            "--work-dir",
            folder.resolve("work"));
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(folder.resolve("report/scores.csv")).content().hasLineCount(3);
  }
}
