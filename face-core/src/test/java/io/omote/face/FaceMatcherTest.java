// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static io.omote.face.Faults.fault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.omote.face.ImageException.Reason;
import io.omote.face.SyntheticModels.Planted;
import io.omote.face.description.AgeAndSexModel;
import io.omote.face.internal.call.GuardedDetector;
import io.omote.face.internal.matcher.DefaultFaceMatcher;
import io.omote.face.internal.options.MatcherOptions;
import io.omote.face.internal.options.NetworkOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.imageio.ImageIO;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The matcher with generated models: the embedding of an image is its color. */
@Timeout(300)
class FaceMatcherTest {
  private static final FaceImage RED = plain(0, 0, 255);
  private static final FaceImage DARK_RED = plain(10, 10, 220);
  private static final FaceImage GREEN = plain(0, 255, 0);
  private static final FaceImage RED_BESIDE_GREEN = beside(RED, GREEN);

  @TempDir Path folder;

  private static FaceImage plain(int blue, int green, int red) {
    byte[] bgr = new byte[3 * 160 * 160];
    for (int i = 0; i < bgr.length; i += 3) {
      bgr[i] = (byte) blue;
      bgr[i + 1] = (byte) green;
      bgr[i + 2] = (byte) red;
    }
    return FaceImage.ofBgr(bgr, 160, 160);
  }

  private static FaceImage beside(FaceImage left, FaceImage right) {
    byte[] bgr = new byte[3 * 160 * 160];
    for (int row = 0; row < 160; row++) {
      left.bgr().get(row * 480, bgr, row * 480, 240);
      right.bgr().get(row * 480 + 240, bgr, row * 480 + 240, 240);
    }
    return FaceImage.ofBgr(bgr, 160, 160);
  }

  /** Returns a face whose eyes, nose and mouth are around the center of a cell of 32 pixels. */
  private static Planted face(int column, float score, float size) {
    float[] points = {-.2f, -.2f, .2f, -.2f, 0, 0, -.15f, .2f, .15f, .2f};
    return new Planted(32, 2 * (10 + column), score, new float[] {size, size, size, size}, points);
  }

  private FaceMatcher.Builder matcher(Planted... faces) throws IOException {
    return FaceMatcher.builder(models(faces));
  }

  private FaceModels models(Planted... faces) throws IOException {
    return FaceModels.of(
        SyntheticModels.scrfd(folder, 9, false, false, 160, List.of(faces)),
        SyntheticModels.meanOfPlanes(folder, SyntheticModels.FREE, false));
  }

  @Test
  void compare_images_decidesByThreshold() throws IOException {
    try (FaceMatcher matcher = matcher(face(2, 0.9f, 1)).build()) {
      FaceMatch same = matcher.compare(RED, DARK_RED);
      assertThat(same.similarity()).isGreaterThan(0.95);
      assertThat(same.threshold()).isEqualTo(0.6);
      assertThat(same.isSamePerson()).isTrue();
      FaceMatch different = matcher.compare(RED, GREEN);
      assertThat(different.similarity()).isCloseTo(-1.0 / 3, within(1e-6));
      assertThat(different.isSamePerson()).isFalse();
    }
  }

  @Test
  void threshold_ofModelOrOption() throws IOException {
    FaceModels models = models(face(2, 0.9f, 1));
    FaceModels withThreshold = models.withEmbedder(models.embedder().withThreshold(-0.5));
    try (FaceMatcher matcher = FaceMatcher.create(withThreshold)) {
      assertThat(matcher.threshold()).isEqualTo(-0.5);
      assertThat(matcher.compare(RED, GREEN).isSamePerson()).isTrue();
    }
    try (FaceMatcher matcher = FaceMatcher.builder(withThreshold).threshold(0.999).build()) {
      assertThat(matcher.compare(RED, DARK_RED).isSamePerson()).isFalse();
    }
    assertThatThrownBy(() -> FaceMatcher.builder(models).threshold(60))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[-1, 1]");
  }

  @Test
  void match_atThreshold_isSamePerson() {
    assertThat(FaceMatch.of(0.6, 0.6).isSamePerson()).isTrue();
    assertThat(FaceMatch.of(Math.nextDown(0.6), 0.6).isSamePerson()).isFalse();
  }

