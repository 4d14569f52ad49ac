// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static io.omote.face.Faults.fault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.ImageException.Reason;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ReadOnlyBufferException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaceImageTest {
  @TempDir Path folder;

  private static BufferedImage image(int type) {
    BufferedImage image = new BufferedImage(40, 30, type);
    for (int y = 0; y < 30; y++) {
      for (int x = 0; x < 40; x++) {
        image.setRGB(x, y, 0xff000000 | 6 * x << 16 | 8 * y << 8 | 3 * (x + y));
      }
    }
    return image;
  }

  private static byte[] encoded(String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image(BufferedImage.TYPE_INT_RGB), format, out);
    return out.toByteArray();
  }

  private static byte[] bgr(FaceImage image) {
    byte[] bytes = new byte[image.bgr().remaining()];
    image.bgr().get(bytes);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_INT_RGB,
        BufferedImage.TYPE_INT_ARGB,
        BufferedImage.TYPE_3BYTE_BGR,
        BufferedImage.TYPE_4BYTE_ABGR
      })
  void of_eachType_givesTheSamePixels(int type) {
    FaceImage image = FaceImage.of(image(type));
    assertThat(image.width()).isEqualTo(40);
    assertThat(image.height()).isEqualTo(30);
    int at = 3 * (7 * 40 + 11);
    assertThat(image.bgr().get(at)).isEqualTo((byte) (3 * 18));
    assertThat(image.bgr().get(at + 1)).isEqualTo((byte) (8 * 7));
    assertThat(image.bgr().get(at + 2)).isEqualTo((byte) (6 * 11));
  }

  @Test
  void toBufferedImage_roundTrip() {
    FaceImage image = FaceImage.of(image(BufferedImage.TYPE_INT_RGB));
    assertThat(bgr(FaceImage.of(image.toBufferedImage()))).isEqualTo(bgr(image));
  }

  @Test
  void read_pathBytesAndStream_agree() throws IOException {
    byte[] png = encoded("png");
    Path file = folder.resolve("a.image");
    Files.write(file, png);
    byte[] expected = bgr(FaceImage.of(image(BufferedImage.TYPE_INT_RGB)));
    assertThat(bgr(FaceImage.read(file))).isEqualTo(expected);
    assertThat(bgr(FaceImage.read(png))).isEqualTo(expected);
    assertThat(bgr(FaceImage.read(new ByteArrayInputStream(png)))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "bmp"})
  void read_eachFormat_cutOff_isRefusedOrAcceptedAsAsked(String format) throws IOException {
    byte[] whole = encoded(format);
    byte[] cut = Arrays.copyOf(whole, whole.length - whole.length / 4);
    assertThatThrownBy(() -> FaceImage.read(cut))
        .satisfies(fault(Reason.DAMAGED))
        .hasMessageContaining("cut off after " + cut.length + " bytes");
  }

  @Test
  void read_cutOffPng_lenient_decodesWhatIsThere() throws IOException {
    byte[] whole = encoded("png");
    byte[] cut = Arrays.copyOf(whole, whole.length - 40);
    ImageOptions lenient = ImageOptions.defaults().withAcceptTruncated(true);
    assertThat(FaceImage.read(cut, lenient).width()).isEqualTo(40);
  }

  @Test
  void read_bad_saysWhatAndWhichFile() throws IOException {
    Path missing = folder.resolve("missing.jpg");
    assertThatThrownBy(() -> FaceImage.read(missing))
        .satisfies(fault(Reason.UNREADABLE))
        .hasMessageContainingAll("missing.jpg", "found no file", "check the path");
    Path empty = Files.createFile(folder.resolve("empty.jpg"));
    assertThatThrownBy(() -> FaceImage.read(empty))
        .satisfies(fault(Reason.DAMAGED))
        .hasMessageContainingAll("empty.jpg", "empty");
    Path text = Files.writeString(folder.resolve("text.jpg"), "not an image at all");
    assertThatThrownBy(() -> FaceImage.read(text))
        .satisfies(fault(Reason.UNSUPPORTED_FORMAT))
        .hasMessageContainingAll("text.jpg", "expected a JPEG, PNG or BMP image");
    assertThatThrownBy(() -> FaceImage.read(folder)).satisfies(fault(Reason.UNREADABLE));
    assertThatThrownBy(() -> FaceImage.read("GIF89a".getBytes()))
        .satisfies(fault(Reason.UNSUPPORTED_FORMAT))
        .hasMessageContaining("found GIF");
    byte[] damaged = encoded("png");
    Arrays.fill(damaged, 60, damaged.length - 60, (byte) 0x55);
    assertThatThrownBy(() -> FaceImage.read(damaged)).satisfies(fault(Reason.DAMAGED));
  }

  @Test
  void read_beyondLimits_isRefused() throws IOException {
    byte[] png = encoded("png");
    ImageOptions defaults = ImageOptions.defaults();
    for (ImageOptions options :
        new ImageOptions[] {
          defaults.withMaxBytes(png.length - 1),
          defaults.withMaxPixels(1199),
          defaults.withMaxSide(39)
        }) {
      assertThatThrownBy(() -> FaceImage.read(png, options))
          .satisfies(fault(Reason.TOO_LARGE))
          .hasMessageContaining("ImageOptions");
    }
    assertThat(FaceImage.read(png, defaults.withMaxPixels(1200).withMaxSide(40)).height())
        .isEqualTo(30);
  }

  @Test
  void ofBgr_copiesAndChecks() {
    byte[] bytes = {1, 2, 3};
    FaceImage image = FaceImage.ofBgr(bytes, 1, 1);
    bytes[0] = 99;
    assertThat(image.bgr().get(0)).isEqualTo((byte) 1);
    assertThatThrownBy(() -> image.bgr().put(0, (byte) 5))
        .isInstanceOf(ReadOnlyBufferException.class);
    assertThatThrownBy(() -> FaceImage.ofBgr(bytes, 2, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected 6 bytes");
    assertThatThrownBy(() -> FaceImage.ofBgr(bytes, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> FaceImage.ofBgr(bytes, 1 << 20, 1 << 20))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void turned_isClockwise() {
    // Two columns, three rows.
    FaceImage image =
        FaceImage.ofBgr(new byte[] {1, 0, 0, 2, 0, 0, 3, 0, 0, 4, 0, 0, 5, 0, 0, 6, 0, 0}, 2, 3);
    assertThat(image.turned(0)).isSameAs(image);
    assertThat(image.turned(90).width()).isEqualTo(3);
    assertThat(bgr(image.turned(90)))
        .containsExactly(5, 0, 0, 3, 0, 0, 1, 0, 0, 6, 0, 0, 4, 0, 0, 2, 0, 0);
    assertThat(bgr(image.turned(180)))
        .containsExactly(6, 0, 0, 5, 0, 0, 4, 0, 0, 3, 0, 0, 2, 0, 0, 1, 0, 0);
    assertThat(bgr(image.turned(270)))
        .containsExactly(2, 0, 0, 4, 0, 0, 6, 0, 0, 1, 0, 0, 3, 0, 0, 5, 0, 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {-90, 1, 45, 360})
  void turned_byOtherDegrees_isRefused(int degrees) {
    assertThatThrownBy(() -> FaceImage.of(image(BufferedImage.TYPE_INT_RGB)).turned(degrees))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected a turn of 0, 90, 180 or 270 degrees, found " + degrees);
  }
}
