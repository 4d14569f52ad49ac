// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import java.util.concurrent.Semaphore;
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
final class CallGuard {
  private final String what;
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
   * @param maxConcurrentCalls how many calls work at a time
   */
  CallGuard(String what, int maxConcurrentCalls) {
    this.what = what;
    // Fair: nobody waits for ever, and who came first is served first.
    permits = new Semaphore(maxConcurrentCalls, true);
  }

  /**
   * Does the work of one call.
   *
   * @param work the whole call
   * @return what it results in
   * @throws ClosedException if the object was closed before
   * @throws InterruptedCallException if the thread was interrupted before its turn came
   */
  <T> T call(Supplier<T> work) {
    begin();
    try {
      permits.acquire();
      try {
        return OffCarrier.call(work);
      } finally {
        permits.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedCallException(
          "expected to use the %s, found an interrupt before the turn of this call".formatted(what),
          e);
    } finally {
      end();
    }
  }

  /**
   * Takes the turn of one more call for a part of this one, if it is free and nobody waits for it.
   *
   * @return whether it was; then to be given back by {@link #giveBack}
   */
  boolean takeAnother() {
    return !permits.hasQueuedThreads() && permits.tryAcquire();
  }

  void giveBack() {
    permits.release();
  }

  /**
   * Checks that calls are let in, for one that needs no network.
   *
   * @throws ClosedException if the object was closed
   */
  void requireOpen() {
    lock.lock();
    try {
      if (closed) {
        throw new ClosedException(
            "expected an open %s, found a closed one: make a new one".formatted(what));
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
  void close(Runnable release) {
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
