// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.FaceImage;
import io.omote.face.ImageOptions;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Large JPEG files that are decoded at a fraction of their size. */
class ReducedDecodingTest {
  private static final ImageOptions REDUCED = ImageOptions.defaults().withReducedDecoding(1000);

  private static BufferedImage image(int width, int height) {
    return new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
  }

  @ParameterizedTest
  @CsvSource({
    "jpg, 1000, 500, 1",
    "jpg, 1999, 900, 1",
    "jpg, 2000, 900, 2",
    "jpg, 900, 3999, 2",
    "jpg, 4003, 900, 4",
    "jpg, 9000, 90, 8",
    "png, 4000, 900, 1",
    "bmp, 4000, 900, 1"
  })
  void read_reducesAsFarAsTheLongSideAllows(String format, int width, int height, int reduction) {
    byte[] file = Fixtures.write(image(width, height), format);
    FaceImage image = FaceImage.read(file, REDUCED);
    assertThat(image.width()).isEqualTo((width + reduction - 1) / reduction);
    assertThat(image.height()).isEqualTo((height + reduction - 1) / reduction);
    assertThat(FaceImage.read(file).width()).as("by default").isEqualTo(width);
  }

  /** A white mark keeps its place to less than a pixel in all orientations. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void read_isTheImageAtFullSize_inEachOrientation(int orientation) {
    BufferedImage marked = image(2003, 1501);
    Graphics2D graphics = marked.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(160, 320, 80, 80);
    graphics.dispose();
    byte[] file = Fixtures.withExifOrientation(Fixtures.jpeg(marked, false), orientation);
    double[] full = centerOfWhite(FaceImage.read(file));
    FaceImage image = FaceImage.read(file, REDUCED);
    double[] reduced = centerOfWhite(image);
    assertThat(Math.max(image.width(), image.height())).isEqualTo(1002);
    for (int axis = 0; axis < 2; axis++) {
      // Between the centers of pixels; if the turned side is odd, its last pixel was cut.
      assertThat(2 * reduced[axis] + 0.5 - full[axis]).isBetween(-0.6, 1.1);
    }
  }

  private static double[] centerOfWhite(FaceImage image) {
    double x = 0;
    double y = 0;
    int count = 0;
    for (int i = 0; i < image.width() * image.height(); i++) {
      if ((image.bgr().get(3 * i) & 0xff) > 128) {
        x += i % image.width();
        y += i / image.width();
        count++;
      }
    }
    assertThat(count).isPositive();
    return new double[] {x / count, y / count};
  }
}
