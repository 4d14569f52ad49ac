// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.AlignmentException;
import io.omote.face.FaceException;
import io.omote.face.GalleryException;
import io.omote.face.ImageException;
import io.omote.face.InterruptedCallException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class BatchTest {
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  private final List<Path> images =
      IntStream.range(0, 10 * PROCESSORS).mapToObj(at -> Path.of("no-file-" + at)).toList();

  /** What was received, in order. */
  private final List<Object> received = new ArrayList<>();

  private final AtomicInteger started = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger();

  private final Batch.Receiver<Integer> receiver =
      new Batch.Receiver<>() {
        @Override
        public void accept(Path image, Integer result) {
          received.add(result);
        }

        @Override
        public void refuse(Path image, FaceException problem) {
          received.add(problem);
        }
      };

  private void run(Batch.Work<Integer> work) throws IOException {
    Batch.run(
        images,
        () -> false,
        (at, image) -> {
          started.incrementAndGet();
          running.incrementAndGet();
          try {
            return work.on(at, image);
          } finally {
            running.decrementAndGet();
          }
        },
        receiver);
  }

  /** The first image takes longer than all that may be ahead of it. */
  @Test
  void results_areInOrder_andFewAreAhead() throws IOException {
    CountDownLatch others = new CountDownLatch(PROCESSORS == 1 ? 0 : Batch.maxAhead() - 1);
    run(
        (at, image) -> {
          assertThat(image).isEqualTo(images.get(at));
          assertThat(started.get() - received.size()).isLessThanOrEqualTo(Batch.maxAhead());
          if (at == 0) {
            await(others);
            assertThat(started).hasValueLessThanOrEqualTo(Batch.maxAhead());
          }
          others.countDown();
          return at;
        });
    assertThat(received)
        .containsExactlyElementsOf(IntStream.range(0, images.size()).boxed().toList());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Gives a wrong order of work the time to occur. */
  private static boolean isReached(CountDownLatch latch) {
    try {
      return latch.await(50, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void problemsOfImages_areReceivedInTheirPlaces() throws IOException {
    run(
        (at, image) -> {
          if (at == 1) {
            throw ImageException.noFace();
          }
          if (at == 2) {
            throw new AlignmentException("not alignable");
          }
          if (at == 3) {
            throw new RefusedImageException("several_faces", "found 2");
          }
          return at;
        });
    assertThat(received).hasSameSizeAs(images).startsWith(0).endsWith(images.size() - 1);
    assertThat(received.get(1))
        .isInstanceOfSatisfying(
            ImageException.class, e -> assertThat(e.file()).contains(images.get(1)));
    assertThat(received.get(2)).isInstanceOf(AlignmentException.class);
    assertThat(received.get(3)).isInstanceOf(RefusedImageException.class);
  }

  /** An image that does not fit into memory alongside others may fit alone. */
  @Test
  void imageWithoutMemory_isRepeatedAlone() throws IOException {
    AtomicInteger attempts = new AtomicInteger();
    CountDownLatch repeated = new CountDownLatch(1);
    run(
        (at, image) -> {
          if (at == 3 && attempts.incrementAndGet() == 1) {
            throw new OutOfMemoryError("Java heap space");
          }
          if (at == 3) {
            repeated.countDown();
            assertThat(running).hasValue(1);
          }
          if (at == 2 + Batch.maxAhead()) { // the last one that is ahead of the third
            assertThat(isReached(repeated)).isFalse();
          }
          if (at == 5) {
            throw new OutOfMemoryError("Java heap space");
          }
          return at;
        });
    assertThat(attempts).hasValue(2);
    assertThat(received).hasSameSizeAs(images).startsWith(0, 1, 2, 3, 4);
    assertThat(received.get(5))
        .isInstanceOfSatisfying(
            ImageException.class,
            e -> assertThat(e.reason()).isEqualTo(ImageException.Reason.TOO_LARGE));
    assertThat(started).hasValue(images.size() + 2);
  }

  static List<Throwable> failures() {
    return List.of(
        new GalleryException("the disk is full"),
        new AssertionError("a bug"),
        new IllegalStateException("another bug"),
        new IOException("a file cannot be written"));
  }

  /** Work in progress uses networks, which the caller closes next. */
  @ParameterizedTest
  @MethodSource("failures")
  void otherFailure_endsTheRun_afterWorkInProgress(Throwable failure) {
    CountDownLatch next = new CountDownLatch(PROCESSORS == 1 ? 0 : 1);
    assertThatThrownBy(
            () ->
                run(
                    (at, image) -> {
                      if (at == 2) {
                        await(next);
                        throwIt(failure);
                      }
                      if (at > 2) {
                        next.countDown();
                        while (!Thread.currentThread().isInterrupted()) {
                          Thread.onSpinWait();
                        }
                      }
                      return at;
                    }))
        .isSameAs(failure);
    assertThat(running).hasValue(0);
    assertThat(received).containsExactly(0, 1);
  }

  private static void throwIt(Throwable failure) throws IOException {
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof IOException problem) {
      throw problem;
    }
    throw (RuntimeException) failure;
  }

  @Test
  void failureOfTheReceiver_endsTheRun() {
    FaceException full = new FaceException("standard output is full");
    assertThatExceptionOfType(FaceException.class)
        .isThrownBy(
            () ->
                Batch.run(
                    images,
                    () -> false,
                    (at, image) -> at,
                    new Batch.Receiver<Integer>() {
                      @Override
                      public void accept(Path image, Integer result) {
                        throw full;
                      }

                      @Override
                      public void refuse(Path image, FaceException problem) {
                        throw new AssertionError(problem);
                      }
                    }))
        .isSameAs(full);
  }

  @Test
  void interrupt_endsTheRun() {
    Thread caller = Thread.currentThread();
    assertThatExceptionOfType(InterruptedCallException.class)
        .isThrownBy(
            () ->
                run(
                    (at, image) -> {
                      caller.interrupt();
                      while (!Thread.currentThread().isInterrupted()) {
                        Thread.onSpinWait();
                      }
                      return at;
                    }));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(running).hasValue(0);
    assertThat(received).isEmpty();
  }

  @Test
  void runThatIsStopped_endsBeforeTheNextResult() throws IOException {
    Batch.run(images, () -> received.size() == 3, (at, image) -> at, receiver);
    assertThat(received).containsExactly(0, 1, 2);
  }

  @Test
  void threadsOfNetworks_useAllProcessors() {
    assertThat(Batch.threadsPerImage(1)).isEqualTo(PROCESSORS);
    assertThat(Batch.threadsPerImage(PROCESSORS)).isOne();
    assertThat(Batch.threadsPerImage(1_000_000)).isOne();
  }
}
