// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.omote.face.AlignmentException;
import io.omote.face.internal.files.ImageFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The form of answers, which all commands about images share. */
class AnswersTest {
  private static final byte[] HEIC =
      "\0\0\0\u0018ftypheic\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);

  @TempDir private Path folder;

  /** A command that prints the widths of images. */
  @Command(name = "widths")
  private static final class Widths implements Callable<Integer> {
    @Mixin private final Answers answers = new Answers();

    @Parameters(arity = "1..*")
    private List<Path> inputs;

    @Override
    public Integer call() throws IOException {
      answers.walk(inputs, "images");
      answers.forEach(
          "measuring",
          (at, image) -> {
            if (image.endsWith("crooked.jpg")) {
              throw new AlignmentException("the points coincide");
            }
            return ImageFiles.read(image).width();
          },
          (image, width) -> {
            JsonObject json = new JsonObject();
            json.addProperty("width", width);
            if (answers.isJson()) {
              answers.object(image, json);
            }
            answers.text("%s: %d", image, width);
          });
      return answers.end();
    }
  }

  private static List<JsonObject> json(Run run) {
    return run.out().lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
  }

  private Path in() throws IOException {
    Path in = folder.resolve("in");
    Images.admiral(in.resolve("a/1.jpg"), 20);
    Images.admiral(in.resolve("z.jpg"), 30);
    Files.write(in.resolve("b.heic"), HEIC);
    Files.write(in.resolve("c.jpg"), HEIC);
    Files.write(in.resolve("d.jpg"), new byte[0]);
    Files.writeString(in.resolve("notes.txt"), "text");
    Files.createDirectory(in.resolve(".git"));
    return in;
  }

