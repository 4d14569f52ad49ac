// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import static io.omote.face.Faults.fault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.omote.face.FaceImage;
import io.omote.face.ImageException;
import io.omote.face.ImageException.Reason;
import io.omote.face.ImageOptions;
import io.omote.face.TestData;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.opencv.imgcodecs.Imgcodecs;

/** PNG files of all kinds, written byte by byte: the same pixels as OpenCV's, or an exception. */
class PngFileTest {
  private static final int MIXED = 5;
  private static final int MAX_SIDE = 33;
  private static final ImageOptions LENIENT = ImageOptions.defaults().withAcceptTruncated(true);
  private static final int[][] ADAM7 = {
    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
  };

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Random random = new Random(8);

  /** The parts of a file of random pixels, right until a test changes them. */
  private static final class Png {
    final int width;
    final int height;
    int depth = 8;
    int type = 2;
    int interlacing;
    int compression;
    int filtering;
    byte[] palette = {};
    byte[] rows = {};
    byte[] data = {};
    final List<byte[]> before = new ArrayList<>();
    final List<byte[]> behind = new ArrayList<>();

    Png(int width, int height) {
      this.width = width;
      this.height = height;
    }

    /** Makes rows of random bytes, which are the differences of other random bytes. */
    Png fill(Random random, int filter) {
      int samples = type == 2 ? 3 : type == 4 ? 2 : type == 6 ? 4 : 1;
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (int[] pass : interlacing == 0 ? new int[][] {{0, 0, 1, 1}} : ADAM7) {
        int columns = (width - pass[0] + pass[2] - 1) / pass[2];
        byte[] row = new byte[(columns * samples * depth + 7) / 8];
        for (int y = pass[1]; columns > 0 && y < height; y += pass[3]) {
          out.write(filter == MIXED ? random.nextInt(MIXED) : filter);
          random.nextBytes(row);
          out.writeBytes(row);
        }
      }
      if (type == 3) {
        palette = new byte[3 << depth];
        random.nextBytes(palette);
      }
      return withRows(out.toByteArray());
    }

    Png withRows(byte[] bytes) {
      rows = bytes;
      data = Fixtures.deflate(bytes);
      return this;
    }

    byte[] header() {
      ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
      header.put((byte) depth).put((byte) type).put((byte) compression).put((byte) filtering);
      return Fixtures.chunk("IHDR", header.put((byte) interlacing).array());
    }

    byte[] bytes() {
      return bytes(Fixtures.chunk("IDAT", data));
    }

