// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers are ASCII even in a locale that has its own digits. */
class NumbersTest {
  private static final Pattern OTHER_DIGIT = Pattern.compile("[\\p{Nd}&&[^0-9]]");

  private final Locale before = Locale.getDefault();

  @TempDir private Path folder;
  private Path people;
  private Path gallery;

  @BeforeEach
  void speakPersian() {
    people = folder.resolve("people");
    gallery = folder.resolve("gallery");
    for (int width : new int[] {180, 200}) {
      Images.astronaut(people.resolve("collins/" + width + ".jpg"), width);
      Images.admiral(people.resolve("hopper/" + width + ".jpg"), width);
    }
    Locale.setDefault(Locale.forLanguageTag("fa-IR"));
    assertThat(String.format("%d", 1)).matches(OTHER_DIGIT);
  }

  @AfterEach
  void speakAsBefore() {
    Locale.setDefault(before);
  }

  private static void check(Run run) {
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).isNotEmpty().doesNotContainPattern(OTHER_DIGIT);
  }

  @Test
  void outputs_areInAscii() throws IOException {
    Path image = people.resolve("hopper/180.jpg");
    check(Run.of(new Enroll(), gallery, people));
    check(Run.of(new Enroll(), gallery, people, "--json"));
    check(Run.of(new Identify(), gallery, image));
    check(Run.of(new Identify(), gallery, image, "--json"));
    check(Run.of(new Gallery(), gallery));
    Path export = folder.resolve("export.jsonl");
    check(Run.of(new Gallery(), gallery, "--export", export));
    check(Run.of(new Gallery(), folder.resolve("copy"), "--import", export));
    check(Run.of(new Embed(), people));
    check(Run.of(new Embed(), people, "--output", folder.resolve("faces.jsonl")));
    check(Run.of(new Compare(), image, image));
    check(Run.of(new Compare(), image, image, "--json"));
    check(Run.of(new Detect(), image));
    check(Run.of(new Detect(), image, "--json"));
    check(Run.of(new Analyze(), image, "--json"));
    check(Run.of(new Albums(), people));
    check(Run.of(new Albums(), people, "--json"));
    check(Run.of(new Models(), "list"));
    check(Run.of(new Models(), "list", "--json"));

    Path output = folder.resolve("output");
    check(Run.of(new Evaluate(), people, "--output", output, "--scores", "--json"));
    for (String name :
        List.of("report.json", "scores.csv", "report.html", "scores.svg", "det.svg")) {
      assertThat(output.resolve(name)).content().doesNotContainPattern(OTHER_DIGIT);
    }
    Path sheet = folder.resolve("sheet");
    check(Run.of(new Albums(), people, "--sheet", sheet));
    assertThat(sheet.resolve("index.html")).content().doesNotContainPattern(OTHER_DIGIT);
    try (Stream<Path> files = Files.list(sheet)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> OTHER_DIGIT.matcher(name).find());
    }
  }

  @Test
  void addressOfThePage_isInAscii() throws Exception {
    try (RunningServe server = new RunningServe()) {
      assertThat(server.url()).matches("\\p{ASCII}+");
      assertThat(URI.create(server.url()).getPort()).isPositive();
      assertThat(HttpForm.get(server.url() + "api/about").statusCode()).isEqualTo(200);
    }
  }
}
