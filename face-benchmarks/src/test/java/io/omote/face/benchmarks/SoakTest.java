// SPDX-License-Identifier: Apache-2.0
package io.omote.face.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.omote.face.benchmarks.ResidentMemory.Sample;
import io.omote.face.cli.Commands;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class SoakTest {
  private static final String IMAGE = "../samples/astronaut_rendition.jpg";

  @Test
  @EnabledOnOs(OS.LINUX)
  void soak_growthBeyondTheBound_isExitCode1() {
    StringWriter within = new StringWriter();
    assertThat(soak("--max-growth=1e9", within)).isZero();
    assertThat(within.toString()).contains("RSS", "MB/min, bound 1000000000.00: flat");
    StringWriter beyond = new StringWriter();
    assertThat(soak("--max-growth=-1e9", beyond)).isEqualTo(1);
    assertThat(beyond.toString()).contains("bound -1000000000.00: grows");
  }

  private static int soak(String option, StringWriter out) {
    return Commands.commandLine(new Soak())
        .setOut(new PrintWriter(out, true))
        .execute(option, "0.15", IMAGE);
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
  void slope_isNotMovedByAStep() {
    for (int step = 0; step < 60; step += 5) {
      List<Sample> samples = new ArrayList<>();
      for (int second = 0; second < 60; second++) {
        samples.add(new Sample(second / 60.0, second < step ? 417 : 446));
      }
      assertThat(ResidentMemory.slope(samples)).isZero();
    }
  }

  @Test
  void slope_ofOneSample_isRefused() {
    assertThatThrownBy(() -> ResidentMemory.slope(List.of(new Sample(0, 1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("let it run longer");
  }
}