    byte[] bytes(byte[]... dataChunks) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.writeBytes(Fixtures.pngStart());
      out.writeBytes(header());
      before.forEach(out::writeBytes);
      if (palette.length > 0) {
        out.writeBytes(Fixtures.chunk("PLTE", palette));
      }
      for (byte[] chunk : dataChunks) {
        out.writeBytes(chunk);
      }
      behind.forEach(out::writeBytes);
      out.writeBytes(Fixtures.chunk("IEND", new byte[0]));
      return out.toByteArray();
    }
  }

  private static byte[] byOpenCv(byte[] file) {
    return OpenCvReference.bgr(ImageHeader.read(file, LENIENT));
  }

  private static byte[] decode(byte[] file) {
    return PngFile.decode(ImageHeader.read(file, LENIENT)).bgr();
  }

  private static void assertLikeOpenCv(String description, byte[] file) {
    byte[] expected = byOpenCv(file);
    assertThat(expected).as(description).isNotEmpty();
    assertThat(Arrays.equals(decode(file), expected)).as(description).isTrue();
  }

  private Png png(int depth, int type) {
    Png png = new Png(21, 14);
    png.depth = depth;
    png.type = type;
    return png.fill(random, MIXED);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0", "2, 0", "4, 0", "8, 0", "16, 0", "8, 2", "16, 2", "1, 3", "2, 3", "4, 3", "8, 3",
    "8, 4", "16, 4", "8, 6", "16, 6"
  })
  void decode_eachKindSizeAndFilter(int depth, int type) {
    for (int interlacing = 0; interlacing <= 1; interlacing++) {
      for (int width = 1; width <= MAX_SIDE; width++) {
        for (int filter = 0; filter <= MIXED; filter++) {
          Png png = new Png(width, 1 + (7 * width + filter) % MAX_SIDE);
          png.depth = depth;
          png.type = type;
          png.interlacing = interlacing;
          png.fill(random, filter);
          assertLikeOpenCv(
              "%dx%d, interlacing %d, filter %d".formatted(width, png.height, interlacing, filter),
              png.bytes());
        }
      }
    }
  }

  /** Rows of more bytes than are inflated at once, and several times as many rows. */
  @ParameterizedTest
  @CsvSource({"8, 2, 20000, 3", "16, 6, 9000, 5", "8, 0, 300, 700", "1, 0, 5000, 300"})
  void decode_large(int depth, int type, int width, int height) {
    Png png = new Png(width, height);
    png.depth = depth;
    png.type = type;
    ImageOptions wide = LENIENT.withMaxSide(width);
    byte[] file = png.fill(random, MIXED).bytes();
    byte[] bgr = PngFile.decode(ImageHeader.read(file, wide)).bgr();
    assertThat(Arrays.equals(bgr, byOpenCv(file))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "2, 4", "4, 16", "8, 256"})
  void decode_palettesOfEachSize_missingColorsAreBlack(int depth, int colors) {
    Png png = png(depth, 3);
    byte[] all = png.palette;
    for (int count = 1; count <= Math.min(256, colors + 2); count++) {
      png.palette = Arrays.copyOf(all, 3 * count);
      assertLikeOpenCv(count + " colors", png.bytes());
    }
  }

  @Test
  void decode_dataInManyPieces() {
    for (int size : new int[] {1, 2, 3, 100}) {
      Png png = png(8, 2);
      List<byte[]> chunks = new ArrayList<>();
      for (int at = 0; at < png.data.length; at += size) {
        int end = Math.min(at + size, png.data.length);
        chunks.add(Fixtures.chunk("IDAT", Arrays.copyOfRange(png.data, at, end)));
        chunks.add(Fixtures.chunk("IDAT", new byte[0]));
        // The walk leaves it out.
        chunks.add(Fixtures.chunk("tEXt", "a\0b".getBytes(StandardCharsets.US_ASCII)));
      }
      assertLikeOpenCv("pieces of " + size, png.bytes(chunks.toArray(new byte[0][])));
    }
  }

  @Test
  void decode_dataInHundredsOfThousandsOfPieces() {
    Png png = new Png(256, 256).fill(random, MIXED);
    byte[][] chunks = new byte[png.data.length][];
    Arrays.setAll(chunks, i -> Fixtures.chunk("IDAT", new byte[] {png.data[i]}));
    assertThat(chunks.length).isBetween(190_000, 249_000);
    assertLikeOpenCv("pieces of 1", png.bytes(chunks));
  }

  @Test
  void decode_ancillaryChunks_doNotMatter() {
    byte[] junk = new byte[3000];
    random.nextBytes(junk);
    byte[] bomb = Fixtures.deflate(new byte[9_000_000]);
    byte[] profile =
        ByteBuffer.allocate(3 + bomb.length).put(new byte[] {'p', 0, 0}).put(bomb).array();
    byte[] control = {0, 0, 0, 2, 0, 0, 0, 0};
    for (int[] kind : new int[][] {{8, 0}, {16, 0}, {8, 2}, {16, 2}, {4, 3}, {8, 6}}) {
      Png png = png(kind[0], kind[1]);
      byte[] expected = byOpenCv(png.bytes());
      png.before.add(Fixtures.chunk("acTL", control));
      for (String name : "cHRM gAMA iCCP sBIT sRGB cICP bKGD hIST tRNS pHYs sPLT tIME".split(" ")) {
        png.before.add(Fixtures.chunk(name, junk));
        png.before.add(Fixtures.chunk(name, new byte[] {0, 0, 0, 1}));
      }
      png.before.add(Fixtures.chunk("iCCP", profile));
      png.before.add(Fixtures.chunk("zTXt", profile));
      png.behind.add(Fixtures.chunk("iTXt", junk));
      png.behind.add(Fixtures.chunk("fdAT", junk));
      byte[] wrong = Fixtures.chunk("gAMA", new byte[] {0, 0, 0, 1});
      wrong[wrong.length - 1] ^= 1;
      png.behind.add(wrong);
      assertThat(decode(png.bytes())).isEqualTo(expected);
    }
  }

  /** Files that do not follow the specification, and that OpenCV reads. */
  @Test
  void decode_oddities_likeOpenCv() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    Png png = png(8, 2);
    byte[] data = Fixtures.chunk("IDAT", png.data);
    Png surplus = png(8, 2);
    files.put("surplus rows", surplus.withRows(Arrays.copyOf(surplus.rows, 90_000)).bytes());
    png.data = Arrays.copyOf(png.data, png.data.length + 9);
    files.put("bytes behind the compressed data", png.bytes());
    files.put("data behind the data", png.bytes(data, Fixtures.chunk("IDAT", new byte[30])));
    byte[] palette = Fixtures.chunk("PLTE", new byte[3]);
    files.put("a palette behind the data", png.bytes(data, palette));
    files.put("data behind a palette", png.bytes(data, palette, data));
    files.put("a palette of color", png.bytes(palette, data));
    files.put("a palette of parts", png.bytes(Fixtures.chunk("PLTE", new byte[7]), data));
    Png gray = png(8, 0);
    gray.before.add(palette);
    files.put("a palette of gray", gray.bytes());
    byte[] file = png.bytes(data);
    files.put("bytes behind the end", Arrays.copyOf(file, file.length + 5));
    files.put("an end with data", Fixtures.insert(file, file.length - 12, end(new byte[5])));
    files.forEach(PngFileTest::assertLikeOpenCv);
  }

  private static byte[] end(byte[] data) {
    return Fixtures.chunk("IEND", data);
  }

  static Stream<Arguments> damaged() {
    PngFileTest test = new PngFileTest();
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int[] kind :
        new int[][] {
          {0, 0}, {3, 0}, {32, 0}, {-128, 0}, {8, 1}, {1, 2}, {4, 2}, {16, 3}, {4, 4}, {8, 5},
          {2, 6}, {8, 7}, {8, -1}
        }) {
      Png png = test.png(8, 2);
      png.depth = kind[0];
      png.type = kind[1];
      files.put("depth %d, type %d".formatted(kind[0], kind[1]), png.bytes());
    }
    Png compression = test.png(8, 2);
    compression.compression = 1;
    files.put("unknown compression", compression.bytes());
    Png filtering = test.png(8, 2);
    filtering.filtering = 64;
    files.put("unknown filtering", filtering.bytes());
    Png interlacing = test.png(8, 2);
    interlacing.interlacing = 2;
    files.put("unknown interlacing", interlacing.bytes());
    for (int filter : new int[] {6, 255}) {
      files.put("filter " + filter, new Png(3, 3).fill(test.random, filter).bytes());
    }

    Png png = test.png(8, 2);
    byte[] rows = png.rows;
    byte[] data = png.data;
    byte[] chunk = Fixtures.chunk("IDAT", data);
    byte[] palette = Fixtures.chunk("PLTE", new byte[3]);
    byte[] file = png.bytes();
    files.put("wrong checksum of the header", flipped(file, 32));
    files.put("wrong checksum of the data", png.bytes(flipped(chunk, chunk.length - 1)));
    files.put("wrong checksum of a palette", png.bytes(flipped(palette, 14), chunk));
    files.put("wrong checksum of the end", flipped(file, file.length - 1));
    files.put("two headers", png.bytes(png.header(), chunk));
    files.put("two palettes", png.bytes(palette, palette, chunk));
    files.put("an unknown chunk", png.bytes(Fixtures.chunk("ABCD", new byte[3]), chunk));
    files.put("an unknown chunk behind", png.bytes(chunk, Fixtures.chunk("ABCD", new byte[3])));
    files.put("no data", png.bytes(new byte[0]));
    files.put("empty data", png.bytes(Fixtures.chunk("IDAT", new byte[0])));
    byte[] first = Fixtures.chunk("IDAT", Arrays.copyOf(data, 100));
    byte[] second = Fixtures.chunk("IDAT", Arrays.copyOfRange(data, 100, data.length));
    files.put("a palette within the data", png.bytes(first, palette, second));
    files.put("half of the data", png.bytes(first));
    files.put("second half of the data", png.bytes(second));
    byte[] noChecksum = Arrays.copyOf(data, data.length - 4);
    files.put("no checksum of the pixels", png.bytes(Fixtures.chunk("IDAT", noChecksum)));
    byte[] wrongChecksum = flipped(data, data.length - 2);
    files.put("wrong checksum of the pixels", png.bytes(Fixtures.chunk("IDAT", wrongChecksum)));
    byte[] dictionary = data.clone();
    dictionary[0] = 0x78;
    dictionary[1] = (byte) 0xbb;
    files.put("a dictionary", png.bytes(Fixtures.chunk("IDAT", dictionary)));
    byte[] dictionaryOnly = Arrays.copyOf(dictionary, 6);
    files.put("a dictionary, in pieces", png.bytes(Fixtures.chunk("IDAT", dictionaryOnly), chunk));
    byte[] notDeflate = data.clone();
    notDeflate[0] = 0x79;
    notDeflate[1] = 0x18;
    files.put("another compression of the data", png.bytes(Fixtures.chunk("IDAT", notDeflate)));
    files.put("too few rows", png.withRows(Arrays.copyOf(rows, rows.length - 1)).bytes());
    Png indexed = test.png(4, 3);
    for (int length : new int[] {0, 4, 771}) {
      indexed.palette = new byte[0];
      byte[] odd = Fixtures.chunk("PLTE", new byte[length]);
      files.put(
          "a palette of %d bytes".formatted(length),
          indexed.bytes(odd, Fixtures.chunk("IDAT", indexed.data)));
    }
    files.put("no palette", indexed.bytes());
    indexed.behind.add(palette);
    files.put("a late palette", indexed.bytes());
    return files.entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
  }

  private static byte[] flipped(byte[] bytes, int at) {
    byte[] flipped = bytes.clone();
    flipped[at] ^= 1;
    return flipped;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damaged")
  void decode_damaged_refusedLikeByOpenCv(String description, byte[] file) {
    assertThat(byOpenCv(file)).as(description).isEmpty();
    assertThatThrownBy(() -> FaceImage.read(file))
        .satisfies(fault(Reason.DAMAGED))
        .hasMessageContaining("PNG image of ");
  }

  /** Some writers state a smaller window than they use. OpenCV refuses that. */
  @Test
  void decode_windowThatIsStatedTooSmall() {
    Png png = new Png(100, 100);
    png.fill(random, 0);
    byte[] half = Arrays.copyOf(png.rows, png.rows.length / 2);
    System.arraycopy(half, 0, png.rows, half.length, half.length);
    byte[] expected = byOpenCv(png.withRows(png.rows).bytes());
    png.data[0] = 0x08;
    png.data[1] = 0x1d;
    assertThat(decode(png.bytes())).isEqualTo(expected);
  }

  @Test
  void decode_hugeSurplus_isNotInflated() {
    byte[] bomb = Fixtures.bomb();
    byte[] data = Arrays.copyOfRange(bomb, 41, bomb.length - 16);
    Png png = new Png(1, 1);
    png.data = data;
    byte[] file = png.bytes();
    assertCheap(() -> assertThat(decode(file)).isEqualTo(new byte[3]));
  }

  @Test
  void decode_dataThatCannotBeEnough_takesNoMemory() {
    Png png = new Png(7000, 7000).withRows(new byte[100_000]);
    byte[] file = png.bytes();
    assertCheap(
        () -> assertThatThrownBy(() -> FaceImage.read(file)).satisfies(fault(Reason.DAMAGED)));
  }

  /** Nothing has less data for its rows. */
  @Test
  void decode_oneColor() {
    Png png = new Png(1, 1_000_000);
    png.depth = 1;
    png.type = 0;
    png.interlacing = 1;
    byte[] file = png.withRows(new byte[2_000_000]).bytes();
    byte[] bgr = PngFile.decode(ImageHeader.read(file, LENIENT.withMaxSide(1_000_000))).bgr();
    assertThat(Arrays.equals(bgr, new byte[3_000_000])).isTrue();
  }

  @Test
  void decode_takesMemoryForThePixelsAndAFewRows() {
    Png png = new Png(2000, 2000);
    png.type = 0;
    ImageHeader header = ImageHeader.read(png.fill(random, MIXED).bytes(), LENIENT);
    PngFile.decode(header); // loads classes
    assertThat(allocated(() -> PngFile.decode(header))).isBetween(12_000_000L, 12_200_000L);
  }

  private static void assertCheap(Runnable action) {
    long start = THREADS.getCurrentThreadCpuTime();
    // In a new JVM, classes and texts of the first exception take 11 MB; the pixels would take 147.
    assertThat(allocated(action)).isLessThan(40_000_000);
    assertThat(Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - start))
        .isLessThan(Duration.ofMillis(500));
  }

  private static long allocated(Runnable action) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    action.run();
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  @Test
  void decode_cutOff_wholeRowsThenBlack() {
    Png png = png(8, 2);
    byte[] file = png.bytes();
    byte[] whole = decode(file);
    int stride = 3 * png.width;
    int before = 0;
    for (int length = 41; length < file.length; length++) {
      byte[] cut = Arrays.copyOf(file, length);
      assertThat(byOpenCv(cut)).isEmpty();
      int rows = 0;
      try {
        byte[] bgr = decode(cut);
        int same = Arrays.mismatch(bgr, whole);
        rows = same < 0 ? png.height : same / stride;
        assertThat(rows).isPositive();
        assertThat(Arrays.copyOfRange(bgr, rows * stride, bgr.length))
            .isEqualTo(new byte[bgr.length - rows * stride]);
      } catch (ImageException e) {
        assertThat(e).satisfies(fault(Reason.DAMAGED));
      }
      assertThat(rows).isGreaterThanOrEqualTo(before);
      before = rows;
    }
    assertThat(before).isEqualTo(png.height);
    byte[] cut = Arrays.copyOf(file, file.length - 1);
    assertThatThrownBy(() -> FaceImage.read(cut))
        .satisfies(fault(Reason.DAMAGED))
        .hasMessageContaining("cut off after");
  }

  /** The rest of the data could not have been enough for all rows. */
  @Test
  void decode_cutOffOneColor_wholeRowsThenBlack() {
    Png png = new Png(500, 500);
    int stride = 1 + 3 * png.width;
    byte[] rows = new byte[png.height * stride];
    Arrays.fill(rows, 1, stride, (byte) 200);
    for (int y = 1; y < png.height; y++) {
      rows[y * stride] = 2; // as the row above
    }
    byte[] file = png.withRows(rows).bytes();
    byte[] bgr = decode(Arrays.copyOf(file, 41 + png.data.length / 3));
    assertThat(bgr[100 * 3 * png.width]).isEqualTo((byte) 200);
    assertThat(bgr[400 * 3 * png.width]).isZero();
  }

  /** Without its last pass, every other row has the colors of the row above. */
  @Test
  void decode_cutOffInterlaced_missingPixelsAreCoarse() {
    Png png = new Png(37, 30);
    png.interlacing = 1;
    png.fill(random, MIXED);
    byte[] whole = decode(png.bytes());
    int lastPass = 15 * (1 + 3 * png.width);
    png.withRows(Arrays.copyOf(png.rows, png.rows.length - lastPass));
    byte[] file = png.bytes();
    byte[] bgr = decode(Arrays.copyOf(file, file.length - 20));
    int stride = 3 * png.width;
    for (int y = 0; y < png.height; y++) {
      byte[] expected = Arrays.copyOfRange(whole, y / 2 * 2 * stride, (y / 2 * 2 + 1) * stride);
      assertThat(Arrays.copyOfRange(bgr, y * stride, (y + 1) * stride)).isEqualTo(expected);
    }
  }

  @Test
  void decode_cutOffAfterTheFirstPixel_fillsItsBlock() {
    Png png = new Png(8, 8);
    png.interlacing = 1;
    byte[] file = png.withRows(new byte[] {0, 1, 2, 3}).bytes();
    byte[] bgr = decode(Arrays.copyOf(file, file.length - 20));
    for (int i = 0; i < bgr.length; i++) {
      assertThat(bgr[i]).isEqualTo((byte) (3 - i % 3));
    }
  }

  @ParameterizedTest
  @CsvSource({"5", "6", "10", "11", "13", "12"})
  void decode_asImageIoWritesIt(int type) {
    BufferedImage image = new BufferedImage(97, 61, type);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.setRGB(x, y, random.nextInt(16) + x << 16 | 0xff000000 | y * 3 << 8 | x + y);
      }
    }
    byte[] file = Fixtures.write(image, "png");
    assertLikeOpenCv("type " + type, file);
    for (int level : new int[] {0, 1, 9}) {
      int[] settings = {Imgcodecs.IMWRITE_PNG_COMPRESSION, level};
      assertLikeOpenCv(
          "by OpenCV", Fixtures.encoded(".png", file, Imgcodecs.IMREAD_UNCHANGED, settings));
    }
  }

  @Test
  @Tag("testdata")
  void decode_testData() throws Exception {
    List<Path> files;
    try (Stream<Path> all = Files.walk(TestData.path(""))) {
      files = all.filter(file -> file.toString().endsWith(".png")).toList();
    }
    assertThat(files).hasSizeGreaterThan(40);
    for (Path file : files) {
      assertLikeOpenCv(file.toString(), Files.readAllBytes(file));
    }
  }
}
