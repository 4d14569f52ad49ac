// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.omote.face.AlignmentException;
import io.omote.face.Landmarks;
import io.omote.face.Landmarks.Point;
import io.omote.face.internal.geometry.AffineMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlignmentTest {
  /** ArcFace's template, as published for crops of 112 pixels. */
  private static Landmarks template(float scale, float shift) {
    return new Landmarks(
        point(38.2946f, 51.6963f, scale, shift),
        point(73.5318f, 51.5014f, scale, shift),
        point(56.0252f, 71.7366f, scale, shift),
        point(41.5493f, 92.3655f, scale, shift),
        point(70.7299f, 92.2041f, scale, shift));
  }

  private static Point point(float x, float y, float scale, float shift) {
    return new Point((x + shift) * scale, y * scale);
  }

  @ParameterizedTest
  @CsvSource({"112, 1, 0", "224, 2, 0", "128, 1, 8", "256, 2, 8"})
  void toCrop_ofTheTemplate_movesNothing(int size, float scale, float shift) {
    AffineMap map = new Alignment(size).toCrop(template(scale, shift));
    for (double[] corner : new double[][] {{0, 0}, {size, 0}, {0, size}, {size, size}}) {
      assertThat(map.x(corner[0], corner[1])).isCloseTo(corner[0], within(1e-3));
      assertThat(map.y(corner[0], corner[1])).isCloseTo(corner[1], within(1e-3));
    }
  }

  @Test
  void toCrop_turnedAndScaled_bringsPointsOntoTheTemplate() {
    // A quarter turn about the origin, twice as large, and moved.
    Landmarks upright = template(1, 0);
    Landmarks turned =
        new Landmarks(
            turn(upright.leftEye()),
            turn(upright.rightEye()),
            turn(upright.nose()),
            turn(upright.leftMouthCorner()),
            turn(upright.rightMouthCorner()));
    AffineMap map = new Alignment(112).toCrop(turned);
    for (int i = 0; i < 5; i++) {
      Point from = turned.points().get(i);
      Point to = upright.points().get(i);
      assertThat(map.x(from.x(), from.y())).isCloseTo(to.x(), within(1e-3));
      assertThat(map.y(from.x(), from.y())).isCloseTo(to.y(), within(1e-3));
    }
  }

  private static Point turn(Point point) {
    return new Point(300 - 2 * point.y(), 40 + 2 * point.x());
  }

  @Test
  void toCrop_ofOnePoint_isRefused() {
    Point same = new Point(5, 5);
    assertThatThrownBy(() -> new Alignment(112).toCrop(new Landmarks(same, same, same, same, same)))
        .isInstanceOf(AlignmentException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -112, 100, 113})
  void sizes_ofNoTemplate_areRefused(int size) {
    assertThatThrownBy(() -> new Alignment(size)).isInstanceOf(IllegalArgumentException.class);
  }
}
