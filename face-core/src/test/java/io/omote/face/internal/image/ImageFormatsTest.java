// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import static io.omote.face.Faults.fault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.FaceImage;
import io.omote.face.ImageException.Reason;
import io.omote.face.ImageOptions;
import io.omote.face.InterruptedCallException;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.DataFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.opencv.imgcodecs.Imgcodecs;

/** The result for each kind of file: the table of docs/images.md. */
class ImageFormatsTest {
  private static final int RED = 0xff0000;
  private static final int GREEN = 0x00ff00;
  private static final int BLUE = 0x0000ff;
  private static final int WHITE = 0xffffff;

  private static byte[] jpeg() {
    return Fixtures.jpeg(Fixtures.quarters(BufferedImage.TYPE_3BYTE_BGR), false);
  }

  private static byte[] png(int type) {
    return Fixtures.write(Fixtures.quarters(type), "png");
  }

  /** Checks the middle of each quarter: top-left, top-right, bottom-left, bottom-right. */
  private static void assertQuarters(byte[] file, int... colors) {
    FaceImage image = FaceImage.read(file);
    for (int i = 0; i < 4; i++) {
      int x = image.width() / 4 + i % 2 * (image.width() / 2);
      int y = image.height() / 4 + i / 2 * (image.height() / 2);
      assertPixel(image, x, y, colors[i]);
    }
  }

