// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.ModelException;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

@Timeout(30)
class OffCarrierTest {
  @Test
  void call_onAPlatformThread_staysOnIt() {
    assertThat(OffCarrier.call(Thread::currentThread)).isSameAs(Thread.currentThread());
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void call_onAVirtualThread_leavesIt() throws Exception {
    FutureTask<Boolean> stays =
        new FutureTask<>(() -> OffCarrier.call(Thread::currentThread) == Thread.currentThread());
    Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, stays);
    assertThat(stays.get()).isFalse();
  }

  @Test
  void onPlatformThread_usesAThreadThatEnds() throws Exception {
    Thread worker = OffCarrier.onPlatformThread(Thread::currentThread);
    assertThat(worker).isNotSameAs(Thread.currentThread());
    worker.join();
  }

  @Test
  void onPlatformThread_throwsWhatTheWorkThrows_withTheCallersInItsTrace() {
    ModelException failure = new ModelException("broken");
    assertThatThrownBy(
            () ->
                OffCarrier.onPlatformThread(
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);
    assertThat(Stream.of(failure.getStackTrace()).map(StackTraceElement::getMethodName))
        .anyMatch(name -> name.contains("throwsWhatTheWorkThrows"));
    assertThatThrownBy(
            () ->
                OffCarrier.onPlatformThread(
                    () -> {
                      throw new OutOfMemoryError("full");
                    }))
        .isInstanceOf(OutOfMemoryError.class);
    IOException undeclared = new IOException("reset");
    assertThatThrownBy(
            () ->
                OffCarrier.onPlatformThread(
                    () -> OffCarrierTest.<String, RuntimeException>sneak(undeclared)))
        .isSameAs(undeclared);
  }

  /** As Kotlin's streams do. */
  @SuppressWarnings("unchecked")
  private static <T, E extends Throwable> T sneak(Throwable failure) throws E {
    throw (E) failure;
  }

  @Test
  void onPlatformThread_interrupted_passesItOnAndWaits() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    FutureTask<String> task =
        new FutureTask<>(
            () -> {
              String result =
                  OffCarrier.onPlatformThread(
                      () -> {
                        started.countDown();
                        try {
                          Thread.sleep(60_000);
                          return "slept";
                        } catch (InterruptedException e) {
                          return "interrupted";
                        }
                      });
              return result + " " + Thread.interrupted();
            });
    Thread caller = new Thread(task);
    caller.start();
    started.await();
    caller.interrupt();
    assertThat(task.get()).isEqualTo("interrupted true");
  }
}
