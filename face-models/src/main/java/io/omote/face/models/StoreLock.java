// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps all other threads of this process and all other processes out until it is closed; the
 * operating system releases it when the process dies. Closed by the thread that took it.
 */
final class StoreLock {
  /** File locks belong to the process, so its threads need a lock of their own. */
  private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  private static final long POLL_MILLIS = 50;

  private final ReentrantLock threads;
  private final FileChannel channel;

  private StoreLock(ReentrantLock threads, FileChannel channel) {
    this.threads = threads;
    this.channel = channel;
  }

  static StoreLock take(Path file, Duration patience) throws IOException {
    long end = System.nanoTime() + patience.toNanos();
    ReentrantLock threads = THREADS.computeIfAbsent(file, f -> new ReentrantLock());
    FileChannel channel = null;
    boolean taken = false;
    try {
      if (!threads.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw busy(file, patience);
      }
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      waitForProcesses(channel, file, end, patience);
      taken = true;
      return new StoreLock(threads, channel);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ModelDownloadException(
          "expected to wait for another download of the same pack, found that the thread was"
              + " interrupted: nothing was fetched",
          e);
    } finally {
      if (!taken) {
        release(threads, channel);
      }
    }
  }

  private static void waitForProcesses(FileChannel channel, Path file, long end, Duration patience)
      throws IOException, InterruptedException {
    // Released with the channel.
    FileLock lock = channel.tryLock();
    while (lock == null) {
      if (System.nanoTime() - end >= 0) {
        throw busy(file, patience);
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      lock = channel.tryLock();
    }
  }

  private static ModelStoreException busy(Path file, Duration patience) {
    return new ModelStoreException(
        "expected that another download of the same pack ends within "
            + patience.toSeconds()
            + " s, found that it still holds "
            + file
            + ": end the process that does, or wait");
  }

  private static void release(ReentrantLock threads, @Nullable FileChannel channel)
      throws IOException {
    try {
      if (channel != null) {
        channel.close();
      }
    } finally {
      if (threads.isHeldByCurrentThread()) {
        threads.unlock();
      }
    }
  }

  void close() throws IOException {
    release(threads, channel);
  }
}
