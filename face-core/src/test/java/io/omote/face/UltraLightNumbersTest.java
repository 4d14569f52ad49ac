// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An UltraLight detector of two networks whose outputs are known. */
class UltraLightNumbersTest {
  private static final FaceImage IMAGE = FaceImage.ofBgr(new byte[3 * 64 * 48], 64, 48);

  @TempDir Path folder;

  private FaceDetector detector(float score, float right, float point) throws IOException {
    float[] points = new float[136];
    Arrays.fill(points, 0.5f);
    points[72] = point;
    float[] box = {0.25f, 0.25f, right, 0.75f};
    return FaceDetector.builder(SyntheticModels.ultraLight(folder, score, box, points)).build();
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
  void detect_outputsThatAreNotScores_areRefused() throws IOException {
    try (FaceDetector detector = detector(12, 0.75f, 0.5f)) {
      assertThatThrownBy(() -> detector.detect(IMAGE))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("scores in [0, 1], found 12.0");
    }
  }

  @Test
  void detect_invalidPoints_areReported() throws IOException {
    try (FaceDetector detector = detector(0.75f, 0.75f, Float.NaN)) {
      assertThatThrownBy(() -> detector.detect(IMAGE))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("do not describe a face");
    }
  }
}
