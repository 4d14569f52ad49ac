// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceException;
import io.omote.face.FaceImage;
import io.omote.face.models.ModelZoo;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command {@code embed}: what it writes, and how a run continues the file of another. */
class EmbedTest {
  @TempDir private Path folder;
  private Path images;
  private Path output;

  @BeforeEach
  void name() {
    images = folder.resolve("images");
    output = folder.resolve("faces.jsonl");
  }

  private Run embed(Object... options) {
    Object[] words = new Object[options.length + 3];
    words[0] = images;
    words[1] = "--output";
    words[2] = output;
    System.arraycopy(options, 0, words, 3, options.length);
    return Run.of(new Embed(), words);
  }

  private List<JsonObject> lines() throws IOException {
    return Files.readAllLines(output).stream().map(EmbedTest::json).toList();
  }

  private static JsonObject json(String line) {
    return JsonParser.parseString(line).getAsJsonObject();
  }

  private static FaceEmbedding embedding(JsonObject line, int face) {
    String text =
        line.getAsJsonArray("faces").get(face).getAsJsonObject().get("embedding").getAsString();
    return FaceEmbedding.fromBytes(Base64.getDecoder().decode(text));
  }

  private static String reason(JsonObject line) {
    return line.getAsJsonObject("error").get("reason").getAsString();
  }

  @Test
  void imageThatIsGivenAgain_hasOneLine() throws IOException {
    Path image = Images.astronaut(images.resolve("again.jpg"), 200);
    int others = Run.of(new Embed(), images).out().split("\n").length;

    Run run = Run.of(new Embed(), image, images, "--output", output);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(lines()).hasSize(others);
  }

  private Path couple(String name) throws IOException {
    BufferedImage left = ImageIO.read(Images.astronaut(folder.resolve("a.jpg"), 320).toFile());
    BufferedImage right = ImageIO.read(Images.admiral(folder.resolve("b.jpg"), 250).toFile());
    BufferedImage couple = new BufferedImage(640, 400, BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = couple.createGraphics();
    graphics.drawImage(left, 0, 0, null);
    graphics.drawImage(right, 330, 0, null);
    graphics.dispose();
    Files.createDirectories(images);
    Path file = images.resolve(name);
    ImageIO.write(couple, "png", file.toFile());
    return file;
  }

  @Test
  void lines_haveTheFacesOfTheLibrary() throws IOException {
    Path couple = couple("b.png");
    Path admiral = Images.admiral(images.resolve("a/1.jpg"), 200);
    Path empty = Images.empty(images.resolve("c.jpg"));

    Run run = embed();

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .isEqualToIgnoringNewLines("3 images embedded, 3 faces, 0 left out: " + output);
    List<JsonObject> lines = lines();
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0).keySet())
        .containsExactly("version", "content", "modelId", "detector", "orientation", "selection");
    assertThat(lines.get(0).get("modelId").getAsString()).isEqualTo("fr_feature:87aacdfe5751");
    assertThat(lines.get(1).keySet())
        .containsExactly("version", "image", "bytes", "modified", "width", "height", "faces");
    assertThat(lines.subList(1, 4))
        .extracting(line -> line.get("image").getAsString())
        .containsExactly(admiral.toString(), couple.toString(), empty.toString());
    assertThat(lines.get(3).getAsJsonArray("faces")).isEmpty();
    try (FaceDetector detector = FaceDetector.create(ModelZoo.lite());
        FaceEmbedder embedder = FaceEmbedder.create(ModelZoo.lite())) {
      FaceImage image = FaceImage.read(couple);
      List<Face> faces = detector.detect(image);
      assertThat(faces).hasSize(2);
      for (int i = 0; i < faces.size(); i++) {
        JsonObject face = lines.get(2).getAsJsonArray("faces").get(i).getAsJsonObject();
        assertThat(face.keySet()).containsExactly("box", "score", "landmarks", "embedding");
        assertThat(face.getAsJsonArray("box").get(0).getAsFloat())
            .isEqualTo(faces.get(i).box().left());
        assertThat(embedding(lines.get(2), i).similarity(embedder.embed(image, faces.get(i))))
            .isGreaterThan(0.99999);
      }
    }
    if (output.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(output)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void secondRun_embedsWhatIsNewOrChanged() throws IOException {
    Path first = Images.admiral(images.resolve("1.jpg"), 200);
    Images.admiral(images.resolve("2.jpg"), 210);
    embed();
    byte[] before = Files.readAllBytes(output);

    Run again = embed();
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.out()).contains("0 images embedded, 0 faces, 0 left out, 2 already there: ");
    assertThat(Files.readAllBytes(output)).isEqualTo(before);

    Images.astronaut(first, 300);
    Images.astronaut(images.resolve("3.jpg"), 310);
    assertThat(embed("--json").out())
        .isEqualToIgnoringNewLines(
            "{\"version\":1,\"embedded\":2,\"leftOut\":0,\"faces\":2,\"before\":1}");
    List<JsonObject> lines = lines();
    assertThat(lines.subList(1, 5))
        .extracting(line -> Path.of(line.get("image").getAsString()).getFileName().toString())
        .containsExactly("1.jpg", "2.jpg", "1.jpg", "3.jpg");
    assertThat(embedding(lines.get(3), 0)).isNotEqualTo(embedding(lines.get(1), 0));
    assertThat(embed().out()).startsWith("0 images");
    Files.setLastModifiedTime(first, FileTime.from(1, TimeUnit.DAYS));
    assertThat(embed().out()).startsWith("1 image embedded");
  }

