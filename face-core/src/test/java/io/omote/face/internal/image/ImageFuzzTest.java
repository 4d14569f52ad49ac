// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.omote.face.FaceException;
import io.omote.face.FaceImage;
import io.omote.face.ImageException;
import io.omote.face.ImageOptions;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
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
    assertImageOrError(file);
  }

  static void assertImageOrError(byte[] file) {
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

  static Stream<Arguments> pngs() {
    return Stream.of(
            BufferedImage.TYPE_3BYTE_BGR,
            BufferedImage.TYPE_4BYTE_ABGR,
            BufferedImage.TYPE_BYTE_INDEXED,
            BufferedImage.TYPE_BYTE_BINARY,
            BufferedImage.TYPE_USHORT_GRAY)
        .map(type -> Arguments.of(Fixtures.write(Fixtures.quarters(type), "png")));
  }

  /** Chunks with the right checksums: the same pixels as OpenCV's, if both read the image. */
  @MethodSource("pngs")
  @FuzzTest(maxDuration = "10m")
  void png(byte[] file) {
    byte[] png = file.clone();
    if (png.length < 41) {
      return;
    }
    System.arraycopy(Fixtures.pngStart(), 0, png, 0, 8);
    byte[] header = Arrays.copyOfRange(png, 16, 29);
    for (int i = 0; i < 8; i++) {
      header[i] = i % 4 == 3 ? (byte) (1 + (header[i] & 63)) : 0;
    }
    System.arraycopy(Fixtures.chunk("IHDR", header), 0, png, 8, 25);
    ByteBuffer in = ByteBuffer.wrap(png);
    CRC32 checksum = new CRC32();
    for (int at = 33, length; at + 12 <= png.length; at += 12 + length) {
      length = in.getInt(at);
      if (length < 0 || length > png.length - at - 12) {
        break;
      }
      checksum.reset();
      checksum.update(png, at + 4, length + 4);
      in.putInt(at + 8 + length, (int) checksum.getValue());
    }
    assertLikeOpenCv(png, false);
  }

  static Stream<Arguments> pngRows() {
    Random random = new Random(5);
    int[] kinds = {0x10, 0x20, 0x40, 0x80, 0x100, 0x82, 0x102, 0x13, 0x83, 0x84, 0x86, 0x106};
    return Arrays.stream(kinds)
        .mapToObj(
            kind -> {
              byte[] input = new byte[1200];
              random.nextBytes(input);
              for (int i = 4; i < input.length; i++) {
                input[i] = (byte) (input[i] & 3);
              }
              System.arraycopy(
                  new byte[] {(byte) (kind >> 4), (byte) (kind & 15), 9, 9}, 0, input, 0, 4);
              return Arguments.of(input);
            });
  }

  /** Rows of any number in a valid file: accepted and decoded exactly if OpenCV does so. */
  @MethodSource("pngRows")
  @FuzzTest(maxDuration = "10m")
  void pngRows(byte[] input) {
    if (input.length < 5) {
      return;
    }
    ByteBuffer header = ByteBuffer.allocate(13).putInt(1 + (input[2] & 31));
    header.putInt(1 + (input[3] & 31)).put(input[0]).put((byte) (input[1] & 7));
    header.put(12, (byte) (input[1] >> 3 & 1));
    byte[] palette = Arrays.copyOf(input, Math.min(input.length / 3 * 3, 48));
    byte[] rows = Arrays.copyOfRange(input, 4, input.length);
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.writeBytes(Fixtures.pngStart());
    png.writeBytes(Fixtures.chunk("IHDR", header.array()));
    png.writeBytes(Fixtures.chunk("PLTE", palette));
    png.writeBytes(Fixtures.chunk("IDAT", Fixtures.deflate(rows)));
    png.writeBytes(Fixtures.chunk("IEND", new byte[0]));
    assertLikeOpenCv(png.toByteArray(), true);
  }

  private static void assertLikeOpenCv(byte[] file, boolean always) {
    ImageOptions options = ImageOptions.defaults().withAcceptTruncated(true);
    try {
      ImageHeader header = ImageHeader.read(file, options);
      byte[] expected = OpenCvReference.bgr(header);
      boolean isRead = expected.length > 0;
      try {
        byte[] bgr = PngFile.decode(header).bgr();
        assertThat(isRead || !always).isTrue();
        if (isRead) {
          assertThat(bgr).isEqualTo(expected);
        }
      } catch (ImageException e) {
        assertThat(e.reason()).isEqualTo(ImageException.Reason.DAMAGED);
        assertThat(isRead && always).isFalse();
      }
    } catch (ImageException e) {
      assertThat(e).hasMessageStartingWith("expected");
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void image_withOneByteChanged(byte[] file) {
    assertImagesOrErrors_withOneByteChanged(file);
  }

  static void assertImagesOrErrors_withOneByteChanged(byte[] file) {
    for (int at = 0; at < file.length; at++) {
      byte[] changed = file.clone();
      changed[at] ^= (byte) (1 << at % 8);
      assertImageOrError(changed);
    }
  }
}
