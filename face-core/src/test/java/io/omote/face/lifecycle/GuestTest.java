// SPDX-License-Identifier: Apache-2.0
package io.omote.face.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnxruntime.OrtEnvironment;
import io.omote.face.GeneratedModels;
import io.omote.face.internal.image.NativeDecoder;
import io.omote.face.lifecycle.ForkedJvm.Outcome;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** This library in unusual JVMs: each test starts one or more. */
class GuestTest {
  private static final boolean LINUX = System.getProperty("os.name").equals("Linux");

  /** As {@code JdkJpegDecoder} has it. */
  private static final String KNOWN_PIXELS = "pixels a7b80f23";

  @TempDir static Path shared;
  @TempDir Path folder;

  /** A plain JPEG whose pixels are known. */
  private static Path jpeg;

  private static Path progressive;

  private static Path png;

  private static Path model;

  @BeforeAll
  static void makeFiles() throws IOException {
    jpeg = Files.write(shared.resolve("plain.jpg"), known("plain.jpg"));
    progressive = Files.write(shared.resolve("progressive.jpg"), known("progressive.jpg"));
    png = Files.write(shared.resolve("small.png"), written(64, 48, "png"));
    GeneratedModels.detector(shared);
    GeneratedModels.embedder(shared);
    model = shared.resolve("generated.onnx");
  }

  private static byte[] known(String file) throws IOException {
    try (InputStream known =
        Objects.requireNonNull(
            GuestTest.class.getResourceAsStream("/io/omote/face/internal/image/" + file))) {
      return known.readAllBytes();
    }
  }

