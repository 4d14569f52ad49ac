// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceImage;
import io.omote.face.models.ModelZoo;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlurTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"blur", "mosaic", "fill"})
  void coveredFace_isUnrecognizable(String how) throws IOException {
    Path picture = Pictures.astronaut(folder.resolve("in/a.png"), 512);
    Path output = folder.resolve("out");

    Run run = Run.of(new Blur(), picture, "--output", output, "--how", how);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out().strip()).isEqualTo(output.resolve("a.png") + ": 1 of 1 faces covered");
    FaceImage before = FaceImage.read(picture);
    FaceImage after = FaceImage.read(output.resolve("a.png"));
    try (FaceDetector detector = FaceDetector.create(ModelZoo.lite());
        FaceEmbedder embedder = FaceEmbedder.create(ModelZoo.lite())) {
      Face face = detector.detect(before).get(0);
      // Whoever knows where the eyes were gains nothing.
      assertThat(embedder.embed(before, face).similarity(embedder.embed(after, face)))
          .isLessThan(0.2);
      assertOutsideIsUnchanged(picture, output.resolve("a.png"), face.box());
    }
  }

  private static void assertOutsideIsUnchanged(Path before, Path after, BoundingBox box)
      throws IOException {
    BufferedImage was = ImageIO.read(before.toFile());
    BufferedImage is = ImageIO.read(after.toFile());
    for (int y = 0; y < was.getHeight(); y++) {
      for (int x = 0; x < was.getWidth(); x++) {
        boolean near =
            x > box.left() - 0.2 * box.width()
                && x < box.right() + 0.2 * box.width()
                && y > box.top() - 0.2 * box.height()
                && y < box.bottom() + 0.2 * box.height();
        if (!near && was.getRGB(x, y) != is.getRGB(x, y)) {
          throw new AssertionError("expected an unchanged pixel at %d,%d".formatted(x, y));
        }
      }
    }
  }

  @Test
  void peopleOfAGallery_stayVisible() throws IOException {
    Pictures.astronaut(folder.resolve("people/collins/1.jpg"), 400);
    String gallery = folder.resolve("gallery").toString();
    assertThat(Run.of(new Enrol(), gallery, folder.resolve("people")).exitCode()).isZero();
    Path collins = Pictures.astronaut(folder.resolve("in/collins.png"), 480);
    Path hopper = Pictures.admiral(folder.resolve("in/hopper.png"), 480);

    Run run =
        Run.of(new Blur(), collins, hopper, "--output", folder.resolve("out"), "--except", gallery);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("collins.png: 0 of 1 faces covered", "hopper.png: 1 of 1 faces covered");
    Run strict =
        Run.of(
            new Blur(),
            collins,
            "--output",
            folder.resolve("strict"),
            "--except",
            gallery,
            "--threshold",
            "0.9999");
    assertThat(strict.out()).contains("collins.png: 1 of 1 faces covered");
  }

  @Test
  void pictureThatCannotBeRead_isNotWritten() throws IOException {
    Path text = Files.writeString(folder.resolve("text.jpg"), "no picture");
    Path picture = Pictures.admiral(folder.resolve("in/b.jpg"), 300);

    Run run = Run.of(new Blur(), text, picture, "--output", folder.resolve("out"));

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().lines()).singleElement().asString().contains("text.jpg: expected ");
    assertThat(folder.resolve("out/text.jpg")).doesNotExist();
    assertThat(folder.resolve("out/b.jpg")).exists();

    List<JsonObject> lines =
        Run.of(new Blur(), text, picture, "--output", folder.resolve("json"), "--json")
            .out()
            .lines()
            .map(line -> JsonParser.parseString(line).getAsJsonObject())
            .toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0).keySet()).containsExactly("image", "error");
    assertThat(lines.get(1).keySet()).containsExactly("image", "output", "faces", "covered");
    assertThat(lines.get(1).get("covered").getAsInt()).isOne();
  }

  @Test
  void whatWouldLoseAPicture_isRefused() {
    Path picture = Pictures.admiral(folder.resolve("in/b.jpg"), 300);
    Path other = Pictures.admiral(folder.resolve("other/b.jpg"), 300);

    Run over = Run.of(new Blur(), picture, "--output", folder.resolve("in"));
    Run twice = Run.of(new Blur(), picture, other, "--output", folder.resolve("out"));
    Run format = Run.of(new Blur(), folder.resolve("a.webp"), "--output", folder.resolve("out"));

    assertThat(over.exitCode()).isEqualTo(2);
    assertThat(over.err()).contains("expected another folder than that of the pictures");
    assertThat(twice.exitCode()).isEqualTo(2);
    assertThat(twice.err()).contains("expected pictures of different names");
    assertThat(format.exitCode()).isEqualTo(2);
    assertThat(format.err()).contains("expected pictures whose names end in one of ");
  }
}
