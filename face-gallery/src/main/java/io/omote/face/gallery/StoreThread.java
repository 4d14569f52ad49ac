// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Work on files, on a thread of its own that ends with it and that nobody interrupts. The channels
 * of the JDK close when a thread that uses them is interrupted: a write would end in its midst, and
 * the lock of a gallery would be lost. Making a thread costs little beside the disk.
 *
 * <p>Stateless and thread-safe.
 */
final class StoreThread {
  private StoreThread() {}

  /**
   * Does work and waits for its end, whatever happens. An interrupt of the caller is kept for it.
   *
   * @param work the work
   * @return what it results in
   */
  static <T> T call(Supplier<T> work) {
    FutureTask<T> task = new FutureTask<>(work::get);
    // Nothing of the caller's is inherited but its group, whose interrupt is not taken, either.
    Thread thread =
        new Thread(null, task, "omote-gallery", 0, false) {
          @Override
          public void interrupt() {}
        };
    thread.setDaemon(true);
    thread.start();
    boolean isInterrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          isInterrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw StoreThread.<RuntimeException>withCallers(e.getCause());
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Lets a stack trace go on where the work was asked for. */
  private static <E extends Throwable> E withCallers(Throwable failure) throws E {
    failure.setStackTrace(
        Stream.of(failure.getStackTrace(), new Throwable().getStackTrace())
            .flatMap(Stream::of)
            .toArray(StackTraceElement[]::new));
    @SuppressWarnings("unchecked")
    E unchecked = (E) failure;
    throw unchecked;
  }
}
