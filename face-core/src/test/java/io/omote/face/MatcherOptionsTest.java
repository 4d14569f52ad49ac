// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.FaceMatcher.Builder;
import io.omote.face.description.ErrorRate;
import io.omote.face.description.OperatingPoint;
import io.omote.face.internal.matcher.ThreadPlan;
import io.omote.face.internal.options.DetectorOptions;
import io.omote.face.internal.options.MatcherOptions;
import io.omote.face.internal.options.NetworkOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Options mean the same in any order. */
class MatcherOptionsTest {
  private static final FaceModels MODELS = FaceModels.of(Path.of("a.onnx"), Path.of("b.onnx"));
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
  private static final OperatingPoint POINT =
      new OperatingPoint(
          "b:1", 0.3, ErrorRate.published(0.001), ErrorRate.published(0.01), "data set");

  private interface Setting extends Consumer<Builder> {}

  private static Builder with(List<Setting> settings) {
    Builder builder = FaceMatcher.builder(MODELS);
    settings.forEach(setting -> setting.accept(builder));
    return builder;
  }

  private static FaceDetector.Builder detection(Builder builder) {
    AtomicReference<FaceDetector.Builder> detection = new AtomicReference<>();
    builder.detection(detection::set);
    return detection.get();
  }

  private static ThreadPlan plan(Builder builder) {
    return ThreadPlan.of(builder.network(), detection(builder).network());
  }

  private static ThreadPlan planWith(Setting... settings) {
    List<Setting> turned = new ArrayList<>(List.of(settings));
    ThreadPlan plan = plan(with(turned));
    Collections.reverse(turned);
    assertThat(plan(with(turned))).usingRecursiveComparison().isEqualTo(plan);
    return plan;
  }

  /** Each subset of the options, in a fixed order and in a random one. */
  @Test
  void order_doesNotMatter() {
    List<Setting> all =
        List.of(
            b -> b.threshold(0.4),
            b -> b.selection(FaceSelection.LARGEST),
            b -> b.imageOptions(ImageOptions.defaults().withMaxSide(100)),
            b -> b.warmUp(true),
            b -> b.device(Device.gpu(1)),
            b -> b.threads(3),
            b -> b.maxConcurrentCalls(4),
            b -> b.maxWait(Duration.ofSeconds(2)),
            b -> b.detection(d -> d.threads(7).device(Device.cpu())),
            b -> b.detection(d -> d.maxConcurrentCalls(1).maxWait(Duration.ZERO)),
            b -> b.detection(d -> d.maxFaces(5, FaceSelection.LARGEST).coarseToFine(true)),
            b -> b.detection(d -> d.inputSizes(320, 640).scoreThreshold(0.7f).iouThreshold(0.2f)));
    Random random = new Random(1);
    for (int subset = 0; subset < 1 << all.size(); subset++) {
      List<Setting> chosen = new ArrayList<>();
      for (int i = 0; i < all.size(); i++) {
        if ((subset >> i & 1) == 1) {
          chosen.add(all.get(i));
        }
      }
      Builder sorted = with(chosen);
      Collections.shuffle(chosen, random);
      Builder shuffled = with(chosen);
      assertThat(describe(shuffled)).isEqualTo(describe(sorted));
    }
  }

  private static String describe(Builder builder) {
    MatcherOptions options = builder.options();
    ThreadPlan plan = plan(builder);
    DetectorOptions detector = detection(builder).options();
    return List.of(
            options.threshold(),
            options.operatingPoint(),
            options.selection(),
            options.imageOptions().maxSide(),
            options.warmUp(),
            describe(options.network()),
            describe(plan.detection()),
            describe(plan.embedding()),
            plan.parallel(),
            detector.inputSizes(),
            detector.scoreThreshold(),
            detector.iouThreshold(),
            detector.coarseToFine())
        .toString();
  }

  private static List<Object> describe(NetworkOptions network) {
    return List.of(
        network.device(), network.threads(), network.maxConcurrentCalls(), network.maxWait());
  }

