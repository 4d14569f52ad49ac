// SPDX-License-Identifier: Apache-2.0
package io.omote.face.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.omote.face.internal.image.WebpFiles;
import io.omote.face.lifecycle.ForkedJvm.Outcome;
import io.omote.face.lifecycle.ForkedJvm.Running;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import nu.pattern.OpenCV;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opencv.core.Core;

/** This module in unusual JVMs: each test starts one or more. */
class OpenCvGuestTest {
  private static final boolean LINUX = System.getProperty("os.name").equals("Linux");

  /** As {@code JdkJpegDecoder} has it. */
  private static final String KNOWN_PIXELS = "pixels a7b80f23";

  private static final String WORKED = "worked FaceImage.64x48.";

  @TempDir static Path shared;
  @TempDir Path folder;

  /** A plain JPEG whose pixels are known. */
  private static Path jpeg;

  private static Path webp;

  @BeforeAll
  static void makeFiles() throws IOException {
    jpeg = Files.write(shared.resolve("plain.jpg"), known("plain.jpg"));
    webp = Files.write(shared.resolve("small.webp"), WebpFiles.black(64, 48));
  }

  private static byte[] known(String name) throws IOException {
    try (InputStream file =
        Objects.requireNonNull(
            OpenCvGuestTest.class.getResourceAsStream("/io/omote/face/internal/image/" + name))) {
      return file.readAllBytes();
    }
  }

  private static ForkedJvm jvm() {
    return new ForkedJvm();
  }

  private static void assertEnded(Outcome outcome) {
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    assertThat(outcome.output()).doesNotContain("Error");
  }

  private static String twice(String text) {
    return "(?s)" + text + ".*" + text;
  }

