// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.omote.face.description.ErrorRate;
import io.omote.face.description.OperatingPoint;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Thresholds for galleries of a given size. */
class IdentificationPolicyTest {
  private static final String MODEL = "model:0123456789ab";

  private static OperatingPoint point(double threshold, double fmr, long trials) {
    ErrorRate rate =
        trials == 0 ? ErrorRate.published(fmr) : new ErrorRate(fmr, fmr * 0.9, fmr * 1.1, trials);
    return new OperatingPoint(MODEL, threshold, rate, new ErrorRate(0.1, 0.09, 0.11, 100), "some");
  }

  private static final List<OperatingPoint> POINTS =
      List.of(
          point(0.3, 1e-2, 1_000_000),
          point(0.4, 1e-3, 1_000_000),
          point(0.5, 1e-4, 1_000_000),
          point(0.6, 1e-5, 1_000_000),
          point(0.7, 1e-6, 1_000_000));

  @ParameterizedTest
  @CsvSource({
    "0.5, 0, 0.3", // nobody can be confused
    "0.5, 1, 0.3",
    "0.01, 1, 0.3",
    "0.01, 2, 0.4",
    "0.01, 10, 0.4",
    "0.01, 11, 0.5",
    "0.01, 100, 0.5",
    "0.01, 101, 0.6",
    "0.01, 1000, 0.6",
    "0.1, 1000, 0.5", // 1 - 0.9^(1/1000) is 1.05e-4
    "0.1, 10000, 0.6"
  })
  void at_isTheLowestThresholdThatKeepsTheRate(double fpir, int samples, double threshold) {
    IdentificationPoint point = IdentificationPolicy.ofFpir(fpir, POINTS).at(MODEL, samples);
    assertThat(point.threshold()).isEqualTo(threshold);
    assertThat(point.samples()).isEqualTo(samples);
    assertThat(point.fpir().orElseThrow().value()).isLessThanOrEqualTo(fpir);
  }

  @Test
  void at_computesTheRate() {
    ErrorRate rate = IdentificationPolicy.ofFpir(0.1, POINTS).at(MODEL, 100).fpir().orElseThrow();
    assertThat(rate.value()).isCloseTo(1 - Math.pow(1 - 1e-3, 100), within(1e-12));
    assertThat(rate.lower()).isCloseTo(1 - Math.pow(1 - 0.9e-3, 100), within(1e-12));
    assertThat(rate.upper()).isCloseTo(1 - Math.pow(1 - 1.1e-3, 100), within(1e-12));
    assertThat(rate.trials()).isEqualTo(1_000_000);
  }

  @Test
  void at_ofMoreThanTheTrialsSupport_saysHowManyItTakes() {
    // 1e-6 at 10,000 samples and FPIR 1 %: the point exists, but a million trials cannot support
    // it.
    assertThatThrownBy(() -> IdentificationPolicy.ofFpir(0.01, POINTS).at(MODEL, 10_000))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll(
            "FPIR of 0.01", "10000 samples", "at most 1.0e-06", "at least 2984977", "1000000");
    IdentificationPolicy published =
        IdentificationPolicy.ofFpir(0.01, List.of(point(0.41, 1e-6, 0)));
    assertThatThrownBy(() -> IdentificationPolicy.ofFpir(1e-300, POINTS).at(MODEL, 2))
        .message()
        .contains("FPIR of 1.0E-300", "at least 6.0e+300")
        .hasSizeLessThan(500);
    assertThat(published.at(MODEL, 10_000).threshold()).isEqualTo(0.41);
    assertThatThrownBy(() -> published.at(MODEL, 11_000)).hasMessageContaining("from a publisher");
    assertThatThrownBy(() -> IdentificationPolicy.ofFpir(0.01, List.of()).at(MODEL, 1))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("found no operating point");
  }

  @Test
  void at_ofAnotherModel_isRefused() {
    assertThatThrownBy(() -> IdentificationPolicy.ofFpir(0.01, POINTS).at("other", 10))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("other", MODEL);
  }

  @Test
  void ofThreshold_isTheCallersAtAnySize() {
    IdentificationPoint point = IdentificationPolicy.ofThreshold(0.55).at("any", 1_000_000);
    assertThat(point.threshold()).isEqualTo(0.55);
    assertThat(point.fpir()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -0.1, Double.NaN})
  void ofFpir_ofWhatIsNoRate_isRefused(double fpir) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IdentificationPolicy.ofFpir(fpir, POINTS));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1.01, 1.01, Double.NaN})
  void ofThreshold_ofWhatIsNoCosine_isRefused(double threshold) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IdentificationPolicy.ofThreshold(threshold));
  }

  @Test
  void ofFpir_ofPointsOfTwoModels_isRefused() {
    OperatingPoint other =
        new OperatingPoint("other", 0.5, POINTS.get(0).fmr(), POINTS.get(0).fnmr(), "some");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IdentificationPolicy.ofFpir(0.1, List.of(POINTS.get(0), other)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IdentificationPolicy.ofFpir(0.1, POINTS).at(MODEL, -1));
  }

  @Test
  void fmrFor_isAboutTheRateOverTheSize() {
    assertThat(IdentificationPolicy.fmrFor(0.01, 1)).isCloseTo(0.01, within(1e-15));
    assertThat(IdentificationPolicy.fmrFor(0.01, 1_000_000)).isCloseTo(1.00503e-8, within(1e-13));
    assertThat(IdentificationPolicy.fmrFor(0.5, 2)).isCloseTo(1 - Math.sqrt(0.5), within(1e-15));
    assertThatIllegalArgumentException().isThrownBy(() -> IdentificationPolicy.fmrFor(0.5, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> IdentificationPolicy.fmrFor(1, 1));
  }
}
