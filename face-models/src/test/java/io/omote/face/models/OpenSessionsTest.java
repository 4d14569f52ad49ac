// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceException;
import io.omote.face.FaceImage;
import io.omote.face.FaceMatcher;
import io.omote.face.FaceModels;
import io.omote.face.ModelException;
import io.omote.face.attribute.FaceMesh;
import io.omote.face.description.EmbedderModel;
import io.omote.face.description.FaceMeshModel;
import io.omote.face.description.ModelFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Counts the open native sessions. ONNX Runtime does not expose their number, but each session owns
 * a pool of threads, and on Linux a native thread has the name of the thread that started it.
 *
 * <p>Java and the operating system do not see a thread end at the same moment, so the test waits
 * until the expected number is reached and stays.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(300)
class OpenSessionsTest {
  private static final String OPENER = "session-opener";

  /** The thread that opens a network: the caller, or one that ends when it is open. */
  private static final Set<String> OPENERS = Set.of(OPENER, "omote-call");

  /** A detector of two networks, and a recognizer. */
  private static final FaceModels MODELS = ModelZoo.liteFast();

  private static final FaceImage IMAGE = FaceImage.read(Path.of("../samples/grace_hopper.jpg"));

  @TempDir Path folder;

  /** The environment has its own threads, which stay. */
  @BeforeAll
  static void startEnvironment() {
    builder(MODELS).build().close();
  }

  private static FaceMatcher.Builder builder(FaceModels models) {
    return FaceMatcher.builder(models).threads(3);
  }

  /**
   * Returns the number of threads of all pools: two for each open session with three threads, and
   * those of the environment. It can be off by one while a thread ends.
   */
  private static long countPoolThreads() throws IOException {
    long javaThreads =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> OPENERS.contains(thread.getName()))
            .count();
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      return tasks.filter(task -> OPENERS.contains(nameOf(task))).count() - javaThreads;
    }
  }

  /** Returns the number once it is stable for a while. */
  private static long poolThreads() throws Exception {
    long threads = countPoolThreads();
    for (int same = 0; same < 5; same++) {
      Thread.sleep(5);
      long now = countPoolThreads();
      if (now != threads) {
        threads = now;
        same = -1;
      }
    }
    return threads;
  }

  private static void assertPoolThreads(long expected) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    long threads = poolThreads();
    while (threads != expected && System.nanoTime() < end) {
      threads = poolThreads();
    }
    assertThat(threads).isEqualTo(expected);
  }

  private static String nameOf(Path task) {
    try {
      return Files.readString(task.resolve("comm")).strip();
    } catch (IOException ended) {
      return "";
    }
  }

  @Test
  void close_leavesNothingOpen() throws Exception {
    asOpener(
        () -> {
          long before = poolThreads();
          for (int i = 0; i < 10; i++) {
            try (FaceMatcher matcher = builder(MODELS).build()) {
              assertThat(matcher.embed(IMAGE)).isPresent();
              // Detector, landmarks and embedder.
              assertPoolThreads(before + 6);
            }
            assertPoolThreads(before);
          }
        });
  }

  /** A session of n threads owns n - 1 besides the caller's. */
  @Test
  void threads_areHalfOfTheProcessors_orAllWhereNothingIsParallel() throws Exception {
    int processors = Runtime.getRuntime().availableProcessors();
    int half = Math.max(1, processors / 2);
    asOpener(
        () -> {
          long before = poolThreads();
          assertOpens(before + 3 * (half - 1), FaceMatcher.builder(MODELS));
          assertOpens(
              before + 3 * (processors - 1), FaceMatcher.builder(MODELS).maxConcurrentCalls(1));
          assertOpens(
              before + 3 * (half - 1),
              FaceMatcher.builder(MODELS).maxConcurrentCalls(1).maxConcurrentCalls(2));
          assertOpens(before + 6, FaceMatcher.builder(MODELS).threads(3).maxConcurrentCalls(1));
        });
  }

  /** The detector's own setting applies to both of its networks, in any order of the calls. */
  @Test
  void threads_ofTheDetector_inAnyOrder() throws Exception {
    int half = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    asOpener(
        () -> {
          long before = poolThreads();
          long expected = before + 2 * 6 + half - 1;
          assertOpens(
              expected,
              FaceMatcher.builder(MODELS).detection(d -> d.threads(7)).maxConcurrentCalls(4));
          assertOpens(
              expected,
              FaceMatcher.builder(MODELS).maxConcurrentCalls(4).detection(d -> d.threads(7)));
        });
  }

  private static void assertOpens(long expected, FaceMatcher.Builder builder) throws Exception {
    try (FaceMatcher matcher = builder.build()) {
      assertThat(matcher.modelId()).isNotEmpty();
      assertPoolThreads(expected);
    }
  }

  @Test
  void build_thatFails_leavesNothingOpen() throws Exception {
    Path damaged = Files.writeString(folder.resolve("damaged.onnx"), "no network");
    // The detector is open by the time the embedder turns out to be damaged.
    FaceModels models = FaceModels.of(MODELS.detector(), EmbedderModel.of(ModelFile.of(damaged)));
    asOpener(
        () -> {
          long before = poolThreads();
          for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> builder(models).build()).isInstanceOf(FaceException.class);
          }
          assertPoolThreads(before);
        });
  }

  /** A mesh and its coefficients are two networks. */
  @Test
  void analyzerOfTwoNetworks_leavesNothingOpen() throws Exception {
    FaceMeshModel model = ModelZoo.lite().analyzer(FaceMeshModel.class).orElseThrow();
    asOpener(
        () -> {
          long before = poolThreads();
          try (FaceAnalyzer<FaceMesh> analyzer = FaceAnalyzer.builder(model).threads(3).build()) {
            Face face = new Face(new BoundingBox(177, 114, 351, 334), 1, Optional.empty());
            assertThat(analyzer.analyze(IMAGE, face).isPresent()).isTrue();
            assertPoolThreads(before + 4);
          }
          assertPoolThreads(before);
        });
  }

  /** The mesh is open by the time the runtime refuses an operator of the coefficients. */
  @Test
  void analyzerWhoseSecondNetworkFails_leavesNothingOpen() throws Exception {
    FaceMeshModel model = ModelZoo.lite().analyzer(FaceMeshModel.class).orElseThrow();
    Path unknown = folder.resolve("unknown.onnx");
    try (InputStream stream = ModelZoo.class.getResourceAsStream("lite/face_blendshapes_52.onnx")) {
      String bytes = new String(stream.readAllBytes(), StandardCharsets.ISO_8859_1);
      Files.writeString(unknown, bytes.replace("Sigmoid", "Unknown"), StandardCharsets.ISO_8859_1);
    }
    FaceMeshModel broken = FaceMeshModel.of(model.mesh(), ModelFile.of(unknown));
    asOpener(
        () -> {
          long before = poolThreads();
          for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> FaceAnalyzer.builder(broken).threads(3).build())
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("unknown.onnx");
            // At once, because DJL's finalizer would close what is left open.
            assertThat(poolThreads()).isLessThan(before + 2);
          }
          assertPoolThreads(before);
        });
  }

  private interface Work {
    void run() throws Exception;
  }

  private static void asOpener(Work work) throws Exception {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Runnable guarded =
        () -> {
          try {
            work.run();
            done.complete(null);
          } catch (Throwable e) {
            done.completeExceptionally(e);
          }
        };
    new Thread(guarded, OPENER).start();
    done.get();
  }
}
