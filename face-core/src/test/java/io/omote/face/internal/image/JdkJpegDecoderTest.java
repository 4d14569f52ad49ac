// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.omote.face.ImageException;
import io.omote.face.ImageOptions;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
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
import org.junit.jupiter.params.provider.CsvSource;
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

  private static void assertSamePixels(byte[] file, String what) {
    ImageHeader header = header(file);
    assertThat(header.isPlainJpeg()).as(what).isTrue();
    DecodedPixels expected = OpenCvReference.decode(header);
    Optional<DecodedPixels> pixels = JdkJpegDecoder.decode(header);
    assertThat(pixels).as(what).isPresent();
    assertThat(pixels.get().width()).isEqualTo(expected.width());
    assertThat(pixels.get().bgr()).as(what).isEqualTo(expected.bgr());
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

  @ParameterizedTest
  @CsvSource({
    "0x411111, 0",
    "0x111111, 0",
    "0x211111, 0",
    "0x221111, 0",
    "0x121111, 0",
    "0x211111, 3",
    "0x221111, 1"
  })
  void eachSampling(String factor, int restart) {
    int sampling = Integer.decode(factor);
    boolean plain = sampling != 0x411111 && sampling != 0x121111;
    for (int[] size : SIZES) {
      byte[] png = Fixtures.write(lively(size[0], size[1], BufferedImage.TYPE_3BYTE_BGR), "png");
      for (int quality : new int[] {20, 80, 100}) {
        byte[] file =
            Fixtures.encoded(
                ".jpg",
                png,
                Imgcodecs.IMREAD_COLOR,
                Imgcodecs.IMWRITE_JPEG_QUALITY,
                quality,
                Imgcodecs.IMWRITE_JPEG_SAMPLING_FACTOR,
                sampling,
                Imgcodecs.IMWRITE_JPEG_RST_INTERVAL,
                restart);
        String what = "%s, %dx%d, quality %d".formatted(factor, size[0], size[1], quality);
        if (plain) {
          assertSamePixels(file, what);
        } else {
          assertThat(header(file).isPlainJpeg()).as(what).isFalse();
        }
      }
    }
  }

  @Test
  void gray() {
    for (int[] size : SIZES) {
      byte[] file = Fixtures.jpeg(lively(size[0], size[1], BufferedImage.TYPE_BYTE_GRAY), false);
      assertSamePixels(file, "gray %dx%d".formatted(size[0], size[1]));
    }
  }

  /** A file with the usual colors, whose first segment is JFIF. */
  private static byte[] jfif() {
    byte[] file = Fixtures.jpeg(lively(64, 48, BufferedImage.TYPE_3BYTE_BGR), false);
    assertThat(new String(file, 6, 4, StandardCharsets.ISO_8859_1)).isEqualTo("JFIF");
    return file;
  }

  private static byte[] withoutJfif(byte[] file) {
    int length = 2 + ((file[4] & 0xff) << 8 | file[5] & 0xff);
    byte[] rest = new byte[file.length - length];
    System.arraycopy(file, 0, rest, 0, 2);
    System.arraycopy(file, 2 + length, rest, 2, rest.length - 2);
    return rest;
  }

  @Test
  void markersOfColors() {
    byte[] bare = withoutJfif(jfif());
    assertSamePixels(jfif(), "JFIF");
    assertSamePixels(bare, "none");
    assertSamePixels(Fixtures.withExifOrientation(bare, 1), "EXIF alone");
    assertSamePixels(Fixtures.insert(bare, 2, Fixtures.adobe(1)), "Adobe's YCbCr");
    assertSamePixels(Fixtures.insert(jfif(), 20, Fixtures.adobe(1)), "both");
    assertThat(header(Fixtures.insert(bare, 2, Fixtures.adobe(0))).isPlainJpeg()).isFalse();
    byte[] rgb = Fixtures.insert(bare, 2, Fixtures.adobe(0));
    byte[] late = Fixtures.insert(rgb, rgb.length - 2, Fixtures.adobe(1));
    assertThat(header(late).isPlainJpeg()).as("what comes behind the scan").isFalse();
    byte[] last = Fixtures.insert(rgb, 2 + 16, Fixtures.adobe(1));
    assertSamePixels(last, "the last of two before the scan");
    assertThat(header(rgbNamed(bare)).isPlainJpeg()).isFalse();
    assertThat(
            header(Fixtures.jpeg(lively(64, 48, BufferedImage.TYPE_3BYTE_BGR), true)).isPlainJpeg())
        .as("progressive")
        .isFalse();
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
  void profile_isLeftOut() {
    byte[] segment = new byte[200];
    byte[] head = "\u00ff\u00e2\0\u00c6ICC_PROFILE\0\1\1".getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(head, 0, segment, 0, head.length);
    assertSamePixels(Fixtures.insert(jfif(), 20, segment), "with a profile");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void turned(int orientation) {
    BufferedImage image = lively(70, 45, BufferedImage.TYPE_3BYTE_BGR);
    byte[] jpeg = Fixtures.withExifOrientation(Fixtures.jpeg(image, false), orientation);
    byte[] reduced = OpenCvReference.decode(header(jpeg)).bgr();

    DecodedPixels upright = Upright.turned(new DecodedPixels(reduced, 70, 45), orientation);

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
              .isEqualTo(reduced[3 * (fromY * 70 + fromX) + channel]);
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

  /** Both libraries have it: that of the system, and the one inside a JDK. */
  @Test
  void knownFile_hasThePixelsOfOpenCv() throws IOException {
    try (InputStream known = JdkJpegDecoder.class.getResourceAsStream("plain.jpg")) {
      assertSamePixels(known.readAllBytes(), "the known file");
    }
  }

  @Test
  void otherPixels_areNotTaken() {
    ImageReaderSpi right =
        ImageIO.getImageReadersByFormatName("jpeg").next().getOriginatingProvider();
    assertThat(JdkJpegDecoder.isExact(new JdkJpegReader(right))).isTrue();
    assertThat(JdkJpegDecoder.isExact(new JdkJpegReader(new BlackProvider(24)))).isFalse();
    // One that fails.
    assertThat(JdkJpegDecoder.isExact(new JdkJpegReader(new BlackProvider(-1)))).isFalse();
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
    int plain = 0;
    for (Path file : jpegs(Path.of(property))) {
      byte[] bytes = Files.readAllBytes(file);
      try {
        if (header(bytes).isPlainJpeg()) {
          assertSamePixels(bytes, file.toString());
          plain++;
        }
      } catch (ImageException e) {
        assertThat(e).hasMessageStartingWith("expected"); // a damaged one
      }
    }
    assertThat(plain).isGreaterThan(600);
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
