// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Threads change only the speed, and are idle when there is nothing to do. */
class ThreadsTest {
  private static final FaceModels MODELS = ModelZoo.lite();

  /** The highest CPU time that the JVM itself needs in half a second. */
  private static final Duration IDLE = Duration.ofMillis(50);

  private static final FaceImage IMAGE = FaceImage.read(Path.of("../samples/grace_hopper.jpg"));

  @Test
  void results_doNotDependOnThreads() {
    Result one = run(1);
    for (int threads : new int[] {2, 4, 7}) {
      Result several = run(threads);
      assertThat(several.faces()).hasSameSizeAs(one.faces());
      for (int i = 0; i < one.faces().size(); i++) {
        assertThat(several.faces().get(i).box()).isEqualTo(one.faces().get(i).box());
        assertThat(several.embeddings().get(i).similarity(one.embeddings().get(i)))
            .isGreaterThan(0.999999);
      }
    }
  }

  private record Result(List<Face> faces, List<FaceEmbedding> embeddings) {}

  private static Result run(int threads) {
    try (FaceDetector detector = FaceDetector.builder(MODELS.detector()).threads(threads).build();
        FaceEmbedder embedder = FaceEmbedder.builder(MODELS.embedder()).threads(threads).build()) {
      List<Face> faces = detector.detect(IMAGE);
      return new Result(faces, embedder.embed(IMAGE, faces));
    }
  }

  @Test
  void idle_usesNoProcessor() throws InterruptedException {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    try (FaceDetector detector = FaceDetector.builder(MODELS.detector()).threads(4).build()) {
      for (int i = 0; i < 20; i++) {
        detector.detect(IMAGE);
      }
      // The compiler of the JVM is busy for a while after the last call, longer on a busy machine;
      // threads that spin are busy forever.
      long least = Long.MAX_VALUE;
      for (int i = 0; i < 60 && least >= IDLE.toNanos(); i++) {
        long before = system.getProcessCpuTime();
        Thread.sleep(500);
        least = Math.min(least, system.getProcessCpuTime() - before);
      }
      assertThat(Duration.ofNanos(least)).isLessThan(IDLE);
    }
  }
}
