// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.omote.face.FaceImage;
import io.omote.face.ImageException;
import io.omote.face.internal.files.ImageFile;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hidden parts of images, in each format with transparency. */
class DisplayedImageTest {
  /** A row of four pixels: opaque, half opaque, hidden, opaque; red, green, blue of each. */
  private static final byte[] COLORS = {
    (byte) 200, 10, 20, 30, (byte) 180, 40, 111, 112, 113, 50, 60, (byte) 170
  };

  private static final byte[] ALPHA = {(byte) 255, (byte) 128, 0, (byte) 255};

  @TempDir private Path folder;

  private DisplayedImage read(byte[] content) throws IOException {
    return DisplayedImage.read(Files.write(folder.resolve("image"), content));
  }

  /** Returns a PNG of one row. */
  private static byte[] png(int width, int depth, int colorType, byte[] row, byte[]... chunks)
      throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(1);
    header.put((byte) depth).put((byte) colorType);
    file.writeBytes(chunk("IHDR", header.array()));
    for (byte[] chunk : chunks) {
      file.writeBytes(chunk);
    }
    byte[] filtered = new byte[row.length + 1];
    System.arraycopy(row, 0, filtered, 1, row.length);
    Deflater deflater = new Deflater();
    deflater.setInput(filtered);
    deflater.finish();
    byte[] data = new byte[1000];
    int length = deflater.deflate(data);
    file.writeBytes(chunk("IDAT", Arrays.copyOf(data, length)));
    file.writeBytes(chunk("IEND"));
    return file.toByteArray();
  }

  private static byte[] chunk(String name, byte... data) {
    ByteBuffer chunk = ByteBuffer.allocate(12 + data.length);
    chunk.putInt(data.length).put(name.getBytes(StandardCharsets.US_ASCII)).put(data);
    CRC32 sum = new CRC32();
    sum.update(chunk.array(), 4, 4 + data.length);
    return chunk.putInt((int) sum.getValue()).array();
  }

  /** Returns a row of RGBA samples with a number of bytes each. */
  private static byte[] rgba(int bytes) {
    ByteBuffer row = ByteBuffer.allocate(16 * bytes);
    for (int x = 0; x < 4; x++) {
      for (int channel = 0; channel < 4; channel++) {
        byte sample = channel == 3 ? ALPHA[x] : COLORS[3 * x + channel];
        for (int i = 0; i < bytes; i++) {
          row.put(sample);
        }
      }
    }
    return row.array();
  }

  private static void assertHidesTheThird(DisplayedImage shown, boolean halfToo) {
    BufferedImage image = shown.toBufferedImage();
    assertThat(shown.isOpaque()).isFalse();
    assertThat(image.getRGB(0, 0)).isEqualTo(0xff_c8_0a_14);
    assertThat(image.getRGB(1, 0)).isEqualTo(halfToo ? 0x80_1e_b4_28 : 0xff_1e_b4_28);
    assertThat(image.getRGB(2, 0)).isZero();
    assertThat(image.getRGB(3, 0)).isEqualTo(0xff_32_3c_aa);
    assertThat(shown.onWhite().bgr().get(6)).isEqualTo((byte) 255);
    // Of blue 40, half of it on white.
    assertThat(shown.onWhite().bgr().get(3) & 0xff)
        .isBetween(halfToo ? 147 : 40, halfToo ? 148 : 40);
  }

  @Test
  void png_withAlpha_hidesWhatItHides() throws IOException {
    assertHidesTheThird(read(png(4, 8, 6, rgba(1))), true);
    assertHidesTheThird(read(png(4, 16, 6, rgba(2))), true);
  }

  @Test
  void png_withATransparentColor_hidesIt() throws IOException {
    byte[] third = {0, 111, 0, 112, 0, 113};
    assertHidesTheThird(read(png(4, 8, 2, COLORS, chunk("tRNS", third))), false);

    byte[] palette = chunk("PLTE", COLORS);
    byte[] indices = {0, 1, 2, 3};
    assertHidesTheThird(read(png(4, 8, 3, indices, palette, chunk("tRNS", ALPHA))), true);
  }

  @Test
  void grayPng_hidesWhatItHides() throws IOException {
    byte[] grayAndAlpha = {40, (byte) 255, 50, (byte) 128, 60, 0};
    BufferedImage image = read(png(3, 8, 4, grayAndAlpha)).toBufferedImage();
    assertThat(image.getRGB(1, 0)).isEqualTo(0x80_32_32_32);
    assertThat(image.getRGB(2, 0)).isZero();

    byte[] gray = {40, 50, 60};
    DisplayedImage shown = read(png(3, 8, 0, gray, chunk("tRNS", new byte[] {0, 60})));
    assertThat(shown.toBufferedImage().getRGB(1, 0)).isEqualTo(0xff_32_32_32);
    assertThat(shown.toBufferedImage().getRGB(2, 0)).isZero();
  }

  /** The orientation applies to colors and transparency. */
  @ParameterizedTest
  @CsvSource({"1, 2, 0", "2, 1, 0", "3, 1, 0", "6, 0, 2", "8, 0, 1"})
  void png_thatIsTurned_isTurnedWithItsTransparency(int orientation, int x, int y)
      throws IOException {
    byte[] file = png(4, 8, 6, rgba(1), turned(orientation));
    BufferedImage image = read(file).toBufferedImage();
    for (int row = 0; row < image.getHeight(); row++) {
      for (int column = 0; column < image.getWidth(); column++) {
        assertThat(image.getRGB(column, row) == 0).isEqualTo(column == x && row == y);
      }
    }
  }

  /** Data after the end may be another image, or the rest of an overwritten file. */
  @Test
  void whatIsBehindTheEnd_saysNothing() throws IOException {
    byte[] file = png(4, 8, 6, rgba(1));
    ByteArrayOutputStream longer = new ByteArrayOutputStream();
    longer.writeBytes(file);
    longer.writeBytes(turned(2));
    longer.writeBytes(chunk("tRNS", new byte[6]));
    assertHidesTheThird(read(longer.toByteArray()), true);
  }

  /** Returns metadata with an orientation. */
  private static byte[] turned(int orientation) {
    ByteBuffer exif = ByteBuffer.allocate(26).put(new byte[] {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1});
    exif.putShort((short) 0x112).putShort((short) 3).putInt(1).putShort((short) orientation);
    return chunk("eXIf", exif.array());
  }

  @Test
  void png_ofOpaqueAlpha_isOpaque() throws IOException {
    byte[] row = rgba(1);
    for (int x = 0; x < 4; x++) {
      row[4 * x + 3] = (byte) 255;
    }
    DisplayedImage shown = read(png(4, 8, 6, row));
    assertThat(shown.isOpaque()).isTrue();
    assertThat(shown.toBufferedImage().getType()).isEqualTo(BufferedImage.TYPE_3BYTE_BGR);
  }

  private static byte[] bmp(int alphaOfSecond, int compression) {
    ByteBuffer file = ByteBuffer.allocate(14 + 108 + 8).order(ByteOrder.LITTLE_ENDIAN);
    file.put((byte) 'B').put((byte) 'M').putInt(file.capacity()).putInt(0).putInt(14 + 108);
    file.putInt(108).putInt(2).putInt(1).putShort((short) 1).putShort((short) 32);
    file.putInt(compression).putInt(8).putInt(0).putInt(0).putInt(0).putInt(0);
    file.putInt(0xff0000).putInt(0xff00).putInt(0xff).putInt(0xff000000);
    file.position(14 + 108);
    file.putInt(alphaOfSecond == 0 ? 0x000a0b0c : 0xff0a0b0c);
    file.putInt(alphaOfSecond << 24 | 0x0d0e0f);
    return file.array();
  }

  @Test
  void bmp_withAlpha_hidesWhatItHides() throws IOException {
    BufferedImage image = read(bmp(0x20, 3)).toBufferedImage();
    assertThat(image.getRGB(0, 0)).isEqualTo(0xff_0a_0b_0c);
    assertThat(image.getRGB(1, 0)).isEqualTo(0x20_0d_0e_0f);
    // All zero: shown by viewers all the same. Without masks: of no meaning.
    assertThat(read(bmp(0, 3)).isOpaque()).isTrue();
    assertThat(read(bmp(0x20, 0)).isOpaque()).isTrue();
  }

  /** Files of one pixel, made by cwebp: hidden parts cannot be read, so these files are refused. */
  @Test
  void webp_withAlpha_isRefused() throws IOException {
    byte[] lossless =
        Base64.getDecoder().decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==");
    Path file = Files.write(folder.resolve("image.webp"), lossless);
    DisplayedImage image = DisplayedImage.read(file);

    assertThatThrownBy(image::toBufferedImage)
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("image.webp: expected an image whose transparency can be read");

    byte[] opaque = lossless.clone();
    opaque[24] &= ~0x10;
    Files.write(file, opaque);
    assertThat(DisplayedImage.read(file).isOpaque()).isTrue();
  }

  @Test
  void formatsWithoutTransparency_showItOnWhite() throws IOException {
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x00_11_22_33);
    for (String name : new String[] {"a.jpg", "a.bmp"}) {
      ImageFile.write(image, folder.resolve(name));
      assertThat(FaceImage.read(folder.resolve(name)).bgr().get(0)).isEqualTo((byte) 255);
    }
    IndexColorModel model = new IndexColorModel(1, 2, new byte[2], new byte[2], new byte[2], 1);
    ImageFile.write(
        new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_BINARY, model), folder.resolve("b.jpg"));
    assertThat(folder.resolve("b.jpg")).isNotEmptyFile();
  }

  @Test
  void fileThatCannotBeRead_isReportedAsByTheLibrary() throws IOException {
    Path none = folder.resolve("none.png");
    Path text = Files.writeString(folder.resolve("text.png"), "no image");
    for (Path file : new Path[] {none, text}) {
      String message =
          catchThrowableOfType(ImageException.class, () -> FaceImage.read(file)).getMessage();
      assertThatThrownBy(() -> DisplayedImage.read(file))
          .isInstanceOf(ImageException.class)
          .hasMessage(message)
          .hasMessageStartingWith(file + ": expected ");
    }
  }
}
