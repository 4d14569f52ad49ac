// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class SimilarityTransformTest {
  private static final double[] TEMPLATE = {
    38.2946, 51.6963, 73.5318, 51.5014, 56.0252, 71.7366, 41.5493, 92.3655, 70.7299, 92.2041
  };

  /** The reference computes in single precision, which differs by up to 1.1e-5. */
  @Test
  void estimate_knownLandmarks_likeReference() {
    AffineMap map =
        SimilarityTransform.estimate(
                new double[] {30, 50, 70, 48, 50, 70, 35, 90, 68, 89}, TEMPLATE)
            .orElseThrow();
    assertThat(map.xx()).isCloseTo(0.94786581, within(1.2e-5));
    assertThat(map.xy()).isCloseTo(-0.03185195, within(1.2e-5));
    assertThat(map.x0()).isCloseTo(10.27467753, within(1.2e-5));
    assertThat(map.yx()).isCloseTo(0.03185195, within(1.2e-5));
    assertThat(map.yy()).isCloseTo(0.94786581, within(1.2e-5));
    assertThat(map.y0()).isCloseTo(4.50718242, within(1.2e-5));
  }

  @RepeatedTest(20)
  void estimate_rotatedScaledShifted_isFoundExactly(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    double angle = random.nextDouble() * 2 * Math.PI;
    double scale = 0.1 + 5 * random.nextDouble();
    double a = scale * Math.cos(angle);
    double b = scale * Math.sin(angle);
    AffineMap truth = new AffineMap(a, -b, random.nextInt(500), b, a, random.nextInt(500));
    double[] moved = new double[TEMPLATE.length];
    for (int i = 0; i < moved.length; i += 2) {
      moved[i] = truth.x(TEMPLATE[i], TEMPLATE[i + 1]);
      moved[i + 1] = truth.y(TEMPLATE[i], TEMPLATE[i + 1]);
    }
    AffineMap found = SimilarityTransform.estimate(TEMPLATE, moved).orElseThrow();
    assertThat(found.xx()).isCloseTo(truth.xx(), within(1e-9));
    assertThat(found.xy()).isCloseTo(truth.xy(), within(1e-9));
    assertThat(found.x0()).isCloseTo(truth.x0(), within(1e-6));
    assertThat(found.y0()).isCloseTo(truth.y0(), within(1e-6));
    // Its composition with its inverse is the identity.
    AffineMap back = found.inverse().orElseThrow();
    double x = found.x(12, 34);
    double y = found.y(12, 34);
    assertThat(back.x(x, y)).isCloseTo(12, within(1e-9));
    assertThat(back.y(x, y)).isCloseTo(34, within(1e-9));
  }

  /** A mirrored face is rotated, never mirrored back: the determinant stays positive. */
  @Test
  void estimate_mirrored_isNoReflection() {
    double[] mirrored = TEMPLATE.clone();
    for (int i = 0; i < mirrored.length; i += 2) {
      mirrored[i] = 112 - mirrored[i];
    }
    AffineMap map = SimilarityTransform.estimate(mirrored, TEMPLATE).orElseThrow();
    assertThat(map.xx() * map.yy() - map.xy() * map.yx()).isPositive();
  }

  @Test
  void estimate_degenerate_isEmpty() {
    double[] equal = new double[10];
    Arrays.fill(equal, 7);
    assertThat(SimilarityTransform.estimate(equal, TEMPLATE)).isEmpty();
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, 1e300}) {
      double[] points = {30, 50, 70, 48, 50, bad, 35, 90, 68, 89};
      assertThat(SimilarityTransform.estimate(points, TEMPLATE)).isEmpty();
    }
  }
}
