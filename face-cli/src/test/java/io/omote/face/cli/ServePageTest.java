// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.omote.face.FaceImage;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;

/** The web page, in a real browser. */
@Tag("browser")
class ServePageTest {
  private static final Path SAMPLES = Path.of("../samples").toAbsolutePath();
  private static final Path ASTRONAUT = SAMPLES.resolve("astronaut.png");
  private static final Path RENDITION = SAMPLES.resolve("astronaut_rendition.jpg");
  private static final Path ADMIRAL = SAMPLES.resolve("grace_hopper.jpg");

  @TempDir private Path folder;
  private RunningServe server;
  private Browser page;
  private ChromeDriver browser;

  @BeforeEach
  void open() {
    page = Browser.open(folder);
    browser = page.driver;
  }

  @AfterEach
  void close() {
    if (page != null) {
      page.close();
    }
    if (server != null) {
      server.close();
    }
  }

  private void visit(Object... options) throws IOException {
    server = new RunningServe(options);
    browser.get(server.url() + (server.token() == null ? "" : "#token=" + server.token()));
    until(() -> count("body[data-ready]") == 1);
  }

  private void until(BooleanSupplier condition) {
    page.await(condition);
  }

  /** Returns the texts of elements, also of those that are not displayed. */
  private List<String> texts(String selector) {
    return browser.findElements(By.cssSelector(selector)).stream()
        .map(element -> element.getDomProperty("textContent"))
        .toList();
  }

  private String text(String selector) {
    return texts(selector).get(0);
  }

  private int count(String selector) {
    return browser.findElements(By.cssSelector(selector)).size();
  }

  private WebElement find(String selector) {
    return browser.findElement(By.cssSelector(selector));
  }

  private Object run(String script, Object... arguments) {
    return page.run(script, arguments);
  }

  /** Makes files of the page, for {@code arguments[1]} and {@code arguments[2]}. */
  private static final String FILES =
      """
      const data = new DataTransfer();
      arguments[1].forEach((name, at) => {
        const bytes = Uint8Array.from(atob(arguments[2][at]), (c) => c.charCodeAt(0));
        data.items.add(new File([bytes], name));
      });
      """;

  private void send(String script, WebElement target, Path... images) throws IOException {
    List<String> names = new ArrayList<>();
    List<String> contents = new ArrayList<>();
    for (Path image : images) {
      names.add(image.getFileName().toString());
      contents.add(Base64.getEncoder().encodeToString(Files.readAllBytes(image)));
    }
    run(FILES + script, target, names, contents);
  }

  /** Drops files on one side, like a user. */
  private void drop(String side, Path... images) throws IOException {
    send(
        """
        for (const kind of ["dragover", "drop"]) {
          arguments[0].dispatchEvent(
            new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
        }
        """,
        find(side + " .drop"),
        images);
  }

  private void paste(Path... images) throws IOException {
    send(
        """
        arguments[0].dispatchEvent(
          new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        """,
        find("body"),
        images);
  }

  private void untilDone(int probes) {
    until(
        () ->
            count("[aria-busy]") == 0
                && count("#probes .image:not([data-kind='waiting'])") == probes
                && count("#progress[hidden]") == 1);
  }

  private double similarity(String card) {
    Matcher number = Pattern.compile("similarity (-?\\d\\.\\d{4})").matcher(text(card + " .words"));
    assertThat(number.find()).isTrue();
    return Double.parseDouble(number.group(1));
  }

