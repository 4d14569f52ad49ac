// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import static io.omote.face.models.TestPack.DETECTOR;
import static io.omote.face.models.TestPack.EXTRA;
import static io.omote.face.models.TestPack.NAME;
import static io.omote.face.models.TestPack.RECOGNIZER;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store used by several processes, some of which are killed. */
@Timeout(600)
class StoreProcessTest {
  @TempDir Path temp;
  private LocalServer server;
  private TestPack pack;
  private Path manifest;
  private Path store;

  @BeforeEach
  void start() {
    server = new LocalServer();
    pack = TestPack.ofNoise().singleFiles(server.uri("/"));
    for (String file : List.of(DETECTOR, RECOGNIZER, EXTRA)) {
      server.serve("/" + file, pack.content(file));
    }
    manifest = pack.write(temp);
    store = temp.resolve("store");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(store.resolve(NAME))) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private ForkedJvm fetchInProcess() throws IOException {
    return ForkedJvm.start(temp, List.of(), FetchProcess.class, manifest, store, 300_000);
  }

  @Test
  void fetch_afterKilledDownload_works() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    LocalServer.Answer stall = server.stall(100_000, 20_000);
    server.answer(
        "/" + DETECTOR,
        (exchange, content) -> {
          begun.countDown();
          stall.send(exchange, content);
        });
    try (ForkedJvm jvm = fetchInProcess()) {
      assertThat(begun.await(120, TimeUnit.SECONDS)).isTrue();
      while (unfinishedBytes() == 0) {
        Thread.sleep(10);
      }
      jvm.kill();
    }
    assertThat(files()).singleElement().asString().matches("\\.det_tiny\\.onnx\\..*\\.part");
    ModelPack tiny =
        ModelStore.builder()
            .manifest(manifest)
            .directory(store)
            .insightFaceDirectory(temp.resolve("none"))
            .build()
            .get(NAME);
    assertThat(tiny.isAvailable()).isFalse();

    tiny.fetch();

    assertThat(files()).containsExactly(DETECTOR, RECOGNIZER);
    assertThat(store.resolve(NAME).resolve(DETECTOR)).hasBinaryContent(pack.content(DETECTOR));
  }

  private long unfinishedBytes() throws IOException {
    long bytes = 0;
    for (String file : files()) {
      bytes += Files.size(store.resolve(NAME).resolve(file));
    }
    return bytes;
  }

  @Test
  void fetch_twoProcessesAtOnce_giveOneValidFile() throws Exception {
    // Both start before the first byte is sent.
    server.answer(
        "/" + DETECTOR,
        (exchange, content) -> {
          try {
            Thread.sleep(1500);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          server.send(exchange, 200, content);
        });
    try (ForkedJvm first = fetchInProcess();
        ForkedJvm second = fetchInProcess()) {
      first.outputAfterSuccess();
      second.outputAfterSuccess();
    }

    assertThat(files()).containsExactly(DETECTOR, RECOGNIZER);
    assertThat(store.resolve(NAME).resolve(DETECTOR)).hasBinaryContent(pack.content(DETECTOR));
    assertThat(store.resolve(NAME).resolve(RECOGNIZER)).hasBinaryContent(pack.content(RECOGNIZER));
    assertThat(server.bytes()).isEqualTo(pack.size(DETECTOR) + pack.size(RECOGNIZER));
  }
}