  @Test
  void compare_pathsAndEmbeddings_agreeWithImages() throws IOException {
    Path red = folder.resolve("red.png");
    Path dark = folder.resolve("dark.png");
    ImageIO.write(RED.toBufferedImage(), "png", red.toFile());
    ImageIO.write(DARK_RED.toBufferedImage(), "png", dark.toFile());
    try (FaceMatcher matcher = matcher(face(2, 0.9f, 1)).build()) {
      FaceMatch match = matcher.compare(RED, DARK_RED);
      assertThat(matcher.compare(red, dark)).isEqualTo(match);
      FaceEmbedding first = matcher.embed(RED).orElseThrow();
      FaceEmbedding second = matcher.embed(dark).orElseThrow();
      assertThat(matcher.compare(first, second))
          .isEqualTo(FaceMatch.of(match.similarity(), match.threshold()));
    }
  }

  @Test
  void compare_andEmbed_giveTheSameByEachRoute() throws IOException {
    Path first = folder.resolve("red.png");
    Path second = folder.resolve("dark.png");
    ImageIO.write(RED.toBufferedImage(), "png", first.toFile());
    ImageIO.write(DARK_RED.toBufferedImage(), "png", second.toFile());
    byte[] red = Files.readAllBytes(first);
    byte[] dark = Files.readAllBytes(second);
    try (FaceMatcher matcher = matcher(face(2, 0.9f, 1)).build()) {
      FaceMatch match = matcher.compare(RED, DARK_RED);
      assertThat(matcher.compare(first, second)).isEqualTo(match);
      assertThat(matcher.compare(red, dark)).isEqualTo(match);
      OpenStream redStream = new OpenStream(red);
      OpenStream darkStream = new OpenStream(dark);
      assertThat(matcher.compare(redStream, darkStream)).isEqualTo(match);
      assertThat(redStream.closed || darkStream.closed).as("a stream is left open").isFalse();
      Optional<FaceEmbedding> embedding = matcher.embed(DARK_RED);
      assertThat(matcher.embed(second)).isEqualTo(embedding);
      assertThat(matcher.embed(dark)).isEqualTo(embedding);
      assertThat(matcher.embed(new OpenStream(dark))).isEqualTo(embedding);
    }
  }

  @Test
  void compare_images_saysWhichFaceOfEachCounted() throws IOException {
    try (FaceDetector detector =
            FaceDetector.builder(models(face(0, 0.9f, 0.3f), face(2, 0.8f, 0.4f)).detector())
                .build();
        FaceMatcher matcher = matcher(face(0, 0.9f, 0.3f), face(2, 0.8f, 0.4f)).build()) {
      FaceMatch match = matcher.compare(RED_BESIDE_GREEN, DARK_RED);
      Face central =
          FaceSelection.CENTRAL.select(detector.detect(RED_BESIDE_GREEN), 160, 160).orElseThrow();
      assertThat(match.first()).contains(new SelectedFace(central, 2));
      assertThat(match.second()).isEqualTo(match.first());
      assertThat(match.toString()).contains("faces=2 and 2").doesNotContain("Landmarks");
      FaceEmbedding embedding = matcher.embed(RED).orElseThrow();
      FaceMatch ofEmbeddings = matcher.compare(embedding, embedding);
      assertThat(ofEmbeddings.first()).isEmpty();
      assertThat(ofEmbeddings.second()).isEmpty();
      assertThat(ofEmbeddings.toString()).doesNotContain("faces");
    }
  }

  @Test
  void of_openNetworks_matchesLikeOwnOnes_andLeavesThemOpen() throws IOException {
    FaceModels models = models(face(2, 0.9f, 1));
    FaceModels strict = models.withEmbedder(models.embedder().withThreshold(0.97));
    try (FaceDetector detector = FaceDetector.create(strict);
        FaceEmbedder embedder = FaceEmbedder.create(strict);
        FaceMatcher own = FaceMatcher.create(strict)) {
      assertThat(embedder.threshold()).isEqualTo(0.97);
      FaceMatcher shared = FaceMatcher.of(detector, embedder);
      assertThat(shared.threshold()).isEqualTo(0.97);
      assertThat(shared.modelId()).isEqualTo(own.modelId());
      assertThat(shared.compare(RED, DARK_RED)).isEqualTo(own.compare(RED, DARK_RED));
      shared.close();
      assertThatThrownBy(() -> shared.compare(RED, DARK_RED)).isInstanceOf(ClosedException.class);
      assertThat(detector.detect(RED)).hasSize(1);
      FaceMatcher.Builder options = FaceMatcher.builder(detector, embedder);
      try (FaceMatcher second =
          options.threshold(-0.5).maxConcurrentCalls(1).warmUp(true).build()) {
        assertThat(second.compare(RED, GREEN).isSamePerson()).isTrue();
      }
      for (ThrowingCallable contradiction :
          List.<ThrowingCallable>of(
              () -> options.threads(1),
              () -> options.device(Device.cpu()),
              () -> options.detection(d -> d.scoreThreshold(0.6f)))) {
        assertThatThrownBy(contradiction)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("set it where they are opened");
      }
    }
  }

