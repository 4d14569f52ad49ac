// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.omote.face.description.ErrorRate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Counted by hand. */
class PresentationAttackScoresTest {
  private static PresentationAttackScores.Builder few() {
    return PresentationAttackScores.builder()
        .addLive(0.9)
        .addLive(0.8)
        .addLive(0.4)
        .addLive(0.7)
        .addLiveNonResponse()
        .addAttack("print", 0.1)
        .addAttack("print", 0.5)
        .addAttack("screen", 0.3)
        .addAttack("screen", 0.7)
        .addAttack("screen", 0.2)
        .addAttack("screen", 0.75)
        .addAttackNonResponse("print")
        .addAttackNonResponse("print");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 1, 0",
    "0.4, 0.5, 0.5, 0",
    "0.5, 0.5, 0.5, 0.25",
    "0.6, 0, 0.5, 0.25",
    "0.7, 0, 0.5, 0.25",
    "0.72, 0, 0.25, 0.5",
    "0.8, 0, 0, 0.5",
    "1, 0, 0, 1"
  })
  void rates_atAThreshold(double threshold, double print, double screen, double bpcer) {
    PresentationAttackScores scores = few().build();
    assertThat(scores.species()).containsExactly("print", "screen");
    assertThat(scores.apcer(threshold).get("print").value()).isEqualTo(print);
    assertThat(scores.apcer(threshold).get("screen").value()).isEqualTo(screen);
    assertThat(scores.highestApcer(threshold).value()).isEqualTo(Math.max(print, screen));
    assertThat(scores.bpcer(threshold).value()).isEqualTo(bpcer);
  }

  @Test
  void rates_haveTheirTrialsAndBounds() {
    PresentationAttackScores scores = few().build();
    // Clopper-Pearson for 1 of 4.
    ErrorRate bpcer = scores.bpcer(0.5);
    assertThat(bpcer.trials()).isEqualTo(4);
    assertThat(bpcer.lower()).isCloseTo(0.0063, within(1e-4));
    assertThat(bpcer.upper()).isCloseTo(0.8059, within(1e-4));
    // Both species let half of their attacks through: the one with fewer trials is less certain.
    assertThat(scores.highestApcer(0.5).trials()).isEqualTo(2);
  }

  @Test
  void nonResponses_areCountedAndNoTrials() {
    PresentationAttackScores scores = few().build();
    assertThat(scores.bpnrr().value()).isEqualTo(0.2);
    assertThat(scores.apnrr().get("print").value()).isEqualTo(0.5);
    assertThat(scores.apnrr().get("screen").value()).isZero();
  }

  @Test
  void equalErrorRate_isWhereTheyMeet() {
    assertThat(few().build().equalErrorRate()).isEqualTo(0.375);
    PresentationAttackScores apart =
        PresentationAttackScores.builder().addLive(0.9).addAttack("mask", 0.1).build();
    assertThat(apart.equalErrorRate()).isZero();
  }

  @Test
  void det_goesFromAllLiveToNone() {
    assertThat(few().build().det())
        .hasSize(10)
        .startsWith(new PresentationAttackScores.Point(0.1, 1, 0))
        .endsWith(new PresentationAttackScores.Point(Math.nextUp(0.9), 0, 1));
  }

  @Test
  void thresholdAtApcer_isTheLowestThatKeepsIt() {
    PresentationAttackScores.Builder builder = PresentationAttackScores.builder();
    for (int i = 0; i < 100; i++) {
      builder.addLive(0.5 + i / 200.0).addAttack("print", i / 100.0).addAttack("screen", 0.05);
    }
    PresentationAttackScores scores = builder.build();
    // Of 0.90 to 0.99 ten get through.
    assertThat(scores.thresholdAtApcer(0.1)).isCloseTo(0.9, within(0.005));
    assertThat(scores.highestApcer(scores.thresholdAtApcer(0.1)).value()).isEqualTo(0.1);
    assertThat(scores.highestApcer(scores.thresholdAtApcer(0.05)).value()).isEqualTo(0.05);
    assertThat(scores.thresholdAtApcer(1)).isEqualTo(0);
    assertThatThrownBy(() -> scores.thresholdAtApcer(0.01))
        .isInstanceOf(TooFewTrialsException.class)
        .hasMessageContainingAll("at least 300 attacks", "found 100");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, 1.1, Double.NaN})
  void thresholdAtApcer_ofWhatIsNoRate_isRefused(double rate) {
    assertThatIllegalArgumentException().isThrownBy(() -> few().build().thresholdAtApcer(rate));
  }

  @Test
  void speciesThatNeverGetsAScore_isListed_andNoTrial() {
    PresentationAttackScores scores = few().addAttackNonResponse("mask").build();
    assertThat(scores.species()).containsExactly("mask", "print", "screen");
    assertThat(scores.apnrr().get("mask").value()).isOne();
    assertThat(scores.apcer(0).keySet()).containsExactly("print", "screen");
    assertThat(scores.highestApcer(0.72).value()).isEqualTo(0.25);
    assertThat(scores.equalErrorRate()).isEqualTo(0.375);
  }

  @Test
  void build_withoutLiveOrAttacks_isRefused() {
    assertThatThrownBy(
            () -> PresentationAttackScores.builder().addLive(1).addAttackNonResponse("a").build())
        .isInstanceOf(TooFewTrialsException.class)
        .hasMessageContaining("no attacks have a score (1 without one)");
    assertThatThrownBy(() -> PresentationAttackScores.builder().addLive(1).build())
        .isInstanceOf(TooFewTrialsException.class)
        .hasMessageContaining("no attacks");
    assertThatThrownBy(() -> PresentationAttackScores.builder().addAttack("print", 1).build())
        .isInstanceOf(TooFewTrialsException.class)
        .hasMessageContaining("live faces");
  }

  @Test
  void add_ofNoNumber_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> few().addLive(Double.NaN));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> few().addAttack("print", Double.POSITIVE_INFINITY));
  }

  @Test
  void toString_hasNoScores() {
    assertThat(few().build()).hasToString("PresentationAttackScores[live=4, species=2]");
  }
}
