// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.omote.face.description.OperatingPoint;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VerificationScoresTest {
  private static final double[] NONE = {};

  /** Overlapping: one of four on each side is on the wrong side of anything in (0.4, 0.5]. */
  private final VerificationScores overlapping =
      VerificationScores.of(new double[] {0.9, 0.4, 0.8, 0.6}, new double[] {0.1, 0.5, 0.2, 0.3});

  @Test
  void rates_atAScore_countItAsAMatch() {
    assertThat(overlapping.fmr(0.5).value()).isEqualTo(0.25);
    assertThat(overlapping.fmr(Math.nextUp(0.5)).value()).isZero();
    assertThat(overlapping.fnmr(0.4).value()).isZero();
    assertThat(overlapping.fnmr(Math.nextUp(0.4)).value()).isEqualTo(0.25);
    assertThat(overlapping.fmr(-1).value()).isEqualTo(1);
    assertThat(overlapping.fnmr(1).value()).isEqualTo(1);
  }

  @Test
  void rates_ofTies_moveAllAtOnce() {
    VerificationScores ties =
        VerificationScores.of(new double[] {0.5, 0.5, 0.5}, new double[] {0.5, 0.5, 0.1});
    assertThat(ties.fmr(0.5).value()).isEqualTo(2.0 / 3);
    assertThat(ties.fnmr(0.5).value()).isZero();
    assertThat(ties.fmr(0.51).value()).isZero();
    assertThat(ties.fnmr(0.51).value()).isEqualTo(1);
    assertThat(ties.det())
        .extracting(VerificationScores.Point::fmr, VerificationScores.Point::fnmr)
        .containsExactly(tuple(1, 0), tuple(2.0 / 3, 0), tuple(0, 1));
  }

  private static org.assertj.core.groups.Tuple tuple(double fmr, double fnmr) {
    return org.assertj.core.api.Assertions.tuple(fmr, fnmr);
  }

  @Test
  void failures_amongMated_areFalseNonMatchesAtEveryThreshold() {
    VerificationScores scores =
        VerificationScores.builder().add(true, 0.9).addFailure(true).add(false, 0.1).build();
    assertThat(scores.fnmr(-1).value()).isEqualTo(0.5);
    assertThat(scores.fnmr(-1).trials()).isEqualTo(2);
    assertThat(scores.fnmr(1).value()).isEqualTo(1);
    assertThat(scores.matedTrials()).isEqualTo(2);
    assertThat(scores.matedFailures()).isEqualTo(1);
  }

  @Test
  void failures_amongNonMated_areCountedButNoTrialOfFmr() {
    VerificationScores scores =
        VerificationScores.builder().add(false, 0.9).add(false, 0.1).addFailure(false).build();
    assertThat(scores.fmr(0.5).value()).isEqualTo(0.5);
    assertThat(scores.fmr(0.5).trials()).isEqualTo(2);
    assertThat(scores.nonMatedTrials()).isEqualTo(3);
    assertThat(scores.nonMatedFailures()).isEqualTo(1);
  }

  @Test
  void accuracy_withFailures_countsThemAsNonMatches() {
    VerificationScores scores =
        VerificationScores.builder()
            .add(true, 0.9)
            .addFailure(true)
            .add(false, 0.1)
            .addFailure(false)
            .build();
    assertThat(scores.accuracy(0.5)).isEqualTo(0.75);
    assertThat(scores.bestAccuracy()).isEqualTo(new ThresholdAccuracy(0.5, 0.75));
  }

  @Test
  void bestAccuracy_ofSeparateScores_isInTheMiddleOfTheGap() {
    ThresholdAccuracy best =
        VerificationScores.of(new double[] {0.6, 0.9}, new double[] {0.2, -0.3}).bestAccuracy();
    assertThat(best.threshold()).isCloseTo(0.4, within(1e-15));
    assertThat(best.accuracy()).isEqualTo(1);
  }

  @Test
  void bestAccuracy_withOneSideEmpty_acceptsOrRefusesAll() {
    ThresholdAccuracy mated = VerificationScores.of(new double[] {0.3, 0.1}, NONE).bestAccuracy();
    assertThat(mated).isEqualTo(new ThresholdAccuracy(-1, 1));
    ThresholdAccuracy nonMated =
        VerificationScores.of(NONE, new double[] {0.3, 0.1}).bestAccuracy();
    assertThat(nonMated).isEqualTo(new ThresholdAccuracy(Math.nextUp(0.3), 1));
  }

  @Test
  void equalErrorRate_ofOverlappingScores_isWhereTheRatesMeet() {
    assertThat(overlapping.equalErrorRate()).isEqualTo(0.25);
    assertThat(overlapping.equalErrorPoint().threshold()).isBetween(0.4, 0.5);
  }

  @Test
  void equalErrorRate_ofSeparateScores_isZero() {
    assertThat(
            VerificationScores.of(new double[] {0.8, 0.9}, new double[] {0.1, 0.2})
                .equalErrorRate())
        .isZero();
  }

  @Test
  void equalErrorRate_ofOneTie_isTheMeanOfBothEnds() {
    assertThat(VerificationScores.of(new double[] {0.5, 0.5}, new double[] {0.5}).equalErrorRate())
        .isEqualTo(0.5);
  }

  @Test
  void equalErrorRate_insideAStraightPartOfTheCurve_isFound() {
    // At (0.3, 0.4] both rates are 0.5, between corners at FNMR 0.25 and 0.75.
    VerificationScores scores =
        VerificationScores.of(new double[] {0.1, 0.3, 0.5, 0.9}, new double[] {0.05, 0.6});
    assertThat(scores.equalErrorRate()).isEqualTo(0.5);
    assertThat(scores.equalErrorPoint().fmr()).isEqualTo(scores.equalErrorPoint().fnmr());
  }

  @Test
  void det_ofOverlappingScores_isTheKnownStaircase() {
    assertThat(overlapping.det())
        .extracting(VerificationScores.Point::fmr, VerificationScores.Point::fnmr)
        .containsExactly(
            tuple(1, 0), tuple(0.25, 0), tuple(0.25, 0.25), tuple(0, 0.25), tuple(0, 1));
  }

  @Test
  void det_ofRandomScores_agreesWithTheRatesAtItsThresholds() {
    SplittableRandom random = new SplittableRandom(7);
    double[] mated = random.doubles(400, 0, 1).map(x -> Math.round(100 * x) / 100.0).toArray();
    double[] nonMated =
        random.doubles(900, -1, 0.6).map(x -> Math.round(100 * x) / 100.0).toArray();
    VerificationScores scores = VerificationScores.of(mated, nonMated);
    List<VerificationScores.Point> det = scores.det();
    for (VerificationScores.Point point : det) {
      double t = point.threshold();
      assertThat(point.fmr())
          .isEqualTo(Arrays.stream(nonMated).filter(s -> s >= t).count() / 900.0);
      assertThat(point.fnmr()).isEqualTo(Arrays.stream(mated).filter(s -> s < t).count() / 400.0);
    }
    assertThat(det).isSortedAccordingTo((a, b) -> Double.compare(a.threshold(), b.threshold()));
    assertThat(det).isSortedAccordingTo((a, b) -> Double.compare(b.fmr(), a.fmr()));
    assertThat(det).isSortedAccordingTo((a, b) -> Double.compare(a.fnmr(), b.fnmr()));
  }

  @Test
  void thresholdAtFmr_withTies_putsAllOfThemBelow() {
    double[] nonMated = new double[100];
    Arrays.fill(nonMated, 0, 90, 0.1);
    Arrays.fill(nonMated, 90, 100, 0.3); // ten tie at the top
    VerificationScores scores = VerificationScores.of(new double[] {0.9}, nonMated);
    assertThat(scores.thresholdAtFmr(0.1)).isEqualTo(Math.nextUp(0.1));
    assertThat(scores.thresholdAtFmr(0.09)).isEqualTo(Math.nextUp(0.3));
    assertThat(scores.thresholdAtFmr(1)).isEqualTo(-1);
  }

  @Test
  void thresholdAtFmr_forEveryRateItAccepts_isTheLowestThatKeepsIt() {
    double[] nonMated = IntStream.range(0, 100).mapToDouble(i -> i / 100.0).toArray();
    VerificationScores scores = VerificationScores.of(NONE, nonMated);
    for (int percent = 3; percent < 100; percent++) {
      double threshold = scores.thresholdAtFmr(percent / 100.0);
      assertThat(scores.fmr(threshold).value()).as("%d", percent).isEqualTo(percent / 100.0);
      assertThat(scores.fmr(Math.nextDown(threshold)).value()).isGreaterThan(percent / 100.0);
    }
  }

  @Test
  void thresholdAtFmr_belowTheRuleOfThree_isRefused() {
    VerificationScores lfw = VerificationScores.of(NONE, new double[3000]);
    assertThat(lfw.thresholdAtFmr(1e-3)).isEqualTo(Math.nextUp(0.0));
    assertThatThrownBy(() -> lfw.thresholdAtFmr(9e-4))
        .isInstanceOf(TooFewTrialsException.class)
        .hasMessageContaining("needs at least 3334 non-mated comparisons")
        .hasMessageContaining("found 3000")
        .hasMessageContaining("use a rate of 0.001 or more");
  }

  @Test
  void thresholdAtFmr_withFailures_countsOnlyComparisonsMade() {
    VerificationScores.Builder builder = VerificationScores.builder();
    for (int i = 0; i < 299; i++) {
      builder.add(false, 0);
    }
    VerificationScores scores = builder.addFailure(false).build();
    assertThatThrownBy(() -> scores.thresholdAtFmr(0.01))
        .isInstanceOf(TooFewTrialsException.class)
        .hasMessageContaining("found 299");
  }

  @Test
  void thresholdAtFmr_withCopiesOfAnImage_isRefused() {
    double[] nonMated = new double[10];
    Arrays.fill(nonMated, 1);
    assertThatThrownBy(() -> VerificationScores.of(NONE, nonMated).thresholdAtFmr(0.5))
        .isInstanceOf(TooFewTrialsException.class)
        .hasMessageContaining("copies of an image");
  }

  @Test
  void anything_ofAnEmptySide_isRefused() {
    VerificationScores noMated = VerificationScores.of(NONE, new double[] {0.1});
    VerificationScores noNonMated = VerificationScores.of(new double[] {0.9}, NONE);
    assertThatThrownBy(() -> noMated.fnmr(0)).isInstanceOf(TooFewTrialsException.class);
    assertThatThrownBy(noMated::det).isInstanceOf(TooFewTrialsException.class);
    assertThatThrownBy(noMated::equalErrorRate).isInstanceOf(TooFewTrialsException.class);
    assertThatThrownBy(() -> noNonMated.fmr(0)).isInstanceOf(TooFewTrialsException.class);
    assertThatThrownBy(() -> noNonMated.thresholdAtFmr(1))
        .isInstanceOf(TooFewTrialsException.class);
    assertThatThrownBy(() -> VerificationScores.of(NONE, NONE).accuracy(0))
        .isInstanceOf(TooFewTrialsException.class);
    assertThatThrownBy(() -> VerificationScores.of(NONE, NONE).bestAccuracy())
        .isInstanceOf(TooFewTrialsException.class);
    assertThat(VerificationScores.builder().addFailure(true).build().fnmr(0).value()).isEqualTo(1);
  }

  @Test
  void wrongArguments_areRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> overlapping.fmr(Double.NaN));
    assertThatIllegalArgumentException().isThrownBy(() -> overlapping.thresholdAtFmr(0));
    assertThatIllegalArgumentException().isThrownBy(() -> overlapping.thresholdAtFmr(1.1));
    assertThatIllegalArgumentException().isThrownBy(() -> overlapping.thresholdAtFmr(Double.NaN));
    for (double wrong : new double[] {1.01, -1.01, Double.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> VerificationScores.builder().add(true, wrong));
    }
  }

  @Test
  void operatingPoint_statesRatesAndTrials() {
    OperatingPoint point = overlapping.operatingPoint("m:1", 0.45, "four pairs");
    assertThat(point.modelId()).isEqualTo("m:1");
    assertThat(point.dataSet()).isEqualTo("four pairs");
    assertThat(point.fmr()).isEqualTo(overlapping.fmr(0.45));
    assertThat(point.fnmr()).isEqualTo(overlapping.fnmr(0.45));
    assertThat(point.fmr().trials()).isEqualTo(4);
  }

  @Test
  void toString_showsNoScore() {
    assertThat(overlapping).hasToString("VerificationScores[mated=4, nonMated=4, failures=0]");
  }
}
