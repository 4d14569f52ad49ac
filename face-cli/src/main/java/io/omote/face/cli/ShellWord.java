// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import java.io.File;
import java.util.regex.Pattern;

/** Words of commands that users paste into a shell. Stateless and thread-safe. */
final class ShellWord {
  private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{N}@%+=:,./_-]+");

  private ShellWord() {}

  /** Returns a word in quotes of this system's shell, if it needs them. */
  static String of(String word) {
    if (File.separatorChar == '\\') {
      return word.indexOf(' ') < 0 ? word : '"' + word + '"';
    }
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
