// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Work that another thread does meanwhile, if one is free. A pool that is busy, or has no threads,
 * costs nothing: {@link #join} does what nobody has begun.
 *
 * <p>For use by the thread that started it.
 *
 * @param <T> what the work results in
 */
final class SideTask<T> {
  private final FutureTask<T> task;

  private SideTask(Supplier<T> work) {
    task = new FutureTask<>(work::get);
  }

  static <T> SideTask<T> start(Supplier<T> work) {
    SideTask<T> started = new SideTask<>(work);
    ForkJoinPool.commonPool().execute(started.task);
    return started;
  }

  /** The result, or the exception of the work; an interrupt is kept for whoever looks next. */
  T join() {
    task.run();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      // A supplier declares no checked exception.
      throw (RuntimeException) e.getCause();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Leaves the work out if nobody has begun it. */
  void cancel() {
    task.cancel(false);
  }
}