  @Test
  void killedRun_leavesAPartialLine_whichIsCutOff() throws IOException {
    Images.admiral(images.resolve("1.jpg"), 200);
    embed();
    byte[] before = Files.readAllBytes(output);
    // The first letter of a name in UTF-8, without its second half.
    Files.write(output, new byte[] {'{', '"', (byte) 0xc3}, StandardOpenOption.APPEND);

    assertThat(embed().exitCode()).isZero();
    assertThat(Files.readAllBytes(output)).isEqualTo(before);

    Files.writeString(output, new String(before, 0, 20, StandardCharsets.UTF_8));
    assertThat(embed().exitCode()).as("a partial header").isZero();
    assertThat(Files.readAllBytes(output)).isEqualTo(before);
    Files.write(output, new byte[0]);
    assertThat(embed().exitCode()).as("no header").isZero();
    assertThat(Files.readAllBytes(output)).isEqualTo(before);
  }

  private static JsonObject header() {
    JsonObject header = new JsonObject();
    header.addProperty("content", "embeddings");
    return header;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"version\":1,\"image\":\"a\"", "{\"image\":\"a\"}", "{}", "text", "[1]", "\0}"})
  void damagedLine_isNamed_andNothingIsLost(String damaged) throws IOException {
    FullDisk.fill(output, 2);
    List<String> lines = new ArrayList<>(Files.readAllLines(output));
    lines.add(2, damaged);
    Files.write(output, lines);
    byte[] before = Files.readAllBytes(output);

    assertThatThrownBy(() -> EmbeddingFile.open(output, header()))
        .isInstanceOf(FaceException.class)
        .hasMessageStartingWith(output + ": line 3 is damaged: ");
    assertThat(Files.readAllBytes(output)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\0",
        "a text\nof mine\n",
        "{\"version\":1,\"image\":\"a.jpg\"}\n",
        "{\"version\":2,\"content\":\"embeddings\"}\n",
        "{\"version\":1,\"content\":\"embeddings\"} ",
        "[]\n",
        "{\"ver\0"
      })
  void otherFile_isLeftAlone(String content) throws IOException {
    Files.writeString(output, content);

    assertThatThrownBy(() -> EmbeddingFile.open(output, header()))
        .isInstanceOf(FaceException.class)
        .hasMessage(output + " was not written by this version of omote embed: name another file");
    assertThat(output).hasContent(content);
  }

  @Test
  void fileOfOtherOptions_isRefused() throws IOException {
    couple("1.png");
    embed();
    byte[] before = Files.readAllBytes(output);

    Run run = embed("--selection", "largest");

    assertThat(run.exitCode()).isOne();
    assertThat(run.err())
        .contains("was written with selection \"all\", not \"largest\": use the same options");
    Files.writeString(
        output, Files.readString(output).replace("87aacdfe5751\",", "000000000000\","));
    assertThat(embed().err()).contains("with modelId \"fr_feature:000000000000\", not \"lite (fr_");
    assertThat(Files.size(output)).isEqualTo(before.length);
  }

  @Test
  void fileInUse_isRefused() throws IOException {
    Images.admiral(images.resolve("1.jpg"), 200);
    try (FileChannel other =
        FileChannel.open(output, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      assertThat(other.lock()).isNotNull();
      Run run = embed();
      assertThat(run.exitCode()).isOne();
      assertThat(run.err()).contains(output + " is in use by another omote embed");
    }
    assertThat(output).isEmptyFile();
  }

  @Test
  void outputsThatCannotBe_areRefused() {
    Images.admiral(images.resolve("1.jpg"), 200);
    output = folder.resolve("nowhere/faces.jsonl");
    assertThat(embed().err()).contains("the folder " + output.getParent() + " is missing");
    output = images;
    assertThat(embed().err()).contains("expected a file for --output, found a folder");
    People.enroll(folder.resolve("gallery"), "maya");
    output = folder.resolve("gallery/faces.jsonl");
    assertThat(embed().err()).contains("is the folder of a gallery");
    assertThat(output).doesNotExist();
  }

  @Test
  void imagesThatFail_haveALine_andAreRepeatedOnlyIfTheyMayWork() throws IOException {
    Images.admiral(images.resolve("1.jpg"), 200);
    Path text = Files.writeString(images.resolve("2.jpg"), "no image");
    Path missing = folder.resolve("missing.jpg");

    Run run = embed(missing);

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.out()).contains("1 image embedded, 1 face, 2 left out: ");
    assertThat(run.err()).contains("missing.jpg: ", "not read: 1 x text");
    List<JsonObject> lines = lines();
    assertThat(lines).hasSize(4);
    assertThat(lines.get(2).get("image").getAsString()).isEqualTo(text.toString());
    assertThat(lines.get(2).keySet())
        .containsExactly("version", "image", "bytes", "modified", "error");
    assertThat(reason(lines.get(2))).isEqualTo("unsupported_format");
    assertThat(reason(lines.get(3))).isEqualTo("unreadable");

    Run again = embed(missing);
    assertThat(again.exitCode()).isEqualTo(3);
    assertThat(again.out()).contains("0 images embedded, 0 faces, 1 left out, 2 already there");
    assertThat(again.err()).contains("missing.jpg: ", "left out by earlier runs: 1 image");
    assertThat(lines()).as("the same error is not written again").isEqualTo(lines);

    Images.astronaut(missing, 300);
    assertThat(embed(missing).out())
        .contains("1 image embedded, 1 face, 0 left out, 2 already there");
    assertThat(lines()).hasSize(5);
  }

  @Test
  void withoutAnOutput_linesAreOnStandardOutput() throws IOException {
    Path image = couple("1.png");
    Files.writeString(images.resolve("2.jpg"), "no image");

    Run run = Run.of(new Embed(), images, "--selection", "largest");

    assertThat(run.exitCode()).isEqualTo(3);
    List<JsonObject> lines = run.out().lines().map(EmbedTest::json).toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0).get("selection").getAsString()).isEqualTo("largest");
    assertThat(lines.get(1).get("image").getAsString()).isEqualTo(image.toString());
    assertThat(lines.get(1).getAsJsonArray("faces")).hasSize(1);
    assertThat(reason(lines.get(2))).isEqualTo("unsupported_format");

    Run only = Run.of(new Embed(), image, "--selection", "only");
    assertThat(only.exitCode()).isOne();
    assertThat(reason(json(only.out().lines().toList().get(1)))).isEqualTo("several_faces");
  }

  /** A limit on file sizes simulates a full disk. */
  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void fullDisk_keepsAllWholeLines() throws Exception {
    Process process =
        new ProcessBuilder(
                "bash",
                "-c",
                "ulimit -f 4; exec \"$@\"",
                "bash",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                FullDisk.class.getName(),
                output.toString())
            .redirectErrorStream(true)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isZero();
    assertThat(text).startsWith(output + " could not be written (").contains("free disk space");
    assertThat(Files.readString(output)).endsWith("}\n");
    assertThat(lines()).hasSizeGreaterThan(10);
    int lines = lines().size();
    assertThat(FullDisk.fill(output, 1)).isEmpty();
    assertThat(lines()).hasSize(lines + 1);
  }

  /** Main class of a process that appends lines until it cannot. */
  static final class FullDisk {
    private FullDisk() {}

    public static void main(String[] args) throws IOException {
      System.out.println(fill(Path.of(args[0]), 1000));
    }

    /** Returns the message of the failure, empty without one. */
    static String fill(Path file, int count) throws IOException {
      try (EmbeddingFile out = EmbeddingFile.open(file, header())) {
        for (int i = 0; i < count; i++) {
          JsonObject body = new JsonObject();
          body.addProperty("width", i);
          out.write(Path.of(i + ".jpg"), body);
        }
        return "";
      } catch (FaceException e) {
        return e.getMessage();
      }
    }
  }
}
