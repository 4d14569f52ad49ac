// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.Landmarks;
import io.omote.face.Landmarks.Point;
import io.omote.face.ModelException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScrfdTest {
  /** Two columns and two rows of two anchors: 5 is the second of the cell in row 1, column 0. */
  private static final int ANCHORS = 8;

  private static List<Face> decode(float[] scores, float[] boxes, float[] points, float scale) {
    List<Face> faces = new ArrayList<>();
    new Scrfd.Grid(16, 2, 2, scale)
        .decode(
            FloatBuffer.wrap(scores),
            FloatBuffer.wrap(boxes),
            points == null ? null : FloatBuffer.wrap(points),
            0.5f,
            faces);
    return faces;
  }

  @Test
  void decode_handChecked() {
    float[] scores = new float[ANCHORS];
    float[] boxes = new float[4 * ANCHORS];
    float[] points = new float[10 * ANCHORS];
    scores[5] = 0.75f;
    boxes[20] = 0.5f;
    boxes[21] = 1;
    boxes[22] = 2;
    boxes[23] = 3;
    for (int i = 0; i < 10; i++) {
      points[50 + i] = i / 4f;
    }
    // Center (0, 16), distances times 16, all divided by the scale of 2.
    assertThat(decode(scores, boxes, points, 2))
        .containsExactly(
            new Face(
                new BoundingBox(-4, 0, 16, 32),
                0.75f,
                Optional.of(
                    new Landmarks(
                        new Point(0, 10),
                        new Point(4, 14),
                        new Point(8, 18),
                        new Point(12, 22),
                        new Point(16, 26)))));
  }

  @Test
  void decode_scoreEqualToThreshold_counts() {
    float[] scores = new float[ANCHORS];
    scores[0] = 0.5f;
    scores[1] = Math.nextDown(0.5f);
    assertThat(decode(scores, new float[4 * ANCHORS], null, 1)).hasSize(1);
  }

  @Test
  void decode_withoutPoints_givesNoLandmarks() {
    float[] scores = new float[ANCHORS];
    scores[7] = 1;
    List<Face> faces = decode(scores, new float[4 * ANCHORS], null, 1);
    assertThat(faces.get(0).landmarks()).isEmpty();
    assertThat(faces.get(0).box()).isEqualTo(new BoundingBox(16, 16, 16, 16));
  }

  @Test
  void decode_notFinite_isNoFace() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      float[] scores = new float[ANCHORS];
      scores[0] = bad;
      scores[1] = 0.9f;
      float[] boxes = new float[4 * ANCHORS];
      boxes[4] = bad;
      assertThat(decode(scores, boxes, null, 1)).isEmpty();
      float[] points = new float[10 * ANCHORS];
      points[13] = bad;
      assertThat(decode(scores, new float[4 * ANCHORS], points, 1)).isEmpty();
    }
  }

  @Test
  void decode_sidesSwapped_isNoFace() {
    for (int side = 0; side < 4; side++) {
      float[] scores = new float[ANCHORS];
      scores[0] = 1;
      float[] boxes = new float[4 * ANCHORS];
      boxes[side] = -0.25f;
      assertThat(decode(scores, boxes, null, 1)).isEmpty();
    }
  }

  @Test
  void decode_outputsThatAreNotScores_areRefused() {
    float[] scores = new float[ANCHORS];
    scores[2] = 3.5f;
    assertThatThrownBy(() -> decode(scores, new float[4 * ANCHORS], null, 1))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("scores in [0, 1]", "3.5");
    scores[2] = Math.nextUp(1f);
    assertThat(decode(scores, new float[4 * ANCHORS], null, 1).get(0).score()).isEqualTo(1);
  }
}
