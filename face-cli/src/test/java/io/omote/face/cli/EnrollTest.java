// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code enroll}: folders of people, what is left out, early ends. */
class EnrollTest {
  @TempDir private Path folder;
  @TempDir private Path log;
  private Path people;
  private Path gallery;

  @BeforeEach
  void name() {
    people = folder.resolve("people");
    gallery = folder.resolve("gallery");
  }

  /** Creates many copies of one image. */
  private void copies(String person, int count) throws IOException {
    Path first = Images.admiral(people.resolve(person).resolve("0.jpg"), 160);
    for (int i = 1; i < count; i++) {
      Files.copy(first, first.resolveSibling(i + ".jpg"));
    }
  }

  /** Creates an image without a face, the second of its person. */
  private void withoutFace(String person) {
    Images.empty(people.resolve(person).resolve("00.jpg"));
  }

  /** Returns a writer that runs an action at the end of a given line. */
  private static PrintWriter after(int lines, StringWriter text, Runnable action) {
    AtomicInteger ended = new AtomicInteger();
    return new PrintWriter(
        new FilterWriter(text) {
          @Override
          public void write(String words, int from, int length) throws IOException {
            super.write(words, from, length);
            if (words.indexOf('\n', from) >= 0 && ended.incrementAndGet() == lines) {
              action.run();
            }
          }
        },
        true);
  }