  /** Closed networks prove that a call would have run them. */
  @Test
  void warmUp_runsBothNetworks() throws IOException {
    FaceModels models = models(face(2, 0.9f, 1));
    FaceDetector closedDetector = FaceDetector.create(models);
    closedDetector.close();
    FaceEmbedder closedEmbedder = FaceEmbedder.create(models);
    closedEmbedder.close();
    try (FaceDetector detector = FaceDetector.create(models);
        FaceEmbedder embedder = FaceEmbedder.create(models)) {
      assertThatThrownBy(() -> FaceMatcher.builder(detector, closedEmbedder).warmUp(true).build())
          .isInstanceOf(ClosedException.class)
          .hasMessageContaining("embedder");
      assertThatThrownBy(() -> FaceMatcher.builder(closedDetector, embedder).warmUp(true).build())
          .isInstanceOf(ClosedException.class)
          .hasMessageContaining("detector");
      FaceMatcher.builder(closedDetector, closedEmbedder).build().close();
    }
  }

  @Test
  void of_closedNetworks_saysWhichIsClosed() throws IOException {
    FaceModels models = models(face(2, 0.9f, 1));
    FaceDetector detector = FaceDetector.create(models);
    try (FaceEmbedder embedder = FaceEmbedder.create(models);
        FaceMatcher matcher = FaceMatcher.of(detector, embedder)) {
      detector.close();
      assertThatThrownBy(() -> matcher.compare(RED, RED))
          .isInstanceOf(ClosedException.class)
          .hasMessageContaining("detector");
    }
  }

  /** A stream that records whether it was closed. */
  private static final class OpenStream extends ByteArrayInputStream {
    private boolean closed;

    OpenStream(byte[] content) {
      super(content);
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  @Test
  void imageOptions_holdOnEachRoute() throws IOException {
    Path file = folder.resolve("red.png");
    ImageIO.write(RED.toBufferedImage(), "png", file.toFile());
    byte[] encoded = Files.readAllBytes(file);
    for (ImageOptions options :
        List.of(
            ImageOptions.defaults().withMaxSide(100),
            ImageOptions.defaults().withMaxPixels(100),
            ImageOptions.defaults().withMaxBytes(100))) {
      try (FaceMatcher matcher = matcher(face(2, 0.9f, 1)).imageOptions(options).build()) {
        List<ThrowingCallable> routes =
            List.of(
                () -> matcher.embed(file),
                () -> matcher.embed(encoded),
                () -> matcher.embed(new ByteArrayInputStream(encoded)),
                () -> matcher.compare(file, file),
                () -> matcher.compare(encoded, encoded),
                () ->
                    matcher.compare(
                        new ByteArrayInputStream(encoded), new ByteArrayInputStream(encoded)));
        assertThat(routes)
            .allSatisfy(
                route ->
                    assertThatThrownBy(route)
                        .satisfies(fault(Reason.TOO_LARGE))
                        .hasMessageContaining("ImageOptions"));
      }
    }
  }

  @Test
  void compare_uploads_saysWhichImageIsAtFault() throws IOException {
    Path file = folder.resolve("red.png");
    ImageIO.write(RED.toBufferedImage(), "png", file.toFile());
    byte[] good = Files.readAllBytes(file);
    byte[] cut = Arrays.copyOf(good, good.length / 2);
    byte[] text = "no image".getBytes(StandardCharsets.UTF_8);
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("connection reset");
          }
        };
    try (FaceMatcher matcher = matcher(face(2, 0.9f, 1)).build()) {
      assertThatThrownBy(() -> matcher.compare(text, good))
          .satisfies(fault(Reason.UNSUPPORTED_FORMAT))
          .hasMessageStartingWith("in the first image: expected")
          .hasNoCause();
      assertThatThrownBy(() -> matcher.compare(good, cut))
          .satisfies(fault(Reason.DAMAGED))
          .hasMessageStartingWith("in the second image: expected")
          .hasNoCause();
      assertThatThrownBy(() -> matcher.compare(new ByteArrayInputStream(good), broken))
          .satisfies(fault(Reason.UNREADABLE))
          .hasMessageContainingAll("in the second image", "connection reset");
    }
    ImageOptions small = ImageOptions.defaults().withMaxSide(100);
    try (FaceMatcher matcher = matcher(face(2, 0.9f, 1)).imageOptions(small).build()) {
      assertThatThrownBy(() -> matcher.compare(good, good))
          .satisfies(fault(Reason.TOO_LARGE))
          .hasMessageStartingWith("in the first image: expected");
    }
  }

