// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.omote.face.ImageException;
import io.omote.face.ImageOptions;
import io.omote.face.internal.image.JdkJpegDecoder.Known;
import io.omote.face.internal.image.JpegForm.Colors;
import io.omote.face.internal.image.JpegScans.Scan;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.spi.ImageReaderSpi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.opencv.imgcodecs.Imgcodecs;

/** The JDK's decoder gives exactly the pixels of OpenCV for the files that it receives. */
class JdkJpegDecoderTest {
  private static final int[][] SIZES = {
    {1, 1}, {2, 9}, {3, 2}, {8, 8}, {17, 33}, {31, 16}, {100, 75}, {641, 479}
  };

  private static ImageHeader header(byte[] file) {
    return ImageHeader.read(file, ImageOptions.defaults());
  }

  private static JpegForm form(byte[] file) {
    return Objects.requireNonNull(header(file).jpeg());
  }

  private static void assertSamePixels(byte[] file, String what) throws IOException {
    assertThat(form(file).obstacle()).as(what).isNull();
    Optional<DecodedPixels> pixels = JdkJpegDecoder.decode(header(file));
    assertThat(pixels).as(what).isPresent();
    assertThat(Arrays.equals(pixels.get().bgr(), OpenCvReference.decode(file).bgr()))
        .as(what)
        .isTrue();
  }

  /** Checks that the JDK's decoder is not asked, although OpenCV reads a file. */
  private static void assertOthersRead(byte[] file, String obstacle) throws IOException {
    assertThat(OpenCvReference.decode(file).bgr()).isNotEmpty();
    assertThat(form(file).obstacle()).isEqualTo(obstacle);
    assertThat(JdkJpegDecoder.decode(header(file))).isEmpty();
  }

