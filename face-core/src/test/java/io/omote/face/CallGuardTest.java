// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CallGuardTest {
  private final CallGuard guard = new CallGuard("thing", 2);
  private final CountDownLatch hold = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();

  @AfterEach
  void release() {
    hold.countDown();
  }

  /** Starts a call in a thread of its own and waits until the thread works in it or waits. */
  private <T> Future<T> start(Callable<T> call) {
    FutureTask<T> task = new FutureTask<>(call);
    Thread thread = new Thread(task);
    threads.add(thread);
    thread.start();
    while (!task.isDone() && LockSupport.getBlocker(thread) == null) {
      Thread.onSpinWait();
    }
    return task;
  }

  private String held() {
    try {
      hold.await();
      return "done";
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void call_returnsAndThrowsWhatTheWorkDoes() {
    assertThat(guard.<String>call(() -> "result")).isEqualTo("result");
    PictureException failure = PictureException.noFace();
    assertThatThrownBy(
            () ->
                guard.call(
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);
    assertThat(guard.<String>call(() -> "again")).isEqualTo("again");
  }

  @Test
  void call_boundsTheCallsAtATime() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    ExecutorService pool = Executors.newFixedThreadPool(16);
    try {
      List<Future<?>> calls = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        calls.add(
            pool.submit(
                () ->
                    guard.call(
                        () -> {
                          most.accumulateAndGet(now.incrementAndGet(), Math::max);
                          Thread.yield();
                          return now.decrementAndGet();
                        })));
      }
      for (Future<?> call : calls) {
        call.get();
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(most).hasValue(2);
  }

  @Test
  void call_servesInTheOrderOfArrival() throws Exception {
    List<Integer> served = Collections.synchronizedList(new ArrayList<>());
    CallGuard single = new CallGuard("thing", 1);
    List<Future<Boolean>> waiting = new ArrayList<>();
    waiting.add(start(() -> single.call(() -> held() != null)));
    for (int i = 0; i < 20; i++) {
      int number = i;
      waiting.add(start(() -> single.call(() -> served.add(number))));
    }
    hold.countDown();
    for (Future<Boolean> call : waiting) {
      assertThat(call.get()).isTrue();
    }
    assertThat(served).isSorted().hasSize(20);
  }

  @Test
  void call_interruptedWhileItWaits_givesUp() throws Exception {
    Future<String> first = start(() -> guard.call(this::held));
    Future<String> second = start(() -> guard.call(this::held));
    Future<Boolean> interrupted =
        start(
            () -> {
              assertThatThrownBy(() -> guard.call(() -> "never"))
                  .isInstanceOf(InterruptedCallException.class)
                  .hasMessageContaining("thing");
              return Thread.interrupted();
            });
    threads.get(2).interrupt();
    assertThat(interrupted.get()).as("the interrupt is kept").isTrue();
    hold.countDown();
    assertThat(first.get()).isEqualTo("done");
    assertThat(second.get()).isEqualTo("done");
    assertThat(guard.<String>call(() -> "still")).isEqualTo("still");
  }

  @Test
  void close_waitsForCallsThatWorkAndThatWait() throws Exception {
    List<Future<String>> calls = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      calls.add(start(() -> guard.call(this::held)));
    }
    AtomicInteger released = new AtomicInteger();
    Future<?> closing = start(Executors.callable(() -> guard.close(released::incrementAndGet)));
    Future<?> again = start(Executors.callable(() -> guard.close(released::incrementAndGet)));
    assertThatThrownBy(() -> guard.call(() -> "late"))
        .isInstanceOf(ClosedException.class)
        .hasMessageContaining("thing");
    assertThatThrownBy(guard::requireOpen).isInstanceOf(ClosedException.class);
    assertThat(released).hasValue(0);
    assertThat(closing).isNotDone();
    hold.countDown();
    for (Future<String> call : calls) {
      assertThat(call.get()).isEqualTo("done");
    }
    closing.get();
    again.get();
    assertThat(released).hasValue(1);
  }

  @Test
  void close_onAnInterruptedThread_stillWaits() throws Exception {
    Future<String> call = start(() -> guard.call(this::held));
    AtomicInteger released = new AtomicInteger();
    Future<Boolean> closing =
        start(
            () -> {
              Thread.currentThread().interrupt();
              guard.close(released::incrementAndGet);
              return Thread.interrupted();
            });
    assertThat(released).hasValue(0);
    hold.countDown();
    assertThat(call.get()).isEqualTo("done");
    assertThat(closing.get()).as("the interrupt is kept").isTrue();
    assertThat(released).hasValue(1);
  }

  @Test
  void close_thatFailsToRelease_isNotTriedAgain() {
    assertThatThrownBy(
            () ->
                guard.close(
                    () -> {
                      throw new IllegalStateException("no");
                    }))
        .isInstanceOf(IllegalStateException.class);
    guard.close(Assertions::fail);
  }

  /** A call may use what nobody else needs, and no more. */
  @Test
  void takeAnother_onlyWhatIsFreeAndNobodyWaitsFor() throws Exception {
    boolean alone = guard.call(guard::takeAnother);
    assertThat(alone).isTrue();
    Future<String> other = start(() -> guard.call(() -> held()));
    assertThat(guard.takeAnother()).as("both turns are taken").isFalse();
    Future<String> waiting = start(() -> guard.call(() -> "done"));
    guard.giveBack();

    assertThat(waiting.get()).isEqualTo("done");
    hold.countDown();
    assertThat(other.get()).isEqualTo("done");
  }

  @Test
  void maxConcurrentCalls_mustBePositive() {
    FaceModels models = FaceModels.of(Path.of("a.onnx"), Path.of("b.onnx"));
    assertThatThrownBy(() -> FaceMatcher.builder(models).maxConcurrentCalls(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected 1 call at a time or more, found 0");
    assertThatThrownBy(() -> FaceDetector.builder(models.detector()).maxConcurrentCalls(-1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> FaceEmbedder.builder(models.embedder()).maxConcurrentCalls(0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