  /** The bytes of an image from a slow sender, until it is told to send. */
  private static final class StalledStream extends ByteArrayInputStream {
    private final CountDownLatch reading = new CountDownLatch(1);
    private final CountDownLatch proceed = new CountDownLatch(1);

    StalledStream(byte[] content) {
      super(content);
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      reading.countDown();
      try {
        proceed.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return super.read(into, offset, length);
    }

    void send() {
      proceed.countDown();
    }

    @Override
    public void close() {
      send();
    }
  }

  private static byte[] red() throws IOException {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(RED.toBufferedImage(), "png", png);
    return png.toByteArray();
  }

  private static <T> FutureTask<T> start(Callable<T> call) {
    FutureTask<T> task = new FutureTask<>(call);
    new Thread(task).start();
    return task;
  }

  /** A call that waits for its turn has read nothing. */
  @Test
  void compare_beyondTheMaximum_readsNothingUntilItsTurn() throws Exception {
    ByteArrayInputStream waiting = new ByteArrayInputStream(red());
    int size = waiting.available();
    try (FaceMatcher matcher = matcher(face(2, 0.9f, 1)).maxConcurrentCalls(1).build();
        StalledStream slow = new StalledStream(red())) {
      FutureTask<Optional<FaceEmbedding>> first = start(() -> matcher.embed(slow));
      slow.reading.await();
      FutureTask<Optional<FaceEmbedding>> second = new FutureTask<>(() -> matcher.embed(waiting));
      Thread other = new Thread(second);
      other.start();
      while (other.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      assertThat(waiting.available()).isEqualTo(size);
      slow.send();
      assertThat(second.get()).isEqualTo(first.get()).isPresent();
    }
  }

  @Test
  void maxWait_ends_beforeAnythingIsRead() throws Exception {
    ByteArrayInputStream late = new ByteArrayInputStream(red());
    int size = late.available();
    byte[] damaged = {1, 2, 3};
    try (FaceMatcher matcher =
            matcher(face(2, 0.9f, 1)).maxWait(Duration.ofMillis(10)).maxConcurrentCalls(1).build();
        StalledStream slow = new StalledStream(red())) {
      FutureTask<Optional<FaceEmbedding>> first = start(() -> matcher.embed(slow));
      slow.reading.await();
      for (ThrowingCallable call :
          List.<ThrowingCallable>of(
              () -> matcher.embed(late),
              () -> matcher.embed(damaged),
              () -> matcher.embed(folder.resolve("missing.png")),
              () -> matcher.embed(RED),
              () -> matcher.compare(late, late),
              () -> matcher.compare(damaged, damaged),
              () -> matcher.compare(folder.resolve("missing.png"), folder.resolve("missing.png")),
              () -> matcher.compare(RED, RED))) {
        assertThatThrownBy(call)
            .isInstanceOf(BusyException.class)
            .hasMessageStartingWith("no turn of the matcher became free within 0.01 s");
      }
      assertThat(late.available()).isEqualTo(size);
      slow.send();
      FaceEmbedding embedding = first.get().orElseThrow();
      assertThat(matcher.embed(late)).contains(embedding);
      assertThat(matcher.compare(embedding, embedding).isSamePerson()).isTrue();
    }
  }

  /** As many calls run as there are turns, comparisons of two images included. */
  @Test
  void maxWait_ofZero_letsInAsManyCallsAsMayWork() throws Exception {
    try (FaceMatcher matcher =
            matcher(face(2, 0.9f, 1)).maxConcurrentCalls(2).maxWait(Duration.ZERO).build();
        StalledStream slow = new StalledStream(red());
        StalledStream slowToo = new StalledStream(red())) {
      FutureTask<FaceMatch> first =
          start(() -> matcher.compare(new ByteArrayInputStream(red()), slow));
      slow.reading.await();
      FutureTask<FaceMatch> second =
          start(() -> matcher.compare(slowToo, new ByteArrayInputStream(red())));
      slowToo.reading.await();
      assertThatThrownBy(() -> matcher.compare(RED, RED)).isInstanceOf(BusyException.class);
      slowToo.send();
      assertThat(second.get().isSamePerson()).isTrue();
      assertThat(matcher.compare(RED, RED).isSamePerson()).isTrue();
      slow.send();
      assertThat(first.get().isSamePerson()).isTrue();
    }
  }

  /** Networks that were opened with their own bound keep it. */
  @Test
  void maxWait_ofTheDetector_countsInAMatcher() throws Exception {
    FaceModels models = models(face(2, 0.9f, 1));
    CountDownLatch detecting = new CountDownLatch(1);
    CountDownLatch proceed = new CountDownLatch(1);
    FaceDetector held =
        new FaceDetector() {
          @Override
          public List<Face> detect(FaceImage image) {
            detecting.countDown();
            try {
              proceed.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            return List.of();
          }

          @Override
          public void close() {}
        };
    FaceDetector detector =
        new GuardedDetector(
            held, NetworkOptions.defaults().withMaxConcurrentCalls(1).withMaxWait(Duration.ZERO));
    try (FaceEmbedder embedder = FaceEmbedder.create(models);
        FaceMatcher matcher = FaceMatcher.of(detector, embedder)) {
      FutureTask<Optional<FaceEmbedding>> first = start(() -> matcher.embed(RED));
      detecting.await();
      try {
        assertThatThrownBy(() -> detector.detect(RED))
            .isInstanceOf(BusyException.class)
            .hasMessageContaining("detector");
        if (NetworkOptions.defaults().maxConcurrentCalls() > 1) {
          assertThatThrownBy(() -> matcher.embed(RED))
              .isInstanceOf(BusyException.class)
              .hasMessageContaining("detector");
        }
      } finally {
        proceed.countDown();
      }
      assertThat(first.get()).isEmpty();
    }
  }

  /** Each kind of object, until two calls overlap. */
  @Test
  @Timeout(60)
  void maxWait_ofEachKindOfNetwork() throws Exception {
    FaceModels models = models(face(2, 0.9f, 1));
    float[] weights = new float[3 * 3];
    AgeAndSexModel ages =
        AgeAndSexModel.of(
            SyntheticModels.rows(
                folder.resolve("ages.onnx"),
                SyntheticModels.FREE,
                3,
                96,
                false,
                weights,
                new float[] {1, 2, 0.3f}));
    try (FaceDetector detector =
            FaceDetector.builder(models.detector())
                .maxWait(Duration.ZERO)
                .maxConcurrentCalls(1)
                .build();
        FaceEmbedder embedder =
            FaceEmbedder.builder(models.embedder())
                .maxWait(Duration.ZERO)
                .maxConcurrentCalls(1)
                .build();
        FaceAnalyzer<?> analyzer =
            FaceAnalyzer.builder(ages).maxWait(Duration.ZERO).maxConcurrentCalls(1).build()) {
      Face face = detector.detect(RED).get(0);
      assertBusy("detector", () -> detector.detect(RED));
      assertBusy("embedder", () -> embedder.embed(RED, face));
      assertBusy("analyzer", () -> analyzer.analyze(RED, face));
    }
  }

  private static void assertBusy(String what, Runnable call) throws Exception {
    AtomicReference<BusyException> busy = new AtomicReference<>();
    Callable<Boolean> calls =
        () -> {
          while (busy.get() == null) {
            try {
              call.run();
            } catch (BusyException e) {
              busy.set(e);
            }
          }
          return true;
        };
    FutureTask<Boolean> other = start(calls);
    calls.call();
    assertThat(other.get()).isTrue();
    assertThat(busy.get()).hasMessageContaining("turn of the " + what + " became free within 0 s");
    call.run();
  }

  /** A comparison that took two turns returns both, however it ends. */
  @Test
  void compare_parallel_givesBothTurnsBack() throws Exception {
    FaceModels models = models(face(2, 0.9f, 1));
    MatcherOptions two =
        FaceMatcher.builder(models).maxConcurrentCalls(2).maxWait(Duration.ZERO).options();
    try (FaceMatcher matcher =
        new DefaultFaceMatcher(
            FaceDetector.create(models), FaceEmbedder.create(models), true, true, two)) {
      byte[] good = red();
      byte[] damaged = Arrays.copyOf(good, good.length / 2);
      for (int i = 0; i < 3; i++) {
        assertThat(matcher.compare(RED, RED).isSamePerson()).isTrue();
        assertThatThrownBy(() -> matcher.compare(damaged, good)).isInstanceOf(ImageException.class);
        assertThatThrownBy(() -> matcher.compare(good, damaged)).isInstanceOf(ImageException.class);
        try (StalledStream slow = new StalledStream(good)) {
          FutureTask<Optional<FaceEmbedding>> first = start(() -> matcher.embed(slow));
          slow.reading.await();
          assertThat(matcher.embed(RED)).isPresent();
          slow.send();
          assertThat(first.get()).isPresent();
        }
      }
    }
  }

  /** A slow sender holds one turn, although two images may be embedded in parallel. */
  @Test
  void compare_ofAStalledStream_holdsOneTurn() throws Exception {
    FaceModels models = models(face(2, 0.9f, 1));
    MatcherOptions two =
        FaceMatcher.builder(models).maxConcurrentCalls(2).maxWait(Duration.ZERO).options();
    try (FaceMatcher matcher =
            new DefaultFaceMatcher(
                FaceDetector.create(models), FaceEmbedder.create(models), true, true, two);
        StalledStream slow = new StalledStream(red())) {
      FutureTask<FaceMatch> first =
          start(() -> matcher.compare(new ByteArrayInputStream(red()), slow));
      slow.reading.await();
      assertThat(matcher.embed(RED)).isPresent();
      slow.send();
      assertThat(first.get().isSamePerson()).isTrue();
    }
  }

  /** The failure of the second image counts only if the first image has none. */
  @Test
  void compare_bothAtFault_saysTheFirst() throws IOException {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("connection reset");
          }
        };
    for (int threads : new int[] {0, 1}) {
      FaceMatcher.Builder options = matcher(face(2, 0.9f, 1));
      try (FaceMatcher matcher = (threads == 0 ? options : options.threads(threads)).build()) {
        assertThatThrownBy(
                () -> matcher.compare(new ByteArrayInputStream(new byte[] {1, 2}), broken))
            .hasMessageStartingWith("in the first image");
        assertThatThrownBy(() -> matcher.compare(new ByteArrayInputStream(red()), broken))
            .hasMessageContainingAll("in the second image", "connection reset");
      }
    }
  }

