// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.web;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The memory that all bodies take together. It is taken as they arrive: who announces much and
 * sends nothing holds nothing. Safe for use by several threads at once.
 */
final class UploadBudget {
  private static final int PATIENCE_SECONDS = 5;

  /** One for each byte. */
  private final Semaphore free;

  UploadBudget(long bytes) {
    free = new Semaphore((int) Math.min(Integer.MAX_VALUE, bytes));
  }

  /** All room is taken. Its sender may try again. */
  static final class FullException extends IOException {
    private static final long serialVersionUID = 1L;

    FullException() {
      super("expected room for the images, found none: try again later");
    }
  }

  /** A body that takes room as it is read. Closing it gives the room back. Not thread-safe. */
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

    /** Gives back what was read. */
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

    /** The stream beneath stays open. */
    @Override
    public void close() {
      free.release(taken);
      taken = 0;
    }
  }
}
