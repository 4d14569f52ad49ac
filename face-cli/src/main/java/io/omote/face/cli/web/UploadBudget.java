// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.web;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The memory budget for all request bodies together. Bytes count as they arrive, so that a sender
 * that announces a large body but sends nothing takes nothing. If the budget is used up, bodies of
 * slow senders are given up for others, then the largest of those that wait for each other.
 * Thread-safe.
 */
final class UploadBudget {
  private static final int RETRY_MILLIS = 100;

  private final Duration patience;
  private final Duration slow;

  /** One permit per byte. */
  private final Semaphore free;

  /** The open bodies in the order in which they came; guarded by itself. */
  private final Set<Body> open = new LinkedHashSet<>();

  /**
   * Creates a budget.
   *
   * @param bytes the size
   * @param patience the time for which a body waits for the budget
   * @param slow the time for which a sender may keep the server waiting if the budget is used up,
   *     and for which bodies may wait for each other
   */
  UploadBudget(long bytes, Duration patience, Duration slow) {
    free = new Semaphore((int) Math.min(Integer.MAX_VALUE, bytes));
    this.patience = patience;
    this.slow = slow;
  }

  /** Thrown when the budget is used up. The sender may try again. */
  static final class FullException extends IOException {
    private static final long serialVersionUID = 1L;

    FullException() {
      super("the server is busy with other images: try again later");
    }
  }

  /**
   * Gives up the oldest body of a slow sender, whose reader then fails.
   *
   * @return whether there was one
   */
  private boolean displaceSlow() throws IOException {
    Optional<Body> oldest;
    synchronized (open) {
      oldest = open.stream().filter(Body::isSlow).findFirst();
    }
    if (oldest.isPresent()) {
      oldest.get().giveUp();
    }
    return oldest.isPresent();
  }

  /** The state of a body. */
  private enum Phase {
    /** Waits for its sender. */
    READING,
    /** Waits for the budget. */
    TAKING,
    /** Has arrived, and returns its bytes to the budget in a while. */
    DONE
  }

  /** A body that takes from the budget as it is read, until it is closed. Used by one thread. */
  final class Body extends FilterInputStream {
    private volatile int taken;

    /** The time for which the sender kept the reader waiting in earlier reads, in nanoseconds. */
    private volatile long waited;

    private volatile long readingSince = System.nanoTime();
    private volatile Phase phase = Phase.TAKING;

    Body(InputStream body) {
      super(body);
      synchronized (open) {
        open.add(this);
      }
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      readingSince = System.nanoTime();
      phase = Phase.READING;
      int count = super.read(bytes, offset, length);
      phase = count < 0 ? Phase.DONE : Phase.TAKING;
      waited += System.nanoTime() - readingSince;
      if (count > 0) {
        take(count);
      }
      return count;
    }

    private boolean isSlow() {
      return phase == Phase.READING && waited + System.nanoTime() - readingSince > slow.toNanos();
    }

    private void take(int count) throws IOException {
      long start = System.nanoTime();
      try {
        while (!free.tryAcquire(count, RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
          long time = System.nanoTime() - start;
          boolean displaced = displaceSlow();
          if (time > patience.toNanos() || !displaced && time > slow.toNanos() && isInTheWay()) {
            // Another body may have been closed since the attempt.
            if (free.tryAcquire(count)) {
              break;
            }
            throw new FullException();
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new FullException();
      }
      taken += count;
    }

    /**
     * Returns whether all bodies wait for each other or for slow senders, and this is the largest.
     * One that is just being read arrives or waits soon, and may be larger.
     */
    private boolean isInTheWay() {
      synchronized (open) {
        return open.stream().allMatch(body -> body.phase == Phase.TAKING || body.isSlow())
            && open.stream()
                .filter(body -> body.phase == Phase.TAKING)
                .noneMatch(body -> body.taken > taken);
      }
    }

    private void giveUp() throws IOException {
      in.close();
    }

    /** Returns the bytes to the budget. The underlying stream stays open. */
    @Override
    public void close() {
      // First, so that a body that does not see this one anymore finds its bytes in the budget.
      free.release(taken);
      taken = 0;
      synchronized (open) {
        open.remove(this);
      }
    }
  }
}
