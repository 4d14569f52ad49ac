// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.FaceException;
import io.omote.face.InterruptedCallException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that keeps a second job from an output. Its holder changes it every few seconds, so that
 * the file of a job that was killed can be told from that of a job that runs, on any storage and
 * without comparing clocks. Storage that cannot create a file exclusively, such as S3, may let two
 * jobs in that start within the same second; the one that sees the file of the other stops.
 *
 * <p>Thread-safe.
 */
final class JobLock implements AutoCloseable {
  /** The times of a lock. */
  record Timing(Duration beat, Duration dead) {
    /** A pause of a driver, such as a garbage collection, must be shorter than {@code dead}. */
    static final Timing DEFAULT = new Timing(Duration.ofSeconds(5), Duration.ofSeconds(60));
  }

  private static final String TOKEN = "token";
  private static final String OWNER = "owner";
  private static final String SINCE = "since";
  private static final String MACHINE = "machine";
  private static final String PROCESS = "process";
  private static final String STARTED = "started";
  private static final String BEAT = "beat";

  private final FileSystem files;
  private final Path file;
  private final boolean isLocal;
  private final Timing timing;
  private final Properties content;
  private final Runnable onLoss;
  private final ScheduledExecutorService beats;
  private long beat;
  private long lastBeat = System.nanoTime();
  private @Nullable String loss;

  private JobLock(
      FileSystem files, Path file, boolean isLocal, Timing timing, String owner, Runnable onLoss) {
    this.files = files;
    this.file = file;
    this.isLocal = isLocal;
    this.timing = timing;
    this.onLoss = onLoss;
    this.content = content(owner);
    this.beats =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "omote-lock");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Takes a lock. If another job has it, waits until it is clear whether that job still runs.
   *
   * @param file the file of the lock, whose folder exists
   * @param owner who takes it, in words
   * @param onLoss is run on a thread of the lock if it is lost to another job
   * @param say receives what the user should know while it waits
   * @throws FaceException if another job runs
   */
  static JobLock take(
      Path file,
      Configuration configuration,
      Timing timing,
      String owner,
      Runnable onLoss,
      Consumer<String> say)
      throws IOException {
    JobLock lock =
        new JobLock(
            Storage.of(file, configuration),
            file,
            Storage.isLocal(file, configuration),
            timing,
            owner,
            onLoss);
    while (!lock.create()) {
      lock.removeIfDead(say);
    }
    try {
      // Where creating is not exclusive, the last one to write has it.
      lock.sleep(Duration.ofMillis(lock.isLocal ? 0 : 1000));
      lock.requireHeld();
    } catch (RuntimeException | Error e) {
      lock.beats.shutdownNow();
      throw e;
    }
    long millis = timing.beat.toMillis();
    lock.beats.scheduleWithFixedDelay(lock::beat, millis, millis, TimeUnit.MILLISECONDS);
    return lock;
  }

  private static Properties content(String owner) {
    Properties content = new Properties();
    content.setProperty(TOKEN, UUID.randomUUID().toString());
    content.setProperty(OWNER, owner);
    content.setProperty(SINCE, Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    content.setProperty(MACHINE, machine());
    content.setProperty(PROCESS, Long.toString(ProcessHandle.current().pid()));
    content.setProperty(STARTED, started(ProcessHandle.current()));
    return content;
  }

  private static String started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("");
  }

  /**
   * Returns what identifies the numbers of processes: this start of this machine, and the container
   * in it. Empty if the system does not tell.
   */
  private static String machine() {
    try {
      return Files.readString(java.nio.file.Path.of("/proc/sys/kernel/random/boot_id")).strip()
          + Files.readSymbolicLink(java.nio.file.Path.of("/proc/self/ns/pid"));
    } catch (IOException | RuntimeException e) {
      return "";
    }
  }

