// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.omote.face.description.ScrfdModel;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Detections compared with those of InsightFace's Python package in the golden file. */
@Tag("testdata")
class DetectionGoldenTest {
  private static final float BOX_PIXELS = 0.02f;
  private static final float SCORE = 0.0002f;
  private static final float LANDMARK_PIXELS = 0.02f;

  @ParameterizedTest
  @CsvSource({
    "scrfd_2.5g_kps_640.onnx, 640",
    "scrfd_2.5g_kps_dynamic.onnx, 640",
    "scrfd_2.5g_kps_dynamic.onnx, 320",
    "scrfd_2.5g_kps_dynamic.onnx, auto",
    "scrfd_500m_kps_dynamic.onnx, 640",
    "scrfd_500m_kps_dynamic.onnx, auto"
  })
  void detect_likeInsightFace(String model, String mode) {
    FaceDetector.Builder builder = FaceDetector.builder(ScrfdModel.of(TestData.model(model)));
    if (!mode.equals("auto")) {
      builder.inputSizes(Integer.parseInt(mode));
    }
    List<JsonObject> cases =
        Golden.objects(TestData.json("golden/detections.json").getAsJsonArray("detections"))
            .stream()
            .filter(golden -> golden.get("model").getAsString().equals(model))
            .filter(golden -> golden.get("mode").getAsString().equals(mode))
            .toList();
    assertThat(cases).hasSize(30);
    try (FaceDetector detector = builder.build()) {
      for (JsonObject golden : cases) {
        String name = golden.get("image").getAsString();
        FaceImage image = FaceImage.read(TestData.path(name));
        assertThat(image.width()).isEqualTo(golden.get("width").getAsInt());
        assertThat(image.height()).isEqualTo(golden.get("height").getAsInt());
        List<Face> expected =
            Golden.objects(golden.getAsJsonArray("faces")).stream().map(Golden::face).toList();
        List<Face> faces = detector.detect(image);
        Golden.assertSameFaces(name, faces, expected, BOX_PIXELS, LANDMARK_PIXELS, SCORE);
      }
    }
  }
}
