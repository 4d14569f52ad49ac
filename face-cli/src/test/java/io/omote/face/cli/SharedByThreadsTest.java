// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceImage;
import io.omote.face.FaceMatch;
import io.omote.face.FaceMatcher;
import io.omote.face.models.ModelZoo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A detector and a matcher give eight threads the same results as one. */
class SharedByThreadsTest {
  private static final int THREADS = 8;
  private static final List<FaceImage> IMAGES =
      List.of(
          sample("astronaut.png"), sample("astronaut_rendition.jpg"), sample("grace_hopper.jpg"));

  private static FaceImage sample(String name) {
    return FaceImage.read(Path.of("../samples", name));
  }

  @Test
  void detect_byEightThreads_likeByOne() throws Exception {
    try (FaceDetector detector = FaceDetector.create(ModelZoo.lite())) {
      Callable<List<List<Face>>> work = () -> IMAGES.stream().map(detector::detect).toList();
      assertEachThreadGets(work.call(), work);
    }
  }

  @Test
  void compare_byEightThreads_likeByOne() throws Exception {
    try (FaceMatcher matcher = FaceMatcher.create(ModelZoo.lite())) {
      Callable<List<FaceMatch>> work =
          () ->
              IMAGES.stream()
                  .flatMap(a -> IMAGES.stream().map(b -> matcher.compare(a, b)))
                  .toList();
      assertEachThreadGets(work.call(), work);
    }
  }

  private static <T> void assertEachThreadGets(T expected, Callable<T> work)
      throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<T>> results = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        results.add(threads.submit(work));
      }
      for (Future<T> result : results) {
        assertThat(result.get()).isEqualTo(expected);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
