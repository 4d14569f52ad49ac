// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.FaceDetector;
import io.omote.face.FaceImage;
import io.omote.face.FaceMatcher;
import io.omote.face.FaceSelection;
import io.omote.face.models.ModelZoo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class DetectionOptionsTest {
  private static final FaceImage HOPPER =
      FaceImage.read(Path.of("..", "samples", "grace_hopper.jpg"));

  private static DetectionOptions parsed(String... arguments) {
    DetectionOptions options = new DetectionOptions();
    new CommandLine(CommandLine.Model.CommandSpec.create().addMixin("detection", spec(options)))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .parseArgs(arguments);
    return options;
  }

  private static CommandLine.Model.CommandSpec spec(DetectionOptions options) {
    return CommandLine.Model.CommandSpec.forAnnotatedObject(options);
  }

  @Test
  void orientation_any_findsTheTurnedFace() {
    FaceImage turned = HOPPER.turned(90);
    DetectionOptions any = parsed("--orientation", "any");
    assertThat(any.isUpright()).isFalse();
    try (FaceDetector detector =
            any.applyTo(FaceDetector.builder(ModelZoo.lite().detector())).build();
        FaceMatcher matcher = any.applyTo(FaceMatcher.builder(ModelZoo.lite())).build()) {
      assertThat(detector.detect(turned).get(0).turn()).isEqualTo(90);
      assertThat(matcher.compare(HOPPER, turned).similarity()).isGreaterThan(0.999);
    }
  }

  @Test
  void orientation_byDefault_isUpright() {
    DetectionOptions options = parsed();
    assertThat(options.isUpright()).isTrue();
    assertThat(parsed("--orientation=UPRIGHT").isUpright()).isTrue();
    try (FaceDetector detector =
            options.applyTo(FaceDetector.builder(ModelZoo.lite().detector())).build();
        FaceDetector untouched = FaceDetector.create(ModelZoo.lite())) {
      assertThat(detector.detect(HOPPER)).isEqualTo(untouched.detect(HOPPER));
    }
  }

  /** Most turned faces are found by a detector of upright ones, with landmarks that show it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "detect IMAGE",
        "analyze IMAGE",
        "enroll FOLDER/new FOLDER/people",
        "identify FOLDER/gallery IMAGE",
        "embed IMAGE --output FOLDER/faces.jsonl",
        "blur IMAGE --output FOLDER/blurred",
        "albums IMAGE"
      })
  void command_thatFindsATurnedFace_saysSo(String command, @TempDir Path folder)
      throws IOException {
    Path image = folder.resolve("turned.png");
    ImageIO.write(HOPPER.turned(90).toBufferedImage(), "png", image.toFile());
    Path people = Files.createDirectories(folder.resolve("people/grace"));
    Files.copy(image, people.resolve("face.png"));
    if (command.contains("gallery")) {
      Run.of(Omote.of(), "enroll", folder.resolve("gallery"), folder.resolve("people"));
    }
    Object[] words =
        Arrays.stream(command.split(" "))
            .map(word -> word.replace("IMAGE", image.toString()))
            .map(word -> word.replace("FOLDER", folder.toString()))
            .toArray();

    assertThat(Run.of(Omote.of(), words).err())
        .contains("a face does not stand upright in 1 image: try --orientation any");
  }

  @Test
  void command_thatLooksForTurnedFaces_hasNoHint(@TempDir Path folder) throws IOException {
    Path image = folder.resolve("turned.png");
    ImageIO.write(HOPPER.turned(90).toBufferedImage(), "png", image.toFile());

    Run run = Run.of(Omote.of(), "detect", image, "--orientation", "any");
    assertThat(run.out()).contains("1 face");
    assertThat(run.err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "90, turned by about 90 degrees",
    "180, upside down",
    "270, turned by about 90 degrees"
  })
  void hint_turnedFace_saysHowItStands(int degrees, String words) {
    try (TurnedFaces faces = new TurnedFaces(ModelZoo.lite().detector())) {
      assertThat(faces.hint(HOPPER.turned(degrees), FaceSelection.CENTRAL))
          .hasValue("the face is " + words + ": use --orientation any, or turn the image");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void hint_uprightFaceOrNone_isEmpty(boolean face) {
    FaceImage image = face ? HOPPER : FaceImage.ofBgr(new byte[3 * 64 * 48], 64, 48);
    try (TurnedFaces faces = new TurnedFaces(ModelZoo.lite().detector())) {
      assertThat(faces.hint(image, FaceSelection.CENTRAL)).isEmpty();
    }
  }
}
