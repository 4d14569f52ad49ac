// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.FaceEmbedding;
import io.omote.face.FaceImage;
import io.omote.face.FaceMatcher;
import io.omote.face.ImageOptions;
import io.omote.face.models.ModelZoo;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large JPEG files can be decoded at reduced size without changing the answer. */
class LargePhotoTest {
  private static final int SIDE = 2600;

  @TempDir Path folder;

  /** Writes a large photo with the sample image at some size in its center. */
  private Path photo(int size) throws IOException {
    BufferedImage photo = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = photo.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    int at = (SIDE - size) / 2;
    BufferedImage sample = FaceImage.read(Path.of("../samples/astronaut.png")).toBufferedImage();
    graphics.drawImage(sample, at, at, size, size, null);
    graphics.dispose();
    Path file = folder.resolve(size + ".jpg");
    ImageIO.write(photo, "jpg", file.toFile());
    return file;
  }

  private static ImageOptions options(boolean reduced) {
    ImageOptions options = ImageOptions.defaults();
    return reduced ? options.withReducedDecoding(1280) : options;
  }

  private static FaceMatcher matcher(boolean reduced) {
    return FaceMatcher.builder(ModelZoo.lite()).imageOptions(options(reduced)).build();
  }

  private static FaceEmbedding embed(Path photo, boolean reduced) {
    try (FaceMatcher matcher = matcher(reduced)) {
      return matcher.embed(photo).orElseThrow();
    }
  }

  @Test
  void embed_reduced_agreesWithFull() throws IOException {
    Path photo = photo(2600);
    FaceEmbedding reduced = embed(photo, true);
    FaceEmbedding full = embed(photo, false);
    assertThat(reduced.similarity(full)).isGreaterThan(0.95);
    assertThat(reduced).as("another decoding").isNotEqualTo(full);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void embed_byEachRoute_isTheSame(boolean reduced) throws IOException {
    Path photo = photo(1600);
    FaceEmbedding expected = embed(photo, reduced);
    byte[] bytes = Files.readAllBytes(photo);
    FaceImage image = FaceImage.read(photo, options(reduced));
    assertThat(image.width()).isEqualTo(reduced ? 1300 : 2600);
    try (FaceMatcher matcher = matcher(reduced);
        InputStream stream = Files.newInputStream(photo)) {
      assertThat(matcher.embed(bytes)).contains(expected);
      assertThat(matcher.embed(stream)).contains(expected);
      assertThat(matcher.embed(image)).contains(expected);
      double similarity = matcher.compare(photo, photo).similarity();
      assertThat(matcher.compare(bytes, bytes).similarity()).isEqualTo(similarity);
      assertThat(matcher.compare(image, image).similarity()).isEqualTo(similarity);
    }
  }

  @Test
  void embed_byDefault_isThatOfTheDecodedImage() throws IOException {
    Path photo = photo(800);
    try (FaceMatcher matcher = FaceMatcher.create(ModelZoo.lite())) {
      assertThat(matcher.embed(photo)).isEqualTo(matcher.embed(FaceImage.read(photo))).isPresent();
    }
  }

  @Test
  void warmUp_changesNoAnswer() throws IOException {
    Path photo = photo(1000);
    FaceEmbedding cold = embed(photo, false);
    try (FaceMatcher matcher = FaceMatcher.builder(ModelZoo.lite()).warmUp(true).build()) {
      assertThat(matcher.embed(photo)).contains(cold);
    }
  }
}
