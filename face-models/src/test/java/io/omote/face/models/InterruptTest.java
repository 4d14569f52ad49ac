// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import static io.omote.face.models.TestPack.DETECTOR;
import static io.omote.face.models.TestPack.EXTRA;
import static io.omote.face.models.TestPack.NAME;
import static io.omote.face.models.TestPack.RECOGNIZER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.InterruptedCallException;
import io.omote.face.models.FetchProgress.Phase;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Interruption during any operation on packs is reported as such, and the status is kept. */
@Timeout(600)
class InterruptTest {
  @TempDir Path temp;
  private LocalServer server;
  private TestPack content;
  private Path store;

  @BeforeEach
  void start() {
    server = new LocalServer();
    content = TestPack.ofNoise();
    store = temp.resolve("store");
    for (String file : List.of(DETECTOR, RECOGNIZER, EXTRA)) {
      server.serve("/" + file, content.content(file));
    }
  }

  @AfterEach
  void stop() {
    Thread.interrupted();
    server.close();
  }

  private ModelPack pack() {
    return ModelStore.builder()
        .directory(store)
        .insightFaceDirectory(temp.resolve("insightface"))
        .manifest(content.write(temp))
        .build()
        .get(NAME);
  }

  private ModelPack single() {
    content.singleFiles(server.uri("/"));
    return pack();
  }

  private static void assertSaysSo(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(InterruptedCallException.class)
        .hasMessageContaining("interrupted while ");
    assertThat(Thread.interrupted()).as("the thread stays interrupted").isTrue();
  }

  @Test
  void fetch_interrupted_saysSo() {
    ModelPack pack = single();
    Thread.currentThread().interrupt();

    assertSaysSo(pack::fetch);

    assertThat(server.requests()).hasSizeLessThan(2);
  }

  @Test
  void fetch_interruptedInAnArchive_saysSo() {
    byte[] zip = content.zip("");
    content.archive("tiny.zip", server.uri("/tiny.zip"), zip);
    server.serve("/tiny.zip", zip).withoutRanges();
    ModelPack pack = pack();

    assertSaysSo(
        () ->
            pack.fetch(
                progress -> {
                  if (progress.phase() == Phase.EXTRACTING) {
                    Thread.currentThread().interrupt();
                  }
                }));
  }

  @Test
  void fetch_interruptedInARemoteArchive_saysSo() {
    byte[] zip = content.zip("");
    content.archive("tiny.zip", server.uri("/tiny.zip"), zip);
    Thread caller = Thread.currentThread();
    CountDownLatch end = new CountDownLatch(1);
    server
        .serve("/tiny.zip", zip)
        .answer(
            "/tiny.zip",
            server::sendWell,
            (exchange, bytes) -> {
              caller.interrupt();
              try {
                end.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    try {
      assertSaysSo(pack()::fetch);
    } finally {
      end.countDown();
    }
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void fetch_interruptedWhileAnotherHoldsTheLock_saysSo() throws Exception {
    ModelPack pack = single();
    Path locks = Files.createDirectories(store.resolve(".locks"));
    StoreLock held = StoreLock.take(locks.resolve(NAME + ".lock"), Duration.ofSeconds(1));
    try {
      FutureTask<Boolean> outcome =
          new FutureTask<>(
              () -> {
                assertSaysSo(pack::fetch);
                return true;
              });
      Thread thread = new Thread(outcome);
      thread.start();
      SecondLoader.awaitLock(thread);

      thread.interrupt();

      assertThat(outcome.get(120, TimeUnit.SECONDS)).isTrue();
    } finally {
      held.close();
    }
    assertThat(server.requests()).isEmpty();
  }

  private static List<Throwable> interrupts() {
    return List.of(
        new ClosedByInterruptException(),
        new FileLockInterruptionException(),
        new InterruptedIOException(),
        new UncheckedIOException(new IOException("wrapped", new ClosedByInterruptException())));
  }

  @ParameterizedTest
  @MethodSource("interrupts")
  void check_interrupt_saysSo(Throwable failure) {
    assertSaysSo(() -> Interrupts.check(failure, "expected to read"));
  }

  private static List<Throwable> otherFailures() {
    return List.of(
        new AsynchronousCloseException(),
        new SocketTimeoutException(),
        new IOException("wrapped", new NoSuchFileException("none")));
  }

  @ParameterizedTest
  @MethodSource("otherFailures")
  void check_anotherFailure_returns(Throwable failure) {
    assertThatCode(() -> Interrupts.check(failure, "expected to read")).doesNotThrowAnyException();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }
}
