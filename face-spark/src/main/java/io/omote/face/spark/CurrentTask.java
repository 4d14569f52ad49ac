// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.InterruptedCallException;
import java.util.concurrent.TimeUnit;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;

/** The work of the calling thread: a task on an executor, or none on a driver. Thread-safe. */
final class CurrentTask {
  /** A pause ends this soon after a task was killed without an interrupt. */
  private static final long SLICE_MILLIS = 50;

  private CurrentTask() {}

  /**
   * Ends work that was killed or interrupted: what a storage does not deliver then says nothing
   * about it.
   *
   * @throws TaskKilledException if the task was killed
   * @throws InterruptedCallException if the thread was interrupted
   */
  static void stopIfKilled() {
    TaskContext task = TaskContext.get();
    if (task != null && task.isInterrupted()) {
      throw new TaskKilledException();
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedCallException("the work was interrupted");
    }
  }

  /** Waits, unless {@link #stopIfKilled} ends the work. */
  static void pause(long millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() < end) {
      stopIfKilled();
      try {
        Thread.sleep(SLICE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
