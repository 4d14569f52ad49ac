// SPDX-License-Identifier: Apache-2.0
package io.omote.face.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.ClosedException;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceImage;
import io.omote.face.GeneratedModels;
import io.omote.face.InterruptedCallException;
import io.omote.face.lifecycle.ForkedJvm.Outcome;
import io.omote.face.lifecycle.ForkedJvm.Running;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Start, end and neighbours: what happens is what docs/operations.md says. */
class LifecycleTest {
  private static final FaceImage CROP = FaceImage.ofBgr(new byte[3 * 112 * 112], 112, 112);

  @TempDir Path folder;

  @Test
  void close_against32ThreadsThatRun() throws Exception {
    Outcome outcome = new ForkedJvm().run(CloseRace.class, folder, 100);
    assertThat(outcome.output()).contains("100 rounds");
    assertThat(outcome.exitCode()).isZero();
  }

  @Test
  void close_twiceAndThenUse() throws Exception {
    FaceEmbedder embedder = FaceEmbedder.builder(GeneratedModels.embedder(folder)).build();
    embedder.close();
    embedder.close();
    assertThatThrownBy(() -> embedder.embedAligned(CROP))
        .isInstanceOf(ClosedException.class)
        .hasMessageContaining("generated.onnx");
  }

  @ParameterizedTest
  @ValueSource(strings = {"load", "run", "decode"})
  void exit_whileThreadsWork(String work) throws Exception {
    for (int delay : new int[] {1, 20, 60}) {
      Outcome outcome = new ForkedJvm().run(ExitRace.class, folder, work, delay);
      assertThat(outcome.exitCode()).as(outcome.output()).isEqualTo(42);
    }
  }

  @Test
  void create_afterAnotherLibraryMadeTheEnvironment() throws Exception {
    Outcome outcome = new ForkedJvm().run(Host.class, folder, "environment-first");
    assertThat(outcome.output())
        .contains("ModelLoadException")
        .contains("another library of this process made an OrtEnvironment first")
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

  @Test
  void decode_inSeveralJvmsThatStartAtOnce() throws Exception {
    ForkedJvm jvm = new ForkedJvm().option("-Djava.io.tmpdir=" + folder);
    List<Running> running = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      running.add(jvm.start(Host.class, folder, "decode"));
    }
    for (Running one : running) {
      assertThat(jvm.await(one).output()).contains("ok");
    }
    assertThat(entries(folder)).as("what is left of the extracted library").isEmpty();
  }

  @Test
  void decode_withoutAUsableTemporaryFolder() throws Exception {
    Path missing = folder.resolve("missing");
    Outcome outcome =
        new ForkedJvm().option("-Djava.io.tmpdir=" + missing).run(Host.class, folder, "decode");
    assertThat(outcome.output())
        .contains("NativeLibraryException")
        .contains("-Djava.io.tmpdir")
        .doesNotContain("ok");
  }

  @Test
  void embed_withoutAUsableTemporaryFolder() throws Exception {
    Path missing = folder.resolve("missing");
    Outcome outcome =
        new ForkedJvm().option("-Djava.io.tmpdir=" + missing).run(Host.class, folder, "embed");
    assertThat(outcome.output())
        .contains("ModelLoadException")
        .contains("-Djava.io.tmpdir")
        .doesNotContain("ok");
  }

  @Test
  void embed_leavesOnlyAnEmptyFolderOfOnnxRuntime() throws Exception {
    Outcome outcome =
        new ForkedJvm()
            .option("-Djava.io.tmpdir=" + Files.createDirectory(folder.resolve("tmp")))
            .option("-Duser.home=" + Files.createDirectory(folder.resolve("home")))
            .run(Host.class, folder, "embed");
    assertThat(outcome.output()).contains("ok");
    assertThat(entries(folder.resolve("home"))).isEmpty();
    for (Path left : entries(folder.resolve("tmp"))) {
      assertThat(left.getFileName().toString()).startsWith("onnxruntime-java");
      assertThat(entries(left)).isEmpty();
    }
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
