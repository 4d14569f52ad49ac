// SPDX-License-Identifier: Apache-2.0
package io.omote.face.lifecycle;

import io.omote.face.ClosedException;
import io.omote.face.EmbedderModel;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceImage;
import io.omote.face.GeneratedModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Closes an embedder while 32 threads use it, again and again. Arguments: a folder, the number of
 * rounds.
 */
final class CloseRace {
  private static final int THREADS = 32;

  private CloseRace() {}

  public static void main(String[] arguments) throws Exception {
    EmbedderModel model = GeneratedModels.embedder(Path.of(arguments[0]));
    int rounds = Integer.parseInt(arguments[1]);
    byte[] pixels = new byte[3 * 112 * 112];
    new Random(1).nextBytes(pixels);
    FaceImage crop = FaceImage.ofBgr(pixels, 112, 112);
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    long runs = 0;
    for (int round = 0; round < rounds; round++) {
      runs += round(model, crop, pool);
    }
    pool.shutdown();
    System.out.println(rounds + " rounds, " + runs + " runs");
  }

  private static long round(EmbedderModel model, FaceImage crop, ExecutorService pool)
      throws Exception {
    FaceEmbedder embedder = FaceEmbedder.builder(model).threads(1).build();
    CountDownLatch started = new CountDownLatch(THREADS);
    List<Future<Integer>> futures = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      // Two of them close, in the midst of their own runs.
      int runsBeforeClose = i < 2 ? ThreadLocalRandom.current().nextInt(4) : Integer.MAX_VALUE;
      futures.add(
          pool.submit(
              () -> {
                started.countDown();
                started.await();
                return runUntilClosed(embedder, crop, runsBeforeClose);
              }));
    }
    long runs = 0;
    for (Future<Integer> future : futures) {
      runs += future.get();
    }
    embedder.close();
    return runs;
  }

  private static int runUntilClosed(FaceEmbedder embedder, FaceImage crop, int runsBeforeClose) {
    for (int runs = 0; ; runs++) {
      if (runs == runsBeforeClose) {
        embedder.close();
      }
      try {
        embedder.embedAligned(crop);
      } catch (ClosedException e) {
        return runs;
      }
    }
  }
}
