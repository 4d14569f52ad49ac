// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A signal that the process is about to end, by Ctrl-C or SIGTERM, so that work in progress can
 * stop in an orderly way: the process waits until this is closed, but only for a limited time.
 * Thread-safe.
 */
final class ShutdownSignal implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 20;

  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread hook = new Thread(this::raise, "omote-shutdown");
  private volatile boolean raised;

  ShutdownSignal() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void raise() {
    raised = true;
    try {
      over.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // another part of the process does not want to wait
    }
  }

  /** Returns whether work should stop now. */
  boolean isRaised() {
    return raised;
  }

  @Override
  public void close() {
    over.countDown();
    if (!raised) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The shutdown began in the meantime, and no longer waits.
      }
    }
  }
}
