// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.Landmarks;
import io.omote.face.Landmarks.Point;
import io.omote.face.attribute.DenseLandmarks;
import org.junit.jupiter.api.Test;

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
}
