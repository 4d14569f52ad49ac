// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.call;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Work on a platform thread of its own, which ends with the work: creating a thread costs little
 * compared with the run of a network. The thread that started the work must join it.
 *
 * @param <T> the type of the result
 */
public final class PlatformCall<T> {
  private final FutureTask<T> task;
  private final Thread thread;

  private PlatformCall(FutureTask<T> task, Thread thread) {
    this.task = task;
    this.thread = thread;
    thread.setDaemon(true);
    thread.start();
  }

  public static <T> PlatformCall<T> start(Supplier<T> work) {
    FutureTask<T> task = new FutureTask<>(work::get);
    return new PlatformCall<>(task, new Thread(task, "omote-call"));
  }

  /**
   * Runs work on files and waits for its end. No interrupt reaches the work: an interrupt closes
   * the channels of the JDK that the thread is using, which would cut a write short and lose a
   * lock. The caller's thread keeps its interrupt.
   *
   * @param name the name of the thread
   * @param work the work
   * @return its result
   */
  public static <T> T uninterrupted(String name, Supplier<T> work) {
    FutureTask<T> task = new FutureTask<>(work::get);
    // Inherits nothing of the caller but its group, whose interrupt is ignored as well.
    Thread thread =
        new Thread(null, task, name, 0, false) {
          @Override
          public void interrupt() {}
        };
    return new PlatformCall<>(task, thread).join();
  }

  /**
   * Runs two tasks in parallel, the first on a thread of its own and the second on this thread, and
   * waits for both.
   *
   * @param first the first task, whose failure counts if both fail
   * @param second the second task
   * @param together the function that combines the results
   * @return the combined result
   */
  public static <A, B, R> R both(
      Supplier<A> first, Supplier<B> second, BiFunction<A, B, R> together) {
    PlatformCall<A> call = start(first);
    B here;
    try {
      here = second.get();
    } catch (Throwable e) {
      call.join(); // also if a stream of the caller threw an undeclared exception
      throw e;
    }
    return together.apply(call.join(), here);
  }

  /**
   * Waits for the end of the work, even on an interrupted thread. An interrupt is passed on to the
   * work, which decides what to do about it.
   */
  public T join() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
          thread.interrupt();
        }
      }
    } catch (ExecutionException e) {
      throw PlatformCall.<RuntimeException>withCallers(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Appends the stack of the calling thread to that of a failure. */
  private static <E extends Throwable> E withCallers(Throwable failure) throws E {
    failure.setStackTrace(
        Stream.of(failure.getStackTrace(), new Throwable().getStackTrace())
            .flatMap(Stream::of)
            .toArray(StackTraceElement[]::new));
    // A stream of the caller may throw undeclared exceptions; they pass through unchanged.
    @SuppressWarnings("unchecked")
    E same = (E) failure;
    throw same;
  }
}
