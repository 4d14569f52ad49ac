// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static io.omote.face.Faults.fault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.ImageException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files from phones, image editors and attackers, compared with their upright images. */
@Tag("testdata")
class OddImagesTest {
  private static FaceImage read(String name) {
    return FaceImage.read(TestData.path("cases/" + name));
  }

  private static double meanDifference(FaceImage image, FaceImage expected) {
    assertThat(image.width()).isEqualTo(expected.width());
    assertThat(image.height()).isEqualTo(expected.height());
    int length = image.bgr().remaining();
    double sum = 0;
    for (int i = 0; i < length; i++) {
      sum += Math.abs((image.bgr().get(i) & 0xff) - (expected.bgr().get(i) & 0xff));
    }
    return sum / length;
  }

  /** Lossless files to the bit, a JPEG within a few levels on average. */
  @ParameterizedTest
  @CsvSource({
    "o6_xmp_first.jpg, 4",
    "o6_long_be.jpg, 4",
    "png_exif6_exifprefix.png, 0",
    "png_raw_profile_exif6.png, 0",
    "exif_junk.png, 0",
    "b32_rgbx_masks.bmp, 0",
    "b24_off0.bmp, 0"
  })
  void read_isTheUprightImage(String name, double tolerance) {
    assertThat(meanDifference(read(name), read("base.png"))).isLessThanOrEqualTo(tolerance);
  }

  @ParameterizedTest
  @ValueSource(strings = {"j_grey.jpg", "png16_grey.png", "png8_grey_alpha.png"})
  void of_isWhatReadGives(String name) throws IOException {
    FaceImage read = read(name);
    FaceImage of = FaceImage.of(ImageIO.read(TestData.path("cases/" + name).toFile()));
    for (int i = 0; i < read.bgr().remaining(); i++) {
      assertThat((of.bgr().get(i) & 0xff) - (read.bgr().get(i) & 0xff)).isBetween(-2, 2);
    }
  }

  @Test
  void read_thousandsOfScans_isRefused() {
    Path file = TestData.path("cases/many_scans_2000.jpg");
    long start = System.nanoTime();
    assertThatThrownBy(() -> FaceImage.read(file))
        .satisfies(fault(Reason.TOO_LARGE))
        .hasMessageContaining("ImageOptions.maxScans");
    System.out.printf("refused 2000 scans in %.1f ms%n", (System.nanoTime() - start) / 1e6);
  }
}
