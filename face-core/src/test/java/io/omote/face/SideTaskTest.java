// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SideTaskTest {
  @Test
  void join_whenThePoolIsBusy_doesTheWorkItself() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    int workers = Math.max(1, ForkJoinPool.getCommonPoolParallelism());
    CountDownLatch busy = new CountDownLatch(workers);
    for (int i = 0; i < workers; i++) {
      ForkJoinPool.commonPool()
          .execute(
              () -> {
                busy.countDown();
                awaitUninterruptibly(release);
              });
    }
    try {
      busy.await(20, TimeUnit.SECONDS);
      assertThat(SideTask.start(Thread::currentThread).join()).isSameAs(Thread.currentThread());
    } finally {
      release.countDown();
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void join_throwsWhatTheWorkThrew() {
    FaceException failure = new FaceException("expected this");
    SideTask<Object> task =
        SideTask.start(
            () -> {
              throw failure;
            });
    assertThatThrownBy(task::join).isSameAs(failure);
  }

  @Test
  void join_onAnInterruptedThread_waitsAndKeepsTheInterrupt() {
    SideTask<Integer> task = SideTask.start(() -> 7);
    Thread.currentThread().interrupt();
    try {
      assertThat(task.join()).isEqualTo(7);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
