// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Identification measured with people left out. */
class EvaluateIdentificationTest {
  @TempDir private Path folder;

  private Path people() {
    for (int i = 1; i <= 3; i++) {
      Images.astronaut(folder.resolve("people/collins/%d.jpg".formatted(i)), 300 + 20 * i);
      Images.admiral(folder.resolve("people/hopper/%d.jpg".formatted(i)), 300 + 20 * i);
    }
    return folder.resolve("people");
  }

  @Test
  void identification_ofTwoPeople_isReported() throws IOException {
    Path output = folder.resolve("out");
    Run run = Run.of(new Evaluate(), "identification", people(), "--rounds", 4, "--output", output);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("1 of 2 people, one sample each; 4 rounds", "8 of people in it, 12 of others")
        .contains("threshold         0.2541, stated FPIR 1.0 %");
    JsonObject report =
        JsonParser.parseString(Files.readString(output.resolve("identification.json")))
            .getAsJsonObject();
    JsonSchemas.assertValidFile("evaluate-identification", output.resolve("identification.json"));
    assertThat(report.getAsJsonObject("fpir").get("value").getAsDouble()).isZero();
    assertThat(report.getAsJsonArray("fnir")).hasSize(3);
    assertThat(report.getAsJsonArray("curve")).isNotEmpty();
    assertThat(output.resolve("report.html"))
        .content()
        .contains("<h1>people</h1>", ">FNIR, rank 1</th>", "none of 12</text>")
        .contains("<span>hopper/1.jpg</span>", "<span>collins/3.jpg</span>")
        .contains("<pre>omote evaluate identification ");
    assertThat(output.resolve("identification.svg")).content().startsWith("<svg xmlns=");
    Run own = Run.of(new Evaluate(), "identification", people(), "--threshold", "0.9999");
    assertThat(own.out()).contains("threshold         0.9999, your own", "FNIR, rank 1   ");
  }

  @Test
  void identification_withNobodyLeftOut_isRefused() {
    Run run = Run.of(new Evaluate(), "identification", people(), "--enrolled", 2);
    assertThat(run.exitCode()).isOne();
    assertThat(run.err()).contains("expected a gallery that leaves out some of the 2 people");
    // The size is wrong before the measurements are too few for it.
    Run large = Run.of(new Evaluate(), "identification", people(), "--enrolled", 1_000_000);
    assertThat(large.err()).contains("leaves out some of the 2 people, found one of 1000000");
    Run none = Run.of(new Evaluate(), "identification", folder.resolve("none"));
    assertThat(none.exitCode()).isOne();
    assertThat(none.err()).contains("none, found nothing");
  }

  @Test
  void identification_ofListedPairs_isRefused() throws IOException {
    people();
    Path csv =
        Files.writeString(
            folder.resolve("people/pairs.csv"),
            "image1,image2,same\ncollins/1.jpg,hopper/1.jpg,0\n");
    Run run = Run.of(new Evaluate(), "identification", csv);
    assertThat(run.exitCode()).isOne();
    assertThat(run.err()).contains("pairs.csv does not name people");
  }
}