  private static List<Path> entries(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  // Which decoder.

  @Test
  void read_plainJpeg_doesNotLoadOpenCv() throws Exception {
    assumeTrue(LINUX);
    Outcome outcome = jvm().run(Guest.class, "read", jpeg);
    assertEnded(outcome);
    assertThat(outcome.output())
        .containsPattern(twice(KNOWN_PIXELS))
        .contains("libjavajpeg.so")
        .doesNotContain("opencv");
  }

  /** The JDK would make all pixels for each of its scans. */
  @Test
  void read_progressiveJpeg_isDecodedByOpenCv() throws Exception {
    assumeTrue(LINUX);
    Path progressive = Files.write(folder.resolve("progressive.jpg"), known("progressive.jpg"));
    Outcome outcome = jvm().run(Guest.class, "read", progressive);
    assertEnded(outcome);
    assertThat(outcome.output())
        .containsPattern(twice("pixels 83975f0b"))
        .contains("opencv_java")
        .doesNotContain("libjavajpeg.so");
  }

  /** Once OpenCV is loaded, the faster one decodes: that of a JDK with the system's library. */
  @Test
  void read_plainJpeg_onceOpenCvIsLoaded_isDecodedByTheFasterOne() throws Exception {
    assumeTrue(LINUX);
    Path library = Path.of(System.getProperty("java.home"), "lib", "libjavajpeg.so");
    boolean isLinkedToTheSystem =
        new String(Files.readAllBytes(library), StandardCharsets.ISO_8859_1).contains("libjpeg.so");
    Outcome outcome = jvm().run(Guest.class, "read", webp, jpeg);
    assertEnded(outcome);
    assertThat(outcome.output()).containsPattern(twice(KNOWN_PIXELS)).contains("opencv_java");
    assertThat(outcome.output().contains("libjavajpeg.so")).isEqualTo(isLinkedToTheSystem);
  }

  @Test
  void read_plainJpeg_withoutJavaDesktop_isDecodedByOpenCv() throws Exception {
    Outcome outcome =
        jvm().option("--limit-modules=java.base,java.logging").run(Guest.class, "read", jpeg, webp);
    assertEnded(outcome);
    assertThat(outcome.output()).containsPattern(twice(KNOWN_PIXELS)).containsPattern(WORKED);
  }

  /** ImageIO does not start. */
  @Test
  void read_plainJpeg_besideAPlugInThatCannotBeLoaded_isDecodedByOpenCv() throws Exception {
    Path services = Files.createDirectories(folder.resolve("host/META-INF/services"));
    Files.writeString(services.resolve("javax.imageio.spi.ImageReaderSpi"), "missing.PlugIn");
    Outcome outcome = jvm().classPathFirst(folder.resolve("host")).run(Guest.class, "read", jpeg);
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    assertThat(outcome.output()).containsPattern(twice(KNOWN_PIXELS)).contains("opencv_java");
  }

  // Class loaders.

  @ParameterizedTest
  @ValueSource(strings = {"no-loader", "foreign-loader", "both-loaders", "child-first"})
  void read_isUpToTheLoaderOfFaceCore(String place) throws Exception {
    Outcome outcome = jvm().run(OpenCvHost.class, place, webp);
    assertEnded(outcome);
    int loaders = place.equals("both-loaders") ? 2 : 1;
    assertThat(outcome.output().split("worked", -1)).hasSize(1 + 2 * loaders);
  }

  @Test
  void read_whereOnlyAChildLoaderHasThisModule_doesNotFindIt() throws Exception {
    Outcome outcome = jvm().run(OpenCvHost.class, "child-alone", webp);
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    assertThat(outcome.output())
        .containsPattern(twice("ImageException: .*add the dependency io.omote:face-opencv"))
        .doesNotContain("worked");
  }

  @Test
  void read_whereAnotherLoaderHasFaceCoreOnceMore_saysSo() throws Exception {
    Outcome outcome = jvm().run(OpenCvHost.class, "core-in-child", webp);
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    assertThat(outcome.output())
        .containsPattern(twice("ModelException: .*where the same class loader finds both"))
        .doesNotContain("worked");
  }

  @Test
  void read_withoutTheJarOfOpenCv_saysSo() throws Exception {
    Outcome outcome = jvm().without("openpnp").run(Guest.class, "read", webp, jpeg);
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    assertThat(outcome.output())
        .containsPattern(twice("ModelException: OpenCV.*add the dependency org.openpnp:opencv"))
        .as("what needs no OpenCV")
        .containsPattern(twice(KNOWN_PIXELS));
  }

  /** As in an application that was packaged for another platform. */
  @Test
  void read_withoutTheLibraryOfThisPlatform_saysSo() throws Exception {
    Path classes = folder.resolve("classes");
    Path library = Path.of(Core.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (JarFile jar = new JarFile(library.toFile())) {
      for (JarEntry entry : Collections.list(jar.entries())) {
        if (entry.getName().endsWith(".class")) {
          Path file = classes.resolve(entry.getName());
          Files.createDirectories(file.getParent());
          Files.write(file, jar.getInputStream(entry).readAllBytes());
        }
      }
    }
    Outcome outcome =
        jvm().without("openpnp").classPathFirst(classes).run(Guest.class, "read", webp);
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    assertThat(outcome.output())
        .containsPattern(
            twice("ModelException: OpenCV.*its library in the jars of the application"));
  }

  /** OpenCV logs by the module java.logging. */
  @Test
  void read_withoutJavaLogging_namesWhatIsMissing_notTheJarThatIsThere() throws Exception {
    Outcome outcome = jvm().option("--limit-modules=java.base").run(Guest.class, "read", webp);
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    assertThat(outcome.output())
        .containsPattern(
            twice("ModelException: OpenCV.*java.util.logging.*this Java runtime lacks a module"))
        .doesNotContain("org.openpnp");
  }

  // Memory and files.

  /** Where a container or a limit of the process leaves OpenCV no memory. */
  @Test
  void read_whatOpenCvGetsNoMemoryFor_isRefused() throws Exception {
    assumeTrue(LINUX && Files.isExecutable(Path.of("/usr/bin/prlimit")), "skipped: needs prlimit");
    Path large = Files.write(folder.resolve("large.webp"), WebpFiles.black(7000, 7000));
    Outcome outcome = jvm().option("-Xms512m").run(Guest.class, "limited", webp, large);
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    assertThat(outcome.output())
        .contains("refused TOO_LARGE", "outside the Java heap", "7000x7000, for which OpenCV")
        .containsPattern(twice(WORKED));
  }

  @Test
  void read_inSeveralJvmsThatStartAtOnce_leavesNothing() throws Exception {
    ForkedJvm jvm = jvm().option("-Djava.io.tmpdir=" + folder);
    List<Running> running = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      running.add(jvm.start(Guest.class, "read", webp));
    }
    for (Running one : running) {
      assertThat(jvm.await(one).output()).containsPattern(twice(WORKED));
    }
    assertThat(entries(folder)).as("what is left of the extracted library").isEmpty();
  }

  @Test
  void read_withoutAUsableTemporaryFolder_saysSo() throws Exception {
    Path missing = folder.resolve("missing");
    Outcome outcome =
        jvm().option("-Djava.io.tmpdir=" + missing).run(Guest.class, "read", webp, jpeg);
    assertThat(outcome.output())
        .containsPattern(twice("ModelException: OpenCV.*-Djava.io.tmpdir"))
        .containsPattern(twice(KNOWN_PIXELS));
  }

  @Test
  void exit_whileThreadsDecode() throws Exception {
    Path file = Files.write(folder.resolve("image.webp"), WebpFiles.black(1600, 1200));
    for (int delay : new int[] {1, 20, 60}) {
      Outcome outcome = jvm().run(OpenCvHost.class, "exit", file, delay);
      assertThat(outcome.exitCode()).as(outcome.output()).isEqualTo(42);
    }
  }

  // A library that was unpacked beforehand.

  private Path unpacked() throws IOException {
    assumeTrue(LINUX);
    Path natives = Files.createDirectory(folder.resolve("na tives"));
    boolean arm = System.getProperty("os.arch").equals("aarch64");
    String name = System.mapLibraryName(Core.NATIVE_LIBRARY_NAME);
    try (InputStream library =
        Objects.requireNonNull(
            OpenCV.class.getResourceAsStream(
                "/nu/pattern/opencv/linux/" + (arm ? "ARMv8" : "x86_64") + "/" + name))) {
      Files.copy(library, natives.resolve(name));
    }
    return natives;
  }

  private static ForkedJvm jvm(Path natives) {
    return jvm().option("-Domote.native.path=" + natives);
  }

  @Test
  void read_fromTheUnpackedLibrary_writesNothing() throws Exception {
    Path natives = unpacked();
    Outcome outcome =
        jvm(natives)
            .option("-Djava.io.tmpdir=" + folder.resolve("missing"))
            .option("-Duser.home=" + folder.resolve("missing"))
            .option("-XX:-UsePerfData")
            .run(Guest.class, "read", webp);
    assertEnded(outcome);
    assertThat(outcome.output()).containsPattern(twice(WORKED));
    assertThat(folder.resolve("missing")).doesNotExist();
    assertThat(entries(natives)).hasSize(1);
  }

  @Test
  void read_whereTheUnpackedLibraryIsMissing_saysWhich() throws Exception {
    Path natives = Files.createDirectory(folder.resolve("empty"));
    Outcome outcome = jvm(natives).run(Guest.class, "read", webp);
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    assertThat(outcome.output())
        .containsPattern(
            twice(
                "ModelException.*"
                    + System.mapLibraryName(Core.NATIVE_LIBRARY_NAME)
                    + ".*-Domote.native.path"));
  }

  @Test
  void read_whereTheUnpackedLibraryIsDamaged_saysSo() throws Exception {
    Path natives = Files.createDirectory(folder.resolve("damaged"));
    Files.writeString(
        natives.resolve(System.mapLibraryName(Core.NATIVE_LIBRARY_NAME)), "not a library");
    Outcome outcome = jvm(natives).run(Guest.class, "read", webp);
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    assertThat(outcome.output()).containsPattern(twice("ModelException: OpenCV"));
  }

  @Test
  void read_inTwoClassLoaders_fromTheUnpackedLibrary_saysWhatToDo() throws Exception {
    Outcome outcome = jvm(unpacked()).run(OpenCvHost.class, "both-loaders", webp);
    assertThat(outcome.output())
        .contains("worked", "ModelException", "only one class loader of a JVM", "shared loader");
  }
}
