// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reports of evaluations, in a real browser. */
@Tag("browser")
class ReportPageTest {
  @TempDir private Path folder;
  private Browser browser;

  @BeforeEach
  void open() throws IOException {
    browser = Browser.open(folder);
    Path people = folder.resolve("people");
    for (int i = 1; i <= 4; i++) {
      Images.admiral(people.resolve("Grace Hopper/hopper-%d.jpg".formatted(i)), 200 + 40 * i);
    }
    Path collins = Files.createDirectories(people.resolve("Eileen Collins"));
    Files.copy(Path.of("../samples/astronaut.png"), collins.resolve("astronaut.png"));
    Files.copy(Path.of("../samples/astronaut_rendition.jpg"), collins.resolve("rendition.jpg"));
  }

  @AfterEach
  void close() {
    if (browser != null) {
      browser.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"verification", "identification", "quality"})
  void report_isReadableOnAllScreens(String kind) throws IOException {
    Path output = folder.resolve("out");
    List<Object> words = new ArrayList<>(List.of(folder.resolve("people")));
    if (!kind.equals("verification")) {
      words.add(0, kind);
    }
    if (!kind.equals("quality")) {
      words.add("--crops");
    }
    words.addAll(List.of("--output", output));
    Run run = Run.of(new Evaluate(), words.toArray());
    assertThat(run.exitCode()).as(run.err()).isZero();
    browser.driver.get(output.resolve("report.html").toUri().toString());
    for (boolean dark : new boolean[] {false, true}) {
      for (int width : new int[] {320, 375, 540, 600, 768, 1280}) {
        browser.screen(width, dark);
        String name =
            String.format(Locale.ROOT, "report-%s-%d-%s", kind, width, dark ? "dark" : "light");
        assertThat(browser.excessWidth()).as(name).isZero();
        assertThat(browser.unreadable()).as(name).isEmpty();
        assertThat(
                browser.run(
                    "return [...document.querySelectorAll('svg.plot')].some(plot => plot.checkVisibility())"))
            .as(name)
            .isEqualTo(true);
        browser.keepScreenshot(name);
      }
    }
    assertThat(browser.namelessControls()).isEmpty();
    browser.screen(700, true);
    browser.driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", "print"));
    assertThat(browser.excessWidth()).as("print").isZero();
    assertThat(browser.unreadable()).as("print").isEmpty();
    browser.keepScreenshot("report-" + kind + "-print");
  }
}
