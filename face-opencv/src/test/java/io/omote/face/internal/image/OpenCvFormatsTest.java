// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import static io.omote.face.Faults.fault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.omote.face.FaceImage;
import io.omote.face.ImageException.Reason;
import io.omote.face.ImageOptions;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.opencv.imgcodecs.Imgcodecs;

/** The files that face-core reads with this module, to OpenCV's own pixels. */
class OpenCvFormatsTest {
  private static final int[][] SIZES = {{1, 1}, {3, 2}, {17, 33}, {100, 75}, {641, 479}};

  private static byte[] png(int type) {
    return Fixtures.write(Fixtures.quarters(type), "png");
  }

  private static byte[] lossless() {
    return Fixtures.webp(png(BufferedImage.TYPE_3BYTE_BGR), Imgcodecs.IMREAD_COLOR, 101);
  }

  private static byte[] bytes(FaceImage image) {
    byte[] bgr = new byte[image.bgr().remaining()];
    image.bgr().get(bgr);
    return bgr;
  }

  private static void assertPixelsOfOpenCv(byte[] file, String what) {
    FaceImage image = FaceImage.read(file);
    DecodedPixels expected = OpenCvReference.decode(file);
    assertThat(image.width()).as(what).isEqualTo(expected.width());
    assertThat(bytes(image)).as(what).isEqualTo(expected.bgr());
  }

  @Test
  void decoder_isLookedUpOnce() {
    assertThat(NativeDecoders.find()).isPresent().isSameAs(NativeDecoders.find());
  }

  @ParameterizedTest
  @CsvSource({"80, 'VP8 '", "101, VP8L"})
  void read_webp(int quality, String kind) {
    for (int[] size : SIZES) {
      byte[] png =
          Fixtures.write(
              JdkJpegDecoderTest.lively(size[0], size[1], BufferedImage.TYPE_3BYTE_BGR), "png");
      byte[] file = Fixtures.webp(png, Imgcodecs.IMREAD_COLOR, quality);
      assertThat(new String(file, 12, 4, StandardCharsets.US_ASCII)).isEqualTo(kind);
      assertPixelsOfOpenCv(file, kind + Arrays.toString(size));
      if (quality > 100) {
        assertThat(bytes(FaceImage.read(file))).isEqualTo(bytes(FaceImage.read(png)));
      }
    }
  }