  @Test
  void text_hasALinePerImage_andCountsTheRest() throws IOException {
    Path in = in();
    Run run = Run.of(new Widths(), in);
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.out().lines())
        .containsExactly(in.resolve("a/1.jpg") + ": 20", in.resolve("z.jpg") + ": 30");
    assertThat(run.err().lines())
        .satisfiesExactly(
            damaged -> assertThat(damaged).startsWith(in.resolve("d.jpg") + ": expected "),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "not read: 2 x HEIC, in formats that are not supported (--verbose names"
                            + " each)"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "not taken: 1 x hidden or system folder, 1 x text (--verbose names each)"));
  }

  @Test
  void text_namesEachOnRequest() throws IOException {
    Path in = in();
    Run run = Run.of(new Widths(), in, "--verbose");
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err().lines())
        .satisfiesExactlyInAnyOrder(
            line ->
                assertThat(line)
                    .isEqualTo("not taken: " + in.resolve(".git") + ": hidden or system folder"),
            line -> assertThat(line).isEqualTo("not taken: " + in.resolve("notes.txt") + ": text"),
            line -> assertThat(line).startsWith(in.resolve("b.heic") + ": expected a JPEG"),
            line -> assertThat(line).startsWith(in.resolve("c.jpg") + ": expected a JPEG"),
            line -> assertThat(line).startsWith(in.resolve("d.jpg") + ": expected "));
  }

  /** Names may have line breaks, and sequences that change the colors of a terminal. */
  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void controlCharacters_areEscapedInText_andExactInJson() throws IOException {
    Path image = Images.admiral(folder.resolve("a\nb\u001b[31m.jpg"), 20);
    Path empty = Files.createFile(folder.resolve("c\rd.jpg"));
    Run text = Run.of(new Widths(), image, empty);
    assertThat(text.out().lines()).containsExactly(folder + "/a%0Ab%1B[31m.jpg: 20");
    assertThat(text.err().lines())
        .singleElement()
        .asString()
        .startsWith(folder + "/c%0Dd.jpg: expected ");
    assertThat(json(Run.of(new Widths(), image, "--json")).get(0).get("image").getAsString())
        .isEqualTo(image.toString());
  }

  /** A file that is given by its name is never only counted. */
  @Test
  void givenImages_areNamed() throws IOException {
    Path heic = in().resolve("b.heic");
    Run run = Run.of(new Widths(), heic);
    assertThat(run.exitCode()).isOne();
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines()).singleElement().asString().startsWith(heic + ": expected a JPEG");
  }

  @Test
  void json_hasAnObjectPerImage_inOrder() throws IOException {
    Path in = in();
    Path none = folder.resolve("none.jpg");
    Path crooked = Images.admiral(folder.resolve("crooked.jpg"), 20);
    Run run = Run.of(new Widths(), none, in, crooked, "--json");
    assertThat(run.exitCode()).isEqualTo(3);
    List<JsonObject> lines = json(run);
    assertThat(lines)
        .extracting(line -> line.get("image").getAsString())
        .containsExactly(
            none.toString(),
            in.resolve("a/1.jpg").toString(),
            in.resolve("b.heic").toString(),
            in.resolve("c.jpg").toString(),
            in.resolve("d.jpg").toString(),
            in.resolve("z.jpg").toString(),
            crooked.toString());
    assertThat(lines.get(1))
        .hasToString("{\"version\":1,\"image\":" + lines.get(1).get("image") + ",\"width\":20}");
    for (int at : new int[] {0, 2, 3, 4, 6}) {
      assertThat(lines.get(at).keySet()).containsExactly("version", "image", "error");
      JsonObject error = lines.get(at).getAsJsonObject("error");
      assertThat(error.keySet()).containsExactly("reason", "message");
      assertThat(error.get("message").getAsString()).doesNotContain(folder.toString());
    }
    assertThat(List.of(0, 2, 3, 4, 6))
        .extracting(at -> lines.get(at).getAsJsonObject("error").get("reason").getAsString())
        .containsExactly(
            "unreadable", "unsupported_format", "unsupported_format", "damaged", "not_alignable");
    assertThat(run.err().strip())
        .isEqualTo("not taken: 1 x hidden or system folder, 1 x text (--verbose names each)");
  }

  @Test
  void nothingFound_saysWhatWasExpectedAndFound() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Run nothing = Run.of(new Widths(), empty, "--json");
    assertThat(nothing.exitCode()).isOne();
    assertThat(nothing.out()).isEmpty();
    assertThat(nothing.err().strip()).isEqualTo("expected images, found no image in " + empty);

    Files.writeString(empty.resolve("a.txt"), "text");
    Files.writeString(empty.resolve("b.txt"), "text");
    assertThat(Run.of(new Widths(), empty).err().strip())
        .isEqualTo("expected images, found no image in " + empty + ", but 2 x text");
  }

  @Test
  void emptyName_isNotTheCurrentFolder() {
    Run run = Run.of(new Widths(), "");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("expected a file or folder, found an empty name");
  }

  @Test
  void exitCode_isZeroOnlyIfAllWereUsed() throws IOException {
    Path good = Images.admiral(folder.resolve("good.jpg"), 20);
    Path bad = Files.write(folder.resolve("bad.jpg"), new byte[0]);
    assertThat(Run.of(new Widths(), good).exitCode()).isZero();
    assertThat(Run.of(new Widths(), bad).exitCode()).isOne();
    assertThat(Run.of(new Widths(), bad, good).exitCode()).isEqualTo(3);
  }

  /** Each of the places is named, and the run continues. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void unreadablePlaces_areNamed() throws Exception {
    Path in = folder.resolve("in");
    Images.admiral(in.resolve("1.jpg"), 60);
    Images.admiral(in.resolve("closed/2.jpg"), 60);
    Images.admiral(in.resolve("listed/3.jpg"), 60);
    Images.admiral(in.resolve("4.jpg"), 60);
    Images.admiral(in.resolve("unknown"), 60);
    Images.admiral(in.resolve("unlisted/5.jpg"), 60);
    Files.createSymbolicLink(in.resolve("link.jpg"), Path.of("closed/2.jpg"));
    Files.createSymbolicLink(in.resolve("link5.jpg"), Path.of("unlisted/5.jpg"));
    // Root may read everything, unless it gives up that right.
    boolean isRoot = System.getProperty("user.name").equals("root");
    assumeTrue(!isRoot || Files.exists(Path.of("/usr/bin/setpriv")), "skipped: needs setpriv");
    String withoutRights =
        isRoot ? "set -- setpriv --bounding-set=-dac_override,-dac_read_search \"$@\"" : "true";

    Run run =
        new CommandProcess(folder)
            .before(
                String.join(
                    "; ",
                    "cd " + in,
                    "chmod 000 closed 4.jpg unknown",
                    "chmod 444 listed",
                    "chmod 111 unlisted",
                    withoutRights))
            .run("detect", "--json", ".");

    assertThat(run.exitCode()).as(run.err()).isEqualTo(3);
    assertThat(json(run))
        .extracting(line -> line.get("image").getAsString() + " " + line.has("error"))
        .containsExactly(
            "./1.jpg false",
            "./4.jpg true",
            "./closed true",
            "./link.jpg true",
            "./link5.jpg false",
            "./listed/3.jpg true",
            "./unknown true",
            "./unlisted true");
    assertThat(json(run).get(2).toString())
        .contains("found a folder that cannot be read: check its permissions");
    assertThat(run.err()).doesNotContain("\tat ");
    for (String name : List.of("closed", "listed", "unlisted")) {
      assertThat(in.resolve(name).toFile().setExecutable(true)).isTrue();
      assertThat(in.resolve(name).toFile().setReadable(true)).isTrue();
      assertThat(in.resolve(name).toFile().setWritable(true)).isTrue();
    }
  }

  /** The reader of the answers must learn that they are not complete. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void outputThatCannotBeWritten_isAnError() throws Exception {
    String image = "../samples/grace_hopper.jpg";
    for (String[] words :
        new String[][] {
          {"detect", image, "> /dev/full"},
          {"detect", image, "--json", "> /dev/full"},
          {"detect", "--help", "> /dev/full"},
          {"help", "detect", "> /dev/full"},
        }) {
      Run run = new CommandProcess(folder).run(words);
      assertThat(run.exitCode()).as("%s", (Object) words).isOne();
      assertThat(run.err().lines())
          .containsExactly(
              "the answers could not be written to standard output (no space is left on the disk)");
    }
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void readerThatEndsEarly_isAnError() throws Exception {
    for (int at = 0; at < 20; at++) {
      Images.empty(folder.resolve("in/" + at + ".png"));
    }
    Run run =
        new CommandProcess(folder)
            .before("set -o pipefail")
            .run("detect", folder.resolve("in").toString(), "| head -n 1");
    assertThat(run.exitCode()).isOne();
    assertThat(run.out()).hasLineCount(1).contains("in/0.png: 0 faces");
    assertThat(run.err().lines())
        .singleElement()
        .asString()
        .startsWith("the answers could not be written to standard output (");
  }
}
