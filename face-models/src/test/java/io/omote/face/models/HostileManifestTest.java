// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.ModelException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Any manifest is either read or rejected with a typed exception. */
class HostileManifestTest {
  private static final Pattern SCALAR =
      Pattern.compile("(?<=[:\\[,])\\s*(\"[^\"]*\"|-?[0-9.eE+-]+|true|false)");
  private static final List<String> VALUES =
      List.of(
          "null",
          "-1",
          "0",
          "1e999",
          "99999999999999999999",
          "\"\"",
          "\"../x\"",
          "[]",
          "{}",
          "true",
          "[[[[[[]]]]]]",
          "\"\\u0000\"",
          "NaN");

  @TempDir Path folder;

  private static String bundled(String name) throws IOException {
    try (InputStream in = ModelZoo.class.getResourceAsStream("packs/" + name + ".json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Returns whether it was rejected; any exception of another type fails the test. */
  private boolean refused(byte[] content) throws IOException {
    Path file = Files.write(folder.resolve("manifest.json"), content);
    try {
      ManifestReader.of(file);
      return false;
    } catch (ModelException e) {
      assertThat(e).hasMessageContaining("manifest.json");
      return true;
    }
  }

  @Test
  void of_eachValueReplaced() throws IOException {
    int refused = 0;
    for (String name : List.of("lite", "buffalo_l")) {
      String whole = bundled(name);
      for (MatchResult value : SCALAR.matcher(whole).results().toList()) {
        for (String other : VALUES) {
          String changed =
              whole.substring(0, value.start(1)) + other + whole.substring(value.end(1));
          refused += refused(changed.getBytes(StandardCharsets.UTF_8)) ? 1 : 0;
        }
      }
    }
    assertThat(refused).isGreaterThan(100);
  }

  @Test
  void of_bytesChangedOrCutOff() throws IOException {
    byte[] whole = bundled("lite").getBytes(StandardCharsets.UTF_8);
    assertThat(refused(whole)).isFalse();
    for (int at = 0; at < whole.length; at += 5) {
      byte[] changed = whole.clone();
      changed[at] ^= (byte) (1 << at % 8);
      refused(changed);
    }
    for (int length = 0; length < whole.length - 2; length += 31) {
      byte[] cut = new byte[length];
      System.arraycopy(whole, 0, cut, 0, length);
      assertThat(refused(cut)).isTrue();
    }
  }
}
