// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Detections against those of InsightFace's own Python package. */
@Tag("testdata")
class DetectionGoldenTest {
  private static final float BOX_PIXELS = 1f;
  private static final float SCORE = 0.005f;
  private static final float LANDMARK_PIXELS = 0.5f;

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
    SoftAssertions softly = new SoftAssertions();
    int images = 0;
    float box = 0, score = 0, mark = 0;
    try (FaceDetector detector = builder.build()) {
      for (JsonElement element :
          TestData.json("golden/detections.json").getAsJsonArray("detections")) {
        JsonObject golden = element.getAsJsonObject();
        if (!golden.get("model").getAsString().equals(model)
            || !golden.get("mode").getAsString().equals(mode)) {
          continue;
        }
        images++;
        String name = golden.get("image").getAsString();
        FaceImage image = FaceImage.read(TestData.path(name));
        JsonArray expected = golden.getAsJsonArray("faces");
        List<Face> faces = detector.detect(image);
        softly.assertThat(faces).as(name).hasSize(expected.size());
        for (int i = 0; i < Math.min(faces.size(), expected.size()); i++) {
          JsonObject e = expected.get(i).getAsJsonObject();
          Face f = faces.get(i);
          JsonArray b = e.getAsJsonArray("box");
          float[] fb = {f.box().left(), f.box().top(), f.box().right(), f.box().bottom()};
          for (int k = 0; k < 4; k++) box = Math.max(box, Math.abs(fb[k] - b.get(k).getAsFloat()));
          score = Math.max(score, Math.abs(f.score() - e.get("score").getAsFloat()));
          JsonArray l = e.getAsJsonArray("landmarks");
          for (int k = 0; k < 5; k++) {
            mark =
                Math.max(
                    mark,
                    Math.abs(
                        f.landmarks().orElseThrow().points().get(k).x()
                            - l.get(2 * k).getAsFloat()));
            mark =
                Math.max(
                    mark,
                    Math.abs(
                        f.landmarks().orElseThrow().points().get(k).y()
                            - l.get(2 * k + 1).getAsFloat()));
          }
        }
      }
    }
    System.out.println(
        model + " " + mode + " " + images + " box " + box + " score " + score + " mark " + mark);
    assertThat(images).isEqualTo(30);
    softly.assertAll();
  }
}
