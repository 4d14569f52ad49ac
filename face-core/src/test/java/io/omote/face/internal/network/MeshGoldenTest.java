// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceImage;
import io.omote.face.Landmarks;
import io.omote.face.Landmarks.Point;
import io.omote.face.TestData;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.attribute.ExpressionCoefficient;
import io.omote.face.attribute.FaceMesh;
import io.omote.face.description.FaceMeshModel;
import io.omote.face.description.ModelFile;
import io.omote.face.internal.engine.OnnxFile;
import io.omote.face.internal.engine.OnnxModel;
import io.omote.face.internal.geometry.AffineMap;
import io.omote.face.internal.image.CropTransform;
import io.omote.face.internal.image.Sampler;
import io.omote.face.internal.options.NetworkOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The mesh and its coefficients, stage by stage, compared with the results of reference code. */
@Tag("testdata")
class MeshGoldenTest {
  private static final Path PACK =
      Path.of("../face-models/src/main/resources/io/omote/face/models/lite");
  private static final ModelFile MESH = ModelFile.of(PACK.resolve("face_mesh_478.onnx"));
  private static final ModelFile COEFFICIENTS =
      ModelFile.of(PACK.resolve("face_blendshapes_52.onnx"));

  /** A face of the golden results. */
  private record Golden(FaceImage image, Face face, JsonObject json) {
    CropTransform region(String name) {
      double[] region = numbers(json.get(name));
      return CropTransform.rotated(image, region[0], region[1], region[2], region[3], 256);
    }

    DenseLandmarks points(String name) {
      return dense(json.get(name));
    }
  }

  private static double[] numbers(JsonElement array) {
    return array.getAsJsonArray().asList().stream().mapToDouble(JsonElement::getAsDouble).toArray();
  }

  private static DenseLandmarks dense(JsonElement array) {
    double[] numbers = numbers(array);
    float[] xyz = new float[numbers.length];
    IntStream.range(0, xyz.length).forEach(i -> xyz[i] = (float) numbers[i]);
    return DenseLandmarks.withDepth(xyz);
  }

  private static List<Golden> faces() {
    List<Golden> faces = new ArrayList<>();
    for (JsonElement element : TestData.json("golden/mesh.json").getAsJsonArray("faces")) {
      JsonObject json = element.getAsJsonObject();
      double[] box = numbers(json.get("box"));
      JsonArray five = json.getAsJsonArray("landmarks");
      faces.add(
          new Golden(
              FaceImage.read(TestData.path(json.get("image").getAsString())),
              new Face(
                  new BoundingBox((float) box[0], (float) box[1], (float) box[2], (float) box[3]),
                  1,
                  Optional.of(
                      landmarks(five.asList().stream().map(MeshGoldenTest::numbers).toList()))),
              json));
    }
    assertThat(faces).hasSize(22);
    return faces;
  }

  private static Landmarks landmarks(List<double[]> five) {
    List<Point> points = five.stream().map(p -> new Point((float) p[0], (float) p[1])).toList();
    return new Landmarks(points.get(0), points.get(1), points.get(2), points.get(3), points.get(4));
  }

  private static FaceAnalyzer<FaceMesh> analyzer() {
    return FaceAnalyzer.create(FaceMeshModel.of(MESH, COEFFICIENTS));
  }

  private static DoubleStream distances(DenseLandmarks found, DenseLandmarks expected) {
    return IntStream.range(0, FaceMesh.POINTS)
        .mapToDouble(i -> Math.hypot(found.x(i) - expected.x(i), found.y(i) - expected.y(i)));
  }

  private static double irises(DenseLandmarks points) {
    return Math.hypot(points.x(473) - points.x(468), points.y(473) - points.y(468));
  }

  private static void assertSameRegion(CropTransform found, double[] expected) {
    AffineMap map = found.toImage();
    assertThat(map.x(128, 128)).isCloseTo(expected[0], within(0.01));
    assertThat(map.y(128, 128)).isCloseTo(expected[1], within(0.01));
    assertThat(256 * Math.hypot(map.xx(), map.yx())).isCloseTo(expected[2], within(0.01));
    assertThat(Math.atan2(map.yx(), map.xx())).isCloseTo(expected[3], within(1e-4));
  }

