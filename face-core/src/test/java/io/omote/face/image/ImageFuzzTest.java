// SPDX-License-Identifier: Apache-2.0
package io.omote.face.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.omote.face.FaceException;
import io.omote.face.FaceImage;
import io.omote.face.ImageOptions;
import java.awt.image.BufferedImage;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes give a picture or an exception of this library. Fuzzing: see docs/operations.md. */
class ImageFuzzTest {
  private static final int MAX_SIDE = 512;

  static Stream<Arguments> seeds() {
    BufferedImage image = Fixtures.quarters(BufferedImage.TYPE_3BYTE_BGR);
    byte[] jpeg = Fixtures.jpeg(image, false);
    byte[] webp = Fixtures.riffChunk("RIFF", "WEBPVP8L\5\0\0\0/\27\300\3\0".getBytes());
    return Stream.of(
            jpeg,
            Fixtures.jpeg(image, true),
            Fixtures.withExifOrientation(jpeg, 6),
            Fixtures.write(image, "png"),
            Fixtures.write(Fixtures.quarters(BufferedImage.TYPE_BYTE_INDEXED), "png"),
            Fixtures.write(image, "bmp"),
            Fixtures.write(Fixtures.quarters(BufferedImage.TYPE_BYTE_INDEXED), "bmp"),
            webp,
            Fixtures.extendedWebp(webp, 8, 24, 16))
        .map(Arguments::of);
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "60s")
  void header(byte[] file) {
    try {
      ImageHeader header = ImageHeader.read(file);
      assertThat(header.width()).isPositive();
      assertThat(header.height()).isPositive();
    } catch (FaceException e) {
      assertThat(e).hasMessageStartingWith("expected");
    }
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "60s")
  void picture(byte[] file) {
    ImageOptions options = ImageOptions.defaults().withMaxSide(MAX_SIDE).withAcceptTruncated(true);
    try {
      FaceImage image = FaceImage.read(file, options);
      // Also what the decoder made, not only what the header said, keeps the limit.
      assertThat(image.width()).isBetween(1, MAX_SIDE);
      assertThat(image.height()).isBetween(1, MAX_SIDE);
    } catch (FaceException e) {
      assertThat(e).hasMessageStartingWith("expected");
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void picture_withOneByteChanged(byte[] file) {
    for (int at = 0; at < file.length; at++) {
      byte[] changed = file.clone();
      changed[at] ^= (byte) (1 << at % 8);
      picture(changed);
    }
  }
}
