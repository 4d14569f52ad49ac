// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import io.omote.face.FaceMatch;
import io.omote.face.FaceMatcher;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The load of a web application: 16 concurrent requests with two large images each, half of them as
 * bytes and half as streams. Argument: the image. Prints how many requests had the same answer.
 */
final class LargeUploads {
  private static final int REQUESTS = 16;

  private LargeUploads() {}

  public static void main(String[] arguments) throws Exception {
    byte[] image = Files.readAllBytes(Path.of(arguments[0]));
    ExecutorService pool = Executors.newFixedThreadPool(REQUESTS);
    try (FaceMatcher matcher = FaceMatcher.create(ModelZoo.lite())) {
      Callable<FaceMatch> bytes = () -> matcher.compare(image.clone(), image.clone());
      Callable<FaceMatch> streams =
          () -> {
            try (InputStream first = new ByteArrayInputStream(image);
                InputStream second = new ByteArrayInputStream(image)) {
              return matcher.compare(first, second);
            }
          };
      Set<FaceMatch> answers = new HashSet<>();
      int answered = 0;
      List<Callable<FaceMatch>> requests = new ArrayList<>();
      for (int i = 0; i < REQUESTS; i += 2) {
        requests.add(bytes);
        requests.add(streams);
      }
      for (Future<FaceMatch> answer : pool.invokeAll(requests)) {
        answers.add(answer.get());
        answered++;
      }
      System.out.println(answered + " answers, " + answers.size() + " different");
    } finally {
      pool.shutdownNow();
    }
  }
}
