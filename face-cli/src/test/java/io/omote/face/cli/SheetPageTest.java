// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The contact sheet of albums, in a real browser. */
@Tag("browser")
class SheetPageTest {
  @TempDir private Path folder;
  private Browser browser;

  @BeforeEach
  void open() {
    browser = Browser.open(folder);
    show(Path.of("../samples"));
  }

  private void show(Path images) {
    Path sheet = folder.resolve("sheet-" + images.getFileName());
    Run run = Run.of(new Albums(), images, "--sheet", sheet);
    assertThat(run.exitCode()).as(run.err()).isZero();
    browser.driver.get(sheet.resolve("index.html").toUri().toString());
  }

  @AfterEach
  void close() {
    if (browser != null) {
      browser.close();
    }
  }

  @Test
  void page_isReadableOnAllScreens() throws IOException {
    for (boolean dark : new boolean[] {false, true}) {
      for (int width : new int[] {320, 375, 768, 1280}) {
        browser.screen(width, dark);
        String name = String.format("sheet-%d-%s", width, dark ? "dark" : "light");
        assertThat(browser.excessWidth()).as(name).isZero();
        assertThat(browser.unreadable()).as(name).isEmpty();
        browser.keepScreenshot(name);
      }
    }
    assertThat(browser.namelessControls()).isEmpty();
  }

  @Test
  void names_typedWithTheKeyboard_areSavedAndRead() throws IOException {
    WebElement name = browser.driver.findElement(By.cssSelector(".name"));
    name.sendKeys("Eileen", Keys.TAB, Keys.TAB, Keys.SPACE);

    WebElement state = browser.driver.findElement(By.id("state"));
    assertThat(state.getText()).isEqualTo("1 person, 1 face");
    assertThat(leavingIsPrevented()).isTrue();
    WebElement save = browser.driver.findElement(By.cssSelector("#bar button"));
    save.click();
    save.click();
    assertThat(state.getText())
        .isEqualTo("1 person, 1 face: saved as names.json for omote albums --names");
    assertThat(leavingIsPrevented()).isFalse();

    Path names = folder.resolve("names.json");
    browser.await(() -> Files.exists(names));
    JsonObject saved = JsonParser.parseString(Files.readString(names)).getAsJsonObject();
    assertThat(saved.get("version").getAsInt()).isEqualTo(1);
    JsonSchemas.assertValidFile("album-names", names);
    JsonObject person = saved.getAsJsonArray("persons").get(0).getAsJsonObject();
    assertThat(person.get("person").getAsString()).isEqualTo("Eileen");
    assertThat(person.getAsJsonArray("faces")).hasSize(1);
  }

  /** Returns whether the browser asks before it leaves the page. */
  private boolean leavingIsPrevented() {
    return (boolean)
        browser.run(
            "const leaving = new Event('beforeunload', {cancelable: true}); dispatchEvent(leaving);"
                + " return leaving.defaultPrevented");
  }

  @Test
  void pageWithoutAlbums_asksForNoNames() throws IOException {
    Path nobody = folder.resolve("nobody");
    Images.empty(nobody.resolve("empty.png"));
    show(nobody);
    assertThat(browser.driver.findElement(By.tagName("h1")).getText())
        .startsWith("0 faces in 1 image");
    assertThat(browser.driver.findElement(By.id("bar")).isDisplayed()).isFalse();
    assertThat(browser.driver.findElements(By.tagName("nav"))).isEmpty();
  }
}
