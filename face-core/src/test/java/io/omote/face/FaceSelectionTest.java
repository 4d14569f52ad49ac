// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static io.omote.face.Faults.fault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.ImageException.Reason;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FaceSelectionTest {
  private static final Face BEST = face(0, 0, 20, 20, 0.9f);
  private static final Face MIDDLE = face(40, 40, 60, 60, 0.8f);
  private static final Face LARGE = face(-30, 0, 20, 50, 0.7f);
  private static final List<Face> FACES = List.of(BEST, MIDDLE, LARGE);

  private static Face face(float left, float top, float right, float bottom, float score) {
    return new Face(new BoundingBox(left, top, right, bottom), score, Optional.empty());
  }

  @Test
  void select_eachRule() {
    assertThat(FaceSelection.CENTRAL.select(FACES, 100, 100)).contains(MIDDLE);
    assertThat(FaceSelection.HIGHEST_SCORE.select(FACES, 100, 100)).contains(BEST);
    assertThat(FaceSelection.LARGEST.select(FACES, 100, 100)).contains(LARGE);
  }

  @Test
  void select_only_refusesSeveral() {
    assertThat(FaceSelection.ONLY.select(List.of(BEST), 100, 100)).contains(BEST);
    assertThatThrownBy(() -> FaceSelection.ONLY.select(FACES, 100, 100))
        .satisfies(fault(Reason.SEVERAL_FACES))
        .isInstanceOfSatisfying(ImageException.class, e -> assertThat(e.faces()).hasValue(3))
        .hasMessageContaining("expected one face, found 3");
  }

  @Test
  void select_none_isEmpty() {
    for (FaceSelection selection : FaceSelection.values()) {
      assertThat(selection.select(List.of(), 100, 100)).isEmpty();
    }
  }

  @Test
  void rank_equalValues_keepOrder() {
    Face twin = face(0, 0, 20, 20, 0.5f);
    assertThat(FaceSelection.LARGEST.rank(List.of(BEST, twin), 100, 100))
        .containsExactly(BEST, twin);
  }

  /** The value that InsightFace ranks by: the area less twice the squared distance. */
  @Test
  void rank_central_weighsAreaAgainstDistance() {
    Face near = face(45, 45, 55, 55, 0.5f); // 100 - 0
    Face far = face(40, 50, 60, 70, 0.5f); // 400 - 2 * 100
    assertThat(FaceSelection.CENTRAL.rank(List.of(near, far), 100, 100)).containsExactly(far, near);
  }
}
