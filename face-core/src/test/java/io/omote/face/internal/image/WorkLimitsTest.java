// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import static io.omote.face.Faults.fault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.FaceImage;
import io.omote.face.ImageException;
import io.omote.face.ImageException.Reason;
import io.omote.face.ImageOptions;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files whose few bytes, or many parts, would cause much work are rejected before the work. */
class WorkLimitsTest {
  private static final ImageOptions DEFAULTS = ImageOptions.defaults();
  private static final BufferedImage QUARTERS = Fixtures.quarters(BufferedImage.TYPE_3BYTE_BGR);
  private static final byte[] JPEG = Fixtures.jpeg(QUARTERS, false);
  private static final byte[] PNG = Fixtures.write(QUARTERS, "png");

  /** A scan without data, for the lowest coefficients of the first component. */
  private static final byte[] EMPTY_SCAN = {(byte) 0xff, (byte) 0xda, 0, 8, 1, 1, 0, 0, 0, 0};

  private static byte[] times(int count, byte[] bytes) {
    ByteBuffer all = ByteBuffer.allocate(count * bytes.length);
    for (int i = 0; i < count; i++) {
      all.put(bytes);
    }
    return all.array();
  }

  /** Reads it twice: the first time includes the warm-up of the JVM. */
  private static void assertRefused(String what, byte[] file, String limit) {
    for (int i = 0; i < 2; i++) {
      long start = System.nanoTime();
      assertThatThrownBy(() -> FaceImage.read(file))
          .satisfies(fault(Reason.TOO_LARGE))
          .hasMessageContaining("raise ImageOptions." + limit);
      System.out.printf(
          "refused %s, %d bytes, in %.1f ms%n",
          what, file.length, (System.nanoTime() - start) / 1e6);
    }
  }

  /** Returns a progressive image with its own scans and a number of empty ones. */
  private static byte[] withScans(int count) {
    byte[] file = Fixtures.jpeg(QUARTERS, true);
    return Fixtures.insert(file, file.length - 2, times(count, EMPTY_SCAN));
  }

  private static int scansOf(byte[] jpeg) {
    int scans = 0;
    for (int i = 0; i + 1 < jpeg.length; i++) {
      scans += jpeg[i] == (byte) 0xff && jpeg[i + 1] == (byte) 0xda ? 1 : 0;
    }
    return scans;
  }

  @Test
  void read_manyScans() {
    assertRefused("scans", withScans(2000), "maxScans");
    assertRefused("scans", withScans(2_400_000), "maxScans");
    byte[] most = withScans(64 - scansOf(withScans(0)));
    assertThat(scansOf(most)).isEqualTo(64);
    assertWithinTheLimit(most, DEFAULTS);
    assertWithinTheLimit(withScans(64), DEFAULTS.withMaxScans(100));
    assertThatThrownBy(() -> FaceImage.read(JPEG, DEFAULTS.withMaxSegments(3)))
        .hasMessageContaining("at most 3 segments");
  }

  /** Only OpenCV reads that many scans, and empty ones. */
  private static void assertWithinTheLimit(byte[] file, ImageOptions options) {
    try {
      assertThat(FaceImage.read(file, options).width()).isEqualTo(24);
    } catch (ImageException e) {
      assertThat(e)
          .satisfies(fault(Reason.UNSUPPORTED_FORMAT))
          .hasMessageContaining("io.omote:face-opencv");
    }
  }

  @Test
  void read_scansBehindMuchData() {
    byte[] data = new byte[24_000_000];
    byte[] file = withScans(0);
    file = Fixtures.insert(file, file.length - 2, data);
    file = Fixtures.insert(file, file.length - 2, times(100, EMPTY_SCAN));
    assertRefused("scans behind data", file, "maxScans");
  }

  @ParameterizedTest
  @ValueSource(ints = {0xd0, 0xd8, 0x01})
  void read_manyMarkersWithoutSegments(int marker) {
    byte[] bytes = {(byte) 0xff, (byte) marker};
    byte[] storm = times(12_000_000, bytes);
    assertRefused("markers", Fixtures.insert(JPEG, JPEG.length - 2, storm), "maxSegments");
    assertRefused("markers", Fixtures.insert(JPEG, 2, storm), "maxSegments");
  }