  /** Edges and noise, so that any difference in arithmetic shows. */
  static BufferedImage lively(int width, int height, int type) {
    BufferedImage image = new BufferedImage(width, height, type);
    Random random = new Random(width * 31L + height);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int rgb = (x / 5 + y / 3) % 2 == 0 ? random.nextInt() : 0x10203 * ((x * y) & 0x3f);
        image.setRGB(x, y, rgb);
      }
    }
    return image;
  }

  static Stream<Arguments> samplings() {
    return JpegFiles.SAMPLINGS.stream().map(Arguments::of);
  }

  /** The library inside JDKs repeats a row of colors for two rows, libjpeg-turbo interpolates. */
  private static boolean hasPairsOfRows(int... samplings) {
    int columns = Arrays.stream(samplings).map(s -> s / 10).max().getAsInt();
    int rows = Arrays.stream(samplings).map(s -> s % 10).max().getAsInt();
    return Arrays.stream(samplings).anyMatch(s -> s / 10 == columns && s % 10 * 2 == rows);
  }

  @ParameterizedTest
  @MethodSource("samplings")
  void eachSampling(int[] samplings) throws IOException {
    for (int[] size : SIZES) {
      for (float quality : new float[] {0.2f, 0.8f, 1}) {
        for (boolean progressive : new boolean[] {false, true}) {
          byte[] file =
              progressive
                  ? JpegFiles.progressive(size[0], size[1], samplings, quality)
                  : JpegFiles.baseline(size[0], size[1], samplings, quality);
          String what =
              "%s, %dx%d, quality %.1f, progressive: %s"
                  .formatted(Arrays.toString(samplings), size[0], size[1], quality, progressive);
          assertThat(form(file).isInOneScan()).as(what).isEqualTo(!progressive);
          if (hasPairsOfRows(samplings)) {
            assertOthersRead(file, "a JPEG with colors for pairs of rows (4:4:0)");
          } else {
            assertSamePixels(file, what);
          }
        }
      }
    }
  }

  /** Files by OpenCV's own encoder, with restart markers and other tables. */
  @ParameterizedTest
  @CsvSource({
    "0x411111, 0, 0",
    "0x111111, 0, 1",
    "0x211111, 3, 0",
    "0x221111, 1, 0",
    "0x221111, 5, 1"
  })
  void filesOfOpenCv(String factor, int restart, int progressive) throws IOException {
    for (int[] size : SIZES) {
      byte[] png = Fixtures.write(lively(size[0], size[1], BufferedImage.TYPE_3BYTE_BGR), "png");
      // Below 25, the values of quantization tables take 16 bits.
      for (int quality : new int[] {1, 20, 80, 100}) {
        byte[] file =
            Fixtures.encoded(
                ".jpg",
                png,
                Imgcodecs.IMREAD_COLOR,
                Imgcodecs.IMWRITE_JPEG_QUALITY,
                quality,
                Imgcodecs.IMWRITE_JPEG_SAMPLING_FACTOR,
                Integer.decode(factor),
                Imgcodecs.IMWRITE_JPEG_RST_INTERVAL,
                restart,
                Imgcodecs.IMWRITE_JPEG_PROGRESSIVE,
                progressive);
        assertSamePixels(
            file, "%s, %dx%d, quality %d".formatted(factor, size[0], size[1], quality));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("samplings")
  void eachOrderOfScans(int[] samplings) throws IOException {
    for (int[] size : SIZES) {
      for (List<Scan> scans : JpegScans.COMPLETE) {
        byte[] file = JpegScans.file(size[0], size[1], samplings, scans);
        assertThat(form(file).isInOneScan()).isFalse();
        if (hasPairsOfRows(samplings)) {
          assertOthersRead(file, "a JPEG with colors for pairs of rows (4:4:0)");
        } else {
          assertSamePixels(file, Arrays.toString(samplings) + scans);
        }
      }
    }
  }

  /** Decoders smooth blocks whose coefficients are not known in full. */
  @Test
  void incompleteScans() throws IOException {
    for (List<Scan> scans : JpegScans.INCOMPLETE) {
      byte[] file = JpegScans.file(100, 75, JpegFiles.SAMPLINGS.get(2), scans);
      assertOthersRead(file, "a JPEG with unusual or incomplete scans");
    }
  }

  /** The JDK's decoder would make all pixels for each of them. */
  @Test
  void manyScans() throws IOException {
    List<Scan> scans = new ArrayList<>(JpegScans.COMPLETE.get(1)); // four of them
    while (scans.size() < 20) {
      scans.add(scans.get(1));
    }
    int[] samplings = JpegFiles.SAMPLINGS.get(2);
    assertSamePixels(JpegScans.file(40, 30, samplings, scans), "twenty scans");
    scans.add(scans.get(1));
    assertOthersRead(JpegScans.file(40, 30, samplings, scans), "a JPEG of more than 20 scans");
  }

  /** The first scan has all components, and is followed by another. */
  @Test
  void scanBehindTheLast() throws IOException {
    byte[] file = jfif();
    int scan = indexOf(file, 0xda);
    byte[] twice = Fixtures.insert(file, file.length - 2, tail(file, scan, file.length - 2));
    assertOthersRead(twice, "a JPEG with unusual or incomplete scans");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void fourColors(int transform) throws IOException {
    for (int[] size : SIZES) {
      byte[] file = Fixtures.jpegOfFour(JpegFiles.lively(size[0], size[1], 4), transform);
      assertThat(form(file).colors()).isEqualTo(transform == 0 ? Colors.CMYK : Colors.YCCK);
      assertSamePixels(file, "four colors, %dx%d".formatted(size[0], size[1]));
    }
  }

  @Test
  void fourColors_ofAnUnknownTransform() throws IOException {
    byte[] file = Fixtures.jpegOfFour(JpegFiles.lively(40, 30, 4), 1);
    assertOthersRead(file, "a JPEG of four colors with an unknown transform");
  }

  /** Every combination of inks, or of their conversions. */
  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void fourColors_manyValues(int transform) throws IOException {
    WritableRaster raster =
        Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 1024, 1024, 4, null);
    Random random = new Random(9);
    for (int y = 0; y < 1024; y++) {
      for (int x = 0; x < 1024; x++) {
        for (int band = 0; band < 4; band++) {
          raster.setSample(x, y, band, random.nextInt(256));
        }
      }
    }
    assertSamePixels(Fixtures.jpegOfFour(raster, transform), "a million colors");
  }

  @Test
  void twoComponents() throws IOException {
    byte[] file =
        Fixtures.jpegOfFour(JpegFiles.lively(40, 30, 2), 1); // gray and alpha, as Java stores it
    assertThat(form(file).obstacle()).isEqualTo("a JPEG of 2 components");
    assertThat(JdkJpegDecoder.decode(header(file))).isEmpty();
  }

  /** A frame of a video, whose decoders know the usual tables. */
  @Test
  void noHuffmanTables() throws IOException {
    byte[] file = jfif();
    int first = indexOf(file, 0xc4);
    byte[] table = tail(file, first, first + 2 + unsigned(file, first + 2));
    for (int at = indexOf(file, 0xc4); at >= 0; at = indexOf(file, 0xc4)) {
      file = without(file, at, 2 + unsigned(file, at + 2));
    }
    assertOthersRead(file, "a JPEG without Huffman tables");
    byte[] late = Fixtures.insert(file, file.length - 2, table);
    assertOthersRead(late, "a JPEG without Huffman tables");
  }

  @Test
  void arithmeticCoding() throws IOException {
    byte[] file = jfif();
    file[indexOf(file, 0xc0) + 1] = (byte) 0xc9;
    assertOthersRead(file, "a JPEG with arithmetic coding");
  }

  @Test
  void cutOff() throws IOException {
    byte[] file = jfif();
    assertOthersRead(Arrays.copyOf(file, file.length * 2 / 3), "a JPEG that is cut off");
  }

  /** Decoders would assign the scan to components in different ways. */
  @Test
  void componentsOfTheSameName() throws IOException {
    byte[] file = jfif();
    int frame = indexOf(file, 0xc0);
    int scan = indexOf(file, 0xda);
    file[frame + 13] = 1;
    file[scan + 7] = 1;
    assertThat(form(file).obstacle()).isEqualTo("a JPEG with unusual or incomplete scans");
  }

  /** Bytes between segments, which decoders skip. */
  @Test
  void bytesBetweenSegments() throws IOException {
    byte[] file = jfif();
    int tables = indexOf(file, 0xdb);
    byte[] with = Fixtures.insert(file, tables, new byte[] {1, 2, 3, -1, 0, -1, -1});
    assertSamePixels(with, "bytes between segments");
  }

  /** Some cameras fill files up: all pixels are there, although the decoder warns. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 1000})
  void zerosBeforeTheEnd(int restart) throws IOException {
    byte[] file = withRestarts(restart, 0);
    for (int count : new int[] {1, 2, 5, 100, 70_000}) {
      byte[] filled = Fixtures.insert(file, file.length - 2, new byte[count]);
      assertSamePixels(filled, count + " zeros");
    }
  }

  /**
   * The decoder may have gone astray, or restart markers and what belongs to them are missing. A
   * progressive file would have to be decoded twice.
   */
  @Test
  void otherBytesBeforeTheEnd_areDamage() {
    byte[] file = withRestarts(0, 0);
    byte[] progressive = withRestarts(0, 1);
    byte[] lost = withRestarts(1, 0);
    int last = lost.length - 2;
    while (lost[last] != (byte) 0xff || lost[last + 1] < (byte) 0xd0 || lost[last + 1] > -41) {
      last--;
    }
    byte[] lacking = without(lost, last, lost.length - 2 - last);
    for (byte[] damaged :
        List.of(
            Fixtures.insert(file, file.length - 2, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}),
            Fixtures.insert(lacking, lacking.length - 2, new byte[100]),
            Fixtures.insert(progressive, progressive.length - 2, new byte[100]))) {
      assertThat(form(damaged).obstacle()).isNull();
      assertThatIOException()
          .isThrownBy(() -> JdkJpegDecoder.decode(header(damaged)))
          .withMessageContaining("0xd9");
    }
  }

  private static byte[] withRestarts(int restart, int progressive) {
    byte[] png = Fixtures.write(lively(100, 75, BufferedImage.TYPE_3BYTE_BGR), "png");
    return Fixtures.encoded(
        ".jpg",
        png,
        Imgcodecs.IMREAD_COLOR,
        Imgcodecs.IMWRITE_JPEG_RST_INTERVAL,
        restart,
        Imgcodecs.IMWRITE_JPEG_PROGRESSIVE,
        progressive);
  }

  /** Decoders warn about versions of JFIF other than 1, and decode as usual. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void versionsOfJfif(boolean progressive) throws IOException {
    byte[] file = Fixtures.jpeg(lively(64, 48, BufferedImage.TYPE_3BYTE_BGR), progressive);
    int jfif = indexOf(file, 0xe0);
    for (int version : new int[] {0, 2, 16, 255}) {
      file[jfif + 9] = (byte) version;
      assertSamePixels(file, "version " + version);
      byte[] segment = tail(file, jfif, jfif + 18);
      assertSamePixels(Fixtures.insert(file, jfif, segment), "twice, version " + version);
      assertSamePixels(Fixtures.withExifOrientation(file, 1), "EXIF before, version " + version);
      byte[] late = Fixtures.insert(file, file.length - 2, segment);
      assertSamePixels(late, "behind the scans, version " + version);
    }
  }

  /** A sequential scan always gives all coefficients. Some cameras write other numbers there. */
  @ParameterizedTest
  @CsvSource({"0, 0, 0", "0, 62, 0", "1, 63, 0", "63, 0, 0", "255, 255, 255", "0, 63, 1"})
  void coefficientsOfSequentialScans(int first, int last, int bits) throws IOException {
    byte[] oneScan = jfif();
    byte[] threeScans =
        JpegScans.file(100, 75, JpegFiles.SAMPLINGS.get(2), JpegScans.COMPLETE.get(0));
    for (byte[] file : List.of(oneScan, threeScans)) {
      for (int at = 2; at < file.length - 1; at++) {
        if (file[at] == (byte) 0xff && file[at + 1] == (byte) 0xda) {
          int end = at + 2 + unsigned(file, at + 2);
          file[end - 3] = (byte) first;
          file[end - 2] = (byte) last;
          file[end - 1] = (byte) bits;
        }
      }
      assertSamePixels(file, first + " to " + last);
    }
  }

  /** The decoder continues, but says so. */
  @Test
  void damageThatIsFound_isAnError() {
    byte[] file = jfif();
    int scan = indexOf(file, 0xda);
    byte[] cut = without(file, scan + 200, 300);
    assertThat(OpenCvReference.decode(cut).bgr()).isNotEmpty();
    assertThat(form(cut).obstacle()).isNull();
    assertThatIOException()
        .isThrownBy(() -> JdkJpegDecoder.decode(header(cut)))
        .withMessageContaining("Corrupt JPEG data");
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "16383, 1", "1, 16383", "65500, 1", "1, 65500"})
  void extremeSizes(int width, int height) throws IOException {
    assertSamePixels(
        JpegFiles.baseline(width, height, JpegFiles.SAMPLINGS.get(2), 0.8f), "baseline");
    assertSamePixels(
        JpegFiles.progressive(width, height, JpegFiles.SAMPLINGS.get(1), 0.8f), "progressive");
  }

  @Test
  void gray() throws IOException {
    for (int[] size : SIZES) {
      byte[] file = Fixtures.jpeg(lively(size[0], size[1], BufferedImage.TYPE_BYTE_GRAY), false);
      assertSamePixels(file, "gray %dx%d".formatted(size[0], size[1]));
      file[indexOf(file, 0xc0) + 11] = 0x22;
      assertSamePixels(file, "with a sampling, which means nothing for one component");
      byte[] progressive =
          Fixtures.jpeg(lively(size[0], size[1], BufferedImage.TYPE_BYTE_GRAY), true);
      assertSamePixels(progressive, "progressive gray");
    }
  }

  /** A file with the usual colors, whose first segment is JFIF. */
  private static byte[] jfif() {
    byte[] file = Fixtures.jpeg(lively(64, 48, BufferedImage.TYPE_3BYTE_BGR), false);
    assertThat(new String(file, 6, 4, StandardCharsets.ISO_8859_1)).isEqualTo("JFIF");
    return file;
  }

  private static int unsigned(byte[] file, int at) {
    return (file[at] & 0xff) << 8 | file[at + 1] & 0xff;
  }

  /** Returns the place of the first segment of a kind, or -1. */
  private static int indexOf(byte[] file, int marker) {
    for (int at = 2; file[at] == (byte) 0xff; at += 2 + unsigned(file, at + 2)) {
      if (file[at + 1] == (byte) marker) {
        return at;
      }
    }
    return -1;
  }

  private static byte[] tail(byte[] file, int from, int to) {
    return Arrays.copyOfRange(file, from, to);
  }

  private static byte[] without(byte[] file, int from, int count) {
    byte[] rest = Arrays.copyOf(file, file.length - count);
    System.arraycopy(file, from + count, rest, from, rest.length - from);
    return rest;
  }

  private static byte[] withoutJfif(byte[] file) {
    return without(file, 2, 2 + unsigned(file, 4));
  }

  private static void assertColors(byte[] file, Colors colors, String what) throws IOException {
    assertThat(form(file).colors()).as(what).isEqualTo(colors);
    assertSamePixels(file, what);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void markersOfColors(boolean progressive) throws IOException {
    byte[] jfif = Fixtures.jpeg(lively(64, 48, BufferedImage.TYPE_3BYTE_BGR), progressive);
    byte[] bare = withoutJfif(jfif);
    assertColors(jfif, Colors.YCBCR, "JFIF");
    assertColors(bare, Colors.YCBCR, "none");
    assertColors(Fixtures.withExifOrientation(bare, 1), Colors.YCBCR, "EXIF alone");
    assertColors(Fixtures.insert(bare, 2, Fixtures.adobe(1)), Colors.YCBCR, "Adobe's YCbCr");
    assertColors(Fixtures.insert(bare, 2, Fixtures.adobe(2)), Colors.YCBCR, "Adobe's YCCK");
    assertColors(Fixtures.insert(jfif, 20, Fixtures.adobe(1)), Colors.YCBCR, "both");
    assertColors(Fixtures.insert(jfif, 20, Fixtures.adobe(0)), Colors.YCBCR, "both, RGB");
    byte[] rgb = Fixtures.insert(bare, 2, Fixtures.adobe(0));
    assertColors(rgb, Colors.RGB, "Adobe's RGB");
    byte[] late = Fixtures.insert(rgb, rgb.length - 2, Fixtures.adobe(1));
    assertColors(late, Colors.RGB, "what comes behind the scan");
    byte[] last = Fixtures.insert(rgb, 2 + 16, Fixtures.adobe(1));
    assertColors(last, Colors.YCBCR, "the last of two before the scan");
    byte[] shortJfif = {(byte) 0xff, (byte) 0xe0, 0, 9, 'J', 'F', 'I', 'F', 0, 1, 1};
    assertColors(Fixtures.insert(rgb, 2, shortJfif), Colors.RGB, "a short JFIF");
  }

  /** Without markers, the names decide; with JFIF, they do not. */
  @Test
  void namesOfColors() throws IOException {
    byte[] named = rgbNamed(jfif());
    assertColors(named, Colors.YCBCR, "JFIF");
    assertColors(withoutJfif(named), Colors.RGB, "R, G, B");
    byte[] adobe = Fixtures.insert(withoutJfif(named), 2, Fixtures.adobe(1));
    assertColors(adobe, Colors.YCBCR, "Adobe");
    byte[] other = withoutJfif(named);
    other[indexOf(other, 0xc0) + 10] = 'Q';
    other[indexOf(other, 0xda) + 5] = 'Q';
    assertColors(other, Colors.YCBCR, "Q, G, B");
  }

  /** Names the components R, G and B in frame and scan. */
  private static byte[] rgbNamed(byte[] file) {
    byte[] named = file.clone();
    for (int at = 2; at < named.length - 16; at++) {
      boolean frame = named[at] == (byte) 0xff && named[at + 1] == (byte) 0xc0;
      boolean scan = named[at] == (byte) 0xff && named[at + 1] == (byte) 0xda;
      for (int i = 0; i < 3 && (frame || scan); i++) {
        named[at + (frame ? 10 + 3 * i : 5 + 2 * i)] = (byte) "RGB".charAt(i);
      }
    }
    return named;
  }

  /** A profile would change colors if it reached the decoder. */
  @Test
  void profile_isLeftOut() throws IOException {
    byte[] segment = new byte[200];
    byte[] head = "\u00ff\u00e2\0\u00c6ICC_PROFILE\0\1\1".getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(head, 0, segment, 0, head.length);
    assertSamePixels(Fixtures.insert(jfif(), 20, segment), "with a profile");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void turned(int orientation) throws IOException {
    BufferedImage image = lively(70, 45, BufferedImage.TYPE_3BYTE_BGR);
    byte[] jpeg = Fixtures.withExifOrientation(Fixtures.jpeg(image, false), orientation);
    byte[] stored = JdkJpegDecoder.decode(header(jpeg)).orElseThrow().bgr();

    DecodedPixels upright = Upright.turned(new DecodedPixels(stored, 70, 45), orientation);

    boolean sideways = orientation >= 5;
    assertThat(upright.width()).isEqualTo(sideways ? 45 : 70);
    for (int y = 0; y < upright.height(); y++) {
      for (int x = 0; x < upright.width(); x++) {
        // EXIF 2.32, table 6: the visual places of the stored row 0 and column 0.
        int fromX =
            switch (orientation) {
              case 1, 4 -> x;
              case 2, 3 -> 69 - x;
              case 5, 6 -> y;
              default -> 69 - y;
            };
        int fromY =
            switch (orientation) {
              case 1, 2 -> y;
              case 3, 4 -> 44 - y;
              case 5, 8 -> x;
              default -> 44 - x;
            };
        for (int channel = 0; channel < 3; channel++) {
          assertThat(upright.bgr()[3 * (y * upright.width() + x) + channel])
              .isEqualTo(stored[3 * (fromY * 70 + fromX) + channel]);
        }
      }
    }
  }

  /** Any bytes between the markers end as an image or as damage. */
  @Test
  void damagedData_isAnImageOrDamage() {
    byte[] whole = jfif();
    Random random = new Random(7);
    for (int i = 0; i < 3000; i++) {
      byte[] file = whole.clone();
      int changes = 1 + random.nextInt(4);
      for (int change = 0; change < changes; change++) {
        file[2 + random.nextInt(file.length - 4)] = (byte) random.nextInt();
      }
      try {
        DecodedPixels pixels =
            ImageDecoder.decode(file, ImageOptions.defaults().withMaxPixels(1_000_000));
        assertThat(pixels.bgr()).hasSize(3 * pixels.width() * pixels.height());
      } catch (ImageException e) {
        assertThat(e).hasMessageStartingWith("expected");
      }
    }
  }

  /** Both libraries give its pixels: that of the system, and the one inside a JDK. */
  @ParameterizedTest
  @EnumSource
  void knownFile_hasThePixelsOfOpenCv(Known known) throws IOException {
    String name =
        switch (known) {
          case PLAIN -> "plain.jpg";
          case SCANS -> "progressive.jpg";
          case FOUR_COLORS -> "ycck.jpg";
        };
    try (InputStream file = JdkJpegDecoder.class.getResourceAsStream(name)) {
      assertSamePixels(file.readAllBytes(), name);
    }
  }

  @ParameterizedTest
  @EnumSource
  void otherPixels_areNotTaken(Known known) {
    assertThat(JdkJpegDecoder.givesPixels(jdk(), known)).isTrue();
    JdkJpegReader black = new JdkJpegReader(new BlackProvider(24));
    assertThat(JdkJpegDecoder.givesPixels(black, known)).isFalse();
    // One that fails.
    JdkJpegReader none = new JdkJpegReader(new BlackProvider(-1));
    assertThat(JdkJpegDecoder.givesPixels(none, known)).isFalse();
  }

  private static JdkJpegReader jdk() {
    return new JdkJpegReader(
        ImageIO.getImageReadersByFormatName("jpeg").next().getOriginatingProvider());
  }

  /** A JDK may give other pixels for one of the kinds only. */
  @Test
  void kindsThatAreNotExact_areNotTaken() throws IOException {
    BufferedImage image = lively(40, 30, BufferedImage.TYPE_3BYTE_BGR);
    assertNeeds(Fixtures.jpeg(image, false), Known.PLAIN);
    assertNeeds(Fixtures.jpeg(image, true), Known.PLAIN, Known.SCANS);
    byte[] four = Fixtures.jpegOfFour(JpegFiles.lively(40, 30, 4), 2);
    assertNeeds(four, Known.PLAIN, Known.FOUR_COLORS);
  }

  private static void assertNeeds(byte[] file, Known... needed) throws IOException {
    for (Known other : Known.values()) {
      Optional<DecodedPixels> pixels =
          JdkJpegDecoder.decode(header(file), form(file), jdk(), known -> known != other);
      assertThat(pixels.isEmpty()).as("%s", other).isEqualTo(List.of(needed).contains(other));
    }
  }

  @Test
  void decoderThatFails_isDamage() {
    byte[] file = jfif();
    for (int side : new int[] {-1, 24}) {
      JdkJpegReader reader = new JdkJpegReader(new BlackProvider(side));
      assertThatIOException()
          .isThrownBy(() -> JdkJpegDecoder.decode(header(file), form(file), reader, known -> true))
          .withMessageContaining(side < 0 ? "no decoder" : "another size");
    }
  }

  /** As of a thread that a stopped application left behind. */
  @Test
  void find_underAContextClassLoaderThatFails() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    ClassLoader stopped =
        new ClassLoader(null) {
          @Override
          protected Class<?> loadClass(String name, boolean resolve) {
            throw new IllegalStateException("the application was stopped");
          }
        };
    thread.setContextClassLoader(stopped);
    try {
      assertThat(JdkJpegReader.find()).isPresent();
      assertThat(thread.getContextClassLoader()).isSameAs(stopped);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** A decoder that gives other pixels. */
  private static final class BlackProvider extends ImageReaderSpi {
    private final int side;

    BlackProvider(int side) {
      this.side = side;
    }

    @Override
    public boolean canDecodeInput(Object source) {
      return true;
    }

    @Override
    public ImageReader createReaderInstance(Object extension) {
      if (side < 0) {
        throw new IllegalStateException("no decoder");
      }
      return new BlackReader(this, side);
    }

    @Override
    public String getDescription(Locale locale) {
      return "black";
    }
  }

  private static final class BlackReader extends ImageReader {
    private final int side;

    BlackReader(BlackProvider provider, int side) {
      super(provider);
      this.side = side;
    }

    @Override
    public void setInput(Object input, boolean forwardOnly, boolean ignoreMetadata) {
      // needs none
    }

    @Override
    public int getNumImages(boolean search) {
      return 1;
    }

    @Override
    public int getWidth(int index) {
      return side;
    }

    @Override
    public int getHeight(int index) {
      return side;
    }

    @Override
    public Iterator<ImageTypeSpecifier> getImageTypes(int index) {
      return List.of(ImageTypeSpecifier.createFromBufferedImageType(BufferedImage.TYPE_3BYTE_BGR))
          .iterator();
    }

    @Override
    public @Nullable IIOMetadata getStreamMetadata() {
      return null;
    }

    @Override
    public @Nullable IIOMetadata getImageMetadata(int index) {
      return null;
    }

    @Override
    public BufferedImage read(int index, ImageReadParam param) {
      return param.getDestination();
    }
  }

  @Test
  void libraryOfTheSystem_isSeenByItsName(@TempDir Path folder) throws IOException {
    Path linked = folder.resolve("linked.so");
    Files.write(linked, new byte[] {127, 'E', 'L', 'F', -1, 0});
    assertThat(JdkJpegDecoder.namesSystemLibrary(linked)).isFalse();
    Files.writeString(linked, "\0libc.so.6\0libjpeg.so.62\0", StandardOpenOption.APPEND);
    assertThat(JdkJpegDecoder.namesSystemLibrary(linked)).isTrue();
    assertThat(JdkJpegDecoder.namesSystemLibrary(folder.resolve("none.so"))).isFalse();
  }

  /** Images from many cameras and programs. */
  @Test
  @Tag("testdata")
  void photos() throws IOException {
    String property = System.getProperty("omote.testdata");
    assumeTrue(
        property != null && !property.isBlank(),
        "skipped: needs the reference data; give its folder as -Domote.testdata=...");
    int exact = 0;
    for (Path file : jpegs(Path.of(property))) {
      byte[] bytes = Files.readAllBytes(file);
      try {
        if (form(bytes).isExactInJdk()) {
          assertSamePixels(bytes, file.toString());
          exact++;
        }
      } catch (ImageException e) {
        assertThat(e).hasMessageStartingWith("expected"); // a damaged one
      }
    }
    assertThat(exact).isGreaterThan(600);
  }

  private static List<Path> jpegs(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().toLowerCase(Locale.ROOT).matches(".*\\.jpe?g"))
          .sorted()
          .toList();
    }
  }
}
