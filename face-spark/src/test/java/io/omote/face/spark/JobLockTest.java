// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.omote.face.FaceException;
import io.omote.face.InterruptedCallException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobLockTest {
  private static final JobLock.Timing SHORT =
      new JobLock.Timing(Duration.ofMillis(50), Duration.ofMillis(1500));

  @TempDir private Path folder;

  private final List<String> said = Collections.synchronizedList(new ArrayList<>());

  private JobLock take(Runnable onLoss) throws Exception {
    return take(new Configuration(), onLoss);
  }

  private JobLock take(Configuration configuration, Runnable onLoss) throws Exception {
    return JobLock.take(
        new org.apache.hadoop.fs.Path(file().toString()),
        configuration,
        SHORT,
        "maya on box",
        onLoss,
        said::add);
  }

  private Path file() {
    return folder.resolve("lock");
  }

  @Test
  void take_whileAnotherRuns_isRefusedAndNamesIt() throws Exception {
    try (JobLock lock = take(() -> {})) {
      assertThatThrownBy(() -> take(() -> {}))
          .isInstanceOf(FaceException.class)
          .hasMessageMatching(
              "expected an output that no other job writes to, found it locked by maya on box,"
                  + " since 20.*Z: wait until that job ends");
      lock.requireHeld();
    }
    assertThat(file()).doesNotExist();
    take(() -> {}).close();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void take_afterAProcessThatEnded_doesNotWait() throws Exception {
    take(() -> {}).close();
    JobLock lock = take(() -> {});
    String text = Files.readString(file());
    lock.close();
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    Files.writeString(file(), text.replaceAll("process=.*", "process=" + ended.pid()));

    take(() -> {}).close();

    assertThat(said).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  /** The number of the process may be in use again. */
  @Test
  void take_afterAProcessWhoseNumberIsInUse_doesNotWait() throws Exception {
    JobLock lock = take(() -> {});
    String text = Files.readString(file());
    lock.close();
    Files.writeString(
        file(), text.replaceAll("started=.*", "started=2020-01-01T00\\\\:00\\\\:00Z"));

    take(() -> {}).close();

    assertThat(said).isEmpty();
  }

  /** Nobody waits, so that the first may have its lock while others see the one before. */
  @Test
  void take_bySeveralAtOnce_afterAProcessThatEnded_letsOneIn() throws Exception {
    JobLock before = take(() -> {});
    String ended =
        Files.readString(file()).replaceAll("started=.*", "started=2020-01-01T00\\\\:00\\\\:00Z");
    before.close();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 20; round++) {
        Files.writeString(file(), ended);
        List<Future<JobLock>> taken = new ArrayList<>();
        CountDownLatch start = new CountDownLatch(1);
        for (int i = 0; i < 4; i++) {
          taken.add(
              threads.submit(
                  () -> {
                    start.await();
                    return take(() -> {});
                  }));
        }
        start.countDown();
        List<JobLock> held = new ArrayList<>();
        for (Future<JobLock> one : taken) {
          try {
            held.add(one.get());
          } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(FaceException.class);
          }
        }
        assertThat(held).hasSize(1);
        held.get(0).requireHeld();
        held.get(0).close();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void take_ofALockThatNobodyRenews_waitsAndTakesIt() throws Exception {
    for (String left : new String[] {"", "owner=maya\nmachine=another\nprocess=1\n", "\\u12"}) {
      Files.writeString(file(), left);

      take(() -> {}).close();

      assertThat(said).hasSize(1);
      assertThat(said.remove(0))
          .startsWith("the output is locked by ")
          .contains("waiting up to 1 s");
      assertThat(folder).isEmptyDirectory();
    }
  }

  @Test
  void take_bySeveralAtOnce_letsOneIn() throws Exception {
    Files.writeString(file(), "owner=maya\nmachine=another\nprocess=1\n");
    int count = 6;
    ExecutorService threads = Executors.newFixedThreadPool(count);
    CountDownLatch end = new CountDownLatch(1);
    try {
      List<Future<Boolean>> taken = new ArrayList<>();
      CountDownLatch decided = new CountDownLatch(count);
      for (int i = 0; i < count; i++) {
        taken.add(
            threads.submit(
                () -> {
                  try (JobLock lock = take(() -> {})) {
                    decided.countDown();
                    end.await();
                    lock.requireHeld();
                    return true;
                  } catch (FaceException e) {
                    decided.countDown();
                    return false;
                  }
                }));
      }
      assertThat(decided.await(1, TimeUnit.MINUTES)).isTrue();
      end.countDown();
      int held = 0;
      for (Future<Boolean> one : taken) {
        held += one.get() ? 1 : 0;
      }
      assertThat(held).isEqualTo(1);
    } finally {
      end.countDown();
      threads.shutdownNow();
    }
  }

  /** A storage without space: a file can be created, and nothing written. */
  static final class FullFileSystem extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("full:///");
    }

    @Override
    public FSDataOutputStream create(
        org.apache.hadoop.fs.Path file,
        boolean overwrite,
        int buffer,
        short copies,
        long block,
        Progressable progress)
        throws IOException {
      super.create(file, overwrite, buffer, copies, block, progress).close();
      return new FSDataOutputStream(
          new OutputStream() {
            @Override
            public void write(int one) throws IOException {
              throw new IOException("No space left on device");
            }
          },
          null);
    }

    @Override
    public FSDataOutputStream create(
        org.apache.hadoop.fs.Path file,
        FsPermission permission,
        boolean overwrite,
        int buffer,
        short copies,
        long block,
        Progressable progress)
        throws IOException {
      return create(file, overwrite, buffer, copies, block, progress);
    }
  }

  /** The next job would wait for its holder. */
  @Test
  void lockThatCannotBeWritten_isNotLeft() {
    Configuration configuration = new Configuration();
    configuration.set("fs.full.impl", FullFileSystem.class.getName());

    assertThatThrownBy(
            () ->
                JobLock.take(
                    new org.apache.hadoop.fs.Path("full://" + file()),
                    configuration,
                    SHORT,
                    "maya",
                    () -> {},
                    said::add))
        .hasMessage("No space left on device");

    assertThat(folder).isEmptyDirectory();
  }

  /** As one that access is denied to: it must not be waited for without end. */
  @Test
  void lockThatCannotBeRead_isReported() throws Exception {
    Files.createDirectory(file());

    assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> assertThatThrownBy(() -> take(() -> {})).isInstanceOf(IOException.class));
  }

  /** The disk was full when it was renewed. */
  @Test
  void emptyLock_isDeleted_byItsHolder() throws Exception {
    JobLock lock = take(() -> {});
    Files.write(file(), new byte[0]);

    lock.close();

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void lockOfAnother_isNoticedAndKept() throws Exception {
    CountDownLatch lost = new CountDownLatch(1);
    JobLock lock = take(lost::countDown);
    Files.writeString(file(), "token=other\nowner=sam on box\nsince=today\n");

    assertThat(lost.await(1, TimeUnit.MINUTES)).isTrue();
    assertThatThrownBy(lock::requireHeld)
        .isInstanceOf(FaceException.class)
        .hasMessage(
            "expected to hold the lock of the output, lost it: it was taken by sam on box, since"
                + " today");
    lock.close();

    assertThat(file()).hasContent("token=other\nowner=sam on box\nsince=today\n");
  }

  /** A storage that lets two jobs create the same file. */
  @Test
  void take_whereAnotherWritesTheFileToo_isRefused() throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<JobLock> taken =
          thread.submit(() -> take(failing("both", Integer.MAX_VALUE), () -> {}));
      while (!Files.exists(file()) || Files.size(file()) == 0) {
        Thread.sleep(10);
      }
      Files.writeString(file(), "token=other\nowner=sam on box\nsince=today\n");

      assertThatThrownBy(taken::get)
          .hasCauseInstanceOf(FaceException.class)
          .hasMessageContaining("it was taken by sam on box, since today");
      assertThat(file()).hasContent("token=other\nowner=sam on box\nsince=today\n");
    } finally {
      thread.shutdownNow();
    }
  }

  /** Returns a configuration with a storage that fails after some reads. */
  private static Configuration failing(String authority, int after) {
    Configuration configuration = new Configuration();
    FailingFileSystem.register(configuration);
    configuration.setInt("fs.failing.after", after);
    configuration.set("fs.defaultFS", "failing://" + authority);
    return configuration;
  }

  /** Others take the lock then. */
  @Test
  void lockThatCannotBeRenewed_isLost() throws Exception {
    CountDownLatch lost = new CountDownLatch(1);
    try (JobLock lock = take(failing("down", 3), lost::countDown)) {
      lock.requireHeld();

      assertThat(lost.await(1, TimeUnit.MINUTES)).isTrue();
      assertThatThrownBy(lock::requireHeld)
          .isInstanceOf(FaceException.class)
          .hasMessageEndingWith("it could not be renewed for 1 s");
    }
  }

  @Test
  void deletedLock_isLost() throws Exception {
    JobLock lock = take(() -> {});
    Files.delete(file());

    assertThatThrownBy(lock::requireHeld)
        .isInstanceOf(FaceException.class)
        .hasMessageContaining("its file was deleted");
    lock.close();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void interruptedWait_endsAndLeavesTheLock() throws Exception {
    Files.writeString(file(), "owner=maya\nmachine=another\nprocess=1\n");
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> take(() -> {})).isInstanceOf(InterruptedCallException.class);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(file()).exists();
  }
}
