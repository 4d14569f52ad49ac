// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.Candidate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Counted by hand. */
class IdentificationScoresTest {
  private static Candidate of(String person, double similarity) {
    return new Candidate(person, "s", similarity);
  }

  private static IdentificationScores few() {
    return IdentificationScores.builder()
        .addMated("a", List.of(of("a", 0.8), of("b", 0.3)))
        .addMated("a", List.of(of("b", 0.6), of("a", 0.5)))
        .addMated("b", List.of(of("b", 0.4)))
        .addMated("c", List.of(of("a", 0.2), of("b", 0.1)))
        .addFailure(true)
        .addNonMated(List.of(of("a", 0.45), of("b", 0.44)))
        .addNonMated(List.of(of("b", 0.2)))
        .addNonMated(List.of())
        .addNonMated(List.of(of("c", 0.7)))
        .addFailure(false)
        .build();
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 0.75, 0.6, 0.4",
    "0.2, 0.75, 0.6, 0.4",
    "0.21, 0.5, 0.6, 0.4",
    "0.45, 0.5, 0.8, 0.6",
    "0.5, 0.25, 0.8, 0.6",
    "0.51, 0.25, 0.8, 0.8",
    "0.71, 0, 0.8, 0.8",
    "0.81, 0, 1, 1"
  })
  void rates_atAThreshold(double threshold, double fpir, double fnir1, double fnir2) {
    assertThat(few().fpir(threshold).value()).isEqualTo(fpir);
    assertThat(few().fnir(threshold, 1).value()).isEqualTo(fnir1);
    assertThat(few().fnir(threshold, 2).value()).isEqualTo(fnir2);
  }

  @Test
  void trials_areCounted() {
    assertThat(few().matedTrials()).isEqualTo(5);
    assertThat(few().nonMatedTrials()).isEqualTo(5);
    assertThat(few().fpir(0).trials()).isEqualTo(4);
    assertThat(few()).hasToString("IdentificationScores[mated=5, nonMated=5]");
  }

  @Test
  void curve_agreesWithSingleValues() {
    for (int rank : new int[] {1, 2}) {
      assertThat(few().curve(rank))
          .hasSizeGreaterThan(4)
          .allSatisfy(
              point -> {
                assertThat(point.threshold()).isFinite();
                assertThat(few().fpir(point.threshold()).value()).isEqualTo(point.fpir());
                assertThat(few().fnir(point.threshold(), rank).value()).isEqualTo(point.fnir());
              });
    }
  }

  @Test
  void ratesWithoutTrials_areRefused() {
    IdentificationScores none = IdentificationScores.builder().addFailure(false).build();
    assertThatThrownBy(() -> none.fpir(0)).isInstanceOf(TooFewTrialsException.class);
    assertThatThrownBy(() -> none.fnir(0, 1)).isInstanceOf(TooFewTrialsException.class);
    assertThatThrownBy(() -> none.curve(1)).isInstanceOf(TooFewTrialsException.class);
    assertThatIllegalArgumentException().isThrownBy(() -> few().fnir(0, 0));
  }
}