  @Test
  void read_webpWithAlpha_dropsIt() {
    byte[] stored = png(BufferedImage.TYPE_INT_ARGB);
    byte[] file = Fixtures.webp(stored, Imgcodecs.IMREAD_UNCHANGED, 101);
    assertThat(bytes(FaceImage.read(file))).isEqualTo(bytes(FaceImage.read(stored)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void read_webp_uprightByExif(int orientation) {
    byte[] exif = Fixtures.riffChunk("EXIF", Fixtures.tiff(orientation));
    FaceImage image = FaceImage.read(Fixtures.extendedWebp(lossless(), 8, 24, 16, exif));
    byte[] turned =
        Fixtures.insert(
            png(BufferedImage.TYPE_3BYTE_BGR),
            33,
            Fixtures.chunk("eXIf", Fixtures.tiff(orientation)));
    assertThat(image.width()).isEqualTo(orientation < 5 ? 24 : 16);
    assertThat(bytes(image)).isEqualTo(bytes(FaceImage.read(turned)));
  }

  @Test
  void read_webp_cut() {
    byte[] whole =
        Fixtures.webp(
            Fixtures.write(JdkJpegDecoderTest.lively(100, 75, BufferedImage.TYPE_3BYTE_BGR), "png"),
            Imgcodecs.IMREAD_COLOR,
            80);
    byte[] cut = Arrays.copyOf(whole, whole.length - 20);
    assertThatThrownBy(() -> FaceImage.read(cut))
        .satisfies(fault(Reason.DAMAGED))
        .hasMessageContaining("cut off after")
        .hasMessageEndingWith("set ImageOptions.acceptTruncated");
  }

  @Test
  void read_webp_damaged() {
    byte[] file = lossless();
    Arrays.fill(file, 25, file.length, (byte) 0xff);
    assertThatThrownBy(() -> FaceImage.read(file)).satisfies(fault(Reason.DAMAGED));
  }

  @Test
  void read_webp_whoseSizesDisagree() {
    assertThatThrownBy(() -> FaceImage.read(Fixtures.extendedWebp(lossless(), 0, 2, 2)))
        .satisfies(fault(Reason.DAMAGED));
  }

  /** The upper half is there; decoders fill the rest in their own ways. */
  @Test
  void read_jpeg_cutWhereAccepted_asFarAsItGoes() {
    byte[] whole =
        Fixtures.jpeg(JdkJpegDecoderTest.lively(640, 480, BufferedImage.TYPE_3BYTE_BGR), false);
    byte[] cut = Arrays.copyOf(whole, whole.length / 2 + 1000);
    assertThatThrownBy(() -> FaceImage.read(cut)).satisfies(fault(Reason.DAMAGED));
    FaceImage image = FaceImage.read(cut, ImageOptions.defaults().withAcceptTruncated(true));
    int upper = 3 * 640 * 200;
    assertThat(Arrays.copyOf(bytes(image), upper))
        .isEqualTo(Arrays.copyOf(bytes(FaceImage.read(whole)), upper));
  }

  @Test
  void read_webp_overALimit() {
    assertThatThrownBy(() -> FaceImage.read(lossless(), ImageOptions.defaults().withMaxSide(23)))
        .satisfies(fault(Reason.TOO_LARGE));
  }

  /** Kinds that the JDK decodes, and those that it does not. */
  @ParameterizedTest
  @ValueSource(strings = {"0x411111", "0x111111", "0x211111", "0x221111", "0x121111"})
  void read_jpegOfEachSampling_baselineAndProgressive(String factor) {
    for (int[] size : SIZES) {
      byte[] png =
          Fixtures.write(
              JdkJpegDecoderTest.lively(size[0], size[1], BufferedImage.TYPE_3BYTE_BGR), "png");
      for (int progressive = 0; progressive < 2; progressive++) {
        byte[] file =
            Fixtures.encoded(
                ".jpg",
                png,
                Imgcodecs.IMREAD_COLOR,
                Imgcodecs.IMWRITE_JPEG_SAMPLING_FACTOR,
                Integer.decode(factor),
                Imgcodecs.IMWRITE_JPEG_PROGRESSIVE,
                progressive);
        assertPixelsOfOpenCv(file, factor + Arrays.toString(size) + progressive);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpg", "png", "bmp"})
  void read_whatImageIoWrites(String format) {
    for (int[] size : SIZES) {
      for (int type :
          List.of(
              BufferedImage.TYPE_3BYTE_BGR,
              BufferedImage.TYPE_BYTE_GRAY,
              BufferedImage.TYPE_BYTE_INDEXED,
              BufferedImage.TYPE_BYTE_BINARY)) {
        if (format.equals("jpg") && type >= BufferedImage.TYPE_BYTE_BINARY) {
          continue; // a JPEG has no palette
        }
        byte[] file = Fixtures.write(JdkJpegDecoderTest.lively(size[0], size[1], type), format);
        assertPixelsOfOpenCv(file, format + type + Arrays.toString(size));
      }
    }
  }

  static Stream<Arguments> seeds() {
    byte[] webp = lossless();
    byte[] png = png(BufferedImage.TYPE_3BYTE_BGR);
    List<byte[]> files = new ArrayList<>();
    files.add(webp);
    files.add(Fixtures.extendedWebp(webp, 8, 24, 16, Fixtures.riffChunk("EXIF", new byte[9])));
    files.add(Fixtures.webp(png, Imgcodecs.IMREAD_COLOR, 80));
    files.add(
        Fixtures.encoded(
            ".jpg", png, Imgcodecs.IMREAD_COLOR, Imgcodecs.IMWRITE_JPEG_SAMPLING_FACTOR, 0x411111));
    return files.stream().map(Arguments::of);
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "60s")
  void anyBytes_areAnImageOrAnError(byte[] file) {
    ImageFuzzTest.assertImageOrError(file);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void oneByteChanged_isAnImageOrAnError(byte[] file) {
    ImageFuzzTest.assertImagesOrErrors_withOneByteChanged(file);
  }
}
