// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.FaceException;
import io.omote.face.FaceImage;
import io.omote.face.FaceMatcher;
import io.omote.face.FaceModels;
import io.omote.face.model.EmbedderModel;
import io.omote.face.model.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
 * Counts the native sessions that are open. ONNX Runtime tells no number, but each session owns a
 * pool of threads, and on Linux a native thread bears the name of the thread that started it.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class OpenSessionsTest {
  private static final String OPENER = "session-opener";

  /** Who opens a network: the caller, or a thread that ends when it is open. */
  private static final Set<String> OPENERS = Set.of(OPENER, "omote-call");

  private static final FaceModels MODELS = ModelZoo.lite();
  private static final FaceImage IMAGE =
      FaceImage.read(Path.of("../face-examples/src/main/samples/grace_hopper.jpg"));

  @TempDir Path folder;

  /** The environment has threads of its own, which stay. */
  @BeforeAll
  static void startEnvironment() {
    builder(MODELS).build().close();
  }

  private static FaceMatcher.Builder builder(FaceModels models) {
    return FaceMatcher.builder(models).threads(3);
  }

  /**
   * The threads of all pools, that is two for each open session of three threads, and those of the
   * environment.
   */
  private static long poolThreads() throws Exception {
    long javaThreads =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> OPENERS.contains(thread.getName()))
            .count();
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      return tasks.filter(task -> OPENERS.contains(nameOf(task))).count() - javaThreads;
    }
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
          for (int i = 0; i < 20; i++) {
            try (FaceMatcher matcher = builder(MODELS).build()) {
              assertThat(matcher.embed(IMAGE)).isPresent();
              // Detector, landmarks and embedder.
              assertThat(poolThreads()).isEqualTo(before + 6);
            }
            assertThat(poolThreads()).isEqualTo(before);
          }
        });
  }

  /** A session of n threads owns n - 1 besides the caller's. */
  @Test
  void threads_areHalfOfTheProcessors_orAllWhereNothingIsSideBySide() throws Exception {
    int processors = Runtime.getRuntime().availableProcessors();
    int half = Math.max(1, processors / 2);
    asOpener(
        () -> {
          long before = poolThreads();
          assertThat(added(FaceMatcher.builder(MODELS), before)).isEqualTo(3 * (half - 1));
          assertThat(added(FaceMatcher.builder(MODELS).maxConcurrentCalls(1), before))
              .isEqualTo(3 * (processors - 1));
          assertThat(
                  added(
                      FaceMatcher.builder(MODELS).maxConcurrentCalls(1).maxConcurrentCalls(2),
                      before))
              .isEqualTo(3 * (half - 1));
          assertThat(added(FaceMatcher.builder(MODELS).threads(3).maxConcurrentCalls(1), before))
              .isEqualTo(6);
        });
  }

  private static long added(FaceMatcher.Builder builder, long before) throws Exception {
    try (FaceMatcher matcher = builder.build()) {
      assertThat(matcher.modelId()).isNotEmpty();
      return poolThreads() - before;
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
          assertThat(poolThreads()).isEqualTo(before);
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
    done.get(50, TimeUnit.SECONDS);
  }
}