  private Run enroll(int lines, Runnable action, Object... options) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] words =
        Stream.concat(Stream.of(gallery, people), Arrays.stream(options))
            .map(Object::toString)
            .toArray(String[]::new);
    boolean json = List.of(words).contains("--json");
    int exitCode =
        Commands.commandLine(new Enroll())
            .setOut(json ? after(lines, out, action) : new PrintWriter(out, true))
            .setErr(json ? new PrintWriter(err, true) : after(lines, err, action))
            .execute(words);
    return new Run(exitCode, out.toString(), err.toString());
  }

  /** The folder disappears after the first batch: only the second batch is still embedded. */
  @Test
  void galleryThatFails_endsTheRun() throws IOException {
    copies("a", 70);
    Path moved = folder.resolve("moved");
    Run run =
        enroll(
            50,
            () -> {
              try {
                Files.move(gallery, moved);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            "--json");

    assertThat(run.exitCode()).as(run.err()).isOne();
    assertThat(run.out().lines()).hasSize(50).allMatch(line -> line.contains("\"person\":"));
    assertThat(run.err().lines())
        .satisfiesExactly(
            end -> assertThat(end).isEqualTo("ended early: 50 images enrolled, 0 left out, of 70"),
            why -> assertThat(why).startsWith("the gallery " + gallery + " has lost its lock"));
    assertThat(People.names(moved)).hasSize(50);
  }

  /** The first batch is enrolled when the error of the image in it is reported. */
  @Test
  void interrupt_keepsWhatWasEmbedded() throws IOException {
    copies("a", 110);
    withoutFace("a");
    try {
      Run run = enroll(1, () -> Thread.currentThread().interrupt());

      Thread.interrupted();
      assertThat(run.exitCode()).as(run.err()).isOne();
      checkEarlyEnd(run, 111);
    } finally {
      Thread.interrupted();
    }
  }

  private void checkEarlyEnd(Run run, int images) {
    assertThat(run.err())
        .containsPattern("ended early: \\d+ images enrolled, 1 left out, of " + images);
    String enrolled = run.err().replaceAll("(?s).*early: (\\d+) .*", "$1");
    assertThat(People.names(gallery))
        .hasSizeGreaterThanOrEqualTo(49)
        .hasSizeLessThan(images - 1)
        .hasSize(Integer.parseInt(enrolled));
  }

  @Test
  void anyError_keepsWhatWasEmbedded() throws IOException {
    copies("a", 60);
    withoutFace("a");
    try {
      enroll(
          1,
          () -> {
            throw new OutOfMemoryError("for a test");
          });
    } catch (OutOfMemoryError e) {
      assertThat(e).hasMessage("for a test");
    }
    assertThat(People.names(gallery)).hasSize(49);
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void signal_keepsWhatWasEmbedded() throws Exception {
    copies("a", 1000);
    withoutFace("a");
    CommandProcess command = new CommandProcess(log);
    Process process =
        command.start("enroll", CommandProcess.word(gallery), CommandProcess.word(people));
    while (process.isAlive() && !Files.readString(log.resolve("err")).contains("00.jpg")) {
      assertThat(process.waitFor(20, TimeUnit.MILLISECONDS)).isFalse();
    }
    process.destroy();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    Run run = command.ended(process);
    assertThat(run.exitCode()).isEqualTo(143);
    checkEarlyEnd(run, 1001);
  }

  /** 49 megapixels are 147 MB of pixels. */
  @Test
  void imageTooLargeForTheMemory_endsThatImageOnly() throws Exception {
    copies("a", 1);
    Files.createDirectories(people.resolve("b"));
    ImageIO.write(
        new BufferedImage(7000, 7000, BufferedImage.TYPE_BYTE_GRAY),
        "jpg",
        people.resolve("b/large.jpg").toFile());
    Images.astronaut(people.resolve("c/0.jpg"), 160);

    Run run =
        new CommandProcess(log)
            .java("-Xmx120m")
            .run("enroll", CommandProcess.word(gallery), CommandProcess.word(people));

    assertThat(run.exitCode()).as(run.err()).isEqualTo(3);
    assertThat(run.err()).contains("large.jpg: expected ").doesNotContain("\tat ");
    assertThat(People.names(gallery)).containsExactly("a", "c");
  }

  /** Returns an image of two people, the second one of a given width. */
  private static void couple(Path file, int second) throws IOException {
    Path left = Images.astronaut(file.resolveSibling("left.tmp"), 320);
    Path right = Images.admiral(file.resolveSibling("right.tmp"), second);
    BufferedImage couple = new BufferedImage(640, 400, BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = couple.createGraphics();
    graphics.drawImage(ImageIO.read(left.toFile()), 0, 0, null);
    graphics.drawImage(ImageIO.read(right.toFile()), 330, 0, null);
    graphics.dispose();
    ImageIO.write(couple, "png", file.toFile());
    Files.delete(left);
    Files.delete(right);
  }

  private Run enroll(Object... options) {
    return enroll(-1, () -> {}, options);
  }

  private static List<JsonObject> json(Run run) {
    return run.out().lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
  }

  private static String reason(JsonObject line) {
    return line.getAsJsonObject("error").get("reason").getAsString();
  }

  @Test
  void folderOfPeople_isWalked() throws IOException {
    Images.astronaut(people.resolve("collins/1.jpg"), 300);
    Images.astronaut(people.resolve("collins/2019/june/1.jpg"), 310);
    Images.astronaut(people.resolve("collins/camera"), 320);
    Images.astronaut(people.resolve(".thumbnails/1.jpg"), 230);
    Images.astronaut(people.resolve("@eaDir/1.jpg"), 230);
    Images.admiral(people.resolve("loose.jpg"), 230);
    Files.writeString(people.resolve("collins/notes.txt"), "a text");
    Path elsewhere = folder.resolve("elsewhere");
    Images.admiral(elsewhere.resolve("1.jpg"), 300);
    Files.createSymbolicLink(people.resolve("hopper"), elsewhere);

    Run run = enroll("--json");

    assertThat(run.exitCode()).as(run.err()).isEqualTo(3);
    List<JsonObject> lines = json(run);
    assertThat(lines)
        .extracting(line -> line.has("image") ? line.get("image").getAsString() : "")
        .containsExactly(
            people.resolve("collins/1.jpg").toString(),
            people.resolve("collins/2019/june/1.jpg").toString(),
            people.resolve("collins/camera").toString(),
            people.resolve("hopper/1.jpg").toString(),
            people.resolve("loose.jpg").toString(),
            "");
    assertThat(lines.get(1).keySet())
        .containsExactly("version", "image", "person", "sample", "face");
    assertThat(lines.get(1).get("person").getAsString()).isEqualTo("collins");
    assertThat(lines.get(1).get("sample").getAsString()).isEqualTo("2019/june/1.jpg");
    assertThat(reason(lines.get(4))).isEqualTo("no_person");
    assertThat(lines.get(5))
        .hasToString(
            "{\"version\":1,\"enrolled\":4,\"leftOut\":1,\"gallery\":{\"samples\":4,\"persons\":2},\"withoutSample\":[]}");
    assertThat(run.err()).contains("not taken: 2 x hidden or system folder, 1 x text");
    assertThat(People.names(gallery)).containsExactly("collins", "collins", "collins", "hopper");
  }

  @Test
  void folderWithoutPeople_isAnError() throws IOException {
    Path loose = Images.admiral(people.resolve("loose.jpg"), 200);
    Run images = enroll();
    assertThat(images.exitCode()).isOne();
    assertThat(images.err())
        .isEqualToIgnoringNewLines(
            "expected a folder that has a folder of images for each person, found 1 image and no folder in "
                + people
                + ": put the images of each person into a folder of their own");
    Run lines = enroll("--json");
    assertThat(lines.exitCode()).isOne();
    assertThat(json(lines)).hasSize(1).allMatch(line -> reason(line).equals("no_person"));

    Files.delete(loose);
    assertThat(enroll().err()).contains("found no image in " + people).hasLineCount(1);
    Files.createDirectories(people.resolve("maya"));
    assertThat(enroll().exitCode()).isOne();

    people = Images.admiral(folder.resolve("a.png"), 200);
    assertThat(enroll().err()).endsWith(" found a file: " + people + System.lineSeparator());
    people = folder.resolve("nowhere");
    assertThat(enroll().err()).endsWith(" found nothing: " + people + System.lineSeparator());
    assertThat(gallery).doesNotExist();
  }

  @Test
  void nobodyWithAFace_isAnError() throws IOException {
    Images.empty(people.resolve("maya/1.jpg"));
    Files.createDirectories(people.resolve("ben"));
    Files.writeString(people.resolve("ben/1.jpg"), "no image");

    Run run = enroll();

    assertThat(run.exitCode()).isOne();
    assertThat(run.err())
        .contains("maya/1.jpg: expected an upright face, found none", "without a sample: ben, maya")
        .contains("nobody is enrolled: expected a folder that has a folder of images");
  }

  @Test
  void peopleWithoutASample_areNamed() throws IOException {
    Images.admiral(people.resolve("hopper/1.jpg"), 200);
    Images.empty(people.resolve("maya/1.jpg"));
    for (int i = 10; i < 35; i++) {
      Files.createDirectories(people.resolve("p" + i));
    }
    People.enroll(gallery, "p20"); // by an earlier run

    Run run = enroll();
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err())
        .contains("without a sample: maya, p10, p11")
        .doesNotContain("p20", "hopper", "p30")
        .contains("p29 and 5 others (--verbose names each)");
    assertThat(enroll("--verbose").err()).contains("p33, p34" + System.lineSeparator());
    assertThat(json(enroll("--json")).get(2).getAsJsonArray("withoutSample")).hasSize(25);
    Files.delete(people.resolve("maya/1.jpg"));
    assertThat(enroll().exitCode()).as("folders without an image").isEqualTo(3);
  }

  @Test
  void imageOfTwoPeople_staysWithTheFirst() throws IOException {
    Path first = Images.admiral(people.resolve("hopper/1.jpg"), 300);
    Files.createDirectories(people.resolve("maya"));
    Files.copy(first, people.resolve("maya/2.jpg"));

    Run run = enroll();
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err())
        .contains("maya/2.jpg: the same face of the same image is enrolled as hopper (1.jpg)")
        .contains("without a sample: maya");
    assertThat(People.names(gallery)).containsExactly("hopper");

    // The same against the gallery, while the same image again is no problem.
    List<JsonObject> again = json(enroll("--json"));
    assertThat(again.get(0).has("error")).isFalse();
    assertThat(reason(again.get(1))).isEqualTo("duplicate");
    assertThat(People.names(gallery)).containsExactly("hopper");
  }

  @Test
  void changedImageUnderItsOldName_isReported() throws IOException {
    Images.admiral(people.resolve("hopper/1.jpg"), 300);
    Images.admiral(people.resolve("hopper/2.jpg"), 320);
    enroll();
    Images.astronaut(people.resolve("hopper/1.jpg"), 300);
    Images.admiral(people.resolve("hopper/3.jpg"), 340);

    List<JsonObject> lines = json(enroll("--json"));

    assertThat(reason(lines.get(0))).isEqualTo("changed");
    assertThat(lines.get(0).getAsJsonObject("error").get("message").getAsString())
        .startsWith("hopper is enrolled from another image with the name 1.jpg: ");
    assertThat(lines.get(2).has("error")).isFalse();
    assertThat(People.names(gallery)).hasSize(3);
  }

  @Test
  void imageThatLooksLikeSomebodyElse_isEnrolledAndReported() {
    Images.admiral(people.resolve("hopper/1.jpg"), 300);
    Images.admiral(people.resolve("maya/1.jpg"), 420);

    Run run = enroll();

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).contains("maya/1.jpg: enrolled, but looks like hopper (1.jpg, ");
    assertThat(run.out()).contains("2 images enrolled (1 that look like somebody else), 0 left");
    JsonObject other = json(enroll("--json")).get(0).getAsJsonObject("lookalike");
    assertThat(other.get("person").getAsString()).isEqualTo("maya");
    assertThat(other.get("similarity").getAsDouble()).isBetween(0.5, 0.9999);
  }

  @Test
  void severalFaces_needAChoice() throws IOException {
    Files.createDirectories(people.resolve("collins"));
    couple(people.resolve("collins/1.png"), 60);
    Run refused = enroll();
    assertThat(refused.exitCode()).isOne();
    assertThat(refused.err())
        .contains(
            "1.png: expected one face, found 2: crop the image, or see --gate and --selection");

    Run gate = enroll("--gate");
    assertThat(gate.exitCode()).as(gate.err()).isZero();
    assertThat(gate.out()).contains("1 image enrolled (1 with several faces), 0 left out");
    couple(people.resolve("collins/2.png"), 250);
    Run two = enroll("--gate");
    assertThat(two.exitCode()).isEqualTo(3);
    assertThat(two.err()).contains("2.png: expected one face of sufficient quality, found 2");

    Run largest = enroll("--selection", "largest", "--json");
    assertThat(largest.exitCode()).as(largest.err()).isZero();
    JsonObject face = json(largest).get(1).getAsJsonObject("face");
    assertThat(face.get("of").getAsInt()).isEqualTo(2);
    assertThat(face.getAsJsonArray("box").get(2).getAsFloat()).isGreaterThan(330);
    assertThat(People.names(gallery)).containsExactly("collins", "collins");
  }

  @Test
  void gate_canAskForOpenEyesAndAClosedMouth() throws IOException {
    Images.astronaut(people.resolve("collins/1.jpg"), 400); // smiles, with teeth
    Images.admiral(people.resolve("hopper/1.jpg"), 400);
    Run eyes = enroll("--gate", "--open-eyes");
    assertThat(eyes.exitCode()).as(eyes.err()).isZero();

    gallery = folder.resolve("strict");
    Run mouth = enroll("--gate", "--open-eyes", "--closed-mouth", "--json");
    assertThat(mouth.exitCode()).isEqualTo(3);
    JsonObject refused = json(mouth).get(0);
    assertThat(reason(refused)).isEqualTo("low_quality");
    assertThat(refused.getAsJsonObject("error").get("message").getAsString())
        .startsWith("expected a mouth openness of at most 0.1, found 0.1")
        .endsWith(": have the person close the mouth, and uncover it");
    assertThat(People.names(gallery)).containsExactly("hopper");
  }

  /** Only one of the two has a closed mouth, which does not say whose image it is. */
  @Test
  void mouthAndEyes_doNotChooseAmongSeveralFaces() throws IOException {
    Files.createDirectories(people.resolve("collins"));
    couple(people.resolve("collins/1.png"), 250);
    Run run = enroll("--gate", "--open-eyes", "--closed-mouth");
    assertThat(run.exitCode()).isOne();
    assertThat(run.err()).contains("1.png: expected one face of sufficient quality, found 2");
  }

  @Test
  void openEyes_needTheGate() throws IOException {
    Images.admiral(people.resolve("hopper/1.jpg"), 200);
    for (String option : List.of("--open-eyes", "--closed-mouth")) {
      Run run = enroll(option);
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err()).startsWith("--gate is missing: try ");
    }
  }
}
