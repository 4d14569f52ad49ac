// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.call;

import io.omote.face.BusyException;
import io.omote.face.ClosedException;
import io.omote.face.InterruptedCallException;
import io.omote.face.internal.options.NetworkOptions;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A guard around the public calls of an object that holds networks, from the first step of a call
 * to the last. It bounds the number of concurrent calls, and closing waits for all calls that have
 * begun.
 *
 * <p>A call that finds all permits taken waits for its turn. It has begun, so {@link #close} waits
 * for it, too. Waiting parks the thread, so a virtual thread releases its carrier.
 *
 * <p>Thread-safe.
 */
public final class CallGuard {
  private final String what;
  private final int maxConcurrentCalls;
  private final Optional<Duration> maxWait;
  private final Semaphore permits;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private long calls;
  private boolean closed;
  private boolean released;

  /**
   * Creates a guard.
   *
   * @param what the guarded object, for messages
   * @param network the options with the number of concurrent calls and the longest wait
   */
  public CallGuard(String what, NetworkOptions network) {
    this.what = what;
    maxConcurrentCalls = network.maxConcurrentCalls();
    maxWait = network.maxWait();
    // Fair: calls run in order of arrival, so that no call starves.
    permits = new Semaphore(maxConcurrentCalls, true);
  }

  /**
   * Runs one call.
   *
   * @param work the whole call
   * @return the result of the call
   * @throws ClosedException if the object is closed
   * @throws BusyException if no turn became free in time
   * @throws InterruptedCallException if the thread is interrupted before its turn
   */
  public <T> T call(Supplier<T> work) {
    begin();
    try {
      takeTurn();
      try {
        return OffCarrier.call(work);
      } finally {
        permits.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedCallException(
          String.format(Locale.ROOT, "interrupted while waiting for a turn of the %s", what), e);
    } finally {
      end();
    }
  }

  private void takeTurn() throws InterruptedException {
    if (maxWait.isEmpty()) {
      permits.acquire();
      return;
    }
    // The conversion limits the wait to 292 years. Even with a wait of zero this does not overtake
    // waiting calls, as tryAcquire() would.
    long nanoseconds = TimeUnit.NANOSECONDS.convert(maxWait.get());
    if (!permits.tryAcquire(nanoseconds, TimeUnit.NANOSECONDS)) {
      throw new BusyException(
          String.format(
              Locale.ROOT,
              "no turn of the %s became free within %s s, with %d taken and %d other calls waiting: try again later, or raise maxConcurrentCalls or maxWait",
              what,
              BigDecimal.valueOf(nanoseconds, 9).stripTrailingZeros().toPlainString(),
              maxConcurrentCalls,
              permits.getQueueLength()));
    }
  }

  /**
   * Takes a second turn for a part of this call, if one is free and no call waits for it.
   *
   * @return whether it took a turn, which {@link #giveBack} must return
   */
  public boolean takeAnother() {
    return !permits.hasQueuedThreads() && permits.tryAcquire();
  }

  public void giveBack() {
    permits.release();
  }

  /**
   * Checks that the object is open, for a call that needs no network.
   *
   * @throws ClosedException if the object is closed
   */
  public void requireOpen() {
    lock.lock();
    try {
      if (closed) {
        throw new ClosedException(
            String.format(Locale.ROOT, "the %s is closed: open a new one", what));
      }
    } finally {
      lock.unlock();
    }
  }

  private void begin() {
    lock.lock();
    try {
      requireOpen();
      calls++;
    } finally {
      lock.unlock();
    }
  }

  private void end() {
    lock.lock();
    try {
      calls--;
      if (calls == 0) {
        idle.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Refuses further calls, waits for those that have begun, and releases the networks. Closing
   * again waits, too, but releases nothing.
   *
   * @param release the action that releases the networks
   */
  public void close(Runnable release) {
    lock.lock();
    try {
      closed = true;
      while (calls > 0) {
        idle.awaitUninterruptibly();
      }
      if (!released) {
        released = true;
        release.run();
      }
    } finally {
      lock.unlock();
    }
  }
}
