// SPDX-License-Identifier: Apache-2.0
package io.omote.face.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.omote.face.ClosedException;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceImage;
import io.omote.face.GeneratedModels;
import io.omote.face.InterruptedCallException;
import io.omote.face.lifecycle.ForkedJvm.Outcome;
import io.omote.face.lifecycle.ForkedJvm.Running;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Start, end and shared class loaders, as documented in docs/operations.md. */
class LifecycleTest {
  private static final FaceImage CROP = FaceImage.ofBgr(new byte[3 * 112 * 112], 112, 112);

  /** CI runs four times as many. */
  private static final int ROUNDS = Integer.getInteger("omote.close.rounds", 80);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"detect", "embed", "compare"})
  void close_againstCallsOfSeveralRuns(String call) throws Exception {
    Outcome outcome = new ForkedJvm().run(CloseRace.class, folder, call, ROUNDS);
    assertThat(outcome.output()).contains(ROUNDS + " rounds");
    assertThat(outcome.exitCode()).isZero();
  }

  /** The buffers of 64 calls of 640x640 would take 314 MB. */
  @Test
  void detect_by64Callers_takesTheMemoryOfFourCalls() throws Exception {
    Outcome outcome =
        new ForkedJvm()
            .option("-Xmx128m")
            .option("-XX:ActiveProcessorCount=4")
            .run(ManyCallers.class, GeneratedModels.detector(folder).file().path().orElseThrow());
    assertThat(outcome.output()).contains("640 calls").doesNotContain("OutOfMemoryError");
    assertThat(outcome.exitCode()).isZero();
    long directBytes =
        Long.parseLong(outcome.output().replaceAll("(?s).*direct bytes (\\d+).*", "$1"));
    long passes = 4L * 3 * (640 * 640 + 128 * 128) * Float.BYTES;
    assertThat(directBytes).isPositive().isLessThan(passes + 1_000_000);
  }

  @Test
  void close_twiceAndThenUse() throws Exception {
    FaceEmbedder embedder = FaceEmbedder.builder(GeneratedModels.embedder(folder)).build();
    embedder.close();
    embedder.close();
    assertThatThrownBy(() -> embedder.embedAligned(CROP))
        .isInstanceOf(ClosedException.class)
        .hasMessageContaining("closed");
  }

  @ParameterizedTest
  @CsvSource({
    "common-pool, 1",
    "platform-loader, 1",
    "no-loader, 1",
    "second-loader, 1",
    "second-loader-common-pool, 1",
    "both-loaders, 2",
    "after-djl, 2"
  })
  void firstTouch_andThenDjl(String place, int engines) throws Exception {
    Outcome outcome = new ForkedJvm().run(FirstTouch.class, folder, place);
    assertThat(outcome.output()).contains("worked");
    assertThat(outcome.output().split("engine OnnxRuntime", -1)).hasSize(engines + 1);
    assertThat(outcome.exitCode()).isZero();
  }

  @Test
  void firstTouch_withoutServiceFiles() throws Exception {
    Outcome outcome = new ForkedJvm().run(FirstTouch.class, folder, "no-service-files");
    assertThat(outcome.output()).contains("worked");
  }

  @Test
  void firstTouch_afterTheApplicationFailedToStartDjl() throws Exception {
    Outcome outcome = new ForkedJvm().run(FirstTouch.class, folder, "after-djl-failed");
    assertThat(outcome.output()).contains("DJL failed").contains("worked");
  }

  @Test
  void create_whereDjlIsToldOfAnEngineThatIsMissing() throws Exception {
    Outcome outcome =
        new ForkedJvm().option("-Dai.djl.default_engine=Missing").run(Host.class, folder, "embed");
    assertThat(outcome.output())
        .contains("ModelException", "Missing", "-Dai.djl.default_engine")
        .doesNotContain("ok");
  }

  @Test
  void create_whereAServiceFileNamesAClassThatIsMissing() throws Exception {
    Path services = Files.createDirectories(folder.resolve("classes/META-INF/services"));
    Files.writeString(services.resolve("ai.djl.engine.EngineProvider"), "missing.Provider");
    Outcome outcome =
        new ForkedJvm().classPathFirst(folder.resolve("classes")).run(Host.class, folder, "embed");
    assertThat(outcome.output())
        .contains("ModelException", "missing.Provider", "META-INF/services")
        .doesNotContain("ok");
  }

  @ParameterizedTest
  @ValueSource(strings = {"load", "run", "decode"})
  void exit_whileThreadsWork(String work) throws Exception {
    GeneratedModels.embedder(folder);
    ForkedJvm jvm = new ForkedJvm();
    List<Running> running = new ArrayList<>();
    for (int delay : new int[] {1, 20, 60}) {
      running.add(jvm.start(ExitRace.class, folder, work, delay));
    }
    for (Running one : running) {
      Outcome outcome = jvm.await(one);
      assertThat(outcome.exitCode()).as(outcome.output()).isEqualTo(42);
    }
  }

  @Test
  void create_afterAnotherLibraryMadeTheEnvironment() throws Exception {
    Outcome outcome = new ForkedJvm().run(Host.class, folder, "environment-first");
    assertThat(outcome.output())
        .contains("ModelException")
        .contains("another library of this process created an OrtEnvironment first")
        .contains("FaceDetector.create");
    assertThat(outcome.exitCode()).isZero();
  }

  @Test
  void create_beforeAnotherLibraryTakesTheEnvironment() throws Exception {
    Outcome outcome = new ForkedJvm().run(Host.class, folder, "environment-later");
    assertThat(outcome.output()).contains("environment 1.").contains("ok");
  }

  @Test
  void create_besideASecondEngine_doesNotStartIt() throws Exception {
    Path services = Files.createDirectories(folder.resolve("classes/META-INF/services"));
    Files.writeString(
        services.resolve("ai.djl.engine.EngineProvider"), SecondEngineProvider.class.getName());
    Outcome outcome =
        new ForkedJvm()
            .classPathFirst(folder.resolve("classes"))
            .run(Host.class, folder, "engines");
    assertThat(outcome.output())
        .contains("engines")
        .contains("PyTorch")
        .contains("ok")
        .doesNotContain("second engine started");
  }

  /** Of what is decoded in Java, nothing is unpacked. */
  @ParameterizedTest
  @ValueSource(strings = {"jpg", "png", "bmp"})
  void decode_needsNoTemporaryFolder(String format) throws Exception {
    Path missing = folder.resolve("missing");
    Outcome outcome =
        new ForkedJvm()
            .option("-Djava.io.tmpdir=" + missing)
            .run(Host.class, folder, "decode-" + format);
    assertThat(outcome.output()).contains("ok");
  }

  @Test
  void embed_withoutAUsableTemporaryFolder() throws Exception {
    Path missing = folder.resolve("missing");
    Outcome outcome =
        new ForkedJvm().option("-Djava.io.tmpdir=" + missing).run(Host.class, folder, "embed");
    assertThat(outcome.output())
        .contains("ModelException")
        .contains("-Djava.io.tmpdir")
        .doesNotContain("ok");
  }

  @Test
  void embedAndDecode_leaveNothing() throws Exception {
    ForkedJvm jvm =
        new ForkedJvm()
            .option("-Djava.io.tmpdir=" + Files.createDirectory(folder.resolve("tmp")))
            .option("-Duser.home=" + Files.createDirectory(folder.resolve("home")));
    GeneratedModels.embedder(folder);
    // Several at once, because each has its own folder.
    List<Running> running = new ArrayList<>();
    for (String work : List.of("embed", "embed", "decode-png", "embed-from-memory")) {
      running.add(jvm.start(Host.class, folder, work));
    }
    for (Running one : running) {
      assertThat(jvm.await(one).output()).contains("ok");
    }
    assertThat(entries(folder.resolve("home"))).isEmpty();
    assertThat(entries(folder.resolve("tmp"))).isEmpty();
  }

  @Test
  void embed_whereALibraryCannotBeLoaded_leavesNothing() throws Exception {
    Path tmp = Files.createDirectory(folder.resolve("tmp"));
    Outcome outcome =
        new ForkedJvm()
            .option("-Djava.io.tmpdir=" + tmp)
            .option("-Donnxruntime.native.onnxruntime4j_jni.path=" + folder.resolve("missing"))
            .run(Host.class, folder, "embed");
    assertThat(outcome.output()).contains("ModelException").doesNotContain("ok");
    assertThat(entries(tmp)).isEmpty();
  }

  /** A folder that cannot be listed, as on many servers. */
  @Test
  void embed_inAFolderThatCannotBeListed() throws Exception {
    assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
    Path hidden = Files.createDirectory(folder.resolve("hidden"));
    GeneratedModels.embedder(hidden);
    ForkedJvm jvm = new ForkedJvm();
    if ("root".equals(System.getProperty("user.name"))) {
      // A process that may read everything must give up that right.
      assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "skipped: needs setpriv");
      jvm.under("/usr/bin/setpriv", "--bounding-set=-all", "--inh-caps=-all");
    }
    Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString("-wx--x--x"));
    try {
      Outcome outcome = jvm.run(Host.class, hidden, "embed-unlistable");
      assertThat(outcome.output()).contains("AccessDeniedException", "ok");
    } finally {
      Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString("rwx------"));
    }
  }

  /** Files are opened by the names that Java sees, regardless of how ONNX Runtime decodes them. */
  @Test
  void embed_filesOfUnusualNames() throws Exception {
    assumeTrue(System.getProperty("os.name").equals("Linux"));
    Path odd = Files.createDirectory(folder.resolve("odd"));
    Outcome utf8 =
        new ForkedJvm().environment("LC_ALL", "C.UTF-8").run(OddNames.class, odd, "make");
    assertThat(utf8.output()).contains(OddNames.COUNT + " opened").doesNotContain("Exception");
    assertThat(utf8.exitCode()).isZero();
    // The existing names are invalid in this encoding.
    Outcome ascii = new ForkedJvm().environment("LC_ALL", "C").run(OddNames.class, odd, "find");
    assertThat(ascii.output()).contains(OddNames.COUNT + " opened").doesNotContain("Exception");
    assertThat(ascii.exitCode()).isZero();
  }

  @Test
  void embed_withALargeFile_holdsNoneOfItOnTheHeap() throws Exception {
    Path file = GeneratedModels.padded(folder, 174_000_000);
    assertThat(Files.size(file)).isGreaterThan(174_000_000);
    Outcome outcome = new ForkedJvm().option("-Xmx16m").run(Host.class, folder, "embed");
    assertThat(outcome.output()).contains("ok").doesNotContain("OutOfMemoryError");
  }

  @Test
  void embed_onAnInterruptedThread() throws Exception {
    try (FaceEmbedder embedder = FaceEmbedder.builder(GeneratedModels.embedder(folder)).build()) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> embedder.embedAligned(CROP))
          .isInstanceOf(InterruptedCallException.class);
      assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
      assertThat(embedder.embedAligned(CROP).dimension()).isPositive();
    }
  }

  @Test
  void create_onAnInterruptedThread() throws Exception {
    FaceEmbedder.Builder builder = FaceEmbedder.builder(GeneratedModels.embedder(folder));
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(builder::build).isInstanceOf(InterruptedCallException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  private static List<Path> entries(Path folder) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
