// SPDX-License-Identifier: Apache-2.0
package io.omote.face.lifecycle;

import io.omote.face.FaceDetector;
import io.omote.face.FaceImage;
import io.omote.face.description.ScrfdModel;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Detects from 64 threads at once. Argument: the file of an SCRFD detector. Prints the number of
 * calls, and the direct memory of the JVM afterwards.
 */
final class ManyCallers {
  private static final int THREADS = 64;
  private static final int CALLS = 10;

  private ManyCallers() {}

  public static void main(String[] arguments) throws Exception {
    FaceImage image = FaceImage.ofBgr(new byte[3 * 640 * 640], 640, 640);
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try (FaceDetector detector =
        FaceDetector.builder(ScrfdModel.of(Path.of(arguments[0]))).threads(1).build()) {
      Callable<Integer> calls =
          () -> {
            for (int i = 0; i < CALLS; i++) {
              detector.detect(image);
            }
            return CALLS;
          };
      int made = 0;
      for (Future<Integer> caller : pool.invokeAll(Collections.nCopies(THREADS, calls))) {
        made += caller.get();
      }
      System.out.println(made + " calls, direct bytes " + directBytes());
    } finally {
      pool.shutdownNow();
    }
  }

  private static long directBytes() {
    List<BufferPoolMXBean> pools = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class);
    return pools.stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getTotalCapacity)
        .sum();
  }
}
