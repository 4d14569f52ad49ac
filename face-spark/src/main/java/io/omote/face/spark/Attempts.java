// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.FaceException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.PathIsNotDirectoryException;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.TaskContext;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a task asks a storage again after it failed. If many requests have failed one
 * after the other, a task does not wait for each of the others. Not thread-safe.
 */
final class Attempts {
  /** The pauses before the second and the third attempt. */
  private static final int[] PAUSES_SECONDS = {1, 4};

  /** As many failures in succession are no accident of one request. */
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
   * @throws FaceException if the task was killed or interrupted, which says nothing about the
   *     storage
   */
  boolean isWorthAnother(Exception failure) {
    requireNotKilled(failure);
    if (isAnswer(failure)) {
      succeeded();
      return false;
    }
    failedInSuccession++;
    if (failed == PAUSES_SECONDS.length || failedInSuccession >= MAX_PATIENCE) {
      failed = 0;
      return false;
    }
    pause(PAUSES_SECONDS[failed++]);
    return true;
  }

  /** Returns whether a storage works, but has no such file or folder, or does not give it. */
  private static boolean isAnswer(Exception failure) {
    return failure instanceof FileNotFoundException
        || failure instanceof NoSuchFileException
        || failure instanceof AccessDeniedException
        || failure instanceof AccessControlException
        || failure instanceof NotDirectoryException
        || failure instanceof ParentNotDirectoryException
        || failure instanceof PathIsNotDirectoryException
        || failure instanceof FileSystemLoopException
        || Storage.isUnknown(failure)
        || !(failure instanceof IOException) && failure instanceof IllegalArgumentException;
  }

  /**
   * Requires that the task is not to end.
   *
   * @param failure the reason, or null
   */
  static void requireNotKilled(@Nullable Exception failure) {
    TaskContext task = TaskContext.get();
    if (task != null && task.isInterrupted() || Thread.currentThread().isInterrupted()) {
      throw new FaceException("the work was interrupted", failure);
    }
  }

  private static void pause(int seconds) {
    try {
      TimeUnit.SECONDS.sleep(seconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FaceException("the work was interrupted", e);
    }
  }
}
