// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.internal.files.FileNames;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Command lines that can be pasted into a POSIX shell. Stateless and thread-safe. */
final class ShellWords {
  /** Words that no shell changes, also in options with a value. */
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z0-9_@%+:,./-]+=?[A-Za-z0-9_@%+:,./-]*");

  private ShellWords() {}

  /**
   * Returns a command line.
   *
   * @param words the command and its arguments; an address, which may have a password, is replaced
   */
  static String join(List<String> words) {
    return words.stream().map(ShellWords::quoted).collect(Collectors.joining(" "));
  }

  private static String quoted(String word) {
    if (FileNames.isAddress(word)) {
      int value = word.startsWith("-") ? word.indexOf('=') + 1 : 0;
      return word.substring(0, value) + "ADDRESS";
    }
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
