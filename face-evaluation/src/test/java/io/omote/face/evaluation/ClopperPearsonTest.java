// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.omote.face.description.ErrorRate;
import org.apache.commons.math3.stat.interval.ClopperPearsonInterval;
import org.apache.commons.math3.stat.interval.ConfidenceInterval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClopperPearsonTest {
  @ParameterizedTest
  @CsvSource({
    "1, 2",
    "1, 10",
    "5, 10",
    "9, 10",
    "3, 300",
    "299, 300",
    "150, 300",
    "17, 179100",
    "1790, 179100",
    "89550, 179100",
    "179099, 179100",
    "99999, 1000000000",
    "100001, 1000000000",
    "1000000, 1000000000"
  })
  void rate_ofErrorsOnBothSides_agreesWithCommonsMath(int errors, int trials) {
    ConfidenceInterval expected = new ClopperPearsonInterval().createInterval(trials, errors, 0.95);
    ErrorRate rate = ClopperPearson.rate(errors, trials);
    assertThat(rate.value()).isEqualTo((double) errors / trials);
    assertThat(rate.trials()).isEqualTo(trials);
    double tolerance = 1e-6 * rate.value();
    assertThat(rate.lower()).isCloseTo(expected.getLowerBound(), within(tolerance));
    assertThat(rate.upper()).isCloseTo(expected.getUpperBound(), within(tolerance));
  }

  @ParameterizedTest
  @CsvSource({"1", "10", "300", "3000", "179100"})
  void rate_withoutErrors_hasTheClosedFormOfTheUpperBound(int trials) {
    ErrorRate none = ClopperPearson.rate(0, trials);
    double expected = 1 - Math.pow(0.025, 1.0 / trials);
    assertThat(none.lower()).isZero();
    assertThat(none.upper()).isCloseTo(expected, within(1e-9 * expected));
    ErrorRate all = ClopperPearson.rate(trials, trials);
    assertThat(all.lower()).isCloseTo(1 - expected, within(1e-9));
    assertThat(all.upper()).isEqualTo(1);
  }

  @Test
  void rate_ofABillionTrials_hasTheLimitOfPoisson() {
    // Exact limits of a Poisson mean with 5 events: 1.6235 and 11.6683.
    ErrorRate rate = ClopperPearson.rate(5, 1_000_000_000L);
    assertThat(rate.lower()).isCloseTo(1.6235e-9, within(1e-13));
    assertThat(rate.upper()).isCloseTo(11.6683e-9, within(1e-13));
  }

  /** So many that a sum over them would take its time; the normal distribution is near enough. */
  @Test
  void rate_ofMillionsOfErrors_isThatOfTheNormalDistribution() {
    long trials = 500_000_000L;
    ErrorRate rate = ClopperPearson.rate(trials / 20, trials);
    double reach = 1.959964 * Math.sqrt(0.05 * 0.95 / trials);
    assertThat(rate.lower()).isCloseTo(0.05 - reach, within(1e-3 * reach));
    assertThat(rate.upper()).isCloseTo(0.05 + reach, within(1e-3 * reach));
  }
}
