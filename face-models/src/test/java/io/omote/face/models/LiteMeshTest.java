// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceDetector;
import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import io.omote.face.FaceSelection;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.attribute.ExpressionCoefficient;
import io.omote.face.attribute.FaceMesh;
import io.omote.face.attribute.HeadPose;
import io.omote.face.description.FaceMeshModel;
import io.omote.face.description.Landmarks68Model2D;
import io.omote.face.description.ModelFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The mesh of the bundled pack, from the boxes of its own detector. */
class LiteMeshTest {
  private static final FaceModels LITE = ModelZoo.lite();

  private static FaceMeshModel model() {
    return LITE.analyzer(FaceMeshModel.class).orElseThrow();
  }

  @Test
  void lite_hasTheMeshAndItsCoefficients_first() {
    assertThat(LITE.analyzers().get(0)).isEqualTo(model());
    assertThat(model().files())
        .extracting(ModelFile::name)
        .containsExactly("lite/face_mesh_478.onnx", "lite/face_blendshapes_52.onnx");
    assertThat(ModelZoo.liteFast().analyzer(FaceMeshModel.class)).isEmpty();
  }

  /** Checks a sample image, which every clone has: a smile with open eyes. */
  @Test
  void sample_smilesWithOpenEyes() {
    FaceImage image = FaceImage.read(Path.of("..", "samples", "astronaut.png"));
    try (FaceDetector detector = FaceDetector.create(LITE);
        FaceAnalyzer<FaceMesh> analyzer = FaceAnalyzer.create(model());
        FaceAnalyzer<DenseLandmarks> points =
            FaceAnalyzer.create(LITE.analyzer(Landmarks68Model2D.class).orElseThrow())) {
      Face face = detector.detectOne(image, FaceSelection.LARGEST).orElseThrow().face();
      FaceMesh mesh = analyzer.analyze(image, face);
      assertThat(mesh.presence()).isGreaterThan(0.99);
      assertThat(mesh.leftEye().openness()).isBetween(0.2, 0.45);
      assertThat(mesh.rightEye().openness()).isBetween(0.2, 0.45);
      assertThat(mesh.leftEye().iris().x()).isGreaterThan(mesh.rightEye().iris().x());
      Map<ExpressionCoefficient, Double> coefficients = mesh.coefficients();
      assertThat(coefficients.get(ExpressionCoefficient.MOUTH_SMILE_LEFT)).isGreaterThan(0.5);
      assertThat(coefficients.get(ExpressionCoefficient.MOUTH_SMILE_RIGHT)).isGreaterThan(0.5);
      assertThat(coefficients.get(ExpressionCoefficient.EYE_BLINK_LEFT)).isLessThan(0.3);
      double irises = mesh.leftEye().iris().x() - mesh.rightEye().iris().x();
      DenseLandmarks expected = points.analyze(image, face);
      DenseLandmarks found = mesh.points68();
      for (int i = 0; i < 68; i++) {
        assertThat(Math.hypot(found.x(i) - expected.x(i), found.y(i) - expected.y(i)))
            .as("point %d", i)
            .isLessThan(0.3 * irises);
      }
    }
  }

  /** The boxes are those of another detector than the one MediaPipe uses. */
  @Test
  @Tag("testdata")
  void points_agreeWithMediaPipe() {
    List<Double> apart = new ArrayList<>();
    try (FaceDetector detector = FaceDetector.create(LITE);
        FaceAnalyzer<FaceMesh> analyzer = FaceAnalyzer.create(model())) {
      for (JsonElement element : TestData.json("golden/mesh.json").getAsJsonArray("faces")) {
        JsonObject golden = element.getAsJsonObject();
        if (!golden.has("mediapipe") || !golden.get("mediapipe").isJsonObject()) {
          continue;
        }
        JsonArray points = golden.getAsJsonObject("mediapipe").getAsJsonArray("points");
        FaceImage image = FaceImage.read(TestData.path(golden.get("image").getAsString()));
        double irises = distance(points, 468, points.get(3 * 473), points.get(3 * 473 + 1));
        apart.add(
            analyzer.analyze(image, detector.detect(image)).stream()
                .mapToDouble(mesh -> difference(mesh.points(), points) / irises)
                .min()
                .orElseThrow());
      }
    }
    List<Double> sorted = apart.stream().sorted().toList();
    System.out.printf(
        "points from MediaPipe's, of the irises' distance: median %.4f, at most %.4f%n",
        sorted.get(sorted.size() / 2), sorted.get(sorted.size() - 1));
    assertThat(sorted).hasSize(14);
    assertThat(sorted.get(sorted.size() / 2)).isLessThan(0.02);
    assertThat(sorted.get(sorted.size() - 1)).isLessThan(0.05);
  }

  private static double distance(JsonArray points, int point, JsonElement x, JsonElement y) {
    return Math.hypot(
        points.get(3 * point).getAsDouble() - x.getAsDouble(),
        points.get(3 * point + 1).getAsDouble() - y.getAsDouble());
  }

  private static double difference(DenseLandmarks found, JsonArray expected) {
    double sum = 0;
    for (int i = 0; i < FaceMesh.POINTS; i++) {
      sum +=
          Math.hypot(
              found.x(i) - expected.get(3 * i).getAsDouble(),
              found.y(i) - expected.get(3 * i + 1).getAsDouble());
    }
    return sum / FaceMesh.POINTS;
  }

  /** Compares with the poses that docs/analysis.md names. */
  @Test
  @Tag("testdata")
  void poses_agreeWithThoseInDepth() {
    double[] sums = new double[3];
    double most = 0;
    int count = 0;
    try (FaceAnalyzer<FaceMesh> analyzer = FaceAnalyzer.create(model())) {
      for (JsonElement element : TestData.json("golden/analysis.json").getAsJsonArray("faces")) {
        JsonObject golden = element.getAsJsonObject();
        FaceImage image = FaceImage.read(TestData.path(golden.get("image").getAsString()));
        HeadPose found = analyzer.analyze(image, face(golden)).pose();
        JsonArray pose = golden.getAsJsonArray("pose_pitch_yaw_roll");
        double[] angles = {found.pitch(), found.yaw(), found.roll()};
        for (int i = 0; i < 3; i++) {
          double apart = Math.abs(angles[i] - pose.get(i).getAsDouble());
          sums[i] += apart;
          most = Math.max(most, apart);
        }
        count++;
      }
    }
    System.out.printf(
        "mesh, %d faces: pitch %.1f, yaw %.1f, roll %.1f degrees apart on average, at most %.1f%n",
        count, sums[0] / count, sums[1] / count, sums[2] / count, most);
    assertThat(sums[0] / count).isLessThan(5);
    assertThat(sums[1] / count).isLessThan(4);
    assertThat(sums[2] / count).isLessThan(3);
  }

  private static Face face(JsonObject golden) {
    JsonArray box = golden.getAsJsonArray("box");
    return new Face(
        new BoundingBox(
            box.get(0).getAsFloat(),
            box.get(1).getAsFloat(),
            box.get(2).getAsFloat(),
            box.get(3).getAsFloat()),
        1,
        Optional.empty());
  }
}
