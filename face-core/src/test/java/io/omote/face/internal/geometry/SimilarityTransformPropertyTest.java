// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.geometry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

/** Degenerate landmarks give no transform; all others give one that is invertible. */
class SimilarityTransformPropertyTest {
  private static final double[] TEMPLATE = {38, 51, 73, 51, 56, 71, 41, 92, 70, 92};

  @Provide
  Arbitrary<double[]> anyNumbers() {
    Arbitrary<Double> special =
        Arbitraries.of(
            0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.MAX_VALUE, -1e200, Double.MIN_VALUE);
    return Arbitraries.oneOf(Arbitraries.doubles(), special).array(double[].class).ofSize(10);
  }

  @Property
  void estimate_anyNumbers_isEmptyOrFinite(@ForAll("anyNumbers") double[] from) {
    Optional<AffineMap> map = SimilarityTransform.estimate(from, TEMPLATE);
    map.ifPresent(
        found -> {
          assertThat(found.xx()).isFinite();
          assertThat(found.yx()).isFinite();
          assertThat(found.xx()).isEqualTo(found.yy());
          assertThat(found.xy()).isEqualTo(-found.yx());
        });
  }

  @Property
  void estimate_onePointFiveTimes_isEmpty(
      @ForAll @DoubleRange(min = -1e5, max = 1e5) double x,
      @ForAll @DoubleRange(min = -1e5, max = 1e5) double y) {
    double[] from = new double[10];
    for (int i = 0; i < 10; i++) {
      from[i] = i % 2 == 0 ? x : y;
    }
    assertThat(SimilarityTransform.estimate(from, TEMPLATE)).isEmpty();
  }

  @Property
  void estimate_notANumberAnywhere_isEmpty(@ForAll("index") int at, @ForAll("notFinite") double x) {
    double[] from = TEMPLATE.clone();
    from[at] = x;
    assertThat(SimilarityTransform.estimate(from, TEMPLATE)).isEmpty();
  }

  @Provide
  Arbitrary<Integer> index() {
    return Arbitraries.integers().between(0, 9);
  }

  @Provide
  Arbitrary<Double> notFinite() {
    return Arbitraries.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
  }

  @Property
  void estimate_ofAMovedTemplate_undoesTheMove(
      @ForAll @DoubleRange(min = 0.05, max = 20) double scale,
      @ForAll @DoubleRange(min = -3.1, max = 3.1) double angle,
      @ForAll @DoubleRange(min = -1e4, max = 1e4) double shift) {
    double a = scale * Math.cos(angle);
    double b = scale * Math.sin(angle);
    AffineMap move = new AffineMap(a, -b, shift, b, a, -shift);
    double[] from = new double[10];
    for (int i = 0; i < 10; i += 2) {
      from[i] = move.x(TEMPLATE[i], TEMPLATE[i + 1]);
      from[i + 1] = move.y(TEMPLATE[i], TEMPLATE[i + 1]);
    }
    AffineMap found = SimilarityTransform.estimate(from, TEMPLATE).orElseThrow();
    for (int i = 0; i < 10; i += 2) {
      assertThat(Math.abs(found.x(from[i], from[i + 1]) - TEMPLATE[i])).isLessThan(1e-6);
      assertThat(Math.abs(found.y(from[i], from[i + 1]) - TEMPLATE[i + 1])).isLessThan(1e-6);
    }
    assertThat(found.inverse()).isPresent();
  }
}
