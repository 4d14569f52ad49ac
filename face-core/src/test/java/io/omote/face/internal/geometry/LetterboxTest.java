// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.geometry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LetterboxTest {
  @Test
  void fit_wide_fillsWidth() {
    assertThat(Letterbox.fit(1366, 768, 640, 640))
        .isEqualTo(new Letterbox(640, 359, 640, 640, 359f / 768));
  }

  @Test
  void fit_tall_fillsHeightAndTruncatesWidth() {
    assertThat(Letterbox.fit(970, 2204, 640, 640))
        .isEqualTo(new Letterbox(281, 640, 640, 640, 640f / 2204));
  }

  @Test
  void fit_small_scalesUp() {
    assertThat(Letterbox.fit(64, 32, 640, 640)).isEqualTo(new Letterbox(640, 320, 640, 640, 10));
  }

  @Test
  void fit_unequalCanvas_comparesRatios() {
    assertThat(Letterbox.fit(320, 320, 320, 240))
        .isEqualTo(new Letterbox(240, 240, 320, 240, 0.75f));
  }

  @Test
  void fit_extreme_keepsOnePixel() {
    assertThat(Letterbox.fit(10_000, 1, 640, 640).height()).isEqualTo(1);
    assertThat(Letterbox.fit(1, 10_000, 640, 640).width()).isEqualTo(1);
  }

  @Test
  void scaled_keepsTheScaleOfTheSideThatFills() {
    Letterbox wide = Letterbox.scaled(1000, 333, 640, 640);
    assertThat(wide).isEqualTo(new Letterbox(640, 213, 640, 640, 0.64f));
    assertThat(wide.tight(32)).isEqualTo(new Letterbox(640, 213, 640, 224, 0.64f));
    assertThat(Letterbox.scaled(333, 1000, 640, 640))
        .isEqualTo(new Letterbox(213, 640, 640, 640, 0.64f));
    assertThat(Letterbox.scaled(10_000, 1, 640, 640).height()).isEqualTo(1);
  }
}
