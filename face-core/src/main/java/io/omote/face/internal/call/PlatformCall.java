// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.call;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Work on a platform thread of its own, which ends with it: making one costs little beside the run
 * of a network. To be joined by the thread that started it.
 *
 * @param <T> the type of what it results in
 */
public final class PlatformCall<T> {
  private final FutureTask<T> task;
  private final Thread thread;

  private PlatformCall(Supplier<T> work) {
    task = new FutureTask<>(work::get);
    thread = new Thread(task, "omote-call");
    thread.setDaemon(true);
  }

  public static <T> PlatformCall<T> start(Supplier<T> work) {
    PlatformCall<T> call = new PlatformCall<>(work);
    call.thread.start();
    return call;
  }

  /**
   * Does two things at a time: the first on a thread of its own, the second here. It ends when both
   * have ended.
   *
   * @param first the one whose failure counts where both fail
   * @param second the other
   * @param together what is made of both
   * @return what was made
   */
  public static <A, B, R> R both(
      Supplier<A> first, Supplier<B> second, BiFunction<A, B, R> together) {
    PlatformCall<A> call = start(first);
    B here;
    try {
      here = second.get();
    } catch (Throwable e) {
      call.join(); // also where a stream of the caller's threw what it does not declare
      throw e;
    }
    return together.apply(call.join(), here);
  }

  /**
   * Waits for the end, whatever happens. An interrupt is passed on; the work decides what becomes
   * of it.
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

  /** Lets a stack trace go on where the work was asked for. */
  private static <E extends Throwable> E withCallers(Throwable failure) throws E {
    failure.setStackTrace(
        Stream.of(failure.getStackTrace(), new Throwable().getStackTrace())
            .flatMap(Stream::of)
            .toArray(StackTraceElement[]::new));
    // A stream of the caller's may throw what it does not declare; it comes out as it would have
    // without this thread.
    @SuppressWarnings("unchecked")
    E same = (E) failure;
    throw same;
  }
}