  /** By default two images are embedded in parallel; with a number of threads, in turn. */
  @Test
  void compare_parallel_isAsInTurn() throws IOException {
    try (FaceMatcher parallel = matcher(face(2, 0.9f, 1)).build();
        FaceMatcher inTurn = matcher(face(2, 0.9f, 1)).threads(1).build()) {
      assertThat(parallel.compare(RED, GREEN)).isEqualTo(inTurn.compare(RED, GREEN));
      assertThat(parallel.compare(RED, DARK_RED)).isEqualTo(inTurn.compare(RED, DARK_RED));
    }
    try (FaceMatcher parallel = matcher().build()) {
      assertThatThrownBy(() -> parallel.compare(RED, GREEN))
          .satisfies(fault(Reason.NO_FACE))
          .hasMessageStartingWith("in the first image");
    }
  }

  /**
   * Two images that do not fit in memory together are embedded in turn: whether they fit must not
   * depend on whether the turn of another call is free. One that does not fit alone is refused.
   */
  @Test
  void compare_parallel_withoutRoomForBoth_isDoneInTurn() throws Exception {
    FaceModels models = models(face(2, 0.9f, 1));
    MatcherOptions two =
        FaceMatcher.builder(models).maxConcurrentCalls(2).maxWait(Duration.ZERO).options();
    Crowded detector = new Crowded(FaceDetector.create(models));
    try (FaceMatcher matcher =
        new DefaultFaceMatcher(detector, FaceEmbedder.create(models), true, true, two)) {
      assertThat(matcher.compare(RED, RED).isSamePerson()).isTrue();
      assertThat(detector.refused).hasValue(1);
      detector.room = 0;
      assertThatThrownBy(() -> matcher.compare(RED, RED))
          .satisfies(fault(Reason.TOO_LARGE))
          .hasMessageStartingWith("in the first image");
      detector.room = 1;
      assertThat(matcher.compare(RED, GREEN).isSamePerson()).isFalse();
    }
  }

