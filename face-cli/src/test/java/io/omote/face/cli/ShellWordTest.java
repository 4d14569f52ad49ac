// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Words of commands that users paste. */
@DisabledOnOs(OS.WINDOWS)
class ShellWordTest {
  @Test
  void plainWord_isAsItIs() {
    assertThat(ShellWord.of("-Domote.native.path=/a/b_c-1,2+3@x%y:z"))
        .isEqualTo("-Domote.native.path=/a/b_c-1,2+3@x%y:z");
  }

  @Test
  void word_isReadByAShellAsItWas() throws IOException {
    for (String word :
        new String[] {
          "a b", "it's", "", "$HOME", "`id`", "a\nb", "*", "~", "a;b", "\\", "\"", "#"
        }) {
      assertThat(read(ShellWord.of(word))).isEqualTo(word);
    }
    assertThat(Stream.of("~", "#", "", "a b").map(ShellWord::of)).allMatch(w -> w.startsWith("'"));
  }

  private static String read(String word) throws IOException {
    Process shell =
        new ProcessBuilder("sh", "-c", "printf %s " + word).redirectErrorStream(true).start();
    return new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
