// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ShellWordsTest {
  /** A shell reads every word as it was. */
  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void join_isReadBackByAShell() throws Exception {
    List<String> words =
        List.of(
            "plain",
            "two words",
            "it's",
            "$HOME",
            "`id`",
            "a;b",
            "~",
            "*",
            "",
            "x=~",
            "#",
            "{a,b}",
            "back\\slash",
            "\"quoted\"",
            "line\nbreak",
            "!!",
            "--data-set=a b",
            "a&b|c>d",
            "--",
            "\u00e9");
    List<String> line = new ArrayList<>(List.of("printf", "%s\\0"));
    line.addAll(words);
    Process shell = new ProcessBuilder("sh", "-c", ShellWords.join(line)).start();
    String read = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(read.split("\0", -1)).startsWith(words.toArray(String[]::new));
    assertThat(shell.waitFor()).isZero();
  }

  @Test
  void join_leavesPlainWords() {
    assertThat(
            ShellWords.join(
                List.of("omote", "evaluate", "/a/\u00e9-1.csv", "--threshold=0.35", "-Da.b=c")))
        .isEqualTo("omote evaluate /a/\u00e9-1.csv --threshold=0.35 -Da.b=c");
  }

  /** A report may be published. */
  @Test
  void joinWithoutAddresses_hidesThem() {
    assertThat(
            ShellWords.joinWithoutAddresses(
                List.of(
                    "omote", "--gallery=jdbc:postgresql://u:secret@h/db", "postgres://u:secret@h")))
        .isEqualTo("omote --gallery=ADDRESS ADDRESS");
  }
}