  /** A detector with room for a number of images at once; the first two wait for each other. */
  private static final class Crowded implements FaceDetector {
    private final FaceDetector detector;
    private final CountDownLatch both = new CountDownLatch(2);
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile int room = 1;

    Crowded(FaceDetector detector) {
      this.detector = detector;
    }

    @Override
    public List<Face> detect(FaceImage image) {
      boolean fits = now.incrementAndGet() <= room;
      both.countDown();
      try {
        both.await();
        if (!fits) {
          refused.incrementAndGet();
          throw new ImageException(
              Reason.TOO_LARGE, "less", "more", "add memory", new OutOfMemoryError());
        }
        return detector.detect(image);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      } finally {
        now.decrementAndGet();
      }
    }

    @Override
    public void close() {
      detector.close();
    }
  }

  /** One stream may contain both images, one after the other. */
  @Test
  void compare_streams_areReadInTurnByTheCaller() throws IOException {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(RED.toBufferedImage(), "png", png);
    byte[] red = png.toByteArray();
    List<String> reads = new ArrayList<>();
    class Watched extends ByteArrayInputStream {
      private final String name;

      Watched(String name) {
        super(red);
        this.name = name;
      }

      @Override
      public synchronized int read(byte[] bytes, int offset, int length) {
        reads.add(name + " by " + Thread.currentThread().getId());
        return super.read(bytes, offset, length);
      }
    }
    try (FaceMatcher matcher = matcher(face(2, 0.9f, 1)).build()) {
      assertThat(matcher.compare(new Watched("first"), new Watched("second")).isSamePerson())
          .isTrue();
    }
    long caller = Thread.currentThread().getId();
    assertThat(reads).isSorted().allMatch(read -> read.endsWith(" by " + caller));
    assertThat(reads.get(reads.size() - 1)).startsWith("second");
  }

