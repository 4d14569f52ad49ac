// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.BusyException;
import io.omote.face.ClosedException;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceException;
import io.omote.face.FaceMatcher;
import io.omote.face.FaceModels;
import io.omote.face.InterruptedCallException;
import io.omote.face.ModelException;
import io.omote.face.internal.options.NetworkOptions;
import java.nio.file.Path;
import java.time.Duration;
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
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
class CallGuardTest {
  private final CallGuard guard = guard(2, null);
  private final CountDownLatch hold = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();

  @AfterEach
  void release() {
    hold.countDown();
  }

  private static CallGuard guard(int maxConcurrentCalls, @Nullable Duration maxWait) {
    NetworkOptions network = NetworkOptions.defaults().withMaxConcurrentCalls(maxConcurrentCalls);
    return new CallGuard("thing", maxWait == null ? network : network.withMaxWait(maxWait));
  }

  /** No bound, one that is never reached, and one that no number of nanoseconds can say. */
  static Stream<Duration> patience() {
    return Stream.of(null, Duration.ofDays(1), Duration.ofSeconds(Long.MAX_VALUE));
  }

  /** Starts a call in a thread of its own and waits until the thread works in it or waits. */
  private <T> Future<T> start(Callable<T> call) {
    FutureTask<T> task = new FutureTask<>(call);
    Thread thread = new Thread(task);
    threads.add(thread);
    thread.start();
    while (!task.isDone() && !isParked(thread)) {
      Thread.yield();
    }
    return task;
  }

  /** Not while it only waits for the lock around a counter. */
  private static boolean isParked(Thread thread) {
    Object blocker = LockSupport.getBlocker(thread);
    return blocker != null && !blocker.getClass().getName().contains("ReentrantLock$NonfairSync");
  }

  private String held() {
    await(hold);
    return "done";
  }

