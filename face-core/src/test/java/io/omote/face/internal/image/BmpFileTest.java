// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import static io.omote.face.Faults.fault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.FaceImage;
import io.omote.face.ImageException.Reason;
import io.omote.face.ImageOptions;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bitmaps of every header, depth, mask and offset, written byte by byte. */
class BmpFileTest {
  private static final int WIDTH = 13;
  private static final int HEIGHT = 9;
  private static final int[] NO_MASKS = {};

  /** The parts of a bitmap, with correct sizes and offsets until a test changes them. */
  private static final class Bmp {
    int header = 40;
    int bits = 24;
    int compression;
    int height = HEIGHT;
    int[] masks = NO_MASKS;
    int[] palette = {};
    int colorsUsed;
    boolean offsetStated = true;
    byte[] pixels = {};

    byte[] bytes() {
      boolean core = header == 12;
      int extra = header == 40 ? 4 * masks.length : 0;
      int start = 14 + header + extra + (core ? 3 : 4) * palette.length;
      ByteBuffer out = ByteBuffer.allocate(start + pixels.length).order(ByteOrder.LITTLE_ENDIAN);
      out.put((byte) 'B').put((byte) 'M').putInt(out.capacity()).putInt(0);
      out.putInt(offsetStated ? start : 0).putInt(header);
      if (core) {
        out.putShort((short) WIDTH).putShort((short) height).putShort((short) 1);
        out.putShort((short) bits);
      } else {
        out.putInt(WIDTH).putInt(height).putShort((short) 1).putShort((short) bits);
        out.putInt(compression).putInt(pixels.length).putInt(0).putInt(0);
        out.putInt(colorsUsed).putInt(0);
        for (int mask : masks) {
          out.putInt(mask);
        }
        out.position(14 + header + extra);
      }
      for (int color : palette) {
        out.put((byte) color).put((byte) (color >> 8)).put((byte) (color >> 16));
        if (!core) {
          out.put((byte) 0);
        }
      }
      return out.put(pixels).array();
    }
  }

  private static int color(int x, int y) {
    return x * 255 / (WIDTH - 1) << 16 | y * 255 / (HEIGHT - 1) << 8 | (x * 17 + y * 5) % 256;
  }

