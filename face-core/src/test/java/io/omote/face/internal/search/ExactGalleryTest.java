// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.FaceEmbedding;
import io.omote.face.GalleryEntry;
import io.omote.face.GalleryException;
import io.omote.face.InterruptedCallException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a gallery keeps beside a store that takes its time, or fails. */
class ExactGalleryTest {
  private static final String MODEL = "model:0123456789ab";
  private static final FaceEmbedding FACE = FaceEmbedding.ofRaw(MODEL, new float[] {1, 2});

  /** Waits in each write until it may go on, and says what happened. */
  private static final class Slow extends ExactGallery {
    final CountDownLatch isWriting = new CountDownLatch(1);
    final CountDownLatch goesOn = new CountDownLatch(1);
    final List<String> calls = new ArrayList<>();
    @Nullable GalleryException failure;

    Slow() {
      super(MODEL);
    }

    private void work(String call) {
      isWriting.countDown();
      boolean isInterrupted = false;
      while (true) {
        try {
          assertThat(goesOn.await(1, TimeUnit.MINUTES)).isTrue();
          break;
        } catch (InterruptedException e) {
          isInterrupted = true;
        }
      }
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
      calls.add(call);
      if (failure != null) {
        throw failure;
      }
    }

    @Override
    protected void store(List<GalleryEntry> added) {
      work("store");
    }

    @Override
    protected void erase(String person, @Nullable String sample) {
      work("erase");
    }

    @Override
    protected void release() {
      work("release");
    }
  }

  private final Slow gallery = new Slow();

  /** A thread, whether it ends interrupted, and what it throws. */
  private static final class Caller {
    final AtomicReference<Throwable> thrown = new AtomicReference<>();
    final Thread thread;
    volatile boolean isInterrupted;

    Caller(Runnable call) {
      thread =
          new Thread(
              () -> {
                try {
                  call.run();
                } catch (Throwable e) {
                  thrown.set(e);
                }
                isInterrupted = Thread.currentThread().isInterrupted();
              });
      thread.start();
    }

    void awaitWaiting() throws InterruptedException {
      while (thread.getState() != Thread.State.WAITING) {
        assertThat(thread.isAlive()).isTrue();
        Thread.sleep(1);
      }
    }

    void join() throws InterruptedException {
      thread.join(60_000);
      assertThat(thread.isAlive()).isFalse();
    }
  }

  @AfterEach
  void release() {
    gallery.goesOn.countDown();
  }

  @Test
  void writeThatHasBegun_isFinished_andTheOneThatWaits_isNot() throws InterruptedException {
    Caller first = new Caller(() -> gallery.enroll("a", "a", FACE));
    gallery.isWriting.await();
    List<Caller> waiting =
        List.of(
            new Caller(() -> gallery.enroll("b", "b", FACE)),
            new Caller(() -> gallery.remove("a", "a")),
            new Caller(() -> gallery.removePerson("a")));
    for (Caller caller : waiting) {
      caller.awaitWaiting();
      caller.thread.interrupt();
      caller.join();
      assertThat(caller.thrown.get()).isInstanceOf(InterruptedCallException.class);
      assertThat(caller.isInterrupted).isTrue();
    }
    first.thread.interrupt();
    assertThat(gallery.size()).isZero();
    gallery.goesOn.countDown();
    first.join();
    assertThat(first.thrown.get()).isNull();
    assertThat(first.isInterrupted).isTrue();
    assertThat(gallery.calls).containsExactly("store");
    assertThat(gallery.size()).isOne();
    assertThat(gallery.remove("a", "a")).isTrue();
  }

  @Test
  void close_waitsForTheWriteInFlight_alsoInterrupted() throws InterruptedException {
    Caller writer = new Caller(() -> gallery.enroll("a", "a", FACE));
    gallery.isWriting.await();
    Caller closer = new Caller(gallery::close);
    closer.awaitWaiting();
    closer.thread.interrupt();
    assertThat(closer.thread.isAlive()).isTrue();
    gallery.goesOn.countDown();
    writer.join();
    closer.join();
    assertThat(writer.thrown.get()).isNull();
    assertThat(closer.thrown.get()).isNull();
    assertThat(closer.isInterrupted).isTrue();
    assertThat(gallery.calls).containsExactly("store", "release");
    gallery.close();
    assertThat(gallery.calls).containsExactly("store", "release");
  }

  @Test
  void storeThatFails_changesNothing() {
    gallery.goesOn.countDown();
    gallery.enroll("a", "a", FACE);
    gallery.failure = new GalleryException("of a test");
    assertThatThrownBy(() -> gallery.enroll("b", "b", FACE)).isSameAs(gallery.failure);
    assertThatThrownBy(() -> gallery.remove("a", "a")).isSameAs(gallery.failure);
    assertThatThrownBy(() -> gallery.removePerson("a")).isSameAs(gallery.failure);
    assertThat(gallery.size()).isOne();
    assertThat(gallery.persons()).isOne();
    assertThat(gallery.search(FACE, 5)).hasSize(1);
    // What is not there is not asked for.
    assertThat(gallery.remove("a", "b")).isFalse();
    gallery.enroll("a", "a", FACE);
    gallery.failure = null;
    gallery.enroll("b", "b", FACE);
    assertThat(gallery.removePerson("a")).isOne();
    assertThat(gallery.search(FACE, 5)).hasSize(1);
  }

  /** Others may close what is still held. */
  @Test
  void closeThatFails_canBeRepeated_andClosesAllTheSame() {
    gallery.goesOn.countDown();
    gallery.failure = new GalleryException("of a test");
    assertThatThrownBy(gallery::close).isSameAs(gallery.failure);
    assertThatThrownBy(gallery::size).hasMessageContaining("closed");
    gallery.failure = null;
    gallery.close();
    gallery.close();
    assertThat(gallery.calls).containsExactly("release", "release");
  }
}