  private static byte[] written(int width, int height, String format) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    Random random = new Random(1);
    for (int i = 0; i < width * height; i += 7) {
      image.setRGB(i % width, i / width, random.nextInt());
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, format, out);
    return out.toByteArray();
  }

  /** Each ends before its code could be optimized. */
  private static ForkedJvm jvm() {
    return new ForkedJvm().option("-XX:TieredStopAtLevel=1");
  }

  private static void assertEnded(Outcome outcome) {
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    assertThat(outcome.output()).doesNotContain("Error");
  }

  // The host's ImageIO.

  private Path plugInFolder(Class<?> plugIn) throws IOException {
    Path services = Files.createDirectories(folder.resolve("host/META-INF/services"));
    Files.writeString(
        services.resolve("javax.imageio.spi.ImageReaderSpi"), plugIn.getName() + "\n");
    return folder.resolve("host");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"platform-loader", "common-pool", "virtual", "application-loader-common-pool"})
  void read_asTheFirstOfTheJvm_leavesTheFormatsOfTheHost(String place) throws Exception {
    assumeTrue(!place.equals("virtual") || Runtime.version().feature() >= 21);
    Path host = plugInFolder(PlugIn.class);
    ForkedJvm jvm = jvm();
    if (!place.startsWith("application")) {
      jvm.classPathFirst(host);
    }
    Outcome outcome = jvm.run(PlugIn.class, place, jpeg, host);
    assertEnded(outcome);
    // The plug-in comes first for JPEG and would give a black image.
    assertThat(outcome.output()).contains(KNOWN_PIXELS).contains("the format of the host is known");
  }

  /** ImageIO does not start, and without face-opencv nothing else decodes a JPEG. */
  @Test
  void read_besideAPlugInThatCannotBeLoaded() throws Exception {
    assertNoJpeg(
        jvm()
            .classPathFirst(plugInFolder(PlugIn.Broken.class))
            .run(Guest.class, "read", jpeg, png));
  }

  private static String twice(String text) {
    return "(?s)" + text + ".*" + text;
  }

  // Which decoder.

  @Test
  void read_plainJpeg_isDecodedByTheJdkAlone() throws Exception {
    assumeTrue(LINUX);
    Outcome outcome = jvm().run(Guest.class, "read", jpeg);
    assertEnded(outcome);
    assertThat(outcome.output())
        .containsPattern(twice(KNOWN_PIXELS))
        .contains("libjavajpeg.so")
        .doesNotContain("opencv");
  }

  // The module face-opencv.

  private static final String COORDINATES = "io.omote:face-opencv";

  /** All of JPEG and what only OpenCV reads; others are read as ever. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "missing.Decoder",
        "unreadable.Decoder",
        "io.omote.face.lifecycle.BrokenDecoder",
        "io.omote.face.lifecycle.OtherDecoder"
      })
  void read_besideADecoderThatCannotBeUsed_saysSo(String provider) throws Exception {
    Path services = Files.createDirectories(folder.resolve("broken/META-INF/services"));
    // As of a class for a newer Java.
    Path unreadable = Files.createDirectories(folder.resolve("broken/unreadable"));
    Files.write(unreadable.resolve("Decoder.class"), new byte[10]);
    Files.writeString(services.resolve(NativeDecoder.class.getName()), provider + "\n");
    Outcome outcome =
        jvm()
            .classPathFirst(folder.resolve("broken"))
            .run(Guest.class, "read", jpeg, progressive, png);
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    assertThat(outcome.output())
        .containsPattern(
            twice(
                "ModelException: the decoder of " + COORDINATES + " cannot be used .*" + provider))
        .containsPattern(twice("worked FaceImage.64x48."))
        .doesNotContain(KNOWN_PIXELS);
  }

  // A Java runtime that lacks something.

  @Test
  void read_andEmbed_withoutJavaDesktop() throws Exception {
    ForkedJvm jvm = jvm().option("--limit-modules=java.base,java.logging").without("logback");
    Outcome outcome = jvm.run(Guest.class, "embed", model, png, bmpOf(64, 48));
    assertEnded(outcome);
    assertThat(outcome.output())
        .contains("worked FaceEmbedding")
        .containsPattern(twice("worked FaceImage.64x48."));
    assertNoJpeg(jvm.run(Guest.class, "read", jpeg, png));
    assertWithoutImaging(jvm.run(Guest.class, "imaging", png));
  }

  private static void assertNoJpeg(Outcome outcome) {
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    assertThat(outcome.output())
        .containsPattern(
            twice(
                "ModelException: the JPEG cannot be decoded.*java.desktop.*plug-in.*"
                    + COORDINATES))
        .containsPattern(twice("worked FaceImage.64x48."));
  }

  private static void assertWithoutImaging(Outcome outcome) {
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    assertThat(outcome.output())
        .containsPattern(twice("worked FaceImage.64x48."))
        .containsPattern(twice("ModelException: BufferedImage needs the module java.desktop"));
  }

  @Test
  void read_withoutLibrariesOfJavaDesktop() throws Exception {
    ToolProvider jlink = ToolProvider.findFirst("jlink").orElse(null);
    assumeTrue(LINUX && jlink != null, "skipped: needs jlink");
    Path home = folder.resolve("runtime");
    String modules = "java.base,java.logging,java.desktop";
    assertThat(jlink.run(System.out, System.err, "--add-modules", modules, "--output", "" + home))
        .isZero();
    ForkedJvm jvm = jvm().home(home).without("logback");
    Files.delete(home.resolve("lib/libjavajpeg.so"));
    assertNoJpeg(jvm.run(Guest.class, "read", jpeg, png));
    Files.delete(home.resolve("lib/libawt.so"));
    assertWithoutImaging(jvm.run(Guest.class, "imaging", png));
  }

  @Test
  void read_andEmbed_whereAModuleIsMissing_saySo() throws Exception {
    Outcome outcome =
        jvm()
            .option("--limit-modules=java.base")
            .without("logback")
            .run(Guest.class, "embed", model, jpeg, jpeg);
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    assertThat(outcome.output().split("ModelException", -1)).hasSize(4);
    assertThat(outcome.output()).contains("java.util.logging", "jlink --add-modules");
  }

  // Little memory.

  private Path jpegOf(int width, int height) throws IOException {
    Path file = folder.resolve(width + "x" + height + ".jpg");
    ImageIO.write(
        new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY), "jpg", file.toFile());
    return file;
  }

  /** The same with an EXIF segment that turns it, so that its pixels are needed twice. */
  private static Path turned(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    byte[] exif =
        "\u00ff\u00e1\0\42Exif\0\0MM\0*\0\0\0\10\0\1\1\22\0\3\0\0\0\1\0\6\0\0\0\0\0\0"
            .getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer turned = ByteBuffer.allocate(bytes.length + exif.length);
    turned.put(bytes, 0, 2).put(exif).put(bytes, 2, bytes.length - 2);
    return Files.write(file, turned.array());
  }

  /** A PNG of one gray, so that it takes a thousandth of its pixels. */
  private Path pngOf(int width, int height) throws IOException {
    Path file = folder.resolve(width + "x" + height + ".png");
    ImageIO.write(
        new BufferedImage(width, height, BufferedImage.TYPE_BYTE_BINARY), "png", file.toFile());
    return file;
  }

  private Path bmpOf(int width, int height) throws IOException {
    Path file = folder.resolve(width + "x" + height + ".bmp");
    ImageIO.write(
        new BufferedImage(width, height, BufferedImage.TYPE_BYTE_BINARY), "bmp", file.toFile());
    return file;
  }

  @Test
  void read_whatTheHeapCannotHold_isRefused() throws Exception {
    Outcome outcome =
        jvm()
            .option("-Xmx64m")
            .run(
                Guest.class,
                "read",
                jpegOf(7360, 4912),
                pngOf(7360, 4912),
                bmpOf(7360, 4912),
                turned(jpegOf(4000, 3000)),
                jpeg,
                png);
    assertEnded(outcome);
    assertThat(outcome.output().split("refused TOO_LARGE", -1)).hasSize(1 + 2 * 4);
    assertThat(outcome.output())
        .contains("4000x3000, which takes 69 MB")
        .contains("fits into the Java heap of 64 MB", "7360x4912, which takes 104 MB", "-Xmx")
        .contains("ImageOptions.maxPixels")
        .containsPattern(twice(KNOWN_PIXELS))
        .containsPattern(twice("worked FaceImage.64x48."));
  }

  /** Less than the heap, but more than its free part. */
  @Test
  void read_whatTheHeapHasNoRoomFor_isRefused() throws Exception {
    Outcome outcome =
        jvm()
            .option("-Xmx146m")
            .run(
                Guest.class,
                "read",
                jpegOf(7000, 7000),
                pngOf(7000, 7000),
                bmpOf(7000, 7000),
                jpeg,
                jpegOf(4000, 3000));
    assertEnded(outcome);
    assertThat(outcome.output().split("refused TOO_LARGE", -1)).hasSize(1 + 2 * 3);
    assertThat(outcome.output())
        .contains("the Java heap of 146 MB", "7000x7000, which takes 141 MB")
        .containsPattern(twice(KNOWN_PIXELS))
        .containsPattern(twice("worked FaceImage.4000x3000."));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void read_byMoreThreadsThanTheHeapHasRoomFor_refusesSome(boolean isPng) throws Exception {
    Path file = isPng ? pngOf(4000, 3000) : jpegOf(4000, 3000);
    Outcome outcome = jvm().option("-Xmx128m").run(Guest.class, "read-at-once", file, 4);
    assertEnded(outcome);
    int worked = outcome.output().split("worked FaceImage", -1).length - 1;
    int refused = outcome.output().split("refused TOO_LARGE", -1).length - 1;
    assertThat(worked).isPositive();
    assertThat(worked + refused).isEqualTo(16);
  }

  @Test
  void image_thatIsNotRefused_leavesRoomForTheRest() throws Exception {
    // A collector that moves large arrays, too, so that room never lies scattered.
    Outcome outcome = jvm().option("-XX:+UseSerialGC").option("-Xmx160m").run(Guest.class, "fill");
    assertEnded(outcome);
    assertThat(outcome.output())
        .containsPattern("refused beside \\d{2,}")
        .contains("2000x3000, which takes 18 MB");
  }

  @Test
  void read_aFileThatTheHeapHasNoRoomFor_isRefused() throws Exception {
    Path large = folder.resolve("large.jpg");
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.write(known("plain.jpg"));
      file.setLength(60_000_000);
    }
    Outcome outcome = jvm().option("-Xmx32m").run(Guest.class, "read-bytes", large, jpeg);
    assertEnded(outcome);
    assertThat(outcome.output().split("refused TOO_LARGE", -1)).hasSize(3);
    assertThat(outcome.output()).contains("large.jpg: expected", "a file of 6", KNOWN_PIXELS);
  }

  /**
   * JDK 17 would give the reading thread as much native memory as the file has bytes, and keep it.
   */
  @Test
  void read_aLargeFile_takesNoNativeMemoryForIt() throws Exception {
    Path large = Files.copy(png, folder.resolve("large.png"));
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(20_000_000);
    }
    Outcome outcome =
        jvm().option("-XX:MaxDirectMemorySize=1m").run(Guest.class, "read-bytes", large, jpeg);
    assertEnded(outcome);
    assertThat(outcome.output()).containsPattern(twice("worked FaceImage.64x48."));
  }

  @Test
  void toBufferedImage_thatTheHeapHasNoRoomFor_isRefused() throws Exception {
    Outcome outcome = jvm().option("-Xmx100m").run(Guest.class, "copy", jpegOf(5000, 4000), jpeg);
    assertEnded(outcome);
    assertThat(outcome.output()).contains("refused TOO_LARGE", "5000x4000", KNOWN_PIXELS);
  }

  // Libraries that were unpacked beforehand.

  private Path unpacked() throws IOException {
    Path natives = Files.createDirectory(folder.resolve("na tives"));
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    assumeTrue(system.equals("linux"));
    boolean arm = System.getProperty("os.arch").equals("aarch64");
    for (String library : new String[] {"onnxruntime", "onnxruntime4j_jni"}) {
      String name = System.mapLibraryName(library);
      copy(
          OrtEnvironment.class,
          "/ai/onnxruntime/native/linux-" + (arm ? "aarch64" : "x64") + "/" + name,
          natives.resolve(name));
    }
    return natives;
  }

  private static void copy(Class<?> from, String resource, Path to) throws IOException {
    try (InputStream library = Objects.requireNonNull(from.getResourceAsStream(resource))) {
      Files.copy(library, to);
    }
  }

  /** Neither the temporary folder nor the user's home exist: nothing can be written. */
  private ForkedJvm readOnly() {
    return jvm()
        .option("-Djava.io.tmpdir=" + folder.resolve("missing"))
        .option("-Duser.home=" + folder.resolve("missing"))
        .option("-XX:-UsePerfData");
  }

  @Test
  void embed_andRead_fromUnpackedLibraries_writeNothing() throws Exception {
    Path natives = unpacked();
    Outcome outcome =
        readOnly()
            .option("-Domote.native.path=" + natives)
            .run(Guest.class, "embed", model, jpeg, png);
    assertEnded(outcome);
    assertThat(outcome.output())
        .contains("worked FaceEmbedding", KNOWN_PIXELS, "worked FaceImage[64x48]");
    assertThat(folder.resolve("missing")).doesNotExist();
    try (Stream<Path> files = Files.list(natives)) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void embed_whereAnUnpackedLibraryIsMissing_saysWhich() throws Exception {
    Path natives = Files.createDirectory(folder.resolve("empty"));
    Outcome outcome =
        jvm().option("-Domote.native.path=" + natives).run(Guest.class, "embed", model);
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    assertThat(outcome.output())
        .contains(
            "ModelException",
            natives.resolve(System.mapLibraryName("onnxruntime")).toString(),
            "-Domote.native.path");
  }

  @Test
  void embed_whereAnUnpackedLibraryIsDamaged_saysSo() throws Exception {
    Path natives = Files.createDirectory(folder.resolve("damaged"));
    for (String library : new String[] {"onnxruntime", "onnxruntime4j_jni"}) {
      Files.writeString(natives.resolve(System.mapLibraryName(library)), "not a library");
    }
    Outcome outcome =
        jvm().option("-Domote.native.path=" + natives).run(Guest.class, "embed", model);
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    assertThat(outcome.output()).contains("ModelException");
  }

  @Test
  void embed_inTwoClassLoaders_fromUnpackedLibraries_saysWhatToDo() throws Exception {
    Outcome outcome =
        jvm()
            .option("-Domote.native.path=" + unpacked())
            .run(FirstTouch.class, folder, "both-loaders");
    assertThat(outcome.output())
        .contains("worked", "ModelException", "only one class loader of a JVM", "shared loader");
  }

  // The log.

  @Test
  void compare_onTheProcessor_logsNothing() throws Exception {
    ForkedJvm jvm = jvm();
    if (Runtime.version().feature() >= 24) {
      jvm.option("--enable-native-access=ALL-UNNAMED"); // without it the JVM itself warns
    }
    Outcome outcome = jvm.run(Guest.class, "log", shared);
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    assertThat(outcome.output().strip().lines().toList())
        .as("what was written, with what was logged at the level INFO and above")
        .hasSize(2)
        .first()
        .asString()
        .startsWith("compared");
    assertThat(outcome.output()).contains("events []");
  }
}