  /** Returns an image with several people: the astronaut in the middle, smaller ones beside. */
  private Path group() throws IOException {
    BufferedImage astronaut = ImageIO.read(ASTRONAUT.toFile());
    BufferedImage admiral = ImageIO.read(ADMIRAL.toFile());
    BufferedImage group = new BufferedImage(1200, 500, BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = group.createGraphics();
    graphics.drawImage(admiral, 0, 60, 340, 420, null);
    graphics.drawImage(astronaut, 350, 0, 500, 500, null);
    graphics.drawImage(admiral, 870, 100, 300, 370, null);
    graphics.dispose();
    Path file = folder.resolve("group.png");
    ImageIO.write(group, "png", file.toFile());
    return file;
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
    assertThat(find("#steps").isDisplayed()).isTrue();

    drop("#reference", ASTRONAUT);
    drop("#probes", RENDITION);
    untilDone(1);

    JsonObject command =
        JsonParser.parseString(Run.of(new Compare(), "--json", ASTRONAUT, RENDITION).out())
            .getAsJsonObject();
    assertThat(similarity("#probes"))
        .isCloseTo(command.get("similarity").getAsDouble(), within(5e-5));
    assertThat(text("#probes .words")).startsWith("Same person").contains("≥ threshold 0.3500");
    assertThat(text("#verdict")).startsWith("Same person: similarity");
    assertThat(find("#steps").isDisplayed()).isFalse();
    assertThat(count(".frame .chosen")).isEqualTo(2);
    assertThat(count(".frame .point")).isEqualTo(10);
    assertThat(count(".frame .dense")).isEqualTo(2 * 68);
    assertThat(count(".frame .mesh")).isEqualTo(2);
    assertThat(find(".frame .mesh").getDomAttribute("d").split("M")).hasSize(1 + 478);
    assertThat(count(".frame .iris")).isEqualTo(4);
    assertThat(count(".faces img[src^='data:image/png']")).isEqualTo(2);
    until(() -> count("#scale svg") == 1);
    assertThat(count("#scale path.mated, #scale path.non-mated, #scale .line.mark")).isEqualTo(3);
    assertThat(count("#scale .symbol.same")).isEqualTo(1);
    assertThat(text("#scale .label")).isEqualTo("%.4f".formatted(similarity("#probes")));
    assertThat(text("#meaning"))
        .contains("0.089 %", "FMR", "0.61 %", "FNMR", "100 % of 300 comparisons of one person");
    assertNothingWentWrong();
  }

  @Test
  void eyesMouthAndGaze_areListed_andTheStrongestMovementFirst() throws IOException {
    visit();

    drop("#reference", ASTRONAUT);
    until(() -> count("#reference .movements dt") == 52);

    assertThat(texts("#reference .facts:not(.movements) dt"))
        .containsSubsequence("head pose", "eyes open", "mouth open", "gaze", "quality");
    assertThat(text("#reference .facts:not(.movements) dl"))
        .containsPattern("eyes open0\\.[23]\\d and 0\\.[23]\\d, the person's left first")
        .containsPattern("mouth open0\\.\\d\\d")
        .containsPattern("gaze0\\.\\d\\d to your (left|right), 0\\.\\d\\d up");
    assertThat(text("#reference .movements dt")).startsWith("mouthSmile");
    assertThat(Double.parseDouble(text("#reference .movements dd"))).isBetween(0.5, 1.0);
    assertThat(find("#reference .movements dl").isDisplayed()).isFalse();
    find("#reference .movements summary").sendKeys(Keys.ENTER);
    assertThat(find("#reference .movements dl").isDisplayed()).isTrue();
    find("#reference .facts summary").sendKeys(Keys.ENTER);
    page.keepScreenshot("serve-movements");
    assertThat(page.unreadable()).isEmpty();
    assertThat(page.excessWidth()).isZero();
    assertNothingWentWrong();
  }

  @Test
  void choosing_isAsDropping() throws IOException {
    visit();

    find("#reference input").sendKeys(ASTRONAUT.toRealPath().toString());
    find("#probes input").sendKeys(ADMIRAL.toRealPath().toString());
    untilDone(1);

    assertThat(text("#probes .words")).startsWith("Different people");
    assertThat(texts("#probes h3")).containsExactly("1: grace_hopper.jpg");
    assertNothingWentWrong();
  }

  @Test
  void pasting_isAsDropping_theReferenceFirst() throws IOException {
    visit();

    paste(ASTRONAUT);
    paste(RENDITION, ADMIRAL);
    untilDone(2);

    assertThat(kinds()).containsExactly("same", "other");
    assertNothingWentWrong();
  }

  /** Returns the outcomes of the probes. */
  private List<String> kinds() {
    return browser.findElements(By.cssSelector("#probes .image")).stream()
        .map(card -> card.getDomAttribute("data-kind"))
        .toList();
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

    assertThat(kinds())
        .containsExactly(
            "same", "same", "same", "same", "other", "other", "other", "other", "failed", "failed");
    List<String> words = texts("#probes .words");
    assertThat(words.get(8)).startsWith("expected a JPEG, PNG, BMP or WebP image");
    assertThat(words.get(9)).startsWith("no upright face was found");
    assertThat(text("#verdict")).startsWith("4 of 8 compared images show the same person");
    assertThat(texts("#counts li"))
        .containsExactly(
            "8 of 10 compared", "✓Same person: 4", "≠Different people: 4", "!Failed: 2");
    assertThat(text("#failures summary")).isEqualTo("2 images failed");
    assertThat(texts("#failures li").get(0)).startsWith("9: text.jpg expected");
    assertThat(texts("#failures li").get(1)).startsWith("10: empty.jpg no upright face was found");
    until(() -> count("#scale .symbol.same") == 4);
    assertThat(count("#scale .symbol.other")).isEqualTo(4);
    assertNothingWentWrong();

    // Another reference: all probes are compared again.
    drop("#reference", ADMIRAL);
    until(() -> kinds().indexOf("other") == 0);
    untilDone(10);
    assertThat(kinds().subList(4, 8)).containsOnly("same");
    assertThat(count("#reference .image")).isEqualTo(1);

    // Removing changes the counts, starting over removes everything.
    find("#image-10 .remove").click();
    find("#image-5 .remove").click();
    until(() -> text("#verdict").startsWith("3 of 7"));
    assertThat(texts("#counts li")).contains("7 of 8 compared", "!Failed: 1");
    find("#reference .remove").click();
    until(() -> text("#verdict").equals("Choose a reference to compare with."));
    until(() -> kinds().stream().filter("waiting"::equals).count() == 7);
    find("#clear").click();
    until(() -> find("#steps").isDisplayed());
    assertThat(count(".image")).isZero();
    assertThat(find("#clear").isDisplayed()).isFalse();
  }

  @Test
  void reference_withoutAFace_isReported_untilThereIsAnother() throws IOException {
    visit();

    drop("#reference", Images.empty(folder.resolve("nobody/empty.jpg")));
    drop("#probes", ADMIRAL);
    untilDone(1);

    assertThat(text("#reference .words")).startsWith("no upright face was found");
    assertThat(text("#probes .words"))
        .isEqualTo("not compared, because the reference cannot be used");
    assertThat(text("#verdict")).startsWith("The reference cannot be used");

    drop("#reference", ADMIRAL);
    until(() -> kinds().equals(List.of("same")));
  }

  @Test
  void turnedFace_isHinted() throws IOException {
    Path turned = folder.resolve("turned.png");
    ImageIO.write(FaceImage.read(ASTRONAUT).turned(90).toBufferedImage(), "png", turned.toFile());
    visit();

    drop("#reference", ADMIRAL);
    drop("#probes", turned);
    untilDone(1);

    assertThat(text("#reference .hint")).isEmpty();
    assertThat(text("#probes .hint")).startsWith("This face does not stand upright");
    assertNothingWentWrong();
  }

  @Test
  void severalFaces_oneCounts_andAnotherCanBeChosen() throws IOException {
    visit();

    drop("#reference", ADMIRAL);
    drop("#probes", group());
    untilDone(1);

    assertThat(text("#probes .hint")).startsWith("3 faces, the central one counts");
    assertThat(count("#probes .frame .box")).isEqualTo(3);
    assertThat(kinds()).containsExactly("other");
    assertThat(count("#probes .face[aria-pressed='true']")).isEqualTo(1);

    // With the mouse in the image, with the keyboard in the list.
    run(
        "const [left, right] = [...document.querySelectorAll('#probes .box:not(.chosen)')]"
            + ".sort((a, b) => a.x.baseVal.value - b.x.baseVal.value);"
            + "left.dispatchEvent(new MouseEvent('click', {bubbles: true}))");
    until(() -> kinds().equals(List.of("same")));
    assertThat(text("#probes .hint")).endsWith("counts, as you chose.");

    int central =
        ((Number)
                run(
                    "return [...document.querySelectorAll('#probes .face')].findIndex((face) => face.getAttribute('aria-pressed') === 'true')"))
            .intValue();
    WebElement other = browser.findElements(By.cssSelector("#probes .face")).get((central + 1) % 3);
    run("arguments[0].focus()", other);
    new Actions(browser).sendKeys(Keys.SPACE).perform();
    untilDone(1);
    assertThat(run("return document.activeElement.getAttribute('aria-pressed')")).isEqualTo("true");
    assertNothingWentWrong();
  }

  @Test
  void gallery_givesNames_behindAToken_butNobodysBelowTheThreshold() throws IOException {
    Path people = folder.resolve("people");
    Images.astronaut(people.resolve("<b>Eileen Collins/one.jpg"), 300);
    Run enroll = Run.of(new Enroll(), folder.resolve("gallery"), people);
    assertThat(enroll.exitCode()).as(enroll.err()).isZero();
    visit("--gallery", folder.resolve("gallery"), "--threshold", "0.5", "--address", "0.0.0.0");

    drop("#reference", ASTRONAUT);
    drop("#probes", ADMIRAL);
    untilDone(1);

    // A name is always shown as text.
    assertThat(text("#reference .person")).isEqualTo("<b>Eileen Collins");
    assertThat(text("#probes .person")).isEqualTo("nobody in the gallery");
    assertThat(text("#probes .image")).doesNotContain("Collins");
    assertThat(text("#about")).contains("Gallery of 1 person, 1 sample.");
    assertNothingWentWrong();
  }

  private void permitCamera(String setting) {
    browser.executeCdpCommand(
        "Browser.setPermission",
        Map.of("permission", Map.of("name", "camera"), "setting", setting));
    run(
        """
        window.streams = [];
        const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        navigator.mediaDevices.getUserMedia = async (wish) => {
          const stream = await open(wish);
          window.streams.push(stream);
          return stream;
        };
        """);
  }

  private Object tracks() {
    return run(
        "return streams.map((stream) => stream.getTracks().map((track) => track.readyState).join())");
  }

  @Test
  void camera_givesAnImage_andIsOffAfterwards() throws IOException {
    visit();
    permitCamera("granted");

    find("#reference .camera").click();
    until(() -> find("#camera .take").isEnabled());
    assertThat(tracks()).isEqualTo(List.of("live"));
    find("#camera .take").click();
    until(() -> count("#reference .image[data-kind='failed']") == 1); // it sees no face

    assertThat(text("#reference h3")).isEqualTo("camera");
    assertThat(text("#reference .words")).startsWith("no upright face was found");
    assertThat(tracks()).isEqualTo(List.of("ended"));

    find("#probes .camera").click();
    until(() -> find("#camera .take").isEnabled());
    new Actions(browser).sendKeys(Keys.ESCAPE).perform();
    until(() -> !find("#camera").isDisplayed());
    until(() -> tracks().equals(List.of("ended", "ended"))); // just after the dialog is hidden
    assertThat(count("#probes .image")).isZero();
    assertNothingWentWrong();
  }

  @Test
  void camera_thatIsDenied_isExplained() throws IOException {
    visit();
    permitCamera("denied");

    find("#probes .camera").click();
    until(() -> !text("#camera .notice").isEmpty());

    assertThat(text("#camera .notice")).startsWith("the browser does not allow the camera");
    find("#camera .cancel").click();
    until(() -> !find("#camera").isDisplayed());
  }

  @Test
  void numbers_haveNoNegativeZero() throws IOException {
    visit();
    assertThat(
            run(
                "return import('/chart.js').then(({ fixed }) =>"
                    + " [fixed(-0.3, 0), fixed(-0, 2), fixed(-0.00001, 4), fixed(-0.6, 0), fixed(-10, 0)])"))
        .isEqualTo(List.of("0", "0.00", "0.0000", "-1", "-10"));
  }

  @Test
  void folderOrLink_thatIsDropped_isExplained() throws IOException {
    visit();

    drop("#probes");

    assertThat(text("#probes .notice")).startsWith("That is not a file");
  }

  @ParameterizedTest
  @CsvSource({
    "320, false",
    "320, true",
    "375, false",
    "375, true",
    "768, false",
    "768, true",
    "1280, false",
    "1280, true"
  })
  void page_fitsAndCanBeRead(int width, boolean dark) throws IOException {
    String name = "%s-%d-" + (dark ? "dark" : "light");
    visit();
    page.screenOfPage(width, dark);
    page.keepScreenshot(name.formatted("serve-start", width));
    assertThat(page.unreadable()).as("at the start").isEmpty();
    assertThat(page.excessWidth()).as("at the start").isZero();

    drop("#reference", ASTRONAUT);
    Path text = Files.writeString(folder.resolve("not-an-image.jpg"), "no image");
    drop("#probes", RENDITION, ADMIRAL, group(), text);
    untilDone(4);
    until(() -> count("#scale svg") == 1);
    page.screenOfPage(width, dark);
    page.keepScreenshot(name.formatted("serve", width));

    assertThat(kinds()).containsExactly("same", "other", "same", "failed");
    assertThat(page.unreadable()).isEmpty();
    assertThat(page.excessWidth()).isZero();
    assertThat(page.namelessControls()).isEmpty();

    // The reference stays in view next to the last probe.
    page.screen(width, dark);
    run("document.querySelector('#image-4').scrollIntoView({block: 'end'})");
    page.keepScreenshot(name.formatted("serve-scrolled", width));
    assertThat(
            run(
                "return [...document.querySelectorAll('#strip, #reference .image')].some((element) => {"
                    + "const place = element.getBoundingClientRect();"
                    + "return place.height > 0 && place.top >= 0 && place.top < innerHeight; })"))
        .isEqualTo(true);
    assertNothingWentWrong();
  }

  @Test
  void keyboard_reachesEveryControl_visibly() throws IOException {
    visit();
    drop("#reference", ASTRONAUT);
    drop("#probes", RENDITION, group());
    untilDone(2);

    Set<Object> reached = new HashSet<>();
    run("document.activeElement.blur(); window.scrollTo(0, 0)");
    for (int i = 0; i < 40; i++) {
      new Actions(browser).sendKeys(Keys.TAB).perform();
      Object focus =
          run(
              """
              const focused = document.activeElement;
              const ringed = focused.closest(".button") ?? focused;
              const outline = getComputedStyle(ringed);
              if (focused === document.body) return ""; // behind the last control
              focused.dataset.reached = "";
              return outline.outlineStyle !== "none" && parseFloat(outline.outlineWidth) >= 2
                ? "" : focused.outerHTML;
              """);
      reached.add(focus);
    }
    assertThat(reached).as("without a visible focus").containsOnly("");
    assertThat(
            run(
                "return [...document.querySelectorAll('button, input, a, summary')]"
                    + ".filter((control) => control.checkVisibility() && !('reached' in control.dataset))"
                    + ".map((control) => control.outerHTML)"))
        .isEqualTo(List.of());

    run("document.querySelector('#image-1 .remove').focus()");
    new Actions(browser).sendKeys(Keys.ENTER).perform();
    until(() -> count("#probes .image") == 1);
    assertThat(run("return document.activeElement.getAttribute('aria-label')"))
        .isEqualTo("Remove 2: group.png");
  }

  @Test
  void manyProbes_areAllAnswered() throws IOException {
    Path[] many = new Path[60];
    for (int i = 0; i < many.length; i++) {
      many[i] = Images.empty(folder.resolve("many/%d.jpg".formatted(i)));
    }
    many[59] = RENDITION;
    visit();
    drop("#reference", ASTRONAUT);
    drop("#probes", many);
    untilDone(60);
    assertThat(texts("#counts li")).contains("1 of 60 compared", "!Failed: 59");
  }
}
