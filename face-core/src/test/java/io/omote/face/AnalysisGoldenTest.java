// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.omote.face.Landmarks.Point;
import io.omote.face.attribute.AgeAndSex;
import io.omote.face.attribute.AgeAndSex.Sex;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.attribute.FaceQuality;
import io.omote.face.attribute.HeadPose;
import io.omote.face.attribute.Liveness;
import io.omote.face.description.AgeAndSexModel;
import io.omote.face.description.AnalyzerModel;
import io.omote.face.description.Landmarks106Model;
import io.omote.face.description.Landmarks68Model;
import io.omote.face.description.LivenessModel;
import io.omote.face.description.QualityModel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Analyzers compared with the results of the reference code, from its boxes and landmarks. */
@Tag("testdata")
class AnalysisGoldenTest {
  private static final double LOGIT = 0.01;
  private static final double MEAN_PIXELS = 0.3;
  private static final double MOST_PIXELS = 1;
  private static final double DEGREES = 0.5;
  private static final double PROBABILITY = 0.005;

  /** The golden values of a face, the results for it, and the tolerance. */
  @FunctionalInterface
  private interface Comparison<A> {
    void compare(JsonObject golden, A found, double times);
  }

  /** From the golden faces, and then from the image alone, which is half as exact. */
  private static <A> void assertEach(AnalyzerModel<A> model, Comparison<A> comparison) {
    Map<String, List<JsonObject>> images = new LinkedHashMap<>();
    for (JsonObject face :
        Golden.objects(TestData.json("golden/analysis.json").getAsJsonArray("faces"))) {
      images.computeIfAbsent(face.get("image").getAsString(), name -> new ArrayList<>()).add(face);
    }
    assertThat(images).hasSizeGreaterThan(10);
    try (FaceDetector detector =
            FaceDetector.builder(TestData.insightFace().detector()).inputSizes(640).build();
        FaceAnalyzer<A> analyzer = FaceAnalyzer.create(model)) {
      images.forEach(
          (name, goldens) -> {
            FaceImage image = FaceImage.read(TestData.path(name));
            List<Face> faces = goldens.stream().map(AnalysisGoldenTest::face).toList();
            List<Face> detected = detector.detect(image);
            List<Face> own = faces.stream().map(face -> nearest(face, detected)).toList();
            compare(goldens, analyzer.analyze(image, faces), 1, comparison);
            compare(goldens, analyzer.analyze(image, own), 2, comparison);
          });
    }
  }

  private static <A> void compare(
      List<JsonObject> goldens, List<A> found, double times, Comparison<A> comparison) {
    assertThat(found).hasSameSizeAs(goldens);
    for (int i = 0; i < found.size(); i++) {
      comparison.compare(goldens.get(i), found.get(i), times);
    }
  }

  private static Face nearest(Face golden, List<Face> detected) {
    return detected.stream()
        .min(Comparator.comparing(face -> Golden.distance(face.box(), golden.box())))
        .orElseThrow();
  }

  private static Face face(JsonObject golden) {
    double[] box = numbers(golden, "box");
    List<Point> five = new ArrayList<>();
    for (JsonElement point : golden.getAsJsonArray("landmarks")) {
      double[] xy = numbers(point.getAsJsonArray());
      five.add(new Point((float) xy[0], (float) xy[1]));
    }
    return new Face(
        new BoundingBox((float) box[0], (float) box[1], (float) box[2], (float) box[3]),
        golden.get("score").getAsFloat(),
        Optional.of(
            new Landmarks(five.get(0), five.get(1), five.get(2), five.get(3), five.get(4))));
  }

  private static double[] numbers(JsonObject golden, String name) {
    return numbers(golden.getAsJsonArray(name));
  }

