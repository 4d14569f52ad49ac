// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.omote.face.examples.ResidentMemory.Sample;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class SoakTest {
  private static final String PICTURE = "src/main/samples/astronaut_rendition.jpg";

  @Test
  @EnabledOnOs(OS.LINUX)
  void soak_growthBeyondTheBound_isExitCode1() {
    Run within = Run.of(new Soak(), "--max-growth=1e9", "0.15", PICTURE);
    assertThat(within.out()).contains("RSS", "MB/min, bound 1000000000.00: flat");
    assertThat(within.exitCode()).isZero();
    Run beyond = Run.of(new Soak(), "--max-growth=-1e9", "0.15", PICTURE);
    assertThat(beyond.out()).contains("bound -1000000000.00: grows");
    assertThat(beyond.exitCode()).isEqualTo(1);
  }

  @Test
  void slope_isNotMovedByAPeak() {
    List<Sample> samples = new ArrayList<>();
    for (int second = 0; second < 60; second++) {
      samples.add(new Sample(second / 60.0, 300 + second * 3 / 60.0));
    }
    samples.set(40, new Sample(40 / 60.0, 900));
    assertThat(ResidentMemory.slope(samples)).isCloseTo(3, within(0.1));
  }

  @Test
  void slope_ofOneSample_isRefused() {
    assertThatThrownBy(() -> ResidentMemory.slope(List.of(new Sample(0, 1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("let it run longer");
  }
}
