// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClusteringScoresTest {
  /** By hand: a group of a, a, b and one of b, b, with one c alone. */
  @Test
  void of_countsPairsAndFaces() {
    ClusteringScores scores =
        ClusteringScores.of(List.of("a", "a", "b", "b", "b", "c"), List.of(1, 1, 1, 2, 2, 3));

    // Pairs in groups: 3 + 1, of which a-a and b-b; pairs of people: 1 + 3.
    assertThat(scores.pairPrecision()).isEqualTo(2 / 4.0);
    assertThat(scores.pairRecall()).isEqualTo(2 / 4.0);
    assertThat(scores.pairF1()).isEqualTo(0.5);
    // Of each face: 2/3, 2/3, 1/3, 1, 1, 1 and 1, 1, 1/3, 2/3, 2/3, 1.
    assertThat(scores.bCubedPrecision()).isCloseTo((5 / 3.0 + 3) / 6, within(1e-15));
    assertThat(scores.bCubedRecall()).isCloseTo((3 + 5 / 3.0) / 6, within(1e-15));
    assertThat(scores.bCubedF1()).isCloseTo(14 / 18.0, within(1e-15));
  }

  @Test
  void of_rightGroups_isOne() {
    ClusteringScores scores = ClusteringScores.of(List.of(7, 8, 7, 9), List.of("x", "y", "x", "z"));

    assertThat(scores).isEqualTo(new ClusteringScores(1, 1, 1, 1));
  }

  @Test
  void of_eachAlone_hasNoRecall() {
    ClusteringScores scores = ClusteringScores.of(List.of(1, 1, 1, 1), List.of(1, 2, 3, 4));

    assertThat(scores).isEqualTo(new ClusteringScores(1, 0, 1, 0.25));
    assertThat(scores.pairF1()).isZero();
    assertThat(scores.bCubedF1()).isEqualTo(0.4);
  }

  @Test
  void of_allInOne_hasLittlePrecision() {
    ClusteringScores scores = ClusteringScores.of(List.of(1, 2, 3, 4), List.of(1, 1, 1, 1));

    assertThat(scores).isEqualTo(new ClusteringScores(0, 1, 0.25, 1));
  }

  @Test
  void of_listsThatDoNotFit_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClusteringScores.of(List.of(1), List.of(1, 2)))
        .withMessage("expected a group for each of 1 faces, found 2");
    assertThatThrownBy(() -> ClusteringScores.of(List.of(), List.of()))
        .isInstanceOf(TooFewTrialsException.class);
  }
}
