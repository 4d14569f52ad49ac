// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Counted by hand. */
class ErrorVersusDiscardTest {
  /** Ten comparisons; the two worst and one in the middle are false non-matches at 0.5. */
  private static ErrorVersusDiscard ten() {
    ErrorVersusDiscard.Builder builder = ErrorVersusDiscard.builder();
    for (int quality = 9; quality >= 0; quality--) {
      builder.add(quality, quality <= 1 || quality == 5 ? 0.4 : 0.6);
    }
    return builder.build();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 3, 10",
    "0.09, 3, 10",
    "0.1, 2, 9",
    "0.2, 1, 8",
    "0.5, 1, 5",
    "0.6, 0, 4",
    "0.99, 0, 1"
  })
  void fnmr_isThatOfTheRest(double discard, int errors, int rest) {
    assertThat(ten().fnmr(0.5, discard).value()).isEqualTo((double) errors / rest);
    assertThat(ten().fnmr(0.5, discard).trials()).isEqualTo(rest);
  }

  @Test
  void fnmr_atTheThresholdMatches() {
    assertThat(ten().fnmr(0.4, 0).value()).isZero();
    assertThat(ten().fnmr(0.41, 0).value()).isEqualTo(0.3);
  }

  @Test
  void fnmr_ofAWholeNumber_isNotLostToRounding() {
    ErrorVersusDiscard.Builder builder = ErrorVersusDiscard.builder();
    for (int i = 0; i < 100; i++) {
      builder.add(i, 1);
    }
    // 0.29 * 100 is a little less than 29.
    assertThat(builder.build().fnmr(0.5, 0.29).trials()).isEqualTo(71);
  }

  @Test
  void fnmr_neverDividesComparisonsOfOneQuality() {
    ErrorVersusDiscard tied =
        ErrorVersusDiscard.builder()
            .add(1, 0.1)
            .add(2, 0.1)
            .add(2, 0.9)
            .add(2, 0.9)
            .add(3, 0.9)
            .build();
    assertThat(tied.fnmr(0.5, 0.2).trials()).isEqualTo(4);
    assertThat(tied.fnmr(0.5, 0.6).trials()).isEqualTo(4);
    assertThat(tied.fnmr(0.5, 0.8).trials()).isEqualTo(1);
    assertThat(tied.curve(0.5))
        .extracting(ErrorVersusDiscard.Point::discarded)
        .containsExactly(0.0, 0.2, 0.8);
  }

  @Test
  void curve_agreesWithSingleValues() {
    assertThat(ten().curve(0.5))
        .hasSize(10)
        .allSatisfy(
            point ->
                assertThat(ten().fnmr(0.5, point.discarded()).value())
                    .isCloseTo(point.fnmr(), within(1e-12)));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1, Double.NaN})
  void fnmr_ofWhatIsNoShare_isRefused(double share) {
    assertThatIllegalArgumentException().isThrownBy(() -> ten().fnmr(0.5, share));
  }

  @Test
  void add_ofNoNumber_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ErrorVersusDiscard.builder().add(Double.NaN, 0.5));
    assertThatIllegalArgumentException().isThrownBy(() -> ErrorVersusDiscard.builder().add(1, 1.5));
    assertThatThrownBy(() -> ErrorVersusDiscard.builder().build())
        .isInstanceOf(TooFewTrialsException.class);
  }
}
