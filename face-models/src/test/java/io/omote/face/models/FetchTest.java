// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import static io.omote.face.models.TestPack.DETECTOR;
import static io.omote.face.models.TestPack.EXTRA;
import static io.omote.face.models.TestPack.NAME;
import static io.omote.face.models.TestPack.RECOGNIZER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.omote.face.InterruptedCallException;
import io.omote.face.ModelException;
import io.omote.face.description.EmbedderModel;
import io.omote.face.description.ScrfdModel;
import io.omote.face.models.FetchProgress.Phase;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Fetching: everything that can happen between a server and the disk. */
@Timeout(600)
class FetchTest {
  private static final String SINGLE = "/files/";
  private static final String ZIP = "/release/tiny.zip";

  /** The size of the end of an archive that is read for its table of contents. */
  private static final int TAIL = 1 << 16;

  @TempDir Path temp;
  private LocalServer server;
  private TestPack pack;

  @BeforeEach
  void start() {
    server = new LocalServer();
    pack = TestPack.ofNoise();
    for (String file : List.of(DETECTOR, RECOGNIZER, EXTRA)) {
      server.serve(SINGLE + file, pack.content(file));
    }
    server.serve(ZIP, pack.zip("tiny/"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private ModelStore.Builder store() {
    return ModelStore.builder()
        .directory(temp.resolve("store"))
        .insightFaceDirectory(temp.resolve("insightface"))
        .connectTimeout(Duration.ofSeconds(30))
        .fetchTimeout(Duration.ofSeconds(120))
        .backOff(Duration.ofMillis(10));
  }

  private ModelPack packWith(ModelStore.Builder builder) {
    return builder.manifest(pack.write(temp)).build().get(NAME);
  }

  private ModelPack single() {
    pack.singleFiles(server.uri(SINGLE));
    return packWith(store());
  }

  private Path file(String name) {
    return temp.resolve("store").resolve(NAME).resolve(name);
  }

  private void assertInstalled(String... names) throws IOException {
    for (String name : names) {
      assertThat(Files.readAllBytes(file(name))).isEqualTo(pack.content(name));
    }
    try (Stream<Path> files = Files.list(temp.resolve("store").resolve(NAME))) {
      assertThat(files.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder(names);
    }
  }

  private void assertNothingInstalled() throws IOException {
    Path folder = temp.resolve("store").resolve(NAME);
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        assertThat(files).isEmpty();
      }
    }
  }

  private int size(String... names) {
    return Arrays.stream(names).mapToInt(pack::size).sum();
  }

  // Sources

  @Test
  void fetch_singleFilesOnly_transfersWhatIsNeeded() throws IOException {
    ModelPack tiny = single();
    assertThat(tiny.isAvailable()).isFalse();

    tiny.fetch();

    assertInstalled(DETECTOR, RECOGNIZER);
    assertThat(server.bytes()).isEqualTo(size(DETECTOR, RECOGNIZER));
    assertThat(tiny.isAvailable()).isTrue();
    assertThat(tiny.directory()).isEqualTo(temp.resolve("store").resolve(NAME));
  }

  @Test
  void fetch_again_transfersNothing() {
    ModelPack tiny = single();
    tiny.fetch();
    long before = server.bytes();
    int requests = server.requests().size();

    tiny.fetch();

    assertThat(server.bytes()).isEqualTo(before);
    assertThat(server.requests()).hasSize(requests);
  }

  @Test
  void fetch_allFiles_transfersTheRestToo() throws IOException {
    ModelPack tiny = single();
    tiny.fetch();
    assertThat(tiny.withAllFiles().isAvailable()).isFalse();

    tiny.withAllFiles().fetch();

    assertInstalled(DETECTOR, RECOGNIZER, EXTRA);
    assertThat(server.bytes()).isEqualTo(size(DETECTOR, RECOGNIZER, EXTRA));
  }

  @Test
  void fetch_archiveWithRanges_transfersTableAndMembers() throws IOException {
    pack.archive("tiny.zip", server.uri(ZIP), pack.zip("tiny/"));

    packWith(store()).fetch();

    assertInstalled(DETECTOR, RECOGNIZER);
    // Only the lengths and the name of a local header are transferred.
    int headers = 2 * (4 + "tiny/".length()) + DETECTOR.length() + RECOGNIZER.length();
    assertThat(server.bytes()).isEqualTo(TAIL + size(DETECTOR, RECOGNIZER) + headers);
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void fetch_flatArchive_givesTheSameFiles() throws IOException {
    server.serve("/flat.zip", pack.zip(""));
    pack.archive("flat.zip", server.uri("/flat.zip"), pack.zip(""));

    packWith(store()).fetch();

    assertInstalled(DETECTOR, RECOGNIZER);
  }

  @Test
  void fetch_archiveWithoutRanges_transfersItOnce() throws IOException {
    byte[] zip = pack.zip("tiny/");
    pack.archive("tiny.zip", server.uri(ZIP), zip);
    server.withoutRanges();

    packWith(store()).fetch();

    assertInstalled(DETECTOR, RECOGNIZER);
    assertThat(server.bytes()).isEqualTo(zip.length);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void fetch_firstSourceDead_takesTheNext() throws IOException {
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    pack.singleFiles(URI.create("http://localhost:" + closed + "/"));
    pack.singleFiles(server.uri("/nowhere/"));
    pack.archive("tiny.zip", server.uri(ZIP), pack.zip("tiny/"));

    packWith(store()).fetch();

    assertInstalled(DETECTOR, RECOGNIZER);
    int headers = 2 * (4 + "tiny/".length()) + DETECTOR.length() + RECOGNIZER.length();
    assertThat(server.bytes()).isEqualTo(TAIL + size(DETECTOR, RECOGNIZER) + headers);
  }

  @Test
  void fetch_mirror_asksNothingElse() throws IOException {
    try (LocalServer mirror = new LocalServer()) {
      mirror.serve("/m/tiny/" + DETECTOR, pack.content(DETECTOR));
      mirror.serve("/m/tiny.zip", pack.zip("tiny/"));
      pack.singleFiles(server.uri(SINGLE));
      pack.archive("tiny.zip", server.uri(ZIP), pack.zip("tiny/"));

      packWith(store().mirror(mirror.uri("/m"))).fetch();

      assertInstalled(DETECTOR, RECOGNIZER);
      assertThat(server.requests()).isEmpty();
      assertThat(mirror.requests().get(0)).isEqualTo("/m/tiny/" + DETECTOR);
    }
  }

  @Test
  void fetch_models_carryWhatTheManifestSays() {
    ModelPack tiny = single();

    EmbedderModel embedder = tiny.fetch().embedder();

    String sha256 = TestPack.sha256(pack.content(RECOGNIZER));
    assertThat(embedder.modelId()).contains("rec_tiny:" + sha256.substring(0, 12));
    assertThat(embedder.threshold()).isEqualTo(0.35);
    assertThat(embedder.file().sha256()).contains(sha256);
    assertThat(embedder.file().path()).contains(file(RECOGNIZER));
    assertThat(((ScrfdModel) tiny.models().detector()).file().path()).contains(file(DETECTOR));
  }

  @Test
  void fetch_proxyOfJava_isAsked() throws IOException {
    ProxySelector before = ProxySelector.getDefault();
    URI proxy = server.uri("/");
    ProxySelector.setDefault(
        ProxySelector.of(new InetSocketAddress(proxy.getHost(), proxy.getPort())));
    try {
      pack.singleFiles(URI.create("http://models.invalid" + SINGLE));

      packWith(store()).fetch();
    } finally {
      ProxySelector.setDefault(before);
    }
    assertInstalled(DETECTOR, RECOGNIZER);
    assertThat(server.requests()).containsExactly(SINGLE + DETECTOR, SINGLE + RECOGNIZER);
  }

  // Integrity

  @Test
  void fetch_flippedByte_refusesAndLeavesNothing() throws IOException {
    byte[] flipped = pack.content(DETECTOR).clone();
    flipped[100_000] ^= 1;
    server.serve(SINGLE + DETECTOR, flipped);

    assertThatThrownBy(single()::fetch)
        .isInstanceOf(ModelIntegrityException.class)
        .hasMessageContaining("det_tiny.onnx of the pack tiny could not be fetched")
        .hasMessageContaining(server.uri(SINGLE + DETECTOR).toString())
        .hasMessageContaining("SHA-256 " + TestPack.sha256(pack.content(DETECTOR)) + ", found")
        .hasMessageContaining("with SHA-256 " + TestPack.sha256(flipped))
        .hasMessageContaining("place the file yourself: " + file(DETECTOR));
    assertNothingInstalled();
  }

  @Test
  void fetch_flippedByteInMember_refusesAndLeavesNothing() throws IOException {
    byte[] zip = pack.zip("");
    byte[] flipped = zip.clone();
    flipped[100_000] ^= 1;
    server.serve(ZIP, flipped);
    pack.archive("tiny.zip", server.uri(ZIP), zip);

    assertThatThrownBy(packWith(store())::fetch)
        .isInstanceOf(ModelIntegrityException.class)
        .hasMessageContaining(DETECTOR);
    assertNothingInstalled();
  }

  @Test
  void fetch_flippedByteInWholeArchive_refusesAndLeavesNothing() throws IOException {
    byte[] zip = pack.zip("");
    byte[] flipped = zip.clone();
    flipped[100_000] ^= 1;
    server.serve(ZIP, flipped).withoutRanges();
    pack.archive("tiny.zip", server.uri(ZIP), zip);

    assertThatThrownBy(packWith(store())::fetch)
        .isInstanceOf(ModelIntegrityException.class)
        .hasMessageContaining("expected tiny.zip of " + zip.length + " bytes with SHA-256");
    assertNothingInstalled();
  }

  @Test
  void fetch_wrongLength_refusesBeforeTheBody() throws IOException {
    server.serve(SINGLE + DETECTOR, new byte[500]);

    assertThatThrownBy(single()::fetch)
        .isInstanceOf(ModelDownloadException.class)
        .hasMessageContaining("expected 200000 bytes, found a length of 500");
    assertNothingInstalled();
  }

  @Test
  void fetch_unstatedLengthTooLong_refuses() throws IOException {
    server.answer(
        SINGLE + DETECTOR,
        (exchange, content) -> {
          exchange.sendResponseHeaders(200, 0);
          server.write(exchange, content, content.length);
          server.write(exchange, new byte[10], 10);
        });

    assertThatThrownBy(single()::fetch)
        .isInstanceOf(ModelDownloadException.class)
        .hasMessageContaining("expected 200000 bytes, found more");
    assertNothingInstalled();
  }

  @Test
  void fetch_damagedInStore_fetchesAgain() throws IOException {
    ModelPack tiny = single();
    tiny.fetch();
    byte[] damaged = pack.content(DETECTOR).clone();
    damaged[7] ^= 1;
    Files.write(file(DETECTOR), damaged);
    assertThat(tiny.isAvailable()).isFalse();
    assertThat(tiny.verify())
        .extracting(FileStatus::state)
        .containsExactly(
            FileStatus.State.DAMAGED, FileStatus.State.VERIFIED, FileStatus.State.MISSING);

    tiny.fetch();

    assertInstalled(DETECTOR, RECOGNIZER);
  }

  @Test
  void fetch_placedByHand_isUsed() throws IOException {
    Files.createDirectories(file("x").getParent());
    Files.write(file(DETECTOR), pack.content(DETECTOR));

    single().fetch();

    assertThat(server.bytes()).isEqualTo(size(RECOGNIZER));
  }

  // Broken connections

  @Test
  void fetch_shortBody_resumesWhereItBroke() throws IOException {
    server.answer(SINGLE + DETECTOR, server.breakOff(80_000));

    single().fetch();

    assertInstalled(DETECTOR, RECOGNIZER);
    assertThat(server.requests().get(1)).matches(SINGLE + DETECTOR + " bytes=[1-9]\\d*-199999");
    assertThat(server.bytes()).isLessThan(size(DETECTOR, RECOGNIZER) + 80_000);
  }

  @Test
  void fetch_wholeAnswerToRange_restarts() throws IOException {
    server.answer(SINGLE + DETECTOR, server.breakOff(80_000)).withoutRanges();

    single().fetch();

    assertInstalled(DETECTOR, RECOGNIZER);
    assertThat(server.requests()).filteredOn(r -> r.startsWith(SINGLE + DETECTOR)).hasSize(2);
  }

  @Test
  void fetch_changedContent_restartsByItsTag() throws IOException {
    byte[] old = new byte[size(DETECTOR)];
    server.answer(
        SINGLE + DETECTOR,
        (exchange, content) -> {
          exchange.getResponseHeaders().set("ETag", "\"old\"");
          exchange.sendResponseHeaders(200, content.length);
          server.write(exchange, old, 80_000);
        },
        (exchange, content) -> {
          assertThat(exchange.getRequestHeaders().getFirst("If-Range")).isEqualTo("\"old\"");
          server.send(exchange, 200, content);
        });

    single().fetch();

    assertInstalled(DETECTOR, RECOGNIZER);
  }

  @Test
  void fetch_rangeNotSatisfiable_restarts() throws IOException {
    server.answer(SINGLE + DETECTOR, server.breakOff(80_000), LocalServer.status(416));

    single().fetch();

    assertInstalled(DETECTOR, RECOGNIZER);
    assertThat(server.requests().get(2)).isEqualTo(SINGLE + DETECTOR);
  }

  @Test
  void fetch_wrongRange_refuses() throws IOException {
    server.answer(
        SINGLE + DETECTOR,
        server.breakOff(80_000),
        (exchange, content) -> {
          exchange.getResponseHeaders().set("Content-Range", "bytes 5-199999/200000");
          server.send(exchange, 206, new byte[199_995]);
        });

    assertThatThrownBy(single()::fetch)
        .isInstanceOf(ModelDownloadException.class)
        .hasMessageContaining("of 200000, found 'bytes 5-199999/200000'");
    assertNothingInstalled();
  }

  @Test
  void fetch_alwaysShort_failsAfterSomeAttempts() throws IOException {
    server.withoutRanges();
    LocalServer.Answer broken = server.breakOff(80_000);
    server.answer(SINGLE + DETECTOR, broken, broken, broken, broken, broken, broken, broken);

    assertThatThrownBy(single()::fetch)
        .isInstanceOf(ModelDownloadException.class)
        .hasMessageContaining("place the file yourself");
    assertThat(server.requests().size()).isBetween(2, 7);
    assertNothingInstalled();
  }

  @Test
  void fetch_brokenMember_resumesWhereItBroke() throws IOException {
    byte[] zip = pack.zip("tiny/");
    server.answer(
        ZIP,
        server::sendWell,
        (exchange, content) -> {
          int from = LocalServer.from(exchange);
          int to = size(DETECTOR) + 30 + "tiny/".length() + DETECTOR.length();
          exchange
              .getResponseHeaders()
              .set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + content.length);
          exchange.sendResponseHeaders(206, to - from);
          server.write(exchange, Arrays.copyOfRange(content, from, to), 80_000);
        });
    pack.archive("tiny.zip", server.uri(ZIP), zip);

    packWith(store()).fetch();

    assertInstalled(DETECTOR, RECOGNIZER);
    assertThat(server.requests()).hasSize(4);
  }

  // Servers in trouble

  @Test
  void fetch_busyServer_waitsAndTriesAgain() throws IOException {
    server.answer(
        SINGLE + DETECTOR,
        LocalServer.status(503),
        (exchange, content) -> {
          exchange.getResponseHeaders().set("Retry-After", "1");
          exchange.sendResponseHeaders(429, -1);
        });
    ModelPack tiny = single();
    long start = System.nanoTime();

    tiny.fetch();

    assertInstalled(DETECTOR, RECOGNIZER);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(1));
  }

  @Test
  void fetch_serverDown_failsAfterFourAttempts() throws IOException {
    LocalServer.Answer down = LocalServer.status(503);
    server.answer(SINGLE + DETECTOR, down, down, down, down, down);

    assertThatThrownBy(single()::fetch)
        .isInstanceOf(ModelDownloadException.class)
        .hasMessageContaining(
            server.uri(SINGLE + DETECTOR) + ": it answered HTTP 503, after 4 attempts")
        .hasMessageContaining("-Dhttps.proxyHost")
        .hasMessageContaining("-Domote.models.mirror=")
        .hasMessageContaining(
            file(DETECTOR)
                + " (200000 bytes, SHA-256 "
                + TestPack.sha256(pack.content(DETECTOR))
                + ")");
    assertThat(server.requests()).hasSize(4);
  }

  @Test
  void fetch_notFound_failsAtOnce() {
    pack.singleFiles(server.uri("/nowhere/"));

    assertThatThrownBy(packWith(store())::fetch)
        .isInstanceOf(ModelDownloadException.class)
        .hasMessageContaining(server.uri("/nowhere/" + DETECTOR) + ": it answered HTTP 404");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void fetch_redirect_isFollowed() throws IOException {
    server.answer(
        SINGLE + DETECTOR, LocalServer.redirect("/moved/" + DETECTOR + "?signature=secret"));
    server.serve("/moved/" + DETECTOR, pack.content(DETECTOR));

    single().fetch();

    assertInstalled(DETECTOR, RECOGNIZER);
  }

  @Test
  void fetch_redirectLoop_fails() {
    LocalServer.Answer loop = LocalServer.redirect("/loop?key=secret");
    server.answer(SINGLE + DETECTOR, loop);
    server.answer("/loop", loop, loop, loop);

    assertThatThrownBy(single()::fetch)
        .isInstanceOf(ModelDownloadException.class)
        .hasMessageContaining("it redirects in a loop, last to " + server.uri("/loop"))
        .hasMessageNotContaining("secret");
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void fetch_redirectToFile_fails() {
    server.answer(SINGLE + DETECTOR, LocalServer.redirect("file:///etc/passwd"));

    assertThatThrownBy(single()::fetch)
        .isInstanceOf(ModelDownloadException.class)
        .hasMessageContaining("not http or https");
  }

  @Test
  void fetch_stall_endsWithinTheLimit() {
    LocalServer.Answer stall = server.stall(50_000, 600_000);
    server.answer(SINGLE + DETECTOR, stall, stall, stall, stall);
    pack.singleFiles(server.uri(SINGLE));
    ModelPack tiny = packWith(store().idleTimeout(Duration.ofMillis(200)));
    server.withoutRanges();

    assertThatThrownBy(tiny::fetch)
        .isInstanceOf(ModelDownloadException.class)
        .hasMessageNotContaining("the fetch took longer");
  }

  @Test
  void fetch_stallOnce_resumes() throws IOException {
    server.answer(SINGLE + DETECTOR, server.stall(50_000, 20_000));
    pack.singleFiles(server.uri(SINGLE));

    packWith(store().idleTimeout(Duration.ofSeconds(1))).fetch();

    assertInstalled(DETECTOR, RECOGNIZER);
  }

  @Test
  void fetch_silentServer_saysHowLongItWaited() {
    LocalServer.Answer silent =
        (exchange, content) -> {
          try {
            Thread.sleep(600_000);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    server.answer(SINGLE + DETECTOR, silent, silent, silent, silent);
    pack.singleFiles(server.uri(SINGLE));

    assertThatThrownBy(packWith(store().idleTimeout(Duration.ofMillis(200)))::fetch)
        .isInstanceOf(ModelDownloadException.class)
        .hasMessageContaining("no response was received within 200 ms, after 4 attempts");
  }

  @Test
  void fetch_slowServer_endsAtTheDeadline() {
    LocalServer.Answer trickle =
        (exchange, content) -> {
          exchange.sendResponseHeaders(200, content.length);
          try {
            for (int at = 0; at < content.length; at += 100) {
              server.write(exchange, new byte[100], 100);
              Thread.sleep(50);
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    server.answer(SINGLE + DETECTOR, trickle, trickle, trickle, trickle);
    pack.singleFiles(server.uri(SINGLE));
    ModelPack tiny = packWith(store().fetchTimeout(Duration.ofSeconds(1)));

    assertThatThrownBy(tiny::fetch)
        .isInstanceOf(ModelDownloadException.class)
        .hasMessageContaining("the fetch took longer than its limit of 1 s");
  }

  @Test
  void fetch_interrupted_endsAtOnceAndLeavesNothing() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    LocalServer.Answer stall = server.stall(50_000, 600_000); // or until the server is closed
    server.answer(
        SINGLE + DETECTOR,
        (exchange, content) -> {
          begun.countDown();
          stall.send(exchange, content);
        });
    ModelPack tiny = single();
    CompletableFuture<Throwable> outcome = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                tiny.fetch();
                outcome.complete(new AssertionError("it ended well"));
              } catch (RuntimeException e) {
                outcome.complete(
                    Thread.currentThread().isInterrupted() ? e : new AssertionError(e));
              }
            });
    thread.start();
    assertThat(begun.await(120, TimeUnit.SECONDS)).isTrue();

    thread.interrupt();

    assertThat(outcome.get(120, TimeUnit.SECONDS))
        .isInstanceOf(InterruptedCallException.class)
        // The thread is interrupted while it waits for bytes or writes those received.
        .hasMessageMatching(
            "interrupted while (fetching det_tiny.onnx of the pack tiny|writing to the folder .*):"
                + " incomplete files were not kept");
    assertNothingInstalled();
  }

  // The disk and its other users

  @Test
  void fetch_eightThreads_giveOneValidFile() throws Exception {
    ModelPack tiny = single();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      Callable<Object> fetch = tiny::fetch;
      List<Future<Object>> results = threads.invokeAll(Collections.nCopies(8, fetch));
      for (Future<Object> result : results) {
        assertThat(result.get()).isNotNull();
      }
    } finally {
      threads.shutdownNow();
    }
    assertInstalled(DETECTOR, RECOGNIZER);
    assertThat(server.bytes()).isEqualTo(size(DETECTOR, RECOGNIZER));
  }

  @Test
  void fetch_leftOvers_areDeleted() throws IOException {
    Files.createDirectories(file("x").getParent());
    Files.write(file("." + DETECTOR + ".123.part"), new byte[1000]);

    single().fetch();

    assertInstalled(DETECTOR, RECOGNIZER);
  }

  @Test
  void fetch_folder_isPrivate() throws IOException {
    single().fetch();

    assertThat(Files.getPosixFilePermissions(file(DETECTOR).getParent())).hasSize(3);
    assertThat(Files.getPosixFilePermissions(file(DETECTOR))).hasSize(2);
  }

  @Test
  void fetch_unusableFolder_saysWhatToDo() throws IOException {
    Files.writeString(temp.resolve("store"), "a file where the folder should be");

    assertThatThrownBy(single()::fetch)
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("the folder " + temp.resolve("store"))
        .hasMessageContaining("-Domote.models.directory=");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void fetch_insightFaceFolder_isUsedInPlace() throws IOException {
    Path folder = Files.createDirectories(temp.resolve("insightface").resolve(NAME));
    Files.write(folder.resolve(DETECTOR), pack.content(DETECTOR));
    Files.write(folder.resolve(RECOGNIZER), pack.content(RECOGNIZER));
    ModelPack tiny = single();

    assertThat(tiny.isAvailable()).isTrue();
    assertThat(tiny.fetch().embedder().file().path()).contains(folder.resolve(RECOGNIZER));
    assertThat(tiny.directory()).isEqualTo(folder);
    assertThat(server.requests()).isEmpty();

    tiny.delete();
    assertThat(folder.resolve(DETECTOR)).exists();
  }

  @Test
  void fetch_insightFaceFolderDamaged_isNotUsed() throws IOException {
    Path folder = Files.createDirectories(temp.resolve("insightface").resolve(NAME));
    Files.write(folder.resolve(DETECTOR), new byte[size(DETECTOR)]);

    single().fetch();

    assertInstalled(DETECTOR, RECOGNIZER);
    assertThat(Files.readAllBytes(folder.resolve(DETECTOR))).containsOnly(0);
  }

  @Test
  void delete_thenFetch_fetchesAgain() throws IOException {
    ModelPack tiny = single();
    tiny.fetch();

    tiny.delete();

    assertThat(file(DETECTOR).getParent()).doesNotExist();
    assertThat(tiny.isAvailable()).isFalse();
    tiny.fetch();
    assertInstalled(DETECTOR, RECOGNIZER);
  }

  // Without consent, offline, progress

  @Test
  void isAvailable_neverOpensASocket() {
    assertThat(single().isAvailable()).isFalse();
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void models_missing_saysHowToFetch() {
    assertThatThrownBy(single()::models)
        .isInstanceOf(ModelNotAvailableException.class)
        .hasMessageContaining("ModelZoo.get(\"tiny\").acceptLicense().fetch()")
        .hasMessageContaining(file(RECOGNIZER).toString());
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void fetch_offline_opensNoSocket() {
    pack.singleFiles(server.uri(SINGLE));

    assertThatThrownBy(packWith(store().offline(true))::fetch)
        .isInstanceOf(ModelNotAvailableException.class)
        .hasMessageContaining("Fetching is switched off (omote.models.offline)")
        .hasMessageContaining(file(DETECTOR) + " (200000 bytes, SHA-256 ");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void fetch_offlineWithFilesHere_works() {
    single().fetch();

    ModelPack offline =
        store().offline(true).manifest(temp.resolve(NAME + ".json")).build().get(NAME);

    assertThat(offline.fetch()).isNotNull();
  }

  @Test
  void fetch_progress_namesFilesAndPhases() {
    List<FetchProgress> heard = new ArrayList<>();

    single().fetch(heard::add);

    assertThat(heard).hasSizeLessThan(50);
    assertThat(heard)
        .extracting(FetchProgress::file)
        .containsSubsequence(DETECTOR, RECOGNIZER)
        .doesNotContain(EXTRA);
    assertThat(heard)
        .filteredOn(progress -> progress.phase() == Phase.DONE)
        .extracting(FetchProgress::bytes, FetchProgress::total)
        .containsExactly(tuple(200_000L, 200_000L), tuple(250_000L, 250_000L));
  }

  @Test
  void fetch_listenerThrows_continues() throws IOException {
    single()
        .fetch(
            progress -> {
              throw new IllegalStateException("thrown on purpose by a listener of a test");
            });

    assertInstalled(DETECTOR, RECOGNIZER);
  }
}
