// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.web;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The memory budget for all request bodies together. Bytes count as they arrive, so that a sender
 * that announces a large body but sends nothing takes nothing. Thread-safe.
 */
final class UploadBudget {
  private static final int PATIENCE_SECONDS = 5;

  /** One permit per byte. */
  private final Semaphore free;

  UploadBudget(long bytes) {
    free = new Semaphore((int) Math.min(Integer.MAX_VALUE, bytes));
  }

  /** Thrown when the budget is used up. The sender may try again. */
  static final class FullException extends IOException {
    private static final long serialVersionUID = 1L;

    FullException() {
      super("the server is busy with other images: try again later");
    }
  }

  /** A body that takes from the budget as it is read, until it is closed. Not thread-safe. */
  final class Body extends FilterInputStream {
    private int taken;

    Body(InputStream body) {
      super(body);
    }

    @Override
    public int read() throws IOException {
      return take(super.read(), 1);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = super.read(bytes, offset, length);
      return take(count, count);
    }

    /** Takes bytes from the budget, and returns the result of the read. */
    private int take(int read, int count) throws IOException {
      if (read < 0) {
        return read;
      }
      try {
        if (!free.tryAcquire(count, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          throw new FullException();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new FullException();
      }
      taken += count;
      return read;
    }

    /** Returns the bytes to the budget. The underlying stream stays open. */
    @Override
    public void close() {
      free.release(taken);
      taken = 0;
    }
  }
}
