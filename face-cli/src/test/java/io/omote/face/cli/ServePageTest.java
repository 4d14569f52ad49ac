// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.omote.face.internal.files.ImageFile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.TimeoutException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;

/** The web page, in a real browser. */
@Tag("browser")
class ServePageTest {
  private static final Path SAMPLES = Path.of("../samples").toAbsolutePath();
  private static final Path ASTRONAUT = SAMPLES.resolve("astronaut.png");
  private static final Path RENDITION = SAMPLES.resolve("astronaut_rendition.jpg");
  private static final Path ADMIRAL = SAMPLES.resolve("grace_hopper.jpg");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private RunningServe server;
  private ChromeDriver browser;

  @BeforeEach
  void open() {
    String driver = System.getProperty("omote.chromedriver");
    assumeTrue(
        driver != null && !driver.isBlank(),
        "skipped: needs Chromium; give its driver as -Domote.chromedriver=/usr/bin/chromedriver");
    ChromeOptions options = new ChromeOptions();
    options.addArguments(
        "--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1240,1600");
    browser =
        new ChromeDriver(
            new ChromeDriverService.Builder().usingDriverExecutable(new File(driver)).build(),
            options);
  }

  @AfterEach
  void close() {
    if (browser != null) {
      browser.quit();
    }
    if (server != null) {
      server.close();
    }
  }

  private void visit(Object... options) throws IOException {
    server = new RunningServe(options);
    browser.get(server.url() + (server.token() == null ? "" : "#token=" + server.token()));
    until(() -> !texts("#meaning").get(0).isEmpty());
  }

  @FunctionalInterface
  private interface Condition {
    boolean holds();
  }