  private static void assertPixel(FaceImage image, int x, int y, int rgb) {
    ByteBuffer bgr = image.bgr();
    int at = 3 * (y * image.width() + x);
    for (int channel = 0; channel < 3; channel++) {
      int expected = rgb >> 8 * channel & 0xff;
      int level = bgr.get(at + channel) & 0xff;
      assertThat(Math.abs(level - expected))
          .as("channel %d at %d,%d: %d for %d", channel, x, y, level, expected)
          .isLessThanOrEqualTo(3);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void read_jpegBaselineAndProgressive(boolean progressive) {
    BufferedImage image = Fixtures.quarters(BufferedImage.TYPE_3BYTE_BGR);
    assertQuarters(Fixtures.jpeg(image, progressive), RED, GREEN, BLUE, WHITE);
  }

  @ParameterizedTest
  @CsvSource({
    "0, ABCD, 24",
    "1, ABCD, 24",
    "2, BADC, 24",
    "3, DCBA, 24",
    "4, CDAB, 24",
    "5, ACBD, 16",
    "6, CADB, 16",
    "7, DBCA, 16",
    "8, BDAC, 16",
    "9, ABCD, 24"
  })
  void read_uprightByExif(int orientation, String order, int width) {
    int[] all = {RED, GREEN, BLUE, WHITE};
    int[] expected = order.chars().map(letter -> all[letter - 'A']).toArray();
    byte[] inJpeg = Fixtures.withExifOrientation(jpeg(), orientation);
    byte[] inPng =
        Fixtures.insert(
            png(BufferedImage.TYPE_3BYTE_BGR),
            33,
            Fixtures.chunk("eXIf", Fixtures.tiff(orientation)));
    for (byte[] file : new byte[][] {inJpeg, inPng}) {
      assertThat(FaceImage.read(file).width()).isEqualTo(width);
      assertQuarters(file, expected);
    }
  }

  @Test
  void read_brokenExif_asIfThereWereNone() {
    byte[] file = Fixtures.withExifOrientation(jpeg(), 6);
    Arrays.fill(file, 16, 38, (byte) 0xff);
    assertQuarters(file, RED, GREEN, BLUE, WHITE);
  }

  @Test
  void read_cmykJpegOfAdobe() {
    // Adobe stores 255 for no ink: full magenta and yellow are red.
    assertQuarters(Fixtures.jpegOfFour(four(255, 0, 0, 255), 0), RED, RED, RED, RED);
  }

  @Test
  void read_ycckJpegOfAdobe() {
    // Inverted once more in the conversion to luma and chroma: those of cyan are red.
    assertQuarters(Fixtures.jpegOfFour(four(179, 171, 1, 255), 2), RED, RED, RED, RED);
  }

  @Test
  void read_cmykJpegOfUnknownMeaning_isRefused() {
    byte[] marked = Fixtures.jpegOfFour(four(0, 255, 255, 0), 0);
    byte[] bare = new byte[marked.length - 16];
    System.arraycopy(marked, 0, bare, 0, 2);
    System.arraycopy(marked, 18, bare, 2, bare.length - 2);
    assertThatThrownBy(() -> FaceImage.read(bare))
        .satisfies(fault(Reason.UNSUPPORTED_FORMAT))
        .hasMessageContaining("four colors");
  }

  private static WritableRaster four(int... components) {
    WritableRaster raster = Raster.createInterleavedRaster(0, 24, 16, 4, null);
    for (int y = 0; y < 16; y++) {
      for (int x = 0; x < 24; x++) {
        raster.setPixel(x, y, components);
      }
    }
    return raster;
  }

  @Test
  void read_16BitsAChannel_keepsTheHighByte() {
    byte[] row = {0, (byte) 0x80, (byte) 0xff, 1, (byte) 0xff, (byte) 0xff, 0};
    assertPixel(FaceImage.read(Fixtures.png(1, 1, 16, 2, row)), 0, 0, 0x8001ff);
  }

  @ParameterizedTest
  @ValueSource(ints = {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY})
  void read_grayPng_isExpanded(int type) {
    assertQuarters(png(type), 0x4c4c4c, 0x969696, 0x1d1d1d, WHITE);
  }

  @Test
  void read_grayJpeg_isExpanded() {
    byte[] file = Fixtures.jpeg(Fixtures.quarters(BufferedImage.TYPE_BYTE_GRAY), false);
    assertQuarters(file, 0x4c4c4c, 0x969696, 0x1d1d1d, WHITE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp"})
  void read_paletteIsResolved(String format) {
    BufferedImage image = Fixtures.quarters(BufferedImage.TYPE_BYTE_INDEXED);
    assertQuarters(Fixtures.write(image, format), RED, GREEN, BLUE, WHITE);
  }

  @Test
  void read_oneBitAPixel() {
    BufferedImage image = Fixtures.quarters(BufferedImage.TYPE_BYTE_BINARY);
    byte[] bmp = Fixtures.write(image, "bmp");
    byte[] png = Fixtures.write(image, "png");
    assertThat(FaceImage.read(png).bgr()).isEqualTo(FaceImage.read(bmp).bgr());
  }

  @Test
  void read_alphaIsDroppedNotBlended() {
    byte[] clear = {0, 10, 20, 30, 0};
    assertPixel(FaceImage.read(Fixtures.png(1, 1, 8, 6, clear)), 0, 0, 0x0a141e);
    byte[] clearGray = {0, 77, 0};
    assertPixel(FaceImage.read(Fixtures.png(1, 1, 8, 4, clearGray)), 0, 0, 0x4d4d4d);
    byte[] palette = Fixtures.chunk("PLTE", new byte[] {1, 2, 3, 40, 50, 60});
    byte[] clearEntries = Fixtures.chunk("tRNS", new byte[] {0, 0});
    byte[] second = {0, 1};
    assertPixel(
        FaceImage.read(Fixtures.png(1, 1, 8, 3, second, palette, clearEntries)), 0, 0, 0x28323c);
  }

  @Test
  void read_bmpTopDown() {
    byte[] file = Fixtures.write(Fixtures.quarters(BufferedImage.TYPE_3BYTE_BGR), "bmp");
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(22, -16);
    assertQuarters(file, BLUE, WHITE, RED, GREEN);
  }

  @Test
  void read_webpAnimated_isRefused() {
    byte[] simple = Fixtures.webp(png(BufferedImage.TYPE_3BYTE_BGR), Imgcodecs.IMREAD_COLOR, 101);
    assertThatThrownBy(() -> FaceImage.read(Fixtures.extendedWebp(simple, 2, 24, 16)))
        .satisfies(fault(Reason.UNSUPPORTED_FORMAT))
        .hasMessageContaining("animated WebP");
  }

  @Test
  void read_animatedPng_itsStillImage() {
    byte[] control = Fixtures.chunk("acTL", new byte[] {0, 0, 0, 1, 0, 0, 0, 0});
    byte[] file = Fixtures.insert(png(BufferedImage.TYPE_3BYTE_BGR), 33, control);
    assertQuarters(file, RED, GREEN, BLUE, WHITE);
  }

  @Test
  void read_cutJpeg_isRefused() {
    byte[] whole = jpeg();
    byte[] cut = Arrays.copyOf(whole, whole.length - 6);
    assertThatThrownBy(() -> FaceImage.read(cut))
        .satisfies(fault(Reason.DAMAGED))
        .hasMessageContaining("cut off after");
  }

  @Test
  void read_damagedPng_isAnError() {
    byte[] file = png(BufferedImage.TYPE_3BYTE_BGR);
    file[60] ^= 1;
    assertThatThrownBy(() -> FaceImage.read(file))
        .satisfies(fault(Reason.DAMAGED))
        .hasMessageContaining("damaged");
  }

  @Test
  void read_errorNamesTheFile(@TempDir Path folder) throws Exception {
    Path file = Files.write(folder.resolve("cut.jpg"), Arrays.copyOf(jpeg(), 400));
    assertThatThrownBy(() -> FaceImage.read(file))
        .satisfies(fault(Reason.DAMAGED))
        .hasMessageContaining("cut.jpg");
    byte[] damaged = png(BufferedImage.TYPE_3BYTE_BGR);
    damaged[60] ^= 1;
    Path ofNoUse = Files.write(folder.resolve("damaged.png"), damaged);
    assertThatThrownBy(() -> FaceImage.read(ofNoUse))
        .as("said once")
        .hasMessageMatching("(?s)(?!.*damaged.png.*damaged.png).*damaged.png: expected.*")
        .hasCauseInstanceOf(DataFormatException.class);
    Path text = Files.writeString(folder.resolve("text.jpg"), "no image");
    assertThatThrownBy(() -> FaceImage.read(text))
        .satisfies(fault(Reason.UNSUPPORTED_FORMAT))
        .hasMessageStartingWith(text + ": expected")
        .hasNoCause();
    assertThatThrownBy(() -> FaceImage.read(text, ImageOptions.defaults().withMaxBytes(3)))
        .satisfies(fault(Reason.TOO_LARGE))
        .hasMessageStartingWith(text + ": expected")
        .hasNoCause();
    assertThatThrownBy(() -> FaceImage.read(folder)).satisfies(fault(Reason.UNREADABLE));
    assertThatThrownBy(() -> FaceImage.read(folder.resolve("missing.jpg")))
        .satisfies(fault(Reason.UNREADABLE))
        .hasMessageContaining("missing.jpg");
  }

  @Test
  void read_fromAnotherFileSystem(@TempDir Path folder) throws Exception {
    Path zip = folder.resolve("images.zip");
    Path inside;
    try (FileSystem files = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      inside = Files.write(files.getPath("/whole.png"), png(BufferedImage.TYPE_3BYTE_BGR));
      assertThat(FaceImage.read(inside).width()).isEqualTo(24);
    }
    assertThatThrownBy(() -> FaceImage.read(inside))
        .as("a file system that is closed")
        .satisfies(fault(Reason.UNREADABLE))
        .hasMessageContainingAll("/whole.png", "ClosedFileSystemException", "read the bytes");
  }

  @Test
  void read_onAnInterruptedThread(@TempDir Path folder) throws Exception {
    byte[] bytes = jpeg();
    Path file = Files.write(folder.resolve("whole.jpg"), bytes);
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> FaceImage.read(file)).isInstanceOf(InterruptedCallException.class);
      assertThatThrownBy(() -> FaceImage.read(bytes)).isInstanceOf(InterruptedCallException.class);
    } finally {
      assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    }
  }
}
