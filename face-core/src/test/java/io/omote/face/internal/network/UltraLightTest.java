// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.Landmarks;
import io.omote.face.Landmarks.Point;
import io.omote.face.attribute.DenseLandmarks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UltraLightTest {
  @Test
  void toFive_meansOfLidsAndCorners() {
    float[] xy = new float[2 * 68];
    for (int i = 0; i < 68; i++) {
      xy[2 * i] = i;
      xy[2 * i + 1] = 100 - i;
    }
    assertThat(UltraLight.toFive(DenseLandmarks.of(xy)))
        .isEqualTo(
            new Landmarks(
                new Point(39, 61),
                new Point(45, 55),
                new Point(30, 70),
                new Point(54, 46),
                new Point(59, 41)));
  }

  /** Points whose eyes are 40 pixels apart. */
  private static Landmarks landmarks(float x, float y) {
    return new Landmarks(
        new Point(x, y),
        new Point(x + 40, y),
        new Point(x + 20, y + 20),
        new Point(x + 5, y + 40),
        new Point(x + 35, y + 40));
  }

  @ParameterizedTest
  @CsvSource({"0, 0, true", "20, 0, true", "0, 25.9, true", "0, 26.1, false", "48, 0, false"})
  void areOfOneFace_pointsThatNearlyCoincide(float x, float y, boolean expected) {
    Landmarks one = landmarks(100, 100);
    Landmarks other = landmarks(100 + x, 100 + y);
    assertThat(UltraLight.areOfOneFace(one, other)).isEqualTo(expected);
    assertThat(UltraLight.areOfOneFace(other, one)).isEqualTo(expected);
  }

  /** A small face before a large one. */
  @Test
  void areOfOneFace_ofDifferentSizes_isFalse() {
    Landmarks small =
        new Landmarks(
            new Point(115, 110),
            new Point(125, 110),
            new Point(120, 115),
            new Point(117, 120),
            new Point(123, 120));
    assertThat(UltraLight.areOfOneFace(landmarks(100, 100), small)).isFalse();
  }
}