  @Test
  void call_returnsAndThrowsWhatTheWorkDoes() {
    assertThat(guard.<String>call(() -> "result")).isEqualTo("result");
    ModelException failure = new ModelException("broken");
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
  void call_limitsConcurrentCalls() throws Exception {
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

  @ParameterizedTest
  @MethodSource("patience")
  void call_servesInTheOrderOfArrival(@Nullable Duration maxWait) throws Exception {
    List<Integer> served = Collections.synchronizedList(new ArrayList<>());
    CallGuard single = guard(1, maxWait);
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

  /** A caller that has just had a turn queues for the next one behind those that wait. */
  @ParameterizedTest
  @MethodSource("patience")
  void call_again_doesNotOvertake(@Nullable Duration maxWait) throws Exception {
    CallGuard single = guard(1, maxWait);
    for (int round = 0; round < 100; round++) {
      List<String> served = Collections.synchronizedList(new ArrayList<>());
      Future<Boolean> waiting =
          single.call(() -> start(() -> single.call(() -> served.add("waiting"))));
      single.call(() -> served.add("again"));
      assertThat(waiting.get()).isTrue();
      assertThat(served).containsExactly("waiting", "again");
    }
  }

  @Test
  void call_withoutPatience_getsItsTurnAtOnceOrNotAtAll() throws Exception {
    CallGuard hasty = guard(2, Duration.ZERO);
    Future<String> first = start(() -> hasty.call(this::held));
    assertThat(hasty.<String>call(() -> "beside it")).isEqualTo("beside it");
    Future<String> second = start(() -> hasty.call(this::held));
    assertThatThrownBy(() -> hasty.call(Assertions::fail))
        .isInstanceOf(BusyException.class)
        .isInstanceOf(FaceException.class)
        .hasMessage(
            "no turn of the thing became free within 0 s, with 2 taken and 0 other calls waiting: try again later, or raise maxConcurrentCalls or maxWait");
    hold.countDown();
    assertThat(first.get()).isEqualTo("done");
    assertThat(second.get()).isEqualTo("done");
    for (int i = 0; i < 10; i++) {
      assertThat(hasty.<String>call(() -> "free again")).isEqualTo("free again");
    }
  }

  @Test
  void call_whosePatienceEnds_isBusy_andTakesNoTurn() throws Exception {
    CallGuard patient = guard(1, Duration.ofMillis(20));
    Future<String> first = start(() -> patient.call(this::held));
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> patient.call(Assertions::fail))
          .isInstanceOf(BusyException.class)
          .hasMessageContaining(
              "thing became free within 0.02 s, with 1 taken and 0 other calls waiting");
    }
    hold.countDown();
    assertThat(first.get()).isEqualTo("done");
    assertThat(patient.<String>call(() -> "free again")).isEqualTo("free again");
  }

  @Test
  void close_waitsForCallsWhosePatienceEnds() throws Exception {
    CallGuard patient = guard(1, Duration.ofMillis(200));
    Future<String> works = start(() -> patient.call(this::held));
    Future<String> waits = start(() -> patient.call(() -> "never"));
    AtomicInteger released = new AtomicInteger();
    Future<?> closing = start(Executors.callable(() -> patient.close(released::incrementAndGet)));
    assertThatThrownBy(waits::get).hasCauseInstanceOf(BusyException.class);
    assertThatThrownBy(() -> patient.call(Assertions::fail)).isInstanceOf(ClosedException.class);
    assertThat(released).hasValue(0);
    hold.countDown();
    assertThat(works.get()).isEqualTo("done");
    closing.get();
    assertThat(released).hasValue(1);
  }

  @ParameterizedTest
  @MethodSource("patience")
  void call_interruptedWhileItWaits_givesUp(@Nullable Duration maxWait) throws Exception {
    CallGuard guard = guard(2, maxWait);
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

  /** A call may use turns that no other call needs, and no more. */
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

  /**
   * A turn that was just given back belongs to the call that waits for it, though it still sleeps.
   */
  @Test
  void takeAnother_doesNotOvertake() throws Exception {
    for (int round = 0; round < 100; round++) {
      CountDownLatch end = new CountDownLatch(1);
      guard
          .call(
              () -> {
                assertThat(guard.takeAnother()).isTrue();
                Future<Boolean> waiting =
                    start(
                        () ->
                            guard.call(
                                () -> {
                                  await(end);
                                  return true;
                                }));
                guard.giveBack();
                boolean another = guard.takeAnother();
                end.countDown();
                assertThat(another).isFalse();
                return waiting;
              })
          .get();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void maxWait_mustNotBeNegative() {
    FaceModels models = FaceModels.of(Path.of("a.onnx"), Path.of("b.onnx"));
    Duration negative = Duration.ofNanos(-1);
    for (ThrowingCallable option :
        List.<ThrowingCallable>of(
            () -> NetworkOptions.defaults().withMaxWait(negative),
            () -> FaceMatcher.builder(models).maxWait(negative),
            () -> FaceDetector.builder(models.detector()).maxWait(negative),
            () -> FaceEmbedder.builder(models.embedder()).maxWait(negative))) {
      assertThatThrownBy(option)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("expected a wait of zero or more, found PT-0.000000001S");
    }
    assertThat(NetworkOptions.defaults().maxWait()).isEmpty();
    Duration longest = Duration.ofSeconds(Long.MAX_VALUE);
    assertThat(NetworkOptions.defaults().withMaxWait(longest).maxWait()).contains(longest);
  }

  @Test
  void maxConcurrentCalls_mustBePositive() {
    FaceModels models = FaceModels.of(Path.of("a.onnx"), Path.of("b.onnx"));
    assertThatThrownBy(() -> FaceMatcher.builder(models).maxConcurrentCalls(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected 1 concurrent call or more, found 0");
    assertThatThrownBy(() -> FaceDetector.builder(models.detector()).maxConcurrentCalls(-1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> FaceEmbedder.builder(models.embedder()).maxConcurrentCalls(0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
