// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import static io.omote.face.models.TestPack.DETECTOR;
import static io.omote.face.models.TestPack.EXTRA;
import static io.omote.face.models.TestPack.NAME;
import static io.omote.face.models.TestPack.RECOGNIZER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.ModelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store used by two class loaders of one JVM, or by one under two names. */
@Timeout(600)
class StoreLoadersTest {
  @TempDir Path temp;
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch proceed = new CountDownLatch(1);
  private LocalServer server;
  private TestPack pack;
  private Path manifest;
  private Path store;

  /** Waits until the first fetch has the lock and waits for its first byte. */
  @BeforeEach
  void start() {
    server = new LocalServer();
    pack = TestPack.ofNoise().singleFiles(server.uri("/"));
    for (String file : List.of(DETECTOR, RECOGNIZER, EXTRA)) {
      server.serve("/" + file, pack.content(file));
    }
    server.answer(
        "/" + DETECTOR,
        (exchange, content) -> {
          begun.countDown();
          try {
            proceed.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          server.sendWell(exchange, content);
        });
    manifest = pack.write(temp);
    store = temp.resolve("store");
  }

  @AfterEach
  void stop() {
    proceed.countDown();
    server.close();
  }

  private FutureTask<Object> fetchHere(Path folder) {
    ModelPack tiny =
        ModelStore.builder()
            .manifest(manifest)
            .directory(folder)
            .insightFaceDirectory(temp.resolve("none"))
            .build()
            .get(NAME);
    return run(tiny::fetch);
  }

  private static FutureTask<Object> run(Callable<Object> work) {
    FutureTask<Object> task = new FutureTask<>(work);
    new Thread(task).start();
    return task;
  }

  private void assertFetchedOnce() {
    for (String file : List.of(DETECTOR, RECOGNIZER)) {
      assertThat(store.resolve(NAME).resolve(file)).hasBinaryContent(pack.content(file));
    }
    assertThat(server.bytes()).isEqualTo(pack.size(DETECTOR) + pack.size(RECOGNIZER));
  }

  @Test
  void fetch_twoLoaders_waitForEachOther() throws Exception {
    try (SecondLoader loader = new SecondLoader()) {
      FutureTask<Object> first = fetchHere(store);
      assertThat(begun.await(120, TimeUnit.SECONDS)).isTrue();
      FutureTask<Object> second =
          new FutureTask<>(
              () -> {
                loader.run(FetchProcess.class, manifest, store, 300_000);
                return true;
              });
      Thread thread = new Thread(second);
      thread.start();
      SecondLoader.awaitLock(thread);

      proceed.countDown();

      first.get(120, TimeUnit.SECONDS);
      second.get(120, TimeUnit.SECONDS);
    }
    assertFetchedOnce();
  }

  @Test
  void fetch_anotherLoaderHoldsTheLock_givesUpAndLeavesItLocked() throws Exception {
    try (SecondLoader loader = new SecondLoader()) {
      FutureTask<Object> first = fetchHere(store);
      assertThat(begun.await(120, TimeUnit.SECONDS)).isTrue();

      assertThatThrownBy(() -> loader.run(FetchProcess.class, manifest, store, 200))
          .cause()
          .satisfies(
              e -> assertThat(e.getClass().getName()).isEqualTo(ModelException.class.getName()))
          .hasMessageContaining("another download of the same pack still holds")
          .hasMessageContaining(store.toString());
      Path lock = store.resolve(".locks").resolve(NAME + ".lock");
      try (ForkedJvm other = ForkedJvm.start(temp, List.of(), LockProcess.class, lock)) {
        assertThat(other.outputAfterSuccess()).isEqualTo("held");
      }

      proceed.countDown();
      first.get(120, TimeUnit.SECONDS);
    }
    assertFetchedOnce();
  }

  @Test
  void fetch_twoNamesOfOneFolder_waitForEachOther() throws Exception {
    Files.createDirectories(store);
    Path link = Files.createSymbolicLink(temp.resolve("link"), store);
    FutureTask<Object> first = fetchHere(store);
    assertThat(begun.await(120, TimeUnit.SECONDS)).isTrue();
    ModelPack linked =
        ModelStore.builder()
            .manifest(manifest)
            .directory(link)
            .insightFaceDirectory(temp.resolve("none"))
            .build()
            .get(NAME);
    FutureTask<Object> second = new FutureTask<>(linked::fetch);
    Thread thread = new Thread(second);
    thread.start();
    SecondLoader.awaitLock(thread);

    proceed.countDown();

    first.get(120, TimeUnit.SECONDS);
    second.get(120, TimeUnit.SECONDS);
    assertFetchedOnce();
  }
}
