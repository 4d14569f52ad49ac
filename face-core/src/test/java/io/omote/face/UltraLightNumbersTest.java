// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An UltraLight detector of two networks whose outputs are known. */
class UltraLightNumbersTest {
  private static final FaceImage IMAGE = FaceImage.ofBgr(new byte[3 * 64 * 48], 64, 48);

  @TempDir Path folder;

  private Path constant(String name, long[] input, float[][] data, long[]... shapes)
      throws IOException {
    GraphProto.Builder graph = GraphProto.newBuilder().setName(name);
    graph.addInput(SyntheticModels.value("input", input));
    for (int i = 0; i < data.length; i++) {
      graph.addInitializer(SyntheticModels.tensor("data" + i, data[i], shapes[i]));
      graph.addNode(SyntheticModels.node("Identity", "out" + i, "data" + i));
      graph.addOutput(SyntheticModels.value("out" + i, shapes[i]));
    }
    return SyntheticModels.write(folder.resolve(name + ".onnx"), graph);
  }

  private FaceDetector detector(float score, float right, float point) throws IOException {
    float[] points = new float[136];
    Arrays.fill(points, 0.5f);
    points[72] = point;
    Path boxes =
        constant(
            "boxes",
            new long[] {1, 3, 48, 64},
            new float[][] {{1 - score, score}, {0.25f, 0.25f, right, 0.75f}},
            new long[] {1, 1, 2},
            new long[] {1, 1, 4});
    Path network =
        constant("points", new long[] {1, 1, 56, 56}, new float[][] {points}, new long[] {1, 136});
    return FaceDetector.builder(new UltraLightModel(ModelFile.of(boxes), ModelFile.of(network)))
        .build();
  }

  @Test
  void detect_aFaceAsTheNetworksSay() throws IOException {
    try (FaceDetector detector = detector(0.75f, 0.75f, 0.5f)) {
      Face face = detector.detect(IMAGE).get(0);
      assertThat(face.box()).isEqualTo(new BoundingBox(16, 12, 48, 36));
      assertThat(face.score()).isEqualTo(0.75f);
      assertThat(face.landmarks()).isPresent();
    }
  }

  @Test
  void detect_sidesSwapped_isNoFace() throws IOException {
    try (FaceDetector detector = detector(0.75f, 0.2f, 0.5f)) {
      assertThat(detector.detect(IMAGE)).isEmpty();
    }
  }

  @Test
  void detect_scoresThatAreNone_areNotTakenForScores() throws IOException {
    try (FaceDetector detector = detector(12, 0.75f, 0.5f)) {
      assertThatThrownBy(() -> detector.detect(IMAGE))
          .isInstanceOf(WrongModelException.class)
          .hasMessageContaining("scores in [0, 1], found 12.0");
    }
  }

  @Test
  void detect_pointsThatAreNone_saysSo() throws IOException {
    try (FaceDetector detector = detector(0.75f, 0.75f, Float.NaN)) {
      assertThatThrownBy(() -> detector.detect(IMAGE))
          .isInstanceOf(InferenceException.class)
          .hasMessageContaining("not finite");
    }
  }
}
