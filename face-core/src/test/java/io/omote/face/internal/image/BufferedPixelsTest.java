// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.FaceImage;
import java.awt.Point;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DirectColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An image that Java reads has the same pixels as an image that this library reads. */
class BufferedPixelsTest {
  private static final int WIDTH = 64;
  private static final int HEIGHT = 32;

  private static byte[] pixels(FaceImage image) {
    byte[] pixels = new byte[image.bgr().remaining()];
    image.bgr().get(pixels);
    return pixels;
  }

  private static byte[] pixel(FaceImage image, int x, int y) {
    byte[] pixel = new byte[3];
    image.bgr().get(3 * (y * image.width() + x), pixel);
    return pixel;
  }

  private static BufferedImage imageIo(byte[] file) {
    try {
      return ImageIO.read(new ByteArrayInputStream(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void fill(BufferedImage image) {
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.setRGB(x, y, 0xff000000 | 4 * x << 16 | 8 * y << 8 | 2 * (x + y));
      }
    }
  }

  /** All depths and kinds of a PNG, with random rows. */
  @ParameterizedTest
  @CsvSource({
    "1, 0", "2, 0", "4, 0", "8, 0", "16, 0", "8, 2", "16, 2", "1, 3", "2, 3", "4, 3", "8, 3",
    "8, 4", "16, 4", "8, 6", "16, 6"
  })
  void of_eachKindOfPng(int depth, int kind) {
    int samples = new int[] {1, 0, 3, 1, 2, 0, 4}[kind];
    byte[] rows = new byte[HEIGHT * (1 + WIDTH * samples * depth / 8)];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (byte) (i % (rows.length / HEIGHT) == 0 ? 0 : i * 37);
    }
    byte[] palette = new byte[3 << depth];
    for (int i = 0; i < palette.length; i++) {
      palette[i] = (byte) (i * 91);
    }
    byte[] file =
        kind == 3
            ? Fixtures.png(WIDTH, HEIGHT, depth, kind, rows, Fixtures.chunk("PLTE", palette))
            : Fixtures.png(WIDTH, HEIGHT, depth, kind, rows);
    assertThat(pixels(FaceImage.of(imageIo(file)))).isEqualTo(pixels(FaceImage.read(file)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp"})
  void of_eachTypeThatCanBeWritten(String format) throws IOException {
    int written = 0;
    for (int type = BufferedImage.TYPE_INT_RGB; type <= BufferedImage.TYPE_BYTE_INDEXED; type++) {
      BufferedImage image = new BufferedImage(WIDTH, HEIGHT, type);
      fill(image);
      if (ImageIO.write(image, format, new java.io.ByteArrayOutputStream())) {
        written++;
        byte[] read = pixels(FaceImage.read(Fixtures.write(image, format)));
        assertThat(pixels(FaceImage.of(image))).as("type %d", type).isEqualTo(read);
      }
    }
    assertThat(written).isGreaterThan(5);
  }

  @Test
  void of_grayJpeg() {
    BufferedImage gray = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
    fill(gray);
    byte[] file = Fixtures.jpeg(gray, false);
    byte[] expected = pixels(FaceImage.read(file));
    byte[] found = pixels(FaceImage.of(imageIo(file)));
    for (int i = 0; i < expected.length; i++) {
      assertThat((found[i] & 0xff) - (expected[i] & 0xff)).isBetween(-2, 2);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY})
  void of_gray_keepsItsLevels(int type) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, type);
    int middle = type == BufferedImage.TYPE_BYTE_GRAY ? 128 : 0x80ff;
    image.getRaster().setSample(3, 2, 0, middle);
    byte[] level = {(byte) 128, (byte) 128, (byte) 128};
    assertThat(pixel(FaceImage.of(image), 3, 2)).isEqualTo(level);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_INT_RGB,
        BufferedImage.TYPE_3BYTE_BGR,
        BufferedImage.TYPE_BYTE_GRAY,
        BufferedImage.TYPE_USHORT_GRAY,
        BufferedImage.TYPE_USHORT_565_RGB,
        BufferedImage.TYPE_BYTE_INDEXED,
        BufferedImage.TYPE_BYTE_BINARY,
        BufferedImage.TYPE_4BYTE_ABGR_PRE
      })
  void of_partOfAnotherImage(int type) {
    BufferedImage whole = new BufferedImage(WIDTH, HEIGHT, type);
    fill(whole);
    FaceImage all = FaceImage.of(whole);
    FaceImage part = FaceImage.of(whole.getSubimage(7, 5, 21, 13));
    assertThat(part.width()).isEqualTo(21);
    for (int y = 0; y < 13; y++) {
      for (int x = 0; x < 21; x++) {
        assertThat(pixel(part, x, y)).isEqualTo(pixel(all, x + 7, y + 5));
      }
    }
  }

  private static BufferedImage custom(ColorModel model, int... samples) {
    WritableRaster raster = model.createCompatibleWritableRaster(1, 1);
    raster.setPixel(0, 0, samples);
    return new BufferedImage(model, raster, model.isAlphaPremultiplied(), null);
  }

  private static ColorModel components(
      int space, boolean alpha, boolean premultiplied, int transfer) {
    return new ComponentColorModel(
        ColorSpace.getInstance(space),
        alpha,
        premultiplied,
        alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE,
        transfer);
  }

  static Stream<BufferedImage> orange() {
    int rgb = ColorSpace.CS_sRGB;
    ICC_ColorSpace profile =
        new ICC_ColorSpace(ICC_Profile.getInstance(ICC_Profile.getInstance(rgb).getData())) {
          private static final long serialVersionUID = 1L;

          @Override
          public float[] toRGB(float[] components) {
            throw new AssertionError("the profile counts");
          }
        };
    ColorModel profiled =
        new ComponentColorModel(profile, false, false, Transparency.OPAQUE, DataBuffer.TYPE_BYTE);
    BufferedImage floats =
        new BufferedImage(
            components(rgb, false, false, DataBuffer.TYPE_FLOAT),
            components(rgb, false, false, DataBuffer.TYPE_FLOAT)
                .createCompatibleWritableRaster(1, 1),
            false,
            null);
    floats.getRaster().setPixel(0, 0, new float[] {1, 128 / 255f, 0});
    return Stream.of(
        custom(components(rgb, false, false, DataBuffer.TYPE_BYTE), 255, 128, 0),
        custom(components(rgb, true, false, DataBuffer.TYPE_BYTE), 255, 128, 0, 0),
        custom(components(rgb, true, true, DataBuffer.TYPE_BYTE), 128, 64, 0, 128),
        custom(components(rgb, false, false, DataBuffer.TYPE_USHORT), 0xff00, 0x8012, 0),
        custom(components(rgb, true, false, DataBuffer.TYPE_USHORT), 0xffff, 0x80ff, 0xff, 7),
        custom(profiled, 255, 128, 0),
        custom(new DirectColorModel(30, 0x3ff00000, 0xffc00, 0x3ff), 1023, 514, 0),
        custom(new DirectColorModel(profile, 24, 0xff, 0xff00, 0xff0000, 0, false, 3), 255, 128, 0),
        custom(
            new IndexColorModel(
                8, 2, new byte[] {0, -1}, new byte[] {0, -128}, new byte[] {0, 0}, 0),
            1),
        floats);
  }

  @ParameterizedTest
  @MethodSource("orange")
  void of_customColorModels(BufferedImage image) {
    byte[] pixel = pixel(FaceImage.of(image), 0, 0);
    assertThat(pixel[0]).isEqualTo((byte) 0);
    assertThat(pixel[1] & 0xff).isBetween(127, 129);
    assertThat(pixel[2]).isEqualTo((byte) 255);
  }

  @Test
  void of_grayOfOtherTypes() {
    for (int transfer : new int[] {DataBuffer.TYPE_FLOAT, DataBuffer.TYPE_DOUBLE}) {
      ColorModel model = components(ColorSpace.CS_GRAY, false, false, transfer);
      WritableRaster raster = model.createCompatibleWritableRaster(1, 1);
      raster.setPixel(0, 0, new double[] {128 / 255.0});
      BufferedImage image = new BufferedImage(model, raster, false, null);
      assertThat(pixel(FaceImage.of(image), 0, 0)).containsOnly(128);
    }
    ColorModel premultiplied = components(ColorSpace.CS_GRAY, true, true, DataBuffer.TYPE_BYTE);
    assertThat(pixel(FaceImage.of(custom(premultiplied, 64, 128)), 0, 0)).containsOnly(128);
  }

  @Test
  void of_bandsInAnotherOrder() {
    ColorModel model = components(ColorSpace.CS_sRGB, false, false, DataBuffer.TYPE_BYTE);
    WritableRaster raster =
        Raster.createInterleavedRaster(
            DataBuffer.TYPE_BYTE, 2, 1, 10, 4, new int[] {2, 0, 1}, new Point(0, 0));
    raster.setPixel(1, 0, new int[] {1, 2, 3});
    BufferedImage image = new BufferedImage(model, raster, false, null);
    assertThat(pixel(FaceImage.of(image), 1, 0)).containsExactly(3, 2, 1);
  }

  /** Samples that Java declares as linear are light, not gray levels. */
  @Test
  void of_linearLight_isConverted() {
    ColorModel model = components(ColorSpace.CS_LINEAR_RGB, false, false, DataBuffer.TYPE_BYTE);
    byte[] pixel = pixel(FaceImage.of(custom(model, 55, 55, 55)), 0, 0);
    assertThat(pixel[1] & 0xff).isBetween(125, 131);
  }
}
