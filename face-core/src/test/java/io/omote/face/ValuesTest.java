// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.Landmarks.Point;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values are checked when they are created, not when they cause harm. */
class ValuesTest {
  private static final BoundingBox BOX = new BoundingBox(1, 2, 3, 4);

  @ParameterizedTest
  @CsvSource({
    "10, 10, 0, 0",
    "0, 0, -1, 5",
    "0, 0, 5, -1",
    "NaN, 0, 1, 1",
    "0, NaN, 1, 1",
    "0, 0, Infinity, 1",
    "0, -Infinity, 1, 1"
  })
  void boundingBox_ofNoPlace_isRefused(float left, float top, float right, float bottom) {
    assertThatThrownBy(() -> new BoundingBox(left, top, right, bottom))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("expected four finite coordinates", "left <= right");
  }

  @Test
  void boundingBox_ofOnePixel() {
    assertThat(new BoundingBox(5, 5, 5, 5).area()).isZero();
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, -0.1f, 1.1f, Float.POSITIVE_INFINITY})
  void face_invalidScore_isRefused(float score) {
    assertThatThrownBy(() -> new Face(BOX, score, Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a score in [0, 1], found " + score);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void point_notFinite_isRefused(float coordinate) {
    for (float[] point : new float[][] {{coordinate, 1.5f}, {1.5f, coordinate}}) {
      assertThatThrownBy(() -> new Point(point[0], point[1]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("finite")
          .hasMessageNotContaining("1.5");
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, -1.01, 1.01, Double.POSITIVE_INFINITY})
  void faceMatch_numbersThatAreNoCosines_areRefused(double number) {
    assertThatThrownBy(() -> FaceMatch.of(number, 0.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a similarity in [-1, 1], a raw cosine, found " + number);
    assertThatThrownBy(() -> FaceMatch.of(0.5, number))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a threshold in [-1, 1], a raw cosine, found " + number);
  }

  private static Face turned(double degrees) {
    float[][] xy = {{38, 52}, {74, 52}, {56, 72}, {42, 92}, {71, 92}};
    double angle = Math.toRadians(degrees);
    Point[] points = new Point[xy.length];
    for (int i = 0; i < xy.length; i++) {
      points[i] =
          new Point(
              (float) (300 + Math.cos(angle) * xy[i][0] - Math.sin(angle) * xy[i][1]),
              (float) (300 + Math.sin(angle) * xy[i][0] + Math.cos(angle) * xy[i][1]));
    }
    return new Face(
        BOX, 1, Optional.of(new Landmarks(points[0], points[1], points[2], points[3], points[4])));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "44, 0",
    "-44, 0",
    "46, 90",
    "90, 90",
    "134, 90",
    "136, 180",
    "180, 180",
    "-136, 180",
    "-134, 270",
    "-90, 270",
    "-46, 270",
    "359, 0"
  })
  void turn_isTheNearestMultipleOf90(double degrees, int expected) {
    assertThat(turned(degrees).turn()).isEqualTo(expected);
  }

  @Test
  void turn_withoutUsableLandmarks_isZero() {
    Point point = new Point(5, 5);
    Landmarks coinciding = new Landmarks(point, point, point, point, point);
    assertThat(new Face(BOX, 1, Optional.empty()).turn()).isZero();
    assertThat(new Face(BOX, 1, Optional.of(coinciding)).turn()).isZero();
  }
}
