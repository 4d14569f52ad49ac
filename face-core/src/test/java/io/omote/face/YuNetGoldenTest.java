// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.omote.face.description.YuNetModel;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Detections compared with those of OpenCV's YuNet detector in the golden file. */
@Tag("testdata")
class YuNetGoldenTest {
  private static final float PIXELS = 0.1f;
  private static final float SCORE = 0.0005f;

  @ParameterizedTest
  @ValueSource(ints = {320, 640})
  void detect_likeOpenCv(int size) {
    List<JsonObject> cases =
        Golden.objects(TestData.json("golden/yunet.json").getAsJsonArray("detections")).stream()
            .filter(golden -> golden.get("size").getAsInt() == size)
            .toList();
    assertThat(cases).hasSize(30);
    YuNetModel model = YuNetModel.of(TestData.model("yunet_n_dynamic.onnx"));
    try (FaceDetector detector = FaceDetector.builder(model).inputSizes(size).build()) {
      for (JsonObject golden : cases) {
        String name = golden.get("image").getAsString();
        List<Face> expected =
            Golden.objects(golden.getAsJsonArray("faces")).stream().map(Golden::face).toList();
        List<Face> faces = detector.detect(FaceImage.read(TestData.path(name)));
        Golden.assertSameFaces(name, faces, expected, PIXELS, PIXELS, SCORE);
      }
    }
  }
}