  @Test
  void regions_areThoseOfTheReference() {
    for (Golden golden : faces()) {
      assertSameRegion(
          MediaPipeMesh.region(golden.image(), golden.face()),
          numbers(golden.json().get("region1")));
      assertSameRegion(
          MediaPipeMesh.region(golden.image(), golden.points("points1")),
          numbers(golden.json().get("region2")));
    }
  }

  private static double quantile(List<Double> values, double share) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get((int) Math.ceil(share * (sorted.size() - 1)));
  }

  /** In pixels of the network's input, from the golden region of each pass. */
  @Test
  void points_ofAGivenRegion_areThoseOfTheReference() {
    OnnxFile file = OnnxFile.read(MESH);
    RowTranslator<CropTransform, FaceMesh> translator = MediaPipeMesh.pointsOf(file);
    List<Double> apart = new ArrayList<>();
    List<Double> deep = new ArrayList<>();
    try (OnnxModel model = OnnxModel.open(file, NetworkOptions.defaults())) {
      for (Golden golden : faces()) {
        for (int pass = 1; pass <= 2; pass++) {
          CropTransform region = golden.region("region" + pass);
          DenseLandmarks expected = golden.points("points" + pass);
          FaceMesh found = translator.run(model, List.of(region)).get(0);
          double scale = 256 / numbers(golden.json().get("region" + pass))[2];
          distances(found.points(), expected).forEach(distance -> apart.add(distance * scale));
          IntStream.range(0, FaceMesh.POINTS)
              .forEach(i -> deep.add(scale * Math.abs(found.points().z(i) - expected.z(i))));
          double logit = golden.json().get("presence_logit" + pass).getAsDouble();
          assertThat(found.presence()).isCloseTo(1 / (1 + Math.exp(-logit)), within(1e-3));
        }
      }
    }
    assertThat(quantile(apart, 0.5)).isLessThan(0.05);
    assertThat(quantile(apart, 0.9)).isLessThan(0.2);
    assertThat(quantile(deep, 0.9)).isLessThan(0.2);
  }

  private static List<Double> apart(
      Map<ExpressionCoefficient, Double> found, Map<ExpressionCoefficient, Double> expected) {
    return found.entrySet().stream()
        .map(entry -> Math.abs(entry.getValue() - expected.get(entry.getKey())))
        .toList();
  }

  private static Map<ExpressionCoefficient, Double> coefficients(JsonElement array) {
    double[] numbers = numbers(array);
    return coefficients(coefficient -> numbers[coefficient.ordinal()]);
  }

  private static Map<ExpressionCoefficient, Double> coefficients(
      Function<ExpressionCoefficient, Double> value) {
    return Arrays.stream(ExpressionCoefficient.values())
        .collect(Collectors.toMap(Function.identity(), value));
  }

  /** The reference does not turn the points back, which changes the faces that lean. */
  @Test
  void coefficients_ofGivenPoints_areThoseOfTheReference() {
    OnnxFile file = OnnxFile.read(COEFFICIENTS);
    RowTranslator<FaceMesh, FaceMesh> asGiven = MediaPipeMesh.coefficientsOf(file, points -> 0);
    RowTranslator<FaceMesh, FaceMesh> upright =
        MediaPipeMesh.coefficientsOf(file, MediaPipeMesh::angle);
    try (OnnxModel model = OnnxModel.open(file, NetworkOptions.defaults())) {
      for (Golden golden : faces()) {
        List<FaceMesh> mesh = List.of(FaceMesh.of(1, golden.points("points2")));
        Map<ExpressionCoefficient, Double> expected =
            coefficients(golden.json().get("coefficients"));
        assertThat(apart(asGiven.run(model, mesh).get(0).coefficients(), expected))
            .allMatch(difference -> difference < 0.005);
        double degrees = Math.toDegrees(MediaPipeMesh.angle(mesh.get(0).points()));
        double most = Math.abs(degrees) < 1 ? 0.005 : 0.06;
        assertThat(apart(upright.run(model, mesh).get(0).coefficients(), expected))
            .allMatch(difference -> difference < most);
      }
    }
  }

  @Test
  void analyze_agreesWithMediaPipe_andOnePassIsWorse() {
    List<Double> two = new ArrayList<>();
    List<Double> one = new ArrayList<>();
    List<Double> coefficients = new ArrayList<>();
    try (FaceAnalyzer<FaceMesh> analyzer = analyzer();
        FaceAnalyzer<FaceMesh> single =
            FaceAnalyzer.create(FaceMeshModel.of(MESH).withSinglePass())) {
      for (Golden golden : faces()) {
        FaceMesh mesh = analyzer.analyze(golden.image(), golden.face());
        assertThat(mesh.presence()).isGreaterThan(0.99);
        if (golden.json().has("mediapipe") && golden.json().get("mediapipe").isJsonObject()) {
          JsonObject theirs = golden.json().getAsJsonObject("mediapipe");
          DenseLandmarks expected = dense(theirs.get("points"));
          FaceMesh once = single.analyze(golden.image(), golden.face());
          two.add(mean(distances(mesh.points(), expected)) / irises(expected));
          one.add(mean(distances(once.points(), expected)) / irises(expected));
          assertThat(once.coefficients()).isEmpty();
          coefficients.addAll(apart(mesh.coefficients(), coefficients(theirs.get("coefficients"))));
        }
      }
    }
    System.out.printf(
        "from MediaPipe's points, of the irises' distance: two passes %.4f, at most %.4f; one %.4f, at most %.4f%n",
        quantile(two, 0.5), quantile(two, 1), quantile(one, 0.5), quantile(one, 1));
    System.out.printf(
        "from MediaPipe's coefficients: %.4f, 90 %% %.4f%n",
        quantile(coefficients, 0.5), quantile(coefficients, 0.9));
    assertThat(two).hasSize(14);
    assertThat(quantile(two, 0.5)).isLessThan(0.02);
    assertThat(quantile(two, 1)).isLessThan(0.035);
    assertThat(quantile(two, 0.5)).isLessThan(quantile(one, 0.5));
    assertThat(quantile(coefficients, 0.9)).isLessThan(0.1);
  }

  private static double mean(DoubleStream values) {
    return values.average().orElseThrow();
  }

  private static ExpressionCoefficient otherSide(ExpressionCoefficient coefficient) {
    String name = coefficient.name();
    return ExpressionCoefficient.valueOf(
        name.endsWith("_LEFT")
            ? name.replace("_LEFT", "_RIGHT")
            : name.replaceFirst("_RIGHT$", "_LEFT"));
  }

  private static FaceImage mirrored(FaceImage image) {
    byte[] bgr = new byte[image.bgr().remaining()];
    for (int at = 0; at < bgr.length; at++) {
      int x = at / 3 % image.width();
      bgr[at] = image.bgr().get(at + 3 * (image.width() - 1 - 2 * x));
    }
    return FaceImage.ofBgr(bgr, image.width(), image.height());
  }

  /** Returns a face in an image that another image was mapped to, with a box of the same size. */
  private static Face moved(Face face, AffineMap map, boolean isMirrored) {
    List<double[]> five =
        new ArrayList<>(
            face.landmarks().orElseThrow().points().stream()
                .map(
                    point ->
                        new double[] {map.x(point.x(), point.y()), map.y(point.x(), point.y())})
                .toList());
    if (isMirrored) {
      Collections.swap(five, 0, 1);
      Collections.swap(five, 3, 4);
    }
    BoundingBox box = face.box();
    double x = map.x(box.centerX(), box.centerY());
    double y = map.y(box.centerX(), box.centerY());
    BoundingBox there =
        new BoundingBox(
            (float) (x - box.width() / 2),
            (float) (y - box.height() / 2),
            (float) (x + box.width() / 2),
            (float) (y + box.height() / 2));
    return new Face(there, face.score(), Optional.of(landmarks(five)));
  }

  /** The networks themselves are not symmetric: single coefficients differ by more. */
  @Test
  void analyze_ofAMirroredImage_swapsLeftAndRight() {
    List<Double> apart = new ArrayList<>();
    List<Double> unswapped = new ArrayList<>();
    try (FaceAnalyzer<FaceMesh> analyzer = analyzer()) {
      for (Golden golden : faces()) {
        FaceImage image = golden.image();
        FaceMesh mesh = analyzer.analyze(image, golden.face());
        AffineMap mirror = new AffineMap(-1, 0, image.width() - 1, 0, 1, 0);
        FaceMesh other = analyzer.analyze(mirrored(image), moved(golden.face(), mirror, true));
        apart.addAll(
            apart(mesh.coefficients(), coefficients(c -> other.coefficients().get(otherSide(c)))));
        unswapped.addAll(apart(mesh.coefficients(), other.coefficients()));
        if (Math.abs(mesh.pose().yaw()) < 45) {
          assertThat(other.leftEye().openness())
              .isCloseTo(mesh.rightEye().openness(), within(0.05));
          assertThat(other.leftEye().gaze().right())
              .isCloseTo(-mesh.rightEye().gaze().right(), within(0.15));
          assertThat(other.leftEye().gaze().up())
              .isCloseTo(mesh.rightEye().gaze().up(), within(0.1));
          assertThat(other.pose().yaw()).isCloseTo(-mesh.pose().yaw(), within(6.0));
          assertThat(other.pose().roll()).isCloseTo(-mesh.pose().roll(), within(4.0));
        }
      }
    }
    System.out.printf(
        "mirrored: coefficients %.4f on average, median %.4f, 90 %% %.4f, at most %.4f; unswapped %.4f%n",
        mean(apart),
        quantile(apart, 0.5),
        quantile(apart, 0.9),
        quantile(apart, 1),
        mean(unswapped));
    assertThat(mean(apart)).isLessThan(0.05);
    assertThat(mean(apart)).isLessThan(mean(unswapped));
  }

  private static double mean(List<Double> values) {
    return mean(values.stream().mapToDouble(value -> value));
  }

  @ParameterizedTest
  @ValueSource(ints = {90, 180, 270})
  void analyze_ofAnImageTurnedByRightAngles_isTheSame(int degrees) {
    List<Double> apart = new ArrayList<>();
    try (FaceAnalyzer<FaceMesh> analyzer = analyzer()) {
      for (Golden golden : faces()) {
        FaceImage image = golden.image();
        FaceMesh mesh = analyzer.analyze(image, golden.face());
        int right = image.width() - 1;
        int bottom = image.height() - 1;
        AffineMap map =
            switch (degrees) {
              case 90 -> new AffineMap(0, -1, bottom, 1, 0, 0);
              case 180 -> new AffineMap(-1, 0, right, 0, -1, bottom);
              default -> new AffineMap(0, 1, 0, -1, 0, right);
            };
        FaceMesh other = analyzer.analyze(image.turned(degrees), moved(golden.face(), map, false));
        apart.addAll(apart(mesh.coefficients(), other.coefficients()));
        double turned = other.pose().roll() - mesh.pose().roll() - degrees;
        assertThat(Math.IEEEremainder(turned, 360)).isCloseTo(0, within(0.5));
      }
    }
    assertThat(quantile(apart, 1)).isLessThan(0.05);
  }

  /** Rotating by 30 degrees blurs an image, which alone moves coefficients of a small face. */
  @Test
  void analyze_ofAnImageTurnedBy30Degrees_isAlike() {
    List<Double> apart = new ArrayList<>();
    List<Double> rolls = new ArrayList<>();
    try (FaceAnalyzer<FaceMesh> analyzer = analyzer()) {
      for (Golden golden : faces()) {
        FaceImage image = golden.image();
        FaceMesh mesh = analyzer.analyze(image, golden.face());
        int size = (int) Math.ceil(Math.hypot(image.width(), image.height()));
        CropTransform turn =
            CropTransform.rotated(
                image, image.width() / 2.0, image.height() / 2.0, size, -Math.toRadians(30), size);
        AffineMap map = turn.toImage().inverse().orElseThrow();
        FaceMesh other =
            analyzer.analyze(Sampler.image(turn, size, size), moved(golden.face(), map, false));
        apart.addAll(apart(mesh.coefficients(), other.coefficients()));
        rolls.add(other.pose().roll() - mesh.pose().roll());
      }
    }
    System.out.printf(
        "turned by 30 degrees: coefficients %.4f on average, 95 %% %.4f, at most %.4f; roll %.1f to %.1f%n",
        mean(apart),
        quantile(apart, 0.95),
        quantile(apart, 1),
        quantile(rolls, 0),
        quantile(rolls, 1));
    assertThat(quantile(apart, 0.95)).isLessThan(0.05);
    assertThat(quantile(rolls, 0.5)).isCloseTo(30, within(1.0));
  }

  private static Face square(double x, double y, double half) {
    return new Face(
        new BoundingBox(
            (float) (x - half), (float) (y - half), (float) (x + half), (float) (y + half)),
        1,
        Optional.empty());
  }

  @Test
  void presence_isLowWhereNoFaceIs() {
    List<FaceImage> images = new ArrayList<>();
    for (String name : List.of("photos/cat.png", "photos/rocket.jpg")) {
      images.add(FaceImage.read(TestData.path(name)));
    }
    byte[] noise = new byte[3 * 300 * 300];
    new Random(1).nextBytes(noise);
    images.add(FaceImage.ofBgr(noise, 300, 300));
    images.add(FaceImage.ofBgr(new byte[3 * 300 * 300], 300, 300));
    images.add(bricks());
    try (FaceAnalyzer<FaceMesh> analyzer = analyzer()) {
      for (FaceImage image : images) {
        for (double share : new double[] {0.15, 0.25, 0.5}) {
          Face face =
              square(
                  image.width() / 2.0,
                  image.height() / 2.0,
                  share * Math.min(image.width(), image.height()));
          assertThat(analyzer.analyze(image, face).presence()).isLessThan(0.1);
        }
      }
    }
  }

  /** Rows of red bricks with gray joints. */
  private static FaceImage bricks() {
    byte[] bgr = new byte[3 * 300 * 300];
    for (int at = 0; at < 300 * 300; at++) {
      int row = at / 300 / 20;
      boolean isJoint = at / 300 % 20 < 3 || (at % 300 + row % 2 * 25) % 50 < 3;
      bgr[3 * at] = (byte) (isJoint ? 150 : 50);
      bgr[3 * at + 1] = (byte) (isJoint ? 150 : 60);
      bgr[3 * at + 2] = (byte) (isJoint ? 150 : 170);
    }
    return FaceImage.ofBgr(bgr, 300, 300);
  }

  @ParameterizedTest
  @CsvSource({
    "50, 50, 50, 50",
    "10, 50, 90, 50",
    "50, 10, 50, 90",
    "-1e6, -1e6, 1e6, 1e6",
    "1e7, 1e7, 1.0001e7, 1.0001e7",
    "0, 0, 100, 1e-3"
  })
  void analyze_ofAnOddBox_givesNumbers(float left, float top, float right, float bottom) {
    FaceImage image = bricks();
    Point point = new Point(left, top);
    Face face =
        new Face(
            new BoundingBox(left, top, right, bottom),
            1,
            Optional.of(new Landmarks(point, point, point, point, point)));
    try (FaceAnalyzer<FaceMesh> analyzer = analyzer()) {
      FaceMesh mesh = analyzer.analyze(image, face);
      assertThat(mesh.presence()).isLessThan(0.1);
      assertThat(mesh.leftEye().openness()).isFinite();
      assertThat(mesh.coefficients()).hasSize(52);
    }
  }

  @Test
  void analyze_withoutLandmarks_doesNotTurnTheFirstRegion() {
    Golden golden = faces().get(0);
    Face plain = new Face(golden.face().box(), 1, Optional.empty());
    assertThat(MediaPipeMesh.region(golden.image(), plain).toImage().yx()).isZero();
    try (FaceAnalyzer<FaceMesh> analyzer = analyzer()) {
      FaceMesh mesh = analyzer.analyze(golden.image(), plain);
      DenseLandmarks expected = golden.points("points2");
      assertThat(mean(distances(mesh.points(), expected)) / irises(expected)).isLessThan(0.02);
    }
  }

  @Test
  void analyze_ofManyFacesByEightThreads_isThatOfEachAlone() throws Exception {
    List<Golden> group =
        faces().stream()
            .filter(golden -> golden.json().get("image").getAsString().contains("group_6"))
            .toList();
    FaceImage image = group.get(0).image();
    List<Face> faces = new ArrayList<>();
    for (int i = 0; i < 35; i++) {
      faces.add(group.get(i % group.size()).face());
    }
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (FaceAnalyzer<FaceMesh> analyzer = analyzer()) {
      List<FaceMesh> together = analyzer.analyze(image, faces);
      assertThat(together).hasSize(35);
      for (int i = 0; i < group.size(); i++) {
        FaceMesh alone = analyzer.analyze(image, faces.get(i));
        FaceMesh one = together.get(i);
        assertThat(distances(one.points(), alone.points()).max().orElseThrow()).isLessThan(0.01);
        assertThat(apart(one.coefficients(), alone.coefficients()))
            .allMatch(difference -> difference < 1e-3);
      }
      List<Future<List<FaceMesh>>> calls = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        calls.add(threads.submit(() -> analyzer.analyze(image, faces)));
      }
      for (Future<List<FaceMesh>> call : calls) {
        assertThat(call.get()).isEqualTo(together);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
