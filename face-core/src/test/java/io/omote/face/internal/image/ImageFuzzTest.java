// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.omote.face.FaceException;
import io.omote.face.FaceImage;
import io.omote.face.ImageOptions;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.opencv.imgcodecs.Imgcodecs;

/** Any bytes give an image or an exception of this library. Fuzzing: see CONTRIBUTING.md. */
class ImageFuzzTest {
  private static final int MAX_SIDE = 512;

  static Stream<Arguments> seeds() {
    BufferedImage image = Fixtures.quarters(BufferedImage.TYPE_3BYTE_BGR);
    byte[] jpeg = Fixtures.jpeg(image, false);
    byte[] png = Fixtures.write(image, "png");
    byte[] webp = Fixtures.webp(png, Imgcodecs.IMREAD_COLOR, 101);
    return Stream.of(
            jpeg,
            Fixtures.jpeg(image, true),
            Fixtures.withExifOrientation(jpeg, 6),
            png,
            Fixtures.insert(png, 33, Fixtures.chunk("eXIf", Fixtures.tiff(6))),
            Fixtures.write(Fixtures.quarters(BufferedImage.TYPE_BYTE_INDEXED), "png"),
            Fixtures.write(image, "bmp"),
            Fixtures.write(Fixtures.quarters(BufferedImage.TYPE_BYTE_INDEXED), "bmp"),
            webp,
            Fixtures.extendedWebp(webp, 8, 24, 16, Fixtures.riffChunk("EXIF", Fixtures.tiff(6))))
        .map(Arguments::of);
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "60s")
  void header(byte[] file) {
    try {
      ImageHeader header = ImageHeader.read(file, ImageOptions.defaults());
      assertThat(header.width()).isPositive();
      assertThat(header.height()).isPositive();
    } catch (FaceException e) {
      assertThat(e).hasMessageStartingWith("expected");
    }
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "60s")
  void image(byte[] file) {
    ImageOptions options = ImageOptions.defaults().withMaxSide(MAX_SIDE).withAcceptTruncated(true);
    try {
      FaceImage image = FaceImage.read(file, options);
      // The decoded size keeps the limit as well, not only the size in the header.
      assertThat(image.width()).isBetween(1, MAX_SIDE);
      assertThat(image.height()).isBetween(1, MAX_SIDE);
    } catch (FaceException e) {
      assertThat(e).hasMessageStartingWith("expected");
    }
  }

  static Stream<Arguments> exif() {
    byte[] prefix = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
    byte[] little =
        "II*\0\b\0\0\0\1\0\22\1\f\0\1\0\0\0\32\0\0\0".getBytes(StandardCharsets.ISO_8859_1);
    byte[] other = Arrays.copyOf(little, 34);
    return Stream.of(Fixtures.tiff(6), Fixtures.insert(Fixtures.tiff(6), 0, prefix), other)
        .map(Arguments::of);
  }

  @MethodSource("exif")
  @FuzzTest(maxDuration = "10m")
  void orientation(byte[] exif) {
    assertThat(Orientation.read(exif, 0, exif.length)).isBetween(0, 8);
  }

  static Stream<Arguments> jpegs() {
    BufferedImage image = Fixtures.quarters(BufferedImage.TYPE_3BYTE_BGR);
    byte[] jpeg = Fixtures.jpeg(image, false);
    return Stream.of(
            jpeg,
            Fixtures.jpeg(image, true),
            Fixtures.withExifOrientation(jpeg, 6),
            Fixtures.insert(jpeg, jpeg.length - 2, new byte[] {-1, -48, -1, -47, -1, 0}),
            // Without the comment, the fill byte before it would turn the next bytes into a frame.
            Fixtures.insert(
                jpeg, 2, new byte[] {-1, -1, -2, 0, 2, -64, 0, 11, 8, 16, 0, 16, 0, 1, 1, 17, 0}))
        .map(Arguments::of);
  }

  /** The parts are a JPEG again, of the same size and without anything else to leave out. */
  @MethodSource("jpegs")
  @FuzzTest(maxDuration = "10m")
  void jpegWalk(byte[] file) {
    if (file.length < 3) {
      return;
    }
    try {
      ImageHeader header = walk(file);
      ByteArrayOutputStream kept = new ByteArrayOutputStream();
      header.parts().forEach(kept::write);
      assertThat(kept.size()).isEqualTo(header.parts().length()).isLessThanOrEqualTo(file.length);
      assertThat(kept.toByteArray()).startsWith(0xff, 0xd8, 0xff);
      ImageHeader again = walk(kept.toByteArray());
      assertThat(again.width()).isEqualTo(header.width());
      assertThat(again.height()).isEqualTo(header.height());
      assertThat(again.complete()).isEqualTo(header.complete());
      assertThat(again.orientation()).isEqualTo(Orientation.NONE);
      assertThat(again.parts().length()).isEqualTo(kept.size());
    } catch (FaceException e) {
      assertThat(e).hasMessageStartingWith("expected");
    }
  }

  private static ImageHeader walk(byte[] file) {
    byte[] jpeg = file.clone();
    jpeg[0] = (byte) 0xff;
    jpeg[1] = (byte) 0xd8;
    jpeg[2] = (byte) 0xff;
    return ImageHeader.read(jpeg, ImageOptions.defaults().withMaxSegments(200).withMaxScans(9));
  }

  static Stream<Arguments> bitmaps() {
    return IntStream.of(
            BufferedImage.TYPE_3BYTE_BGR,
            BufferedImage.TYPE_BYTE_INDEXED,
            BufferedImage.TYPE_BYTE_BINARY,
            BufferedImage.TYPE_USHORT_565_RGB,
            BufferedImage.TYPE_INT_RGB)
        .mapToObj(type -> Arguments.of(Fixtures.write(Fixtures.quarters(type), "bmp")));
  }

  @MethodSource("bitmaps")
  @FuzzTest(maxDuration = "10m")
  void bmp(byte[] file) {
    byte[] bmp = file.clone();
    if (bmp.length > 1) {
      bmp[0] = 'B';
      bmp[1] = 'M';
    }
    image(bmp);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void image_withOneByteChanged(byte[] file) {
    for (int at = 0; at < file.length; at++) {
      byte[] changed = file.clone();
      changed[at] ^= (byte) (1 << at % 8);
      image(changed);
    }
  }
}