  @Test
  void compare_embeddingOfAnotherModel_isRefused() throws IOException {
    FaceEmbedding foreign = FaceEmbedding.ofRaw("other:1", new float[] {1, 2, 3});
    try (FaceMatcher matcher = matcher(face(2, 0.9f, 1)).build()) {
      assertThatThrownBy(() -> matcher.compare(foreign, foreign))
          .isInstanceOf(EmbeddingException.class)
          .hasMessageContaining("other:1");
    }
  }

  @Test
  void compare_noFace_saysInWhichImage() throws IOException {
    Path red = folder.resolve("red.png");
    ImageIO.write(RED.toBufferedImage(), "png", red.toFile());
    try (FaceMatcher matcher = matcher().build()) {
      assertThat(matcher.embed(RED)).isEmpty();
      assertThatThrownBy(() -> matcher.compare(RED, GREEN))
          .satisfies(fault(Reason.NO_FACE))
          .hasMessageContainingAll(
              "the first image", "expected an upright face, found none", "Orientation.ANY");
      assertThatThrownBy(() -> matcher.compare(red, red))
          .satisfies(fault(Reason.NO_FACE))
          .hasMessageContaining("red.png");
    }
  }

  @Test
  void compare_noFaceInAnyPosition_doesNotAdviseToTurnTheImage() throws IOException {
    try (FaceMatcher matcher =
        matcher().detection(detector -> detector.orientation(Orientation.ANY)).build()) {
      assertThatThrownBy(() -> matcher.compare(RED, GREEN))
          .satisfies(fault(Reason.NO_FACE))
          .hasMessageContaining("expected a face, found none")
          .hasMessageNotContaining("Orientation");
    }
  }

  /** Finds faces upside down, as a detector of upright faces may. */
  private record UpsideDown(FaceDetector detector) implements FaceDetector {
    @Override
    public List<Face> detect(FaceImage image) {
      return detector.detect(image).stream()
          .map(
              face -> new Face(face.box(), face.score(), face.landmarks().map(UpsideDown::swapped)))
          .toList();
    }

    private static Landmarks swapped(Landmarks upright) {
      return new Landmarks(
          upright.rightMouthCorner(),
          upright.leftMouthCorner(),
          upright.nose(),
          upright.rightEye(),
          upright.leftEye());
    }

    @Override
    public void close() {}
  }

