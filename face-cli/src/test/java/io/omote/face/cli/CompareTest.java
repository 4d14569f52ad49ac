// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code compare}, run with the bundled pack on the sample images. */
class CompareTest {
  private static final Path SAMPLES = Path.of("../samples");
  private static final String ASTRONAUT = SAMPLES.resolve("astronaut.png").toString();
  private static final String RENDITION = SAMPLES.resolve("astronaut_rendition.jpg").toString();
  private static final String HOPPER = SAMPLES.resolve("grace_hopper.jpg").toString();

  @TempDir Path folder;

  @Test
  void matedAndNonMated_areTold() {
    Run run = Run.of(new Compare(), ASTRONAUT, RENDITION, HOPPER);
    assertThat(run.exitCode()).isOne();
    assertThat(Run.of(new Compare(), ASTRONAUT, RENDITION).exitCode()).isZero();
    assertThat(run.out().lines())
        .hasSize(2)
        .satisfiesExactly(
            mated ->
                assertThat(mated)
                    .matches(".*: similarity 0\\.9\\d+, threshold 0\\.3500: same person"),
            nonMated ->
                assertThat(nonMated)
                    .matches(".*: similarity 0\\.1\\d+, threshold 0\\.3500: different people"));
  }

  @Test
  void badImage_isOneLineAndTheOthersContinue() throws IOException {
    Path text = Files.writeString(folder.resolve("text.jpg"), "no image");
    Run run = Run.of(new Compare(), ASTRONAUT, text, RENDITION, HOPPER);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).singleElement().asString().contains("text.jpg");
    assertThat(run.out().lines()).hasSize(2);
  }

  @Test
  void missingReference_endsTheRun() {
    Path none = folder.resolve("none.jpg");
    Run run = Run.of(new Compare(), none, RENDITION, HOPPER);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).singleElement().asString().startsWith(none + ": expected ");
    assertThat(run.out()).isEmpty();

    Run json = Run.of(new Compare(), none, RENDITION, HOPPER, "--json");
    assertThat(json.exitCode()).isEqualTo(2);
    assertThat(json.err()).isEmpty();
    JsonObject line = JsonParser.parseString(json.out()).getAsJsonObject();
    assertThat(line.get("image").getAsString()).isEqualTo(none.toString());
    assertThat(line.getAsJsonObject("error").get("reason").getAsString()).isEqualTo("unreadable");
  }

  @Test
  void referenceThatIsAFolder_isRefused() {
    Run run = Run.of(new Compare(), SAMPLES, RENDITION);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().strip())
        .isEqualTo("expected an image as the reference, found a folder: " + SAMPLES);
  }

  @Test
  void folders_areSearchedForImages() throws IOException {
    Path copy = Images.admiral(folder.resolve("copy.jpg"), 200);
    Run run = Run.of(new Compare(), RENDITION, SAMPLES, copy);
    assertThat(run.exitCode()).isOne();
    assertThat(run.out().lines())
        .satisfiesExactly(
            mated ->
                assertThat(mated)
                    .startsWith("astronaut_rendition.jpg and " + ASTRONAUT + ": ")
                    .endsWith("same person"),
            itself -> assertThat(itself).contains("similarity 1.0000"),
            found -> assertThat(found).contains(HOPPER).endsWith("different people"),
            given -> assertThat(given).startsWith("astronaut_rendition.jpg and copy.jpg: "));

    Path empty = Files.createDirectory(folder.resolve("empty"));
    Run nothing = Run.of(new Compare(), ASTRONAUT, empty);
    assertThat(nothing.exitCode()).isEqualTo(2);
    assertThat(nothing.err().strip())
        .isEqualTo("expected images or folders of images, found no image in " + empty);
  }

  @Test
  void faceThatCounts_isNamed() throws IOException {
    Path two = folder.resolve("two.png");
    BufferedImage both = new BufferedImage(1000, 500, BufferedImage.TYPE_3BYTE_BGR);
    // Eileen Collins is larger, Grace Hopper is in the middle.
    both.createGraphics().drawImage(ImageIO.read(new File(ASTRONAUT)), 0, 0, 500, 500, null);
    both.createGraphics().drawImage(ImageIO.read(new File(HOPPER)), 450, 200, 160, 188, null);
    ImageIO.write(both, "png", two.toFile());

    Run central = Run.of(new Compare(), HOPPER, two);
    assertThat(central.exitCode()).as(central.out()).isZero();
    assertThat(central.out().lines()).first().isEqualTo("two.png: 2 faces, the central one counts");
    Run largest = Run.of(new Compare(), two, ASTRONAUT, "--selection", "largest");
    assertThat(largest.exitCode()).as(largest.out()).isZero();
    assertThat(largest.out().lines())
        .hasSize(2)
        .first()
        .isEqualTo("two.png: 2 faces, the largest one counts");
    Run only = Run.of(new Compare(), ASTRONAUT, two, "--selection", "Only");
    assertThat(only.exitCode()).isEqualTo(2);
    assertThat(only.err()).contains("two.png: expected one face, found 2: ");

    Run json = Run.of(new Compare(), ASTRONAUT, two, "--selection=largest", "--json");
    JsonObject line = JsonParser.parseString(json.out()).getAsJsonObject();
    JsonObject face = line.getAsJsonObject("face");
    assertThat(face.get("of").getAsInt()).isEqualTo(2);
    assertThat(face.getAsJsonArray("box").get(0).getAsDouble()).isBetween(150.0, 200.0);
    assertThat(line.getAsJsonObject("referenceFace").get("of").getAsInt()).isOne();
    assertThat(Run.of(new Compare(), ASTRONAUT, two, "--selection", "best").exitCode())
        .isEqualTo(2);
  }

  @Test
  void faceThatIsTurned_isFoundOnRequest() throws IOException {
    BufferedImage upright = ImageIO.read(new File(ASTRONAUT));
    BufferedImage turned = new BufferedImage(512, 512, BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = turned.createGraphics();
    graphics.rotate(Math.PI / 2, 256, 256);
    graphics.drawImage(upright, 0, 0, null);
    graphics.dispose();
    Path file = folder.resolve("turned.png");
    ImageIO.write(turned, "png", file.toFile());

    Run hinted = Run.of(new Compare(), ASTRONAUT, file);
    assertThat(hinted.exitCode()).isOne();
    assertThat(hinted.out().lines())
        .hasSize(2)
        .last()
        .isEqualTo(
            "  turned.png: the face is turned by about 90 degrees: use --orientation any, or turn"
                + " the image");
    Run both = Run.of(new Compare(), file, HOPPER, "--json");
    assertThat(both.out()).containsOnlyOnce("\"hint\":\"the face is turned by about 90 degrees");

    Run run = Run.of(new Compare(), ASTRONAUT, file, "--orientation", "any", "--json");
    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    JsonObject line = JsonParser.parseString(run.out()).getAsJsonObject();
    assertThat(line.getAsJsonObject("face").get("turn").getAsInt()).isEqualTo(90);
    assertThat(line.getAsJsonObject("referenceFace").has("turn")).isFalse();
  }

  @Test
  void imageWithoutFace_isReportedWithAdvice() {
    Path empty = Images.empty(folder.resolve("empty.jpg"));
    Run run = Run.of(new Compare(), ASTRONAUT, empty);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines())
        .containsExactly(
            empty
                + ": expected a face, found none: use an image in which the face is larger or turned"
                + " to the camera");
  }

  @Test
  void json_hasAnAnswerOrAnErrorForEach() throws IOException {
    Path text = Files.writeString(folder.resolve("text.jpg"), "no image");
    Run run = Run.of(new Compare(), ASTRONAUT, RENDITION, text, "--json");
    List<JsonObject> lines =
        run.out().lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0).keySet())
        .containsExactly(
            "version",
            "image",
            "reference",
            "similarity",
            "threshold",
            "samePerson",
            "face",
            "referenceFace");
    assertThat(lines.get(0).get("samePerson").getAsBoolean()).isTrue();
    assertThat(lines.get(1).keySet()).containsExactly("version", "image", "error");
    assertThat(lines.get(1).getAsJsonObject("error").get("message").getAsString())
        .startsWith("expected ");
  }

  @Test
  void modelsThatAreNotThere_isTrouble() {
    Run run = Run.of(new Compare(), ASTRONAUT, RENDITION, "--detector", "a", "--embedder", "b");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1);
  }

  /** The names of files alone would not tell the two images apart. */
  @Test
  void imagesOfOneName_areNamedByTheirPaths() {
    Path one = Images.admiral(folder.resolve("one/1.jpg"), 200);
    Path other = Images.astronaut(folder.resolve("other/1.jpg"), 200);

    assertThat(Run.of(new Compare(), one, other).out())
        .startsWith(one + " and " + other + ": similarity ");
  }
}
