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

/** A gallery whose store is slow, or fails. */
class ExactGalleryTest {
  private static final String MODEL = "model:0123456789ab";
  private static final FaceEmbedding FACE = FaceEmbedding.ofRaw(MODEL, new float[] {1, 2});

  /** A store that waits in each write until it may proceed, and records its calls. */
  private static final class Slow implements ExactGallery.Store {
    final CountDownLatch isWriting = new CountDownLatch(1);
    final CountDownLatch mayProceed = new CountDownLatch(1);
    final List<String> calls = new ArrayList<>();
    @Nullable GalleryException failure;

    private void work(String call) {
      isWriting.countDown();
      boolean isInterrupted = false;
      while (true) {
        try {
          assertThat(mayProceed.await(1, TimeUnit.MINUTES)).isTrue();
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
    public void add(List<GalleryEntry> added, int size) {
      work("add");
    }

    @Override
    public void remove(String person, @Nullable String sample) {
      work("remove");
    }

    @Override
    public void close() {
      work("close");
    }
  }

  private final Slow store = new Slow();
  private final ExactGallery gallery = new ExactGallery(MODEL, store);

  /** A thread that records what it throws, and whether it ends interrupted. */
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
    store.mayProceed.countDown();
  }

  @Test
  void writeThatHasBegun_isFinished_andTheOneThatWaits_isNot() throws InterruptedException {
    Caller first = new Caller(() -> gallery.enroll("a", "a", FACE));
    store.isWriting.await();
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
    store.mayProceed.countDown();
    first.join();
    assertThat(first.thrown.get()).isNull();
    assertThat(first.isInterrupted).isTrue();
    assertThat(store.calls).containsExactly("add");
    assertThat(gallery.size()).isOne();
    assertThat(gallery.remove("a", "a")).isTrue();
  }

  @Test
  void close_waitsForTheWriteInFlight_alsoInterrupted() throws InterruptedException {
    Caller writer = new Caller(() -> gallery.enroll("a", "a", FACE));
    store.isWriting.await();
    Caller closer = new Caller(gallery::close);
    closer.awaitWaiting();
    closer.thread.interrupt();
    assertThat(closer.thread.isAlive()).isTrue();
    store.mayProceed.countDown();
    writer.join();
    closer.join();
    assertThat(writer.thrown.get()).isNull();
    assertThat(closer.thrown.get()).isNull();
    assertThat(closer.isInterrupted).isTrue();
    assertThat(store.calls).containsExactly("add", "close");
    gallery.close();
    assertThat(store.calls).containsExactly("add", "close");
  }

  @Test
  void storeThatFails_changesNothing() {
    store.mayProceed.countDown();
    gallery.enroll("a", "a", FACE);
    store.failure = new GalleryException("of a test");
    assertThatThrownBy(() -> gallery.enroll("b", "b", FACE)).isSameAs(store.failure);
    assertThatThrownBy(() -> gallery.remove("a", "a")).isSameAs(store.failure);
    assertThatThrownBy(() -> gallery.removePerson("a")).isSameAs(store.failure);
    assertThat(gallery.size()).isOne();
    assertThat(gallery.persons()).isOne();
    assertThat(gallery.search(FACE, 5)).hasSize(1);
    // The store is not called for a missing sample.
    assertThat(gallery.remove("a", "b")).isFalse();
    gallery.enroll("a", "a", FACE);
    store.failure = null;
    gallery.enroll("b", "b", FACE);
    assertThat(gallery.removePerson("a")).isOne();
    assertThat(gallery.search(FACE, 5)).hasSize(1);
  }

  /** Another caller may close a store that is still held. */
  @Test
  void closeThatFails_canBeRepeated_andClosesAllTheSame() {
    store.mayProceed.countDown();
    store.failure = new GalleryException("of a test");
    assertThatThrownBy(gallery::close).isSameAs(store.failure);
    assertThatThrownBy(gallery::size).hasMessageContaining("closed");
    store.failure = null;
    gallery.close();
    gallery.close();
    assertThat(store.calls).containsExactly("close", "close");
  }
}