  @Test
  void compare_faceThatDoesNotStandUpright_isSaid() throws IOException {
    FaceModels models = models(face(2, 0.9f, 1));
    try (FaceEmbedder embedder = FaceEmbedder.create(models);
        FaceDetector upright = FaceDetector.create(models);
        FaceMatcher turned = FaceMatcher.of(new UpsideDown(upright), embedder);
        FaceMatcher matcher = FaceMatcher.of(upright, embedder)) {
      assertThat(turned.compare(RED, GREEN).isUpright()).isFalse();
      FaceMatch match = matcher.compare(RED, GREEN);
      assertThat(match.isUpright()).isTrue();
      SelectedFace stands = match.first().orElseThrow();
      SelectedFace lies = turned.compare(RED, GREEN).first().orElseThrow();
      assertThat(match.withFaces(stands, lies).isUpright()).isFalse();
      assertThat(match.withFaces(lies, stands).isUpright()).isFalse();
      FaceEmbedding embedding = matcher.embed(RED).orElseThrow();
      assertThat(matcher.compare(embedding, embedding).isUpright()).isTrue();
    }
  }

  @Test
  void selection_decidesWhichFaceCounts() throws IOException {
    Planted best = face(1, 0.9f, 0.5f);
    Planted largest = face(4, 0.8f, 1);
    FaceEmbedding red;
    FaceEmbedding green;
    try (FaceMatcher matcher = matcher(best).build()) {
      red = matcher.embed(RED).orElseThrow();
      green = matcher.embed(GREEN).orElseThrow();
    }
    try (FaceMatcher matcher =
        matcher(best, largest).selection(FaceSelection.HIGHEST_SCORE).build()) {
      assertThat(matcher.embed(RED_BESIDE_GREEN)).contains(red);
    }
    try (FaceMatcher matcher = matcher(best, largest).selection(FaceSelection.LARGEST).build()) {
      assertThat(matcher.embed(RED_BESIDE_GREEN)).contains(green);
    }
    try (FaceMatcher matcher = matcher(best, largest).selection(FaceSelection.ONLY).build()) {
      assertThatThrownBy(() -> matcher.compare(RED, GREEN))
          .satisfies(fault(Reason.SEVERAL_FACES))
          .hasMessageContainingAll("the first image", "expected one face, found 2");
    }
  }

  @Test
  void detection_optionsReachTheDetector() throws IOException {
    try (FaceMatcher matcher =
        matcher(face(2, 0.9f, 1)).detection(d -> d.scoreThreshold(0.95f)).build()) {
      assertThat(matcher.embed(RED)).isEmpty();
    }
  }

  @Test
  void compare_badFiles_throwTheirErrors() throws IOException {
    Path good = folder.resolve("red.png");
    ImageIO.write(RED.toBufferedImage(), "png", good.toFile());
    Path text = Files.writeString(folder.resolve("text.png"), "no image");
    try (FaceMatcher matcher = matcher(face(2, 0.9f, 1)).build()) {
      assertThatThrownBy(() -> matcher.compare(good, text))
          .satisfies(fault(Reason.UNSUPPORTED_FORMAT))
          .hasMessageContaining("text.png");
      assertThatThrownBy(() -> matcher.compare(folder.resolve("none.png"), good))
          .isInstanceOfSatisfying(
              ImageException.class,
              e -> {
                assertThat(e.file()).contains(folder.resolve("none.png"));
                assertThat(e.position()).hasValue(1);
                assertThat(e.faces()).isEmpty();
              })
          .satisfies(fault(Reason.UNREADABLE))
          .hasMessageContaining("none.png");
    }
    try (FaceMatcher matcher =
        matcher(face(2, 0.9f, 1)).imageOptions(ImageOptions.defaults().withMaxSide(100)).build()) {
      assertThatThrownBy(() -> matcher.embed(good)).satisfies(fault(Reason.TOO_LARGE));
    }
  }

  @Test
  void close_thenUse_isAnError() throws IOException {
    FaceMatcher matcher = matcher(face(2, 0.9f, 1)).build();
    FaceEmbedding embedding = matcher.embed(RED).orElseThrow();
    matcher.close();
    matcher.close();
    assertThatThrownBy(() -> matcher.compare(RED, GREEN)).isInstanceOf(ClosedException.class);
    assertThatThrownBy(() -> matcher.compare(embedding, embedding))
        .isInstanceOf(ClosedException.class);
    assertThatThrownBy(() -> matcher.embed(folder.resolve("none.png")))
        .isInstanceOf(ClosedException.class);
  }
}
