// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.omote.face.FaceMatcher;
import io.omote.face.description.OperatingPoint;
import io.omote.face.evaluation.OperatingPointFile;
import io.omote.face.models.ModelZoo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrateTest {
  @TempDir private Path folder;
  private Path set;
  private Path point;

  @BeforeEach
  void makePeople() {
    set = folder.resolve("people");
    point = folder.resolve("point.json");
    for (int i = 0; i < 3; i++) {
      Images.astronaut(set.resolve("collins/" + i + ".jpg"), 300 + 20 * i);
      Images.admiral(set.resolve("hopper/" + i + ".jpg"), 300 + 20 * i);
    }
  }

  private Run compareByPoint() {
    return Run.of(
        new Compare(),
        "--operating-point",
        point,
        set.resolve("collins/0.jpg"),
        set.resolve("collins/1.jpg"));
  }

  @Test
  void calibrate_json_isTheOperatingPoint() throws IOException {
    point = folder.resolve("points/new/point.json"); // its folder is made
    Run run = Run.of(new Calibrate(), set, "--fmr", "0.5", "--operating-point", point, "--json");
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonObject printed = JsonParser.parseString(run.out()).getAsJsonObject();
    assertThat(printed.keySet())
        .containsExactly("version", "modelId", "threshold", "fmr", "fnmr", "dataSet");
    JsonSchemas.assertValid("calibrate", run.out());
    assertThat(printed.get("threshold").getAsDouble())
        .isEqualTo(OperatingPointFile.read(point).threshold());
  }

  @Test
  void calibrate_thenCompare_decidesByTheFile() {
    Run calibrated =
        Run.of(
            new Calibrate(),
            set,
            "--fmr",
            "0.5",
            "--data-set",
            "two people",
            "--operating-point",
            point);
    assertThat(calibrated.exitCode()).as(calibrated.err()).isZero();
    OperatingPoint read = OperatingPointFile.read(point);
    assertThat(read.dataSet()).isEqualTo("two people");
    assertThat(read.fmr().value()).isLessThanOrEqualTo(0.5);
    assertThat(read.fmr().trials()).isEqualTo(9);
    assertThat(read.fnmr().trials()).isEqualTo(6);
    try (FaceMatcher matcher = FaceMatcher.builder(ModelZoo.lite()).operatingPoint(read).build()) {
      assertThat(matcher.threshold()).isEqualTo(read.threshold());
      assertThat(matcher.modelId()).isEqualTo(read.modelId());
    }

    Run compared = compareByPoint();
    assertThat(compared.exitCode()).as(compared.err()).isZero();
    assertThat(compared.out())
        .contains(String.format(Locale.ROOT, "threshold %.4f: same", read.threshold()));
  }

  @Test
  void calibrate_forAGallery_asksForTheRateOfItsComparisons() {
    Object[] wanted = {set, "--fpir", "0.75", "--samples", "2", "--operating-point", point};
    Run run = Run.of(new Calibrate(), wanted);
    assertThat(run.exitCode()).as(run.err()).isZero();
    // 1 - (1 - 0.5)^2 is 0.75.
    assertThat(run.out()).contains("keeps FMR 0.50 on these images");
    assertThat(OperatingPointFile.read(point).fmr().value()).isLessThanOrEqualTo(0.5);
    Object[] both = {
      set, "--fmr", "0.5", "--fpir", "0.75", "--samples", "2", "--operating-point", point
    };
    assertThat(Run.of(new Calibrate(), both).exitCode()).isEqualTo(2);
    Object[] half = {set, "--fpir", "0.75", "--operating-point", point};
    assertThat(Run.of(new Calibrate(), half).exitCode()).isEqualTo(2);
  }

  @Test
  void calibrate_forARateThatTheTrialsDoNotSupport_writesNothing() {
    Run run = Run.of(new Calibrate(), set, "--fmr", "1e-3", "--operating-point", point);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("needs at least 3000 non-mated comparisons");
    assertThat(point).doesNotExist();
  }

  @Test
  void outputThatIsThere_isRefused() throws IOException {
    String pairs = "image1,image2,same\ncollins/0.jpg,collins/1.jpg,1\n";
    Path csv = Files.writeString(set.resolve("x.csv"), pairs);
    Path output = folder.resolve("out");
    Run over = Run.of(new Calibrate(), csv, "--fmr", "0.5", "--operating-point", csv);
    Path report = output.resolve("report.json");
    Run twice =
        Run.of(
            new Calibrate(), set, "--fmr", "0.5", "--operating-point", report, "--output", output);

    assertThat(over.exitCode()).isEqualTo(2);
    assertThat(over.err().lines()).singleElement().asString().contains(" already exists: ");
    assertThat(csv).hasContent(pairs);
    assertThat(twice.exitCode()).isEqualTo(2);
    assertThat(twice.err()).startsWith("two outputs would be written to ");
    assertThat(output).doesNotExist();
  }

  @Test
  void compare_withAPointOfAnotherModel_isRefused() throws IOException {
    Run.of(new Calibrate(), set, "--fmr", "0.5", "--operating-point", point);
    String other = Files.readString(point).replace("fr_feature:", "other:");
    Files.writeString(point, other);
    Run run = compareByPoint();
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("expected an operating point of the model in use, lite (fr_feature:");
  }

  @Test
  void compare_withThresholdAndPoint_isRefused() {
    Run run =
        Run.of(new Compare(), "--threshold", "0.3", "--operating-point", point, "a.jpg", "b.jpg");
    assertThat(run.exitCode()).isEqualTo(2);
  }
}