  @ParameterizedTest
  @ValueSource(ints = {0xc4, 0xdb, 0xdd, 0xe1, 0xe7, 0xfe})
  void read_manySegments(int marker) {
    byte[] bytes = {(byte) 0xff, (byte) marker, 0, 2};
    assertRefused("segments", Fixtures.insert(JPEG, 2, times(6_000_000, bytes)), "maxSegments");
  }

  @ParameterizedTest
  @ValueSource(strings = {"IDAT", "tEXt", "eXIf", "fdAT", "prVt"})
  void read_manyChunks(String name) {
    byte[] chunks = times(2_000_000, Fixtures.chunk(name, new byte[0]));
    assertRefused("chunks", Fixtures.insert(PNG, 33, chunks), "maxSegments");
  }

  @Test
  void read_manyChunksOfWebp() {
    byte[] simple =
        Fixtures.riffChunk("RIFF", "WEBPVP8L\0\0\0\0".getBytes(StandardCharsets.US_ASCII));
    byte[] many = times(3_000_000, Fixtures.riffChunk("EXIF", new byte[0]));
    assertRefused("chunks", Fixtures.extendedWebp(simple, 8, 24, 16, many), "maxSegments");
  }

  /** Below the limit, metadata is removed before the decoder sees it. */
  @Test
  void read_manySegmentsWithinTheLimit() {
    byte[] comment = {(byte) 0xff, (byte) 0xfe, 0, 2};
    byte[] jpeg = Fixtures.insert(JPEG, 2, times(249_000, comment));
    assertThat(FaceImage.read(jpeg).bgr()).isEqualTo(FaceImage.read(JPEG).bgr());
    byte[] text = Fixtures.chunk("tEXt", new byte[0]);
    byte[] png = Fixtures.insert(PNG, 33, times(249_000, text));
    assertThat(FaceImage.read(png).bgr()).isEqualTo(FaceImage.read(PNG).bgr());
  }

  /** Texts that inflate a thousandfold are inflated only at their beginning. */
  @Test
  void read_profilesThatUnfold() {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    text.writeBytes("Raw profile type exif\0\0".getBytes(StandardCharsets.US_ASCII));
    text.writeBytes(Fixtures.deflate(new byte[10_000_000]));
    byte[] chunks = times(2000, Fixtures.chunk("zTXt", text.toByteArray()));
    byte[] file = Fixtures.insert(PNG, 33, chunks);
    long start = System.nanoTime();
    assertThat(FaceImage.read(file).width()).isEqualTo(24);
    System.out.printf(
        "read %d bytes that unfold to 20 GB in %.1f ms%n",
        file.length, (System.nanoTime() - start) / 1e6);
  }

  /** A file with restart markers as encoders write them, one for each block, is accepted. */
  @Test
  void read_restartMarkersWithinTheLimit() {
    byte[] restarts = new byte[2 * 200_000];
    for (int i = 0; i < restarts.length; i += 2) {
      restarts[i] = (byte) 0xff;
      restarts[i + 1] = (byte) (0xd0 + i / 2 % 8);
    }
    byte[] file = Fixtures.insert(JPEG, JPEG.length - 2, restarts);
    assertThat(FaceImage.read(file).bgr()).isEqualTo(FaceImage.read(JPEG).bgr());
  }

  @Test
  void limitsMustBePositive() {
    assertThatThrownBy(() -> DEFAULTS.withMaxScans(0)).hasMessageContaining("scans, found 0");
    assertThatThrownBy(() -> DEFAULTS.withMaxSegments(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("segments, found -1");
    assertThatThrownBy(() -> DEFAULTS.withMaxSide(0)).hasMessageContaining("a side, found 0");
    assertThatThrownBy(() -> DEFAULTS.withMaxBytes(0)).hasMessageContaining("bytes, found 0");
    assertThatThrownBy(() -> DEFAULTS.withMaxPixels(0)).hasMessageContaining("pixels, found 0");
  }
}
