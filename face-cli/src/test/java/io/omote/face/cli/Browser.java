// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** A browser without a window, of any width, and checks of what it shows. */
final class Browser implements AutoCloseable {
  private static final int HEIGHT = 900;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Returns a line for each text whose contrast with its ground is below 4.5, or 3 if large. */
  private static final String POOR_CONTRAST =
      """
      const parse = color => {
        const n = color.match(/[\\d.]+/g).map(Number);
        return {rgb: n.slice(0, 3), alpha: n.length > 3 ? n[3] : 1};
      };
      const light = rgb => {
        const [r, g, b] = rgb.map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
        return .2126 * r + .7152 * g + .0722 * b;
      };
      const over = (top, ground) => top.rgb.map((v, i) => v * top.alpha + ground[i] * (1 - top.alpha));
      const groundOf = node => {
        for (let at = node; at; at = at.parentElement) {
          const color = parse(getComputedStyle(at).backgroundColor);
          if (color.alpha > 0) return over(color, at.parentElement ? groundOf(at.parentElement) : [255, 255, 255]);
        }
        return matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18] : [255, 255, 255];
      };
      const poor = [];
      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const node = texts.currentNode.parentElement;
        const words = texts.currentNode.textContent.trim();
        if (!words || !node.checkVisibility() || node.closest('script, style, :disabled, svg')) continue;
        const style = getComputedStyle(node);
        const ground = groundOf(node);
        const [a, b] = [light(over(parse(style.color), ground)), light(ground)];
        const contrast = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
        const size = parseFloat(style.fontSize);
        const isLarge = size >= 24 || size >= 18.66 && Number(style.fontWeight) >= 700;
        if (contrast < (isLarge ? 3 : 4.5)) poor.push(contrast.toFixed(2) + ' ' + words.slice(0, 40));
      }
      return poor;
      """;

  /** Returns the controls that a screen reader would announce without a name. */
  private static final String NAMELESS =
      """
      return [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')]
        .filter(node => node.checkVisibility() && node.type !== 'hidden')
        .filter(node => ![node.getAttribute('aria-label'), node.innerText, node.title, node.alt,
            ...[...(node.labels || [])].map(label => label.innerText),
            ...[...node.querySelectorAll('img')].map(image => image.alt)]
          .some(name => name && name.trim()))
        .map(node => node.outerHTML.slice(0, 80));
      """;

  final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /**
   * Opens a browser, or skips the test if there is none.
   *
   * @param downloads the folder for files that pages save
   */
  static Browser open(Path downloads) {
    String path = System.getProperty("omote.chromedriver");
    assumeTrue(
        path != null && !path.isBlank(),
        "skipped: needs Chromium; give its driver as -Domote.chromedriver=/usr/bin/chromedriver");
    ChromeOptions options = new ChromeOptions();
    options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu");
    options.setExperimentalOption(
        "prefs", Map.of("download.default_directory", downloads.toAbsolutePath().toString()));
    return new Browser(
        new ChromeDriver(
            new ChromeDriverService.Builder().usingDriverExecutable(new File(path)).build(),
            options));
  }

  /** Shows a page as a screen of a width does, on a light or dark ground. */
  void screen(int width, boolean dark) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", HEIGHT, "deviceScaleFactor", 1, "mobile", false));
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
  }

  /** Returns by how many pixels the page is wider than the screen. */
  long excessWidth() {
    return ((Number)
            driver.executeScript(
                "return document.documentElement.scrollWidth - document.documentElement.clientWidth"))
        .longValue();
  }

  @SuppressWarnings("unchecked")
  List<String> poorContrast() {
    return (List<String>) driver.executeScript(POOR_CONTRAST);
  }

  @SuppressWarnings("unchecked")
  List<String> namelessControls() {
    return (List<String>) driver.executeScript(NAMELESS);
  }

  /** Waits until something holds. */
  void await(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time of waiting").isLessThan(end);
      driver.executeAsyncScript("setTimeout(arguments[0], 50)");
    }
  }

  /** Keeps an image of the screen among the outputs of the build, for people to look at. */
  void keepScreenshot(String name) throws IOException {
    Path file = Path.of("target/screenshots", name + ".png");
    Files.createDirectories(file.getParent());
    Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
  }

  @Override
  public void close() {
    driver.quit();
  }
}