  private void until(Condition condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > end) {
        throw new TimeoutException(browser.findElement(By.tagName("body")).getText());
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private List<String> texts(String selector) {
    return browser.findElements(By.cssSelector(selector)).stream()
        .map(WebElement::getText)
        .toList();
  }

  private int count(String selector) {
    return browser.findElements(By.cssSelector(selector)).size();
  }

  /** Drops files on one side, like a user. */
  private void drop(String side, Path... images) throws IOException {
    List<String> names = new ArrayList<>();
    List<String> contents = new ArrayList<>();
    for (Path image : images) {
      names.add(image.getFileName().toString());
      contents.add(Base64.getEncoder().encodeToString(Files.readAllBytes(image)));
    }
    ((JavascriptExecutor) browser)
        .executeScript(
            """
            const [zone, names, contents] = arguments;
            const data = new DataTransfer();
            names.forEach((name, at) => {
              const bytes = Uint8Array.from(atob(contents[at]), (c) => c.charCodeAt(0));
              data.items.add(new File([bytes], name));
            });
            for (const kind of ["dragover", "drop"]) {
              zone.dispatchEvent(
                new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
            }
            """,
            browser.findElement(By.cssSelector(side + " .drop")),
            names,
            contents);
  }

  private void untilDone(int probes) {
    until(
        () ->
            count("[aria-busy]") == 0
                && count(
                        "#probes .image[data-similarity], #probes .image[data-error],"
                            + " #probes .image[data-faces='0']")
                    == probes);
  }

  /** Takes a screenshot of the whole page, for docs. */
  private BufferedImage screenshot(String name) throws IOException {
    byte[] png = browser.findElement(By.tagName("body")).getScreenshotAs(OutputType.BYTES);
    BufferedImage page = ImageIO.read(new ByteArrayInputStream(png));
    BufferedImage opaque =
        new BufferedImage(page.getWidth(), page.getHeight(), BufferedImage.TYPE_3BYTE_BGR);
    opaque.getGraphics().drawImage(page, 0, 0, null);
    ImageFile.write(opaque, Path.of("target", name));
    return opaque;
  }

  /**
   * Requires that the browser logged nothing, such as violations of the content security policy.
   */
  private void assertNothingWentWrong() {
    assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
        .extracting(LogEntry::getMessage)
        .allMatch(message -> message.contains("the server responded with a status of 4"));
  }

  @Test
  void twoImages_areCompared() throws IOException {
    visit();
    assertThat(texts("#meaning").get(0)).contains("0.076 %", "FMR", "1.7 %", "FNMR");

    drop("#reference", ASTRONAUT);
    drop("#probes", RENDITION);
    untilDone(1);

    JsonObject command =
        JsonParser.parseString(Run.of(new Compare(), "--json", ASTRONAUT, RENDITION).out())
            .getAsJsonObject();
    WebElement probe = browser.findElement(By.cssSelector("#probes .image"));
    assertThat(Double.parseDouble(probe.getAttribute("data-similarity")))
        .isCloseTo(command.get("similarity").getAsDouble(), within(1e-12));
    assertThat(texts("#probes .state").get(0)).contains("≥ threshold 0.3500: same person");
    assertThat(texts("#verdict").get(0)).contains("same person");
    assertThat(count(".frame .box:not(.chosen)")).isEqualTo(2);
    assertThat(count(".frame .chosen")).isEqualTo(2);
    assertThat(count(".frame .point")).isEqualTo(10);
    assertThat(count(".frame .dense")).isEqualTo(2 * 68);
    assertThat(count(".faces img[src^='data:image/png']")).isEqualTo(2);
    assertThat(
            count(
                "#scale path.mated, #scale path.non-mated, #scale .threshold, #scale .similarity"))
        .isEqualTo(4);
    assertThat(texts("#meaning").get(0)).contains("100 % of 300 comparisons of one person");
    assertThat(screenshot("serve.jpg").getWidth()).isGreaterThan(1000);
    assertNothingWentWrong();
  }

  @Test
  void choosing_isAsDropping() throws IOException {
    visit();

    browser
        .findElement(By.cssSelector("#reference input"))
        .sendKeys(ASTRONAUT.toRealPath().toString());
    browser.findElement(By.cssSelector("#probes input")).sendKeys(ADMIRAL.toRealPath().toString());
    untilDone(1);

    assertThat(texts("#probes .state").get(0)).contains("different people");
    assertThat(texts("#probes h3")).containsExactly("1: grace_hopper.jpg");
    assertNothingWentWrong();
  }

  @Test
  void tenAtOnce_eachGetsItsAnswerOrItsError() throws IOException {
    Path text = Files.writeString(folder.resolve("text.jpg"), "no image");
    Path empty = Images.empty(folder.resolve("nobody/empty.jpg"));
    Path[] ten = new Path[10];
    for (int i = 0; i < 8; i++) {
      Path file = folder.resolve("ten/%d.jpg".formatted(i));
      ten[i] = i < 4 ? Images.astronaut(file, 200 + i) : Images.admiral(file, 200 + i);
    }
    ten[8] = text;
    ten[9] = empty;
    visit();

    drop("#reference", ASTRONAUT);
    drop("#probes", ten);
    untilDone(10);

    List<String> states = texts("#probes .state");
    assertThat(states.subList(0, 4)).allMatch(state -> state.endsWith(": same person"));
    assertThat(states.subList(4, 8)).allMatch(state -> state.endsWith(": different people"));
    assertThat(states.get(8)).startsWith("image: expected a JPEG, PNG, BMP or WebP image");
    assertThat(states.get(9)).isEqualTo("no face was found");
    assertThat(texts("#verdict").get(0)).startsWith("4 of 8 show the same person");
    assertThat(count("#scale .similarity")).isEqualTo(8);
    assertNothingWentWrong();

    // Another reference: all probes are compared again.
    drop("#reference", ADMIRAL);
    until(
        () -> texts("#verdict").get(0).startsWith("4 of 8") && same().equals(List.of(4, 5, 6, 7)));
  }

  /** Returns the probes that show the same person. */
  private List<Integer> same() {
    List<String> states = texts("#probes .state");
    List<Integer> same = new ArrayList<>();
    for (int i = 0; i < states.size(); i++) {
      if (states.get(i).endsWith(": same person")) {
        same.add(i);
      }
    }
    return same;
  }

  @Test
  void reference_withoutAFace_isReportedAtEachProbe() throws IOException {
    visit();

    drop("#reference", Images.empty(folder.resolve("nobody/empty.jpg")));
    drop("#probes", ADMIRAL);
    untilDone(1);

    assertThat(texts("#reference .state")).containsExactly("no face was found");
    assertThat(texts("#probes .state").get(0)).startsWith("first: no face was found");
  }

  @Test
  void gallery_givesNames_behindAToken() throws IOException {
    Path people = folder.resolve("people");
    Images.astronaut(people.resolve("Eileen Collins/one.jpg"), 300);
    Images.admiral(people.resolve("<b>Grace Hopper/one.jpg"), 300);
    Run enroll = Run.of(new Enroll(), folder.resolve("gallery"), people);
    assertThat(enroll.exitCode()).as(enroll.err()).isZero();
    visit("--gallery", folder.resolve("gallery"), "--threshold", "0.5", "--address", "0.0.0.0");

    drop("#reference", ASTRONAUT);
    drop("#probes", ADMIRAL);
    untilDone(1);

    assertThat(texts("#reference .faces").get(0)).contains("in the gallery\nEileen Collins");
    // A name is always shown as text.
    assertThat(texts("#probes .faces").get(0)).contains("in the gallery\n<b>Grace Hopper");
    assertThat(texts("#about").get(0)).contains("Gallery of 2 people, 2 samples");
    screenshot("serve-gallery.jpg");
    assertNothingWentWrong();
  }
}
