// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A detector and a matcher of real weights give eight threads the results that they give one. */
@Tag("testdata")
class SharedByThreadsGoldenTest {
  private static final int THREADS = 8;

  @Test
  void detectAndCompare_byEightThreads_likeByOne() throws Exception {
    List<FaceImage> images =
        Stream.of("group_4.jpg", "two_people.jpg", "obama.jpg", "biden.jpg")
            .map(name -> FaceImage.read(TestData.path("photos/" + name)))
            .toList();
    FaceModels models = TestData.insightFace();
    try (FaceDetector detector = FaceDetector.create(models);
        FaceMatcher matcher = FaceMatcher.create(models)) {
      Callable<List<Object>> work =
          () ->
              images.stream()
                  .flatMap(
                      image ->
                          Stream.of(detector.detect(image), matcher.compare(images.get(0), image)))
                  .toList();
      List<Object> expected = work.call();
      ExecutorService threads = Executors.newFixedThreadPool(THREADS);
      try {
        List<Callable<List<Object>>> all = Stream.generate(() -> work).limit(THREADS).toList();
        for (Future<List<Object>> result : threads.invokeAll(all)) {
          assertThat(result.get()).isEqualTo(expected);
        }
      } finally {
        threads.shutdownNow();
      }
    }
  }
}
