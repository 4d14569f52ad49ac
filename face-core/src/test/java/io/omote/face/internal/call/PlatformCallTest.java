// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two tasks in parallel. {@link OffCarrierTest} tests a single one. */
@Timeout(30)
class PlatformCallTest {
  private static <T> Supplier<T> failing(RuntimeException failure) {
    return () -> {
      throw failure;
    };
  }

  /** Ends after the other one had time to. */
  private static Supplier<String> slow(AtomicBoolean ended) {
    return () -> {
      try {
        Thread.sleep(200);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      ended.set(true);
      return "slow";
    };
  }

  @Test
  void both_workInParallel() {
    CountDownLatch met = new CountDownLatch(2);
    Supplier<Thread> meet =
        () -> {
          met.countDown();
          try {
            met.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return Thread.currentThread();
        };

    boolean same = PlatformCall.both(meet, meet, (first, second) -> first == second);

    assertThat(same).isFalse();
  }

  @Test
  void both_oneFails_waitsForTheOther() {
    RuntimeException failure = new RuntimeException("one");
    AtomicBoolean ended = new AtomicBoolean();
    assertThatThrownBy(
            () -> PlatformCall.both(slow(ended), failing(failure), (first, second) -> first))
        .isSameAs(failure);
    assertThat(ended).isTrue();
    ended.set(false);
    assertThatThrownBy(
            () -> PlatformCall.both(failing(failure), slow(ended), (first, second) -> first))
        .isSameAs(failure);
    assertThat(ended).isTrue();
  }

  @Test
  void both_fail_theFirstCounts() {
    RuntimeException failure = new RuntimeException("first");
    assertThatThrownBy(
            () ->
                PlatformCall.both(
                    failing(failure),
                    failing(new RuntimeException("second")),
                    (first, second) -> first))
        .isSameAs(failure);
  }

  @Test
  void both_interrupted_passesItOnAndWaits() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    Supplier<String> sleep =
        () -> {
          started.countDown();
          try {
            Thread.sleep(60_000);
            return "slept";
          } catch (InterruptedException e) {
            return "interrupted";
          }
        };
    FutureTask<String> task =
        new FutureTask<>(
            () ->
                PlatformCall.both(sleep, () -> "here", (first, second) -> first + " " + second)
                    + " "
                    + Thread.interrupted());
    Thread thread = new Thread(task);
    thread.start();
    started.await();
    thread.interrupt();

    assertThat(task.get()).isEqualTo("interrupted here true");
  }
}