  @Test
  void detection_countsForTheDetector() {
    ThreadPlan plan =
        planWith(
            b -> b.detection(d -> d.threads(7)),
            b -> b.maxConcurrentCalls(4),
            b -> b.detection(d -> d.device(Device.gpu(1))),
            b -> b.device(Device.gpu(2)),
            b -> b.detection(d -> d.maxWait(Duration.ofSeconds(1))),
            b -> b.maxWait(Duration.ofSeconds(2)));
    assertThat(describe(plan.detection()))
        .isEqualTo(describe(network(7, 4).withDevice(Device.gpu(1)), Duration.ofSeconds(1)));
    assertThat(describe(plan.embedding()))
        .isEqualTo(
            describe(
                network(PROCESSORS > 1 ? PROCESSORS / 2 : 1, 4).withDevice(Device.gpu(2)),
                Duration.ofSeconds(2)));
  }

  private static List<Object> describe(NetworkOptions network, Duration maxWait) {
    return describe(network.withMaxWait(maxWait));
  }

  private static NetworkOptions network(int threads, int calls) {
    return NetworkOptions.defaults().withThreads(threads).withMaxConcurrentCalls(calls);
  }

  @Test
  void threads_areHalfOfTheProcessors_orAllWhereNothingIsParallel() {
    boolean several = PROCESSORS > 1;
    int half = several ? PROCESSORS / 2 : 1;
    assertThreads(planWith(), half, half, several);
    assertThreads(planWith(b -> b.maxConcurrentCalls(2)), half, half, several);
    assertThreads(planWith(b -> b.maxConcurrentCalls(1)), PROCESSORS, PROCESSORS, false);
    assertThreads(
        planWith(b -> b.maxConcurrentCalls(4), b -> b.maxWait(Duration.ZERO)),
        PROCESSORS,
        PROCESSORS,
        false);
    assertThreads(
        planWith(b -> b.maxConcurrentCalls(2), b -> b.maxWait(Duration.ofNanos(1))),
        half,
        half,
        several);
    assertThreads(
        planWith(b -> b.maxConcurrentCalls(2), b -> b.detection(d -> d.maxConcurrentCalls(1))),
        PROCESSORS,
        PROCESSORS,
        false);
    assertThreads(planWith(b -> b.threads(3)), 3, 3, false);
    assertThreads(planWith(b -> b.threads(3), b -> b.maxConcurrentCalls(1)), 3, 3, false);
    assertThreads(planWith(b -> b.threads(3), b -> b.detection(d -> d.threads(7))), 7, 3, false);
    assertThreads(planWith(b -> b.detection(d -> d.threads(7))), 7, half, several);
  }

  private static void assertThreads(
      ThreadPlan plan, int detection, int embedding, boolean parallel) {
    assertThat(plan.detection().threads()).isEqualTo(detection);
    assertThat(plan.embedding().threads()).isEqualTo(embedding);
    assertThat(plan.parallel()).isEqualTo(parallel);
  }

  @Test
  void ofOneOption_theLastValueCounts() {
    Builder builder =
        FaceMatcher.builder(MODELS)
            .threshold(0.4)
            .threshold(0.5)
            .maxConcurrentCalls(1)
            .maxConcurrentCalls(2)
            .detection(d -> d.threads(3))
            .detection(d -> d.threads(4));
    assertThat(builder.options().threshold()).contains(0.5);
    assertThat(plan(builder).detection().threads()).isEqualTo(4);
    assertThat(plan(builder).embedding().maxConcurrentCalls()).isEqualTo(2);
  }

  /** Contradictions are refused before a file is touched: these files are missing. */
  @Test
  void build_ofContradictions_isRefused() {
    for (ThrowingCallable contradiction :
        List.<ThrowingCallable>of(
            () -> FaceMatcher.builder(MODELS).threshold(0.4).operatingPoint(POINT).build(),
            () -> FaceMatcher.builder(MODELS).operatingPoint(POINT).threshold(0.4).build())) {
      assertThatThrownBy(contradiction)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "expected a threshold or an operating point, found the threshold 0.4 and an operating point of 0.3: set one of them");
    }
    for (ThrowingCallable contradiction :
        List.<ThrowingCallable>of(
            () ->
                FaceMatcher.builder(MODELS)
                    .selection(FaceSelection.ONLY)
                    .detection(d -> d.maxFaces(1, FaceSelection.LARGEST))
                    .build(),
            () ->
                FaceMatcher.builder(MODELS)
                    .detection(d -> d.maxFaces(1, FaceSelection.LARGEST))
                    .selection(FaceSelection.ONLY)
                    .build())) {
      assertThatThrownBy(contradiction)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContainingAll("ONLY", "maxFaces of 1");
    }
  }
}
