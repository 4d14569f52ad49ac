// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All commands under one name. */
class OmoteTest {
  static Set<String> commands() {
    return Examples.commandLine(new Omote()).getSubcommands().keySet();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void help_saysUsageAndExitCodes(String command) {
    Run run = Run.of(new Omote(), command, "--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("Usage: omote " + command + " ").contains("--help");
    assertThat(run.out().lines().mapToInt(String::length).max().orElseThrow())
        .isLessThanOrEqualTo(80);
    if (!command.equals("models")) {
      assertThat(run.out()).contains("Exit codes:", "--json");
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void version_isSaid(String command) {
    Run run = Run.of(new Omote(), command, "--version");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("omote ").contains("Java " + Runtime.version());
  }

  @Test
  void noCommand_isUsage() {
    Run run = Run.of(new Omote());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("expected a command, found none", "Usage: omote");
  }

  @Test
  void unknownCommand_isSaid() {
    assertThat(Run.of(new Omote(), "recognise").exitCode()).isEqualTo(2);
  }

  @Test
  void progress_isNotShownWithoutATerminal() {
    // Tests have none.
    assertThat(Progress.isShown()).isFalse();
  }
}
