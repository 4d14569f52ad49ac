// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.FaceImage;
import io.omote.face.FaceMatch;
import io.omote.face.FaceMatcher;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Virtual threads that compare faces do not block their carriers. */
@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "virtual threads came with Java 21")
@Timeout(600)
class VirtualThreadsTest {
  private static final int CALLERS = 100;
  private static final int SLEEPS = 300;
  private static final FaceImage IMAGE = FaceImage.read(Path.of("../samples/grace_hopper.jpg"));

  private static <T> FutureTask<T> start(Callable<T> work) throws ReflectiveOperationException {
    // The tests are compiled for Java 17.
    Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
    FutureTask<T> task = new FutureTask<>(work);
    start.invoke(null, task);
    return task;
  }

  /**
   * If calls blocked the carriers, the sleeper would wake up only after all callers before it, a
   * hundred calls later. The test counts calls rather than time, because a busy machine delays
   * both.
   */
  @Test
  void compare_by100VirtualThreads_letsAnotherOneWakeUp() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    try (FaceMatcher matcher = FaceMatcher.create(ModelZoo.lite())) {
      FaceMatch expected = matcher.compare(IMAGE, IMAGE);
      List<FutureTask<Integer>> callers = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        callers.add(
            start(
                () -> {
                  int same = 0;
                  while (!stop.get()) {
                    same += matcher.compare(IMAGE, IMAGE).equals(expected) ? 1 : -1_000_000;
                  }
                  return same;
                }));
      }
      start(VirtualThreadsTest::sleep).get();
      stop.set(true);
      int calls = 0;
      for (FutureTask<Integer> caller : callers) {
        calls += caller.get();
      }
      System.out.println(calls + " calls beside " + SLEEPS + " sleeps of 5 ms");
      assertThat(calls).isPositive().isLessThan(10 * SLEEPS);
    } finally {
      stop.set(true);
    }
  }

  private static int sleep() throws InterruptedException {
    for (int i = 0; i < SLEEPS; i++) {
      Thread.sleep(5);
    }
    return SLEEPS;
  }
}
