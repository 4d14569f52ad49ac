// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Names of people and files in locales that cannot encode them, in separate processes, because Java
 * reads its locale only once.
 */
@EnabledOnOs(OS.LINUX) // elsewhere names are not bytes
class NamesTest {
  private static final String CANNOT = "the name cannot be read in this locale";

  @TempDir private Path folder;
  @TempDir private Path log;
  private Path people;
  private Path gallery;

  @BeforeEach
  void images() {
    people = folder.resolve("people");
    gallery = folder.resolve("gallery");
    Images.astronaut(people.resolve("collins/1.jpg"), 200);
    Images.admiral(people.resolve("hopper/1.jpg"), 200);
  }

  private CommandProcess in(String locale) {
    return new CommandProcess(log).locale(locale);
  }

  /** Renames a file with a shell; the name may contain any bytes. */
  private void rename(String from, String to) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("bash", "-c", "mv " + from + " " + to)
            .directory(people.toFile())
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isZero();
  }

  private static JsonObject json(String line) {
    return JsonParser.parseString(line).getAsJsonObject();
  }

  /** 張偉 and 李娜, 6 bytes each, would become one person named by six replacement characters. */
  @Test
  void peopleBeyondAscii_areLeftOutAndNamed_withoutALocale() throws Exception {
    rename("collins", CommandProcess.word("張偉"));
    rename("hopper", CommandProcess.word("李娜"));
    Images.admiral(people.resolve("plain/張.jpg"), 210);
    Images.admiral(people.resolve("plain/1?.jpg"), 220);

    Run run = in("C").run("enroll", gallery.toString(), people.toString());

    assertThat(run.exitCode()).as(run.err()).isEqualTo(3);
    assertThat(run.out())
        .contains("1 image enrolled, 3 left out; the gallery has 1 sample of 1 person");
    assertThat(leftOut(run))
        .containsExactlyInAnyOrder(
            leftOut("%E5%BC%B5%E5%81%89/1.jpg"),
            leftOut("%E6%9D%8E%E5%A8%9C/1.jpg"),
            leftOut("plain/%E5%BC%B5.jpg"));
    assertThat(People.names(gallery)).containsExactly("plain");

    Run lines = in("C").run("enroll", gallery.toString(), people.toString(), "--json");
    assertThat(lines.exitCode()).isEqualTo(3);
    assertThat(lines.out().lines().map(NamesTest::json))
        .hasSize(5)
        .anySatisfy(
            line -> {
              assertThat(line.get("image").getAsString()).contains("%E5%BC%B5%E5%81%89/1.jpg");
              assertThat(line.getAsJsonObject("error").get("message").getAsString())
                  .contains(CANNOT);
            });
  }

  /** Later versions of Java print other warnings there. */
  private static List<String> leftOut(Run run) {
    return run.err().lines().filter(line -> line.contains(CANNOT)).toList();
  }

  private String leftOut(String name) {
    return people
        + "/"
        + name
        + ": expected an image file, found a file, but "
        + CANNOT
        + ": set LC_ALL=C.UTF-8";
  }

  /** É and È in Latin-1 are not valid UTF-8. */
  @Test
  void namesThatAreNotUtf8_areLeftOutAndNamed() throws Exception {
    rename("collins", "$'J\\xe9'");
    rename("hopper", "$'J\\xe8'");
    Images.admiral(people.resolve("Zoë/1.jpg"), 210);

    Run run = in("C.UTF-8").run("enroll", gallery.toString(), people.toString());

    assertThat(run.exitCode()).as(run.err()).isEqualTo(3);
    assertThat(leftOut(run))
        .hasSize(2)
        .anyMatch(line -> line.contains("J%E9/1.jpg: ") && line.contains(CANNOT + ": it is not"))
        .anyMatch(line -> line.contains("J%E8/1.jpg: "));
    assertThat(People.names(gallery)).containsExactly("Zoë");
  }

  /** The escaped name is the name of another person; the link leads to a folder that was walked. */
  @Test
  void namesThatAreNotUtf8_areLeftOut_besideLinksOfTheirReplacements() throws Exception {
    rename("collins", "$'J\\xe9'");
    Process link =
        new ProcessBuilder("bash", "-c", "ln -s $'J\\xe9' $'J\\xef\\xbf\\xbd'")
            .directory(people.toFile())
            .inheritIO()
            .start();
    assertThat(link.waitFor()).isZero();
    rename("hopper", "J%E9");

    Run run = in("C.UTF-8").run("enroll", gallery.toString(), people.toString());

    assertThat(run.exitCode()).as(run.err()).isEqualTo(3);
    assertThat(leftOut(run)).hasSize(1).first().asString().contains("J%E9/1.jpg: ");
    assertThat(People.names(gallery)).containsExactly("J%E9");
  }

  /** Names of people and files in exports, albums and evaluations. */
  @Test
  void otherWalks_leaveOutAndName_too() throws Exception {
    Images.astronaut(people.resolve("collins/2.jpg"), 220);
    Images.admiral(people.resolve("hopper/2.jpg"), 220);
    Images.admiral(people.resolve("hopper/張.jpg"), 220);

    Run albums = in("C").run("albums", people.toString());
    assertThat(albums.exitCode()).as(albums.err()).isEqualTo(3);
    assertThat(albums.err()).contains("hopper/%E5%BC%B5.jpg: expected ", CANNOT);
    assertThat(albums.out()).contains("in 5 images", "album 2: 2 faces");

    Run evaluation = in("C").run("evaluate", people.toString(), "--json");
    assertThat(evaluation.exitCode()).as(evaluation.err()).isEqualTo(3);
    assertThat(evaluation.err()).contains("left out: ", "hopper/%E5%BC%B5.jpg: " + CANNOT);
    assertThat(json(evaluation.out()).getAsJsonObject("images").get("total").getAsInt())
        .isEqualTo(4);
  }

  /** The file is UTF-8, but the locale is not. */
  @Test
  void namesInAProtocol_areReported() throws Exception {
    Path csv = folder.resolve("pairs.csv");
    Files.writeString(csv, "image1,image2,same\n張/1.jpg,hopper/1.jpg,0\n");

    Run run = in("C").run("evaluate", csv.toString(), "--images", people.toString());

    assertThat(run.exitCode()).isOne();
    assertThat(run.err()).contains("cannot be used in this locale", "set LC_ALL=C.UTF-8");
    assertThat(run.err()).doesNotContain("\tat ");
  }

  /** JSON is UTF-8 in any locale. */
  @Test
  void json_isUtf8_withoutALocale() throws Exception {
    People.enroll(gallery, "張偉");

    Run found =
        in("C")
            .run(
                "identify",
                gallery.toString(),
                people.resolve("hopper/1.jpg") + "",
                "--json",
                "--limit",
                "1");

    assertThat(found.exitCode()).as(found.err()).isZero();
    assertThat(found.out()).contains("\"person\":\"張偉\"");
  }

  @Test
  void argumentsThatCannotBeRead_areReported() throws Exception {
    People.enroll(gallery, "張偉", "maya");
    String name = CommandProcess.word("張偉");
    for (List<String> words :
        List.of(
            List.of("compare", name + ".jpg", "b.jpg"),
            List.of("detect", "b.jpg", name + ".jpg"),
            List.of("enroll", gallery.toString(), name),
            List.of("gallery", name),
            List.of("gallery", gallery.toString(), "--remove", name),
            List.of("gallery", gallery.toString(), "--remove=" + name))) {
      Run run = in("C").run(words.toArray(String[]::new));
      assertThat(run.exitCode()).as("%s", words).isEqualTo(2);
      assertThat(run.err()).contains(CANNOT, "LC_ALL=C.UTF-8").doesNotContain("\tat ");
    }
    assertThat(People.names(gallery)).containsExactly("maya", "張偉");
    Run latin = in("C.UTF-8").run("detect", "$'J\\xe9.jpg'");
    assertThat(latin.exitCode()).isEqualTo(2);
    assertThat(latin.err()).contains(CANNOT);
    Run right = in("C.UTF-8").run("gallery", gallery.toString(), "--remove", name);
    assertThat(right.exitCode()).isZero();
    assertThat(People.names(gallery)).containsExactly("maya");
  }
}
