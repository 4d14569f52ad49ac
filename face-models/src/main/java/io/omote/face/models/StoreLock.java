// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import io.omote.face.ModelException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A lock that excludes all other processes and all other threads of this JVM, even those of other
 * class loaders, until it is closed. The operating system releases it if the process dies.
 * Thread-safe.
 */
final class StoreLock {
  private static final long POLL_MILLIS = 50;

  // Referenced, because the JVM releases a lock that becomes unreachable.
  private final FileLock inJvm;
  private final FileLock amongProcesses;

  private StoreLock(FileLock inJvm, FileLock amongProcesses) {
    this.inJvm = inJvm;
    this.amongProcesses = amongProcesses;
  }

  /**
   * Waits for the lock.
   *
   * <p>The JVM refuses a second lock of the same file, across class loaders, so a file lock also
   * excludes threads. But when a process closes any channel of a file, POSIX systems release all
   * its locks of that file. Threads therefore wait for the lock of a first file, and only its
   * holder opens the second file, which excludes other processes.
   */
  static StoreLock take(Path file, Duration patience) throws IOException {
    long end = System.nanoTime() + patience.toNanos();
    FileLock inJvm = lock(file.resolveSibling(file.getFileName() + ".jvm"), end, patience);
    boolean taken = false;
    try {
      FileLock amongProcesses = lock(file, end, patience);
      taken = true;
      return new StoreLock(inJvm, amongProcesses);
    } finally {
      if (!taken) {
        inJvm.acquiredBy().close();
      }
    }
  }

  private static FileLock lock(Path file, long end, Duration patience) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    @Nullable FileLock lock = null;
    try {
      lock = tryLock(channel);
      while (lock == null) {
        if (System.nanoTime() - end >= 0) {
          throw busy(file, patience);
        }
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        lock = tryLock(channel);
      }
      return lock;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Interrupts.exception("waiting for another download of the same pack", e);
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static ModelException busy(Path file, Duration patience) {
    return new ModelException(
        String.format(
            Locale.ROOT,
            "another download of the same pack still holds %s after %s s: wait for it, or end its process",
            file,
            patience.toSeconds()));
  }

  void close() throws IOException {
    // In this order, so that no other thread opens the second file before it is closed.
    try {
      amongProcesses.acquiredBy().close();
    } finally {
      inJvm.acquiredBy().close();
    }
  }
}
