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
 * What stands around each public call of an object that holds networks, from its first step to its
 * last: it bounds the calls that work at a time, and closing waits for all that have begun.
 *
 * <p>A call that finds all permits taken waits its turn. It has begun: {@link #close} waits for it
 * too. Waiting parks the thread, so a virtual one leaves its carrier to others.
 *
 * <p>Safe for use by several threads at once.
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
   * Makes a guard.
   *
   * @param what the object that it belongs to, for messages
   * @param network how many calls work at a time, and how long others wait
   */
  public CallGuard(String what, NetworkOptions network) {
    this.what = what;
    maxConcurrentCalls = network.maxConcurrentCalls();
    maxWait = network.maxWait();
    // Fair: calls are served in the order in which they came, so that none is overtaken for ever.
    permits = new Semaphore(maxConcurrentCalls, true);
  }

  /**
   * Does the work of one call.
   *
   * @param work the whole call
   * @return what it results in
   * @throws ClosedException if the object was closed before
   * @throws BusyException if its turn did not come in time
   * @throws InterruptedCallException if the thread was interrupted before its turn came
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
    // More than 292 years become 292 years. With no time at all it does not overtake those who
    // wait, as tryAcquire() would.
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
   * Takes the turn of one more call for a part of this one, if it is free and nobody waits for it.
   *
   * @return whether it was; then to be given back by {@link #giveBack}
   */
  public boolean takeAnother() {
    return !permits.hasQueuedThreads() && permits.tryAcquire();
  }

  public void giveBack() {
    permits.release();
  }

  /**
   * Checks that calls are let in, for one that needs no network.
   *
   * @throws ClosedException if the object was closed
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
   * Lets no call in any more, waits for those that have begun, and releases what they used. Closing
   * again waits for the same and does nothing.
   *
   * @param release releases the networks
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
