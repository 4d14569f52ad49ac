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
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** A browser without a window, of any width, and checks of what it shows. */
final class Browser implements AutoCloseable {
  private static final int HEIGHT = 900;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * Returns a line for each text, also of drawings, whose contrast with its ground is below 4.5, or
   * 3 if it is large, or that is smaller than 11 pixels, or that its drawing cuts.
   */
  private static final String UNREADABLE =
      """
      const parse = color => {
        const [r, g, b, alpha = 1] = color.match(/[\\d.]+/g).map(Number);
        return {rgb: [r, g, b], alpha};
      };
      const light = rgb => {
        const [r, g, b] = rgb.map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
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
      const wrong = [];
      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const node = texts.currentNode.parentElement;
        const words = texts.currentNode.textContent.trim();
        // Numbers of faces are drawn on images.
        if (!words || !node.checkVisibility() || node.closest('script, style, :disabled, svg .number')) continue;
        const style = getComputedStyle(node);
        const isDrawn = node instanceof SVGElement;
        const ground = groundOf(node);
        const [a, b] = [light(over(parse(isDrawn ? style.fill : style.color), ground)), light(ground)];
        const contrast = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
        const size = parseFloat(style.fontSize) * (isDrawn ? Math.hypot(node.getScreenCTM().a, node.getScreenCTM().b) : 1);
        const isLarge = size >= 24 || size >= 18.66 && Number(style.fontWeight) >= 700;
        const line = `${node.tagName} "${words.slice(0, 40)}": contrast ${contrast.toFixed(2)}, ${size} px`;
        if (contrast < (isLarge ? 3 : 4.5) || size < 11) wrong.push(line);
        if (isDrawn) {
          const [box, frame] = [node, node.ownerSVGElement].map(shape => shape.getBoundingClientRect());
          if (box.left < frame.left - 1 || box.right > frame.right + 1
              || box.top < frame.top - 1 || box.bottom > frame.bottom + 1) wrong.push('cut: ' + line);
        }
      }
      return wrong;
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
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--window-size=1240,1600",
        "--use-fake-device-for-media-stream");
    options.setExperimentalOption(
        "prefs", Map.of("download.default_directory", downloads.toAbsolutePath().toString()));
    return new Browser(
        new ChromeDriver(
            new ChromeDriverService.Builder().usingDriverExecutable(new File(path)).build(),
            options));
  }

  /** Shows the page as a screen of a width does, on a light or dark ground. */
  void screen(int width, boolean dark) {
    screen(width, HEIGHT, dark);
  }

  private void screen(int width, long height, boolean dark) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", true));
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    run("return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
  }

  /** Shows the whole page as a screen of its height does. */
  void screenOfPage(int width, boolean dark) {
    String height = "return document.documentElement.scrollHeight";
    long known = 0;
    screen(width, 300, dark);
    while (known != (long) run(height)) { // what is displayed for the first time gets its size
      known = (long) run(height);
      screen(width, known, dark);
      await(() -> (boolean) run("return [...document.images].every(image => image.complete)"));
    }
  }

  /** Runs a script in the page and returns its result. */
  Object run(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  /** Returns by how many pixels the page is wider than the screen. */
  long excessWidth() {
    return (long)
        run("const page = document.documentElement; return page.scrollWidth - page.clientWidth");
  }

  @SuppressWarnings("unchecked")
  List<String> unreadable() {
    return (List<String>) run(UNREADABLE);
  }

  /** Returns the controls that a screen reader would announce without a name. */
  List<String> namelessControls() {
    return driver
        .findElements(
            By.cssSelector("a[href], button, input, select, textarea, summary, progress, video"))
        .stream()
        .filter(control -> (boolean) run("return arguments[0].checkVisibility()", control))
        .filter(control -> control.getAccessibleName().isBlank())
        .map(control -> control.getDomProperty("outerHTML"))
        .toList();
  }

  /** Waits until something holds. */
  void await(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(() -> "waiting for " + text()).isLessThan(end);
      driver.executeAsyncScript("setTimeout(arguments[0], 50)");
    }
  }

  private String text() {
    return driver.findElement(By.tagName("body")).getText();
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
