// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

/**
 * Decides whether a task asks a storage again after it failed. If many requests have failed one
 * after the other, a task does not wait for each of the others. Not thread-safe.
 */
final class Attempts {
  /** The pauses before the second and the third attempt. */
  static final long[] PAUSES_MILLIS = {1000, 4000};

  /** The number of failures in succession that are no accident of one request. */
  private static final int MAX_PATIENCE = 10;

  private int failed;
  private int failedInSuccession;

  /** Counts an attempt that succeeded. */
  void succeeded() {
    failed = 0;
    failedInSuccession = 0;
  }

  /**
   * Counts an attempt that failed, and waits if it is to be made again.
   *
   * @param failure the failure
   * @return whether to try again
   */
  boolean isWorthAnother(Exception failure) {
    // Also an interrupt looks like a failure of the storage.
    CurrentTask.stopIfKilled();
    if (!StorageException.of(failure).isWorthRepeating()) {
      succeeded();
      return false;
    }
    failedInSuccession++;
    if (failed == PAUSES_MILLIS.length || failedInSuccession >= MAX_PATIENCE) {
      failed = 0;
      return false;
    }
    CurrentTask.pause(PAUSES_MILLIS[failed++]);
    return true;
  }
}
