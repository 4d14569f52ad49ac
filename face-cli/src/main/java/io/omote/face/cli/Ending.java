// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets work end in order where the process is told to end, by Ctrl-C or SIGTERM: the work learns of
 * it, and the process waits until this is closed, though not for ever. Safe for use by several
 * threads at once.
 */
final class Ending implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 20;

  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread hook = new Thread(this::begin, "omote-ending");
  private volatile boolean begun;

  Ending() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void begin() {
    begun = true;
    try {
      over.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // by somebody who does not want to wait
    }
  }

  /** Whether to stop now. */
  boolean hasBegun() {
    return begun;
  }

  @Override
  public void close() {
    over.countDown();
    if (!begun) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // It has begun meanwhile, and does not wait any more.
      }
    }
  }
}
