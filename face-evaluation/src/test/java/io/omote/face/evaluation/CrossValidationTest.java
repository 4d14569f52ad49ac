// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class CrossValidationTest {
  private static VerificationScores fold(double mated, double nonMated) {
    return VerificationScores.of(new double[] {mated}, new double[] {nonMated});
  }

  @Test
  void of_tenFoldsOfWhichOneDiffers_appliesTheThresholdOfTheOthers() {
    List<VerificationScores> folds = new ArrayList<>(Collections.nCopies(9, fold(0.8, 0.2)));
    folds.add(fold(0.4, 0.3)); // both below the threshold of the others, which is 0.5
    CrossValidation result = CrossValidation.of(folds);
    assertThat(result.folds().get(9).threshold()).isEqualTo(0.5);
    assertThat(result.folds().get(9).accuracy()).isEqualTo(0.5);
    // For the others the best threshold lies between 0.3 and 0.4, which is right for them, too.
    assertThat(result.folds().get(0).threshold()).isCloseTo(0.35, within(1e-15));
    assertThat(result.folds().subList(0, 9)).allMatch(f -> f.accuracy() == 1);
    assertThat(result.mean()).isCloseTo(0.95, within(1e-15));
    // Squares: 9 * 0.05^2 + 0.45^2 = 0.225, over 9, root.
    assertThat(result.standardDeviation()).isCloseTo(Math.sqrt(0.025), within(1e-15));
    assertThat(result.standardError()).isCloseTo(Math.sqrt(0.0025), within(1e-15));
  }

  @Test
  void of_foldsWithFailures_countsThemAsNonMatches() {
    VerificationScores failing =
        VerificationScores.builder().addFailure(true).addFailure(false).build();
    CrossValidation result = CrossValidation.of(List.of(fold(0.8, 0.2), fold(0.8, 0.2), failing));
    assertThat(result.folds())
        .extracting(ThresholdAccuracy::accuracy)
        .containsExactly(1.0, 1.0, 0.5);
  }

  @Test
  void of_oneFold_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CrossValidation.of(List.of(fold(0.8, 0.2))));
  }

  @Test
  void of_anEmptyFold_isRefused() {
    VerificationScores empty = VerificationScores.builder().build();
    assertThatThrownBy(() -> CrossValidation.of(List.of(fold(0.8, 0.2), empty)))
        .isInstanceOf(TooFewTrialsException.class);
  }
}
