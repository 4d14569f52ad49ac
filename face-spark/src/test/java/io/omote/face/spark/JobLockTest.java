// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.FaceException;
import io.omote.face.InterruptedCallException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
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
