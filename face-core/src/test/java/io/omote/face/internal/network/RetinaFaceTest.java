// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDList;
import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.FaceImage;
import io.omote.face.Landmarks.Point;
import io.omote.face.ModelException;
import io.omote.face.internal.geometry.Letterbox;
import io.omote.face.internal.geometry.Suppression;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetinaFaceTest {
  /** The image is twice as large as its place on the canvas. */
  private static final float SCALE = 0.5f;

  /** Outputs for a canvas, with a score of 0 everywhere. */
  private static final class Outputs {
    private final Letterbox fit;
    private final float[] boxes;
    private final float[] scores;
    private final float[] points;

    Outputs(int width, int height, int anchors) {
      fit = new Letterbox(width, height, width, height, SCALE);
      boxes = new float[4 * anchors];
      scores = new float[2 * anchors];
      points = new float[10 * anchors];
    }

    List<Face> decode(float threshold) {
      return RetinaFace.decode(
          new FloatBuffer[] {
            FloatBuffer.wrap(boxes), FloatBuffer.wrap(scores), FloatBuffer.wrap(points)
          },
          fit,
          threshold);
    }
  }

  private static void assertSides(Face face, double left, double top, double right, double bottom) {
    BoundingBox box = face.box();
    assertThat(new double[] {box.left(), box.top(), box.right(), box.bottom()})
        .containsExactly(new double[] {left, top, right, bottom}, within(1e-3));
  }

  /** The second anchor, of 128 pixels, in column 1 of row 2 at stride 16. */
  @Test
  void decode_anAnchor_isInPixelsOfTheImage() {
    Outputs outputs = new Outputs(64, 64, 2 * (64 + 16 + 4));
    int anchor = 2 * (64 + 2 * 4 + 1) + 1;
    outputs.scores[2 * anchor + 1] = 0.8f;
    outputs.boxes[4 * anchor] = 0.5f;
    outputs.boxes[4 * anchor + 1] = -1;
    outputs.boxes[4 * anchor + 2] = (float) (Math.log(0.25) / 0.2);
    outputs.boxes[4 * anchor + 3] = (float) (Math.log(0.5) / 0.2);
    for (int k = 0; k < 10; k++) {
      outputs.points[10 * anchor + k] = k / 8f;
    }
    List<Face> faces = outputs.decode(0.8f);
    assertThat(faces).hasSize(1);
    Face face = faces.get(0);
    assertThat(face.score()).isEqualTo(0.8f);
    // The center of the cell is (24, 40) on the canvas.
    double x = 2 * (24 + 6.4);
    double y = 2 * (40 - 12.8);
    assertSides(face, x - 32, y - 64, x + 32, y + 64);
    List<Point> five = face.landmarks().orElseThrow().points();
    for (int i = 0; i < five.size(); i++) {
      assertThat(five.get(i).x()).isCloseTo(2 * (24 + 1.6f * 2 * i), within(1e-3f));
      assertThat(five.get(i).y()).isCloseTo(2 * (40 + 1.6f * (2 * i + 1)), within(1e-3f));
    }
  }

  /** 40 by 72 pixels: 5 by 9 cells, 3 by 5, and 2 by 3. */
  @Test
  void decode_sidesThatAreNoMultipleOfAStride_areRoundedUp() {
    Outputs outputs = new Outputs(40, 72, 2 * (45 + 15 + 6));
    int[] last = {2 * 45 - 2, 2 * (45 + 15) - 2, 2 * (45 + 15 + 6) - 2};
    for (int anchor : last) {
      outputs.scores[2 * anchor + 1] = 1;
    }
    List<Face> faces = outputs.decode(0.5f);
    assertThat(faces).hasSize(3);
    assertSides(faces.get(0), 2 * (36 - 8), 2 * (68 - 8), 2 * (36 + 8), 2 * (68 + 8));
    assertSides(faces.get(1), 2 * (40 - 32), 2 * (72 - 32), 2 * (40 + 32), 2 * (72 + 32));
    assertSides(faces.get(2), 2 * (48 - 128), 2 * (80 - 128), 2 * (48 + 128), 2 * (80 + 128));
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void decode_numbersThatAreNotFinite_areNoFace(float wrong) {
    for (int kind = 0; kind < 3; kind++) {
      Outputs outputs = new Outputs(32, 32, 2 * (16 + 4 + 1));
      outputs.scores[1] = 0.9f;
      outputs.scores[3] = 0.9f;
      float[] array = List.of(outputs.boxes, outputs.scores, outputs.points).get(kind);
      array[1] = wrong;
      assertThat(outputs.decode(0)).filteredOn(face -> face.score() > 0).hasSize(1);
    }
  }

  @Test
  void decode_scoreAboveOne_isRefused() {
    Outputs outputs = new Outputs(32, 32, 2 * (16 + 4 + 1));
    outputs.scores[1] = 1.5f;
    assertThatThrownBy(() -> outputs.decode(0.7f))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("scores in [0, 1]", "1.5");
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 320",
    "250, 250, 320",
    "480, 10, 320",
    "10, 480, 320",
    "481, 10, 640",
    "10, 481, 640",
    "4000, 3000, 640"
  })
  void inputSizes_dependOnTheLongerSide(int width, int height, int side) {
    FaceImage image = FaceImage.ofBgr(new byte[3 * width * height], width, height);
    assertThat(new RetinaFace().inputSizes(image)).containsExactly(side);
  }

  @Test
  void decode_otherNumberOfOutputs_isRefused() {
    Letterbox fit = new Letterbox(32, 32, 32, 32, SCALE);
    assertThatThrownBy(() -> new RetinaFace().decode(new NDList(), fit, 0.7f))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("expected the 3 outputs of a RetinaFace detector, found 0");
  }

  /** Boxes of width 1 at 0 and x overlap by (1 - x) / (1 + x): 0.39 and 0.41. */
  @ParameterizedTest
  @CsvSource({"0.439, 2", "0.418, 1"})
  void suppress_byDefault_dropsAnOverlapAboveFourTenths(float left, int count) {
    RetinaFace network = new RetinaFace();
    assertThat(
            Faces.suppress(
                List.of(box(0.9f, 0), box(0.8f, left)), network.suppression(network.iouThreshold)))
        .hasSize(count);
  }

  private static Face box(float score, float left) {
    return new Face(new BoundingBox(left, 0, left + 1, 1), score, Optional.empty());
  }

  /** Of equal scores, the first count. */
  @Test
  void suppress_moreCandidatesThanTheBound_keepsTheHighestScores() {
    List<Face> candidates = new ArrayList<>();
    candidates.add(box(0.1f, -20));
    for (int i = 0; i < Faces.MAX_CANDIDATES; i++) {
      candidates.add(box(0.5f, 2 * i));
    }
    candidates.add(box(0.9f, -10));
    List<Face> faces = Faces.suppress(candidates, new Suppression(0.4f, 0));
    assertThat(faces).hasSize(Faces.MAX_CANDIDATES);
    assertThat(faces.get(0).score()).isEqualTo(0.9f);
    assertThat(faces.subList(1, faces.size()))
        .isEqualTo(candidates.subList(1, Faces.MAX_CANDIDATES));
  }

  /** Every anchor of an input of 1280 pixels is a candidate, 67,200 in all. */
  @Test
  void decode_noise_isBounded() {
    Outputs outputs = new Outputs(1280, 1280, 67_200);
    Random random = new Random(2);
    for (float[] array : List.of(outputs.boxes, outputs.points)) {
      for (int i = 0; i < array.length; i++) {
        array[i] = (float) random.nextGaussian();
      }
    }
    for (int i = 0; i < outputs.scores.length; i++) {
      outputs.scores[i] = random.nextFloat();
    }
    List<Face> candidates = outputs.decode(0);
    assertThat(candidates).hasSize(67_200);
    float least =
        candidates.stream()
            .map(Face::score)
            .sorted(Collections.reverseOrder())
            .skip(Faces.MAX_CANDIDATES - 1)
            .findFirst()
            .orElseThrow();
    assertThat(Faces.suppress(candidates, new Suppression(0.4f, 0)))
        .isNotEmpty()
        .allSatisfy(face -> assertThat(face.score()).isGreaterThanOrEqualTo(least));
  }
}