  /** Returns who runs this process, in words. */
  static String process() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (IOException e) {
      host = "an unknown host";
    }
    return String.format(
        Locale.ROOT,
        "%s on %s, process %d",
        System.getProperty("user.name"),
        host,
        ProcessHandle.current().pid());
  }

  private synchronized byte[] bytes() {
    content.setProperty(BEAT, Long.toString(beat));
    StringWriter text = new StringWriter();
    try {
      content.store(text, null);
    } catch (IOException e) {
      throw new AssertionError(e); // memory does not fail
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Creates the file; returns whether there was none. */
  private boolean create() throws IOException {
    if (!isLocal && files.exists(file)) {
      return false;
    }
    OutputStream opened;
    try {
      opened =
          isLocal
              ? Files.newOutputStream(
                  java.nio.file.Path.of(file.toUri().getPath()), StandardOpenOption.CREATE_NEW)
              : files.create(file, false);
    } catch (FileAlreadyExistsException | org.apache.hadoop.fs.FileAlreadyExistsException e) {
      return false;
    }
    try (OutputStream out = opened) {
      out.write(bytes());
      return true;
    } catch (IOException | RuntimeException e) { // such as a full disk
      try {
        files.delete(file, false); // or the next job would wait for the holder of an empty file
      } catch (IOException | RuntimeException alsoFailed) {
        e.addSuppressed(alsoFailed);
      }
      throw e;
    }
  }

  /** Returns the content of the file, null if there is none. */
  private @Nullable Properties read() throws IOException {
    return read(file);
  }

  private @Nullable Properties read(Path file) throws IOException {
    String text = Storage.text(files, file);
    if (text == null) {
      return null;
    }
    try {
      Properties read = new Properties();
      read.load(new StringReader(text));
      return read;
    } catch (IllegalArgumentException e) {
      return new Properties(); // it is just being written
    }
  }

  private void removeIfDead(Consumer<String> say) throws IOException {
    Properties first = read();
    if (first == null) {
      return;
    }
    if (!hasProcessEnded(first)) {
      say.accept(
          String.format(
              Locale.ROOT,
              "the output is locked by %s: waiting up to %d s to see whether it still runs",
              describe(first),
              timing.dead.toSeconds()));
      long end = System.nanoTime() + timing.dead.toNanos();
      while (System.nanoTime() < end) {
        sleep(timing.beat.dividedBy(2));
        Properties now = read();
        if (now == null) {
          return;
        }
        if (!now.equals(first)) {
          throw new FaceException(
              String.format(
                  Locale.ROOT,
                  "expected an output that no other job writes to, found it locked by %s: wait until that job ends",
                  describe(now.isEmpty() ? first : now)));
        }
      }
    }
    // Only one of several that wait renames this file; what is there now is checked once more.
    Path dead = new Path(file.getParent(), file.getName() + "-" + UUID.randomUUID());
    if (first.equals(read()) && rename(file, dead)) {
      // Another one that waited may have been faster, and this may be its new file.
      if (first.equals(read(dead)) || !rename(dead, file)) {
        files.delete(dead, false);
      }
    }
  }

  /** Renames a file; returns whether that succeeded, which it does not if the file is gone. */
  private boolean rename(Path from, Path to) throws IOException {
    try {
      return files.rename(from, to);
    } catch (FileNotFoundException e) {
      return false; // some file systems throw it, others return false
    }
  }

  private static String describe(Properties lock) {
    return String.format(
        Locale.ROOT,
        "%s, since %s",
        lock.getProperty(OWNER, "an unknown job"),
        lock.getProperty(SINCE, "an unknown time"));
  }

  /** Returns whether the process of a lock ran on this machine and is gone. */
  private static boolean hasProcessEnded(Properties lock) {
    if (machine().isEmpty() || !machine().equals(lock.getProperty(MACHINE))) {
      return false;
    }
    try {
      return ProcessHandle.of(Long.parseLong(lock.getProperty(PROCESS, "")))
          .map(process -> !started(process).equals(lock.getProperty(STARTED)))
          .orElse(true);
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private void sleep(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedCallException(
          "interrupted while it waited for the lock of the output", e);
    }
  }

  private void beat() {
    try {
      check();
      synchronized (this) {
        if (loss != null) {
          return;
        }
        beat++;
      }
      try (OutputStream out = files.create(file, true)) {
        out.write(bytes());
      }
      synchronized (this) {
        lastBeat = System.nanoTime();
      }
    } catch (IOException | RuntimeException e) {
      synchronized (this) {
        if (System.nanoTime() - lastBeat < timing.dead.toNanos()) {
          return; // the next one tries again
        }
      }
      lose("it could not be renewed for " + timing.dead.toSeconds() + " s");
    }
  }

  /** Sees whether the file is still that of this job. */
  private void check() throws IOException {
    Properties now = read();
    if (now == null) {
      lose("its file was deleted");
    } else if (!now.isEmpty() && !content.getProperty(TOKEN).equals(now.getProperty(TOKEN))) {
      lose("it was taken by " + describe(now));
    }
  }

  private void lose(String why) {
    synchronized (this) {
      if (loss != null) {
        return;
      }
      loss = why;
    }
    onLoss.run();
  }

  /**
   * Checks that no other job has taken the lock.
   *
   * @throws FaceException if it was lost
   */
  void requireHeld() {
    try {
      check();
    } catch (IOException e) {
      // The storage fails for now; the file is seen again with the next beat.
    }
    synchronized (this) {
      if (loss != null) {
        throw new FaceException("expected to hold the lock of the output, lost it: " + loss);
      }
    }
  }

  private synchronized boolean isHeld() {
    return loss == null;
  }

  /** Deletes the file, unless it is that of another job. */
  @Override
  public void close() {
    beats.shutdown();
    try {
      beats.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      Properties now = read();
      // Empty if the disk was full when it was renewed.
      if (now != null
          && (now.isEmpty()
              ? isHeld()
              : content.getProperty(TOKEN).equals(now.getProperty(TOKEN)))) {
        files.delete(file, false);
      }
    } catch (IOException | RuntimeException e) {
      // The next job sees that nobody renews it.
    }
  }
}