  private static double[] numbers(JsonArray array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonElement::getAsDouble)
        .toArray();
  }

  private static void assertSamePoints(JsonArray golden, DenseLandmarks found, double times) {
    assertThat(found.size()).isEqualTo(golden.size());
    double sum = 0;
    double most = 0;
    for (int i = 0; i < found.size(); i++) {
      double[] expected = numbers(golden.get(i).getAsJsonArray());
      double x = found.x(i) - expected[0];
      double y = found.y(i) - expected[1];
      double z = found.hasDepth() ? found.z(i) - expected[2] : 0;
      double distance = Math.sqrt(x * x + y * y + z * z);
      sum += distance;
      most = Math.max(most, distance);
    }
    assertThat(sum / found.size()).isLessThan(times * MEAN_PIXELS);
    assertThat(most).isLessThan(times * MOST_PIXELS);
  }

  @Test
  void ageAndSex() {
    assertEach(
        AgeAndSexModel.of(TestData.model("analysis/genderage.onnx")),
        (JsonObject golden, AgeAndSex found, double times) -> {
          double[] raw = numbers(golden, "gender_age_raw");
          assertThat((double) found.female()).isCloseTo(raw[0], within(times * LOGIT));
          assertThat((double) found.male()).isCloseTo(raw[1], within(times * LOGIT));
          assertThat(found.years() / 100.0).isCloseTo(raw[2], within(times * LOGIT));
          assertThat((double) found.age())
              .isCloseTo(golden.get("age").getAsInt(), within(times == 1 ? 0.0 : 1.0));
          assertThat(found.sex() == Sex.MALE).isEqualTo(golden.get("male").getAsBoolean());
        });
  }

  @Test
  void landmarks106() {
    assertEach(
        Landmarks106Model.of(TestData.model("analysis/layout_2d106_mesh.onnx")),
        (golden, found, times) ->
            assertSamePoints(golden.getAsJsonArray("landmarks106"), found, times));
  }

  @Test
  void landmarks68AndPose() {
    assertEach(
        Landmarks68Model.of(TestData.model("analysis/layout_1k3d68_mesh.onnx")),
        (golden, found, times) -> {
          assertThat(found.hasDepth()).isTrue();
          assertSamePoints(golden.getAsJsonArray("landmarks68_3d"), found, times);
          assertSamePose(golden, HeadPose.of(found), times);
          float[] flat = new float[2 * found.size()];
          IntStream.range(0, found.size())
              .forEach(
                  i -> {
                    flat[2 * i] = found.x(i);
                    flat[2 * i + 1] = found.y(i);
                  });
          assertThat(HeadPose.of(DenseLandmarks.of(flat))).isEqualTo(HeadPose.of(found));
        });
  }

  private static void assertSamePose(JsonObject golden, HeadPose found, double times) {
    double[] pose = numbers(golden, "pose_pitch_yaw_roll");
    assertThat(found.pitch()).isCloseTo(pose[0], within(times * DEGREES));
    assertThat(found.yaw()).isCloseTo(pose[1], within(times * DEGREES));
    assertThat(found.roll()).isCloseTo(pose[2], within(times * DEGREES));
  }

  private static LivenessModel miniFasNet() {
    return LivenessModel.of(
        TestData.model("analysis/MiniFASNetV2.onnx"),
        TestData.model("analysis/MiniFASNetV1SE.onnx"));
  }

  @Test
  void liveness() {
    assertEach(
        miniFasNet(),
        (JsonObject golden, Liveness found, double times) -> {
          JsonObject networks = golden.getAsJsonObject("liveness");
          int at = 0;
          for (String network : List.of("MiniFASNetV2", "MiniFASNetV1SE")) {
            double live = numbers(networks.getAsJsonObject(network), "softmax")[1];
            assertThat((double) found.scores().get(at++))
                .isCloseTo(live, within(times * PROBABILITY));
          }
        });
  }

  @Test
  void quality() {
    assertEach(
        QualityModel.of(TestData.model("analysis/lightqnet-dm050.onnx")),
        (golden, found, times) ->
            assertThat((double) found.score())
                .isCloseTo(
                    golden.get("quality_lightqnet050").getAsDouble(), within(times * PROBABILITY)));
  }

  /** The publisher's own samples, from the image alone. */
  @Test
  void liveness_ofTheSamples_isRight() {
    Function<String, Double> score =
        name -> {
          FaceImage image = FaceImage.read(TestData.path("liveness/" + name));
          try (FaceDetector detector =
                  FaceDetector.builder(TestData.insightFace().detector()).build();
              FaceAnalyzer<Liveness> analyzer = FaceAnalyzer.create(miniFasNet())) {
            Face face = detector.detectOne(image, FaceSelection.CENTRAL).orElseThrow().face();
            return analyzer.analyze(image, face).score();
          }
        };
    assertThat(score.apply("image_T1.jpg")).isGreaterThan(0.5);
    assertThat(score.apply("image_F1.jpg")).isLessThan(0.5);
    assertThat(score.apply("image_F2.jpg")).isLessThan(0.5);
  }

  static Stream<AnalyzerModel<?>> networks() {
    return Stream.of(
        AgeAndSexModel.of(TestData.model("analysis/genderage.onnx")),
        Landmarks106Model.of(TestData.model("analysis/layout_2d106_mesh.onnx")),
        Landmarks68Model.of(TestData.model("analysis/layout_1k3d68_mesh.onnx")),
        QualityModel.of(TestData.model("analysis/lightqnet-dm050.onnx")),
        miniFasNet());
  }

  @ParameterizedTest
  @MethodSource("networks")
  void severalFaces_likeSingleOnes_andEightThreadsLikeOne(AnalyzerModel<?> model)
      throws InterruptedException, ExecutionException {
    FaceImage image = FaceImage.read(TestData.path("photos/group_6.jpg"));
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (FaceDetector detector = FaceDetector.builder(TestData.insightFace().detector()).build();
        FaceAnalyzer<?> analyzer = FaceAnalyzer.create(model)) {
      List<Face> faces = detector.detect(image);
      assertThat(faces).hasSizeGreaterThan(4);
      List<?> together = analyzer.analyze(image, faces);
      for (int i = 0; i < faces.size(); i++) {
        double[] alone = numbers(analyzer.analyze(image, faces.get(i)));
        assertThat(numbers(together.get(i))).containsExactly(alone, within(1e-3));
      }
      List<Future<List<?>>> calls = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        calls.add(threads.submit(() -> analyzer.analyze(image, faces)));
      }
      for (Future<List<?>> call : calls) {
        assertThat(call.get()).isEqualTo(together);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static double[] numbers(Object answer) {
    if (answer instanceof AgeAndSex guess) {
      return new double[] {guess.years(), guess.female(), guess.male()};
    }
    if (answer instanceof Liveness liveness) {
      return liveness.scores().stream().mapToDouble(Float::doubleValue).toArray();
    }
    if (answer instanceof FaceQuality quality) {
      return new double[] {quality.score()};
    }
    DenseLandmarks points = (DenseLandmarks) answer;
    return IntStream.range(0, points.size())
        .mapToObj(
            i -> DoubleStream.of(points.x(i), points.y(i), points.hasDepth() ? points.z(i) : 0))
        .flatMapToDouble(point -> point)
        .toArray();
  }
}
