// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.geometry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SuppressionTest {
  @Test
  void keep_overlapAboveThreshold_isDropped() {
    // Plain areas: intersection 50, union 150.
    float[] boxes = {0, 0, 10, 10, 5, 0, 15, 10};
    assertThat(new Suppression(0.33f, 0).keep(boxes)).containsExactly(0);
    assertThat(new Suppression(0.34f, 0).keep(boxes)).containsExactly(0, 1);
  }

  @Test
  void keep_pixelConvention_addsOne() {
    // With +1: intersection 6 * 11 = 66, union 2 * 121 - 66 = 176, so 0.375 rather than 0.333.
    float[] boxes = {0, 0, 10, 10, 5, 0, 15, 10};
    assertThat(new Suppression(0.374f, 1).keep(boxes)).containsExactly(0);
    assertThat(new Suppression(0.376f, 1).keep(boxes)).containsExactly(0, 1);
  }

  @Test
  void keep_overlapEqualToThreshold_isKept() {
    float[] boxes = {0, 0, 2, 1, 1, 0, 3, 1};
    assertThat(new Suppression(1f / 3, 0).keep(boxes)).containsExactly(0, 1);
  }

  @Test
  void keep_isGreedy() {
    // The middle box overlaps both others; the outer two do not overlap each other.
    float[] boxes = {0, 0, 10, 10, 4, 0, 14, 10, 8, 0, 18, 10};
    assertThat(new Suppression(0.3f, 0).keep(boxes)).containsExactly(0, 2);
  }

  @Test
  void keep_none_isEmpty() {
    assertThat(new Suppression(0.4f, 1).keep(new float[0])).isEmpty();
  }

  @Test
  void keep_again_isIdempotent() {
    Random random = new Random(7);
    float[] boxes = new float[4 * 200];
    for (int i = 0; i < boxes.length; i += 4) {
      boxes[i] = random.nextInt(100);
      boxes[i + 1] = random.nextInt(100);
      boxes[i + 2] = boxes[i] + 1 + random.nextInt(50);
      boxes[i + 3] = boxes[i + 1] + 1 + random.nextInt(50);
    }
    Suppression suppression = new Suppression(0.4f, 1);
    int[] kept = suppression.keep(boxes);
    float[] remaining = new float[4 * kept.length];
    for (int i = 0; i < kept.length; i++) {
      System.arraycopy(boxes, 4 * kept[i], remaining, 4 * i, 4);
    }
    assertThat(kept.length).isBetween(2, 199);
    assertThat(suppression.keep(remaining)).hasSize(kept.length);
  }
}
