// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.Landmarks;
import io.omote.face.Landmarks.Point;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SixtyEightPointsTest {
  @Test
  void toFive_meansOfLidsAndCorners() {
    List<Point> points = IntStream.range(0, 68).mapToObj(i -> new Point(i, 100 - i)).toList();
    assertThat(SixtyEightPoints.toFive(points))
        .isEqualTo(
            new Landmarks(
                new Point(39, 61),
                new Point(45, 55),
                new Point(30, 70),
                new Point(54, 46),
                new Point(59, 41)));
  }
}
