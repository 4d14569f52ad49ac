// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RatesTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 %",
    "1, 100 %",
    "0.016666666666666666, 1.7 %",
    "0.0007580824972129319, 0.076 %",
    "0.04, 4.0 %",
    "0.1, 10 %",
    "0.32333, 32 %",
    "0.5, 50 %",
    "0.998333, 99.83 %",
    "0.99996, 99.9960 %",
    "0.999999, 99.99990 %",
    "1.145e-8, 0.0000011 %",
    "0.0999, 10 %"
  })
  void percent_hasTwoDigitsOfTheDistanceToTheNearerEnd(double rate, String text) {
    assertThat(Rates.percent(rate)).isEqualTo(text);
  }

  @Test
  void sentence_saysNoneForNoErrors() {
    assertThat(Rates.sentence(ClopperPearson.rate(0, 300), "searches", "failed"))
        .isEqualTo("none of 300 searches failed");
    assertThat(Rates.sentence(ClopperPearson.rate(136, 179_400), "searches", "failed"))
        .isEqualTo("136 of 179,400 searches failed (0.076 %)");
  }

  @Test
  void withBounds_hasNoNoise() {
    assertThat(Rates.withBounds(ClopperPearson.rate(5, 300))).isEqualTo("1.7 % (0.54 to 3.8)");
    assertThat(Rates.withBounds(ClopperPearson.rate(0, 4))).isEqualTo("0 % (0 to 60)");
    assertThat(Rates.withBounds(ClopperPearson.rate(4, 4))).isEqualTo("100 % (40 to 100)");
  }
}