  /** Returns rows from bottom to top, with some bytes for each pixel. */
  private static byte[] rows(int bytes, boolean topDown, IntUnaryOperator encode) {
    int stride = (WIDTH * bytes + 3) / 4 * 4;
    ByteBuffer out = ByteBuffer.allocate(stride * HEIGHT).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < HEIGHT; row++) {
      int y = topDown ? row : HEIGHT - 1 - row;
      for (int x = 0; x < WIDTH; x++) {
        int value = encode.applyAsInt(color(x, y));
        for (int i = 0; i < bytes; i++) {
          out.put(row * stride + x * bytes + i, (byte) (value >> 8 * i));
        }
      }
    }
    return out.array();
  }

  private static void assertColors(byte[] file, IntUnaryOperator expected, int tolerance) {
    FaceImage image = FaceImage.read(file);
    assertThat(image.width()).isEqualTo(WIDTH);
    assertThat(image.height()).isEqualTo(HEIGHT);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        int rgb = expected.applyAsInt(color(x, y));
        for (int i = 0; i < 3; i++) {
          int level = image.bgr().get(3 * (y * WIDTH + x) + i) & 0xff;
          assertThat(level - (rgb >> 8 * i & 0xff))
              .as("channel %d at %d,%d", i, x, y)
              .isBetween(-tolerance, tolerance);
        }
      }
    }
  }

  /** Returns the color within masks, without the lower bits. */
  private static int encode(int rgb, int[] masks) {
    int pixel = 0;
    for (int i = 0; i < 3; i++) {
      long mask = masks[i] & 0xffffffffL;
      int shift = Long.numberOfTrailingZeros(mask);
      long max = mask >> shift;
      pixel |= (int) (Math.round((rgb >> 16 - 8 * i & 0xff) * max / 255.0) << shift);
    }
    return pixel;
  }

  @ParameterizedTest
  @ValueSource(ints = {12, 40, 52, 56, 64, 108, 124})
  void read_24BitsInEachHeader(int header) {
    for (boolean offsetStated : new boolean[] {true, false}) {
      Bmp bmp = new Bmp();
      bmp.header = header;
      bmp.offsetStated = offsetStated;
      bmp.pixels = rows(3, false, rgb -> rgb);
      assertColors(bmp.bytes(), rgb -> rgb, 0);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void read_topDown(boolean offsetStated) {
    Bmp bmp = new Bmp();
    bmp.height = -HEIGHT;
    bmp.offsetStated = offsetStated;
    bmp.pixels = rows(3, true, rgb -> rgb);
    assertColors(bmp.bytes(), rgb -> rgb, 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 52, 56, 108, 124})
  void read_masksOf32Bits(int header) {
    int[][] all = {
      {0xff0000, 0xff00, 0xff},
      {0xff, 0xff00, 0xff0000},
      {0xff000000, 0xff0000, 0xff00},
      {0xff00, 0xff0000, 0xff000000},
      {0x3ff00000, 0xffc00, 0x3ff},
      {0xffc00000, 0x3ff000, 0xffc},
      {0x7c00, 0x3e0, 0x1f}
    };
    for (int[] masks : all) {
      for (boolean offsetStated : new boolean[] {true, false}) {
        Bmp bmp = new Bmp();
        bmp.header = header;
        bmp.bits = 32;
        bmp.compression = 3;
        bmp.masks = masks;
        bmp.offsetStated = offsetStated;
        bmp.pixels = rows(4, false, rgb -> encode(rgb, masks));
        assertColors(bmp.bytes(), rgb -> rgb, masks[0] == 0x7c00 ? 5 : 0);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 56, 108, 124})
  void read_masksOf16Bits(int header) {
    int[][] all = {
      {0xf800, 0x7e0, 0x1f},
      {0x1f, 0x7e0, 0xf800},
      {0x7c00, 0x3e0, 0x1f},
      {0xf00, 0xf0, 0xf},
      {0xf000, 0xf00, 0xf0}
    };
    for (int[] masks : all) {
      Bmp bmp = new Bmp();
      bmp.header = header;
      bmp.bits = 16;
      bmp.compression = 3;
      bmp.masks = masks;
      bmp.pixels = rows(2, false, rgb -> encode(rgb, masks));
      boolean four = Integer.bitCount(masks[0]) == 4;
      assertColors(bmp.bytes(), rgb -> rgb, four ? 9 : 5);
    }
  }

  @Test
  void read_masksWithAlpha() {
    Bmp bmp = new Bmp();
    bmp.bits = 32;
    bmp.compression = 6;
    bmp.masks = new int[] {0xff, 0xff00, 0xff0000, 0xff000000};
    bmp.offsetStated = false;
    bmp.pixels = rows(4, false, rgb -> encode(rgb, bmp.masks));
    assertColors(bmp.bytes(), rgb -> rgb, 0);
  }

  @Test
  void read_withoutMasks() {
    Bmp bmp = new Bmp();
    bmp.bits = 16;
    bmp.pixels = rows(2, false, rgb -> encode(rgb, new int[] {0x7c00, 0x3e0, 0x1f}));
    assertColors(bmp.bytes(), rgb -> rgb, 5);
    bmp.bits = 32;
    bmp.pixels = rows(4, false, rgb -> rgb | 0x7f000000);
    assertColors(bmp.bytes(), rgb -> rgb, 0);
    bmp.header = 108;
    bmp.masks = new int[] {1, 2, 4}; // ignored without their compression
    assertColors(bmp.bytes(), rgb -> rgb, 0);
  }

  @ParameterizedTest
  @CsvSource({"0xff00ff, 0xff00, 0xff", "0xff, 0x50000, 0", "0, 0, 0"})
  void read_masksThatMakeNoSense_areRefused(String red, String green, String blue) {
    Bmp bmp = new Bmp();
    bmp.bits = 32;
    bmp.compression = 3;
    bmp.masks = new int[] {Integer.decode(red), Integer.decode(green), Integer.decode(blue)};
    bmp.pixels = new byte[4 * WIDTH * HEIGHT];
    assertThatThrownBy(() -> FaceImage.read(bmp.bytes()))
        .satisfies(fault(Reason.DAMAGED))
        .hasMessageContaining("masks");
  }

  @ParameterizedTest
  @CsvSource({"1, 12", "2, 40", "4, 12", "4, 40", "8, 12", "8, 40", "8, 108", "8, 124"})
  void read_palette(int bits, int header) {
    int[] palette = new int[1 << bits];
    for (int i = 0; i < palette.length; i++) {
      palette[i] = i * 0x3b5721 & 0xffffff;
    }
    int stride = (WIDTH * bits + 31) / 32 * 4;
    for (boolean offsetStated : new boolean[] {true, false}) {
      Bmp bmp = new Bmp();
      bmp.header = header;
      bmp.bits = bits;
      bmp.palette = palette;
      bmp.offsetStated = offsetStated;
      bmp.pixels = new byte[stride * HEIGHT];
      for (int i = 0; i < bmp.pixels.length; i++) {
        bmp.pixels[i] = (byte) (i * 29);
      }
      FaceImage image = FaceImage.read(bmp.bytes());
      for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
          int whole = bmp.pixels[(HEIGHT - 1 - y) * stride + x * bits / 8] & 0xff;
          int index = whole >> 8 - bits - x * bits % 8 & palette.length - 1;
          int at = 3 * (y * WIDTH + x);
          assertThat(image.bgr().get(at)).isEqualTo((byte) palette[index]);
          assertThat(image.bgr().get(at + 2)).isEqualTo((byte) (palette[index] >> 16));
        }
      }
    }
  }

  @Test
  void read_shortPalette_otherPixelsAreBlack() {
    Bmp bmp = new Bmp();
    bmp.bits = 8;
    bmp.palette = new int[] {0x010203, 0x040506};
    bmp.colorsUsed = 2;
    bmp.pixels = new byte[16 * HEIGHT];
    bmp.pixels[16 * (HEIGHT - 1)] = 1;
    bmp.pixels[16 * (HEIGHT - 1) + 1] = 2;
    for (boolean offsetStated : new boolean[] {true, false}) {
      bmp.offsetStated = offsetStated;
      byte[] start = new byte[9];
      FaceImage.read(bmp.bytes()).bgr().get(start);
      assertThat(start).containsExactly(6, 5, 4, 0, 0, 0, 3, 2, 1);
    }
    bmp.offsetStated = true;
    bmp.colorsUsed = 0; // 256 are declared, two have room
    byte[] start = new byte[6];
    FaceImage.read(bmp.bytes()).bgr().get(start);
    assertThat(start).containsExactly(6, 5, 4, 0, 0, 0);
  }

  @Test
  void read_gapBeforeThePixels() {
    Bmp bmp = new Bmp();
    bmp.palette = new int[] {0xffffff, 0x123456, 0x654321};
    bmp.colorsUsed = 3;
    bmp.pixels = rows(3, false, rgb -> rgb);
    assertColors(bmp.bytes(), rgb -> rgb, 0);
    bmp.offsetStated = false;
    assertColors(bmp.bytes(), rgb -> rgb, 0);
  }

  /** Offsets into the headers are ignored. */
  @ParameterizedTest
  @ValueSource(ints = {1, 14, 40, 53})
  void read_offsetWithinTheHeaders(int offset) {
    Bmp bmp = new Bmp();
    bmp.pixels = rows(3, false, rgb -> rgb);
    byte[] file = bmp.bytes();
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(10, offset);
    assertColors(file, rgb -> rgb, 0);
  }

  private static byte[] runs(int bits, int compression, int... bytes) {
    Bmp bmp = new Bmp();
    bmp.bits = bits;
    bmp.compression = compression;
    bmp.palette = new int[1 << bits];
    for (int i = 0; i < bmp.palette.length; i++) {
      bmp.palette[i] = 10 * i;
    }
    bmp.pixels = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      bmp.pixels[i] = (byte) bytes[i];
    }
    return bmp.bytes();
  }

  /** Returns the blue of a row, divided by ten: the index of each pixel. */
  private static int[] row(FaceImage image, int y) {
    int[] row = new int[WIDTH];
    for (int x = 0; x < WIDTH; x++) {
      row[x] = (image.bgr().get(3 * (y * WIDTH + x)) & 0xff) / 10;
    }
    return row;
  }

  @Test
  void read_runsOf8Bits() {
    byte[] file =
        runs(8, 1, 5, 3, 0, 3, 7, 8, 9, 99, 2, 4, 0, 0, 0, 2, 3, 1, 4, 6, 20, 1, 0, 0, 3, 2, 0, 1);
    FaceImage image = FaceImage.read(file);
    assertThat(row(image, 8)).containsExactly(3, 3, 3, 3, 3, 7, 8, 9, 4, 4, 0, 0, 0);
    assertThat(row(image, 7)).containsOnly(0);
    assertThat(row(image, 6)).containsExactly(0, 0, 0, 6, 6, 6, 6, 1, 1, 1, 1, 1, 1);
    assertThat(row(image, 5)).containsExactly(2, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void read_runsOf4Bits() {
    byte[] file = runs(4, 2, 5, 0x12, 0, 5, 0x34, 0x56, 0x70, 99, 0, 1);
    FaceImage image = FaceImage.read(file);
    assertThat(row(image, 8)).containsExactly(1, 2, 1, 2, 1, 3, 4, 5, 6, 7, 0, 0, 0);
  }

  @Test
  void read_runsWithoutTheirEnd_areCutOff() {
    byte[] file = runs(8, 1, 5, 3);
    assertThatThrownBy(() -> FaceImage.read(file))
        .satisfies(fault(Reason.DAMAGED))
        .hasMessageContaining("cut off");
    FaceImage image = FaceImage.read(file, ImageOptions.defaults().withAcceptTruncated(true));
    assertThat(row(image, 8)).containsExactly(3, 3, 3, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0);
    int[] whole = new int[4 * HEIGHT - 2];
    for (int i = 0; i < whole.length; i += 4) {
      whole[i] = WIDTH;
      whole[i + 1] = 7;
    }
    assertThat(row(FaceImage.read(runs(8, 1, whole)), 0)).as("no word of its end").containsOnly(7);
  }

  @Test
  void read_runsBeyondTheBorders() {
    int[] wild = new int[6000];
    for (int i = 0; i < wild.length; i++) {
      wild[i] = i % 6 == 2 ? 0 : i % 6 == 3 ? 2 : 255;
    }
    ImageOptions lenient = ImageOptions.defaults().withAcceptTruncated(true);
    assertThat(FaceImage.read(runs(8, 1, wild), lenient).width()).isEqualTo(WIDTH);
    assertThat(FaceImage.read(runs(4, 2, wild), lenient).width()).isEqualTo(WIDTH);
  }

  @Test
  void read_rowsCutOff() {
    Bmp bmp = new Bmp();
    bmp.pixels = rows(3, false, rgb -> rgb);
    byte[] whole = bmp.bytes();
    assertColors(Arrays.copyOf(whole, whole.length - 1), rgb -> rgb, 0); // a byte of the padding
    byte[] cut = Arrays.copyOf(whole, whole.length - 2);
    assertThatThrownBy(() -> FaceImage.read(cut))
        .satisfies(fault(Reason.DAMAGED))
        .hasMessageContaining("cut off after " + cut.length);
    FaceImage image = FaceImage.read(cut, ImageOptions.defaults().withAcceptTruncated(true));
    assertThat(image.bgr().get(3 * (WIDTH - 1))).as("the pixel that is cut").isZero();
    assertThat(image.bgr().get(0)).isEqualTo((byte) color(0, 0));
  }

  @ParameterizedTest
  @CsvSource({
    "40, 32, 4, holds a JPEG",
    "40, 0, 5, holds a PNG",
    "64, 24, 4, holds a JPEG",
    "64, 1, 3, the compression 3",
    "40, 24, 3, 24 bits per pixel",
    "40, 8, 2, the compression 2",
    "40, 64, 0, 64 bits",
    "40, 3, 0, 3 bits",
    "40, 0, 0, 0 bits",
    "40, 24, 11, the compression 11"
  })
  void read_otherKinds_areRefusedByName(int header, int bits, int compression, String found) {
    Bmp bmp = new Bmp();
    bmp.header = header;
    bmp.bits = bits;
    bmp.compression = compression;
    bmp.pixels = new byte[9 * WIDTH * HEIGHT];
    assertThatThrownBy(() -> FaceImage.read(bmp.bytes()))
        .satisfies(fault(Reason.UNSUPPORTED_FORMAT))
        .hasMessageContaining(found);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 13, 39, 125, -1, Integer.MAX_VALUE})
  void read_headerOfNoKnownLength_isRefused(int header) {
    byte[] file = new Bmp().bytes();
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(14, header);
    assertThatThrownBy(() -> FaceImage.read(file))
        .satisfies(fault(Reason.DAMAGED))
        .hasMessageContaining("header");
  }

  /** Java's own reader agrees on files of its writer. */
  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_3BYTE_BGR,
        BufferedImage.TYPE_BYTE_GRAY,
        BufferedImage.TYPE_BYTE_BINARY,
        BufferedImage.TYPE_BYTE_INDEXED,
        BufferedImage.TYPE_USHORT_565_RGB,
        BufferedImage.TYPE_USHORT_555_RGB,
        BufferedImage.TYPE_INT_RGB
      })
  void read_asImageIoDoes(int type) throws IOException {
    byte[] file = Fixtures.write(Fixtures.quarters(type), "bmp");
    FaceImage expected = FaceImage.of(ImageIO.read(new ByteArrayInputStream(file)));
    assertThat(FaceImage.read(file).bgr()).isEqualTo(expected.bgr());
  }
}
