// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.Landmarks.Point;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReducedImageTest {
  @TempDir Path folder;

  private Path picture(String format, int width, int height) throws IOException {
    Path file = folder.resolve("picture." + format);
    ImageIO.write(
        new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), format, file.toFile());
    return file;
  }

  @ParameterizedTest
  @CsvSource({
    "jpg, 1000, 500, 1",
    "jpg, 1999, 900, 1",
    "jpg, 2000, 900, 2",
    "jpg, 900, 3999, 2",
    "jpg, 4003, 900, 4",
    "jpg, 9000, 90, 8",
    "png, 4000, 900, 1"
  })
  void read_reducesAsFarAsTheLongSideAllows(String format, int width, int height, int reduction)
      throws IOException {
    Path file = picture(format, width, height);
    ReducedImage read = Implementations.readReducedImage(file, ImageOptions.defaults(), 1000);
    assertThat(read.reduction()).isEqualTo(reduction);
    assertThat(read.image().width()).isEqualTo((width + reduction - 1) / reduction);
    assertThat(read.image().height()).isEqualTo((height + reduction - 1) / reduction);
  }

  @Test
  void inFullPicture_mapsCentresOfPixels() {
    ReducedImage reduced = new ReducedImage(FaceImage.ofBgr(new byte[3], 1, 1), 4);
    Point point = new Point(0, 10);
    Face face =
        reduced.inFullPicture(
            new Face(
                new BoundingBox(0, 1, 2, 3),
                0.5f,
                Optional.of(new Landmarks(point, point, point, point, point))));
    Point full = new Point(1.5f, 41.5f);
    assertThat(face)
        .isEqualTo(
            new Face(
                new BoundingBox(1.5f, 5.5f, 9.5f, 13.5f),
                0.5f,
                Optional.of(new Landmarks(full, full, full, full, full))));
  }
}
