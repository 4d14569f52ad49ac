// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.internal.files.FileNames;
import java.io.File;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Command lines that users paste into a shell. Stateless and thread-safe. */
final class ShellWords {
  /** Words that no shell changes, also in options with a value. */
  private static final Pattern PLAIN =
      Pattern.compile("[\\p{L}\\p{N}_@%+:,./-]+=?[\\p{L}\\p{N}_@%+:,./-]*");

  private ShellWords() {}

  /** Returns a command line in the words of this system's shell. */
  static String join(List<String> words) {
    return words.stream().map(ShellWords::quoted).collect(Collectors.joining(" "));
  }

  /** Returns a command line for a report, with {@code ADDRESS} for what may have a password. */
  static String joinWithoutAddresses(List<String> words) {
    return join(words.stream().map(ShellWords::withoutAddress).toList());
  }

  private static String withoutAddress(String word) {
    if (!FileNames.isAddress(word)) {
      return word;
    }
    int value = word.startsWith("-") ? word.indexOf('=') + 1 : 0;
    return word.substring(0, value) + "ADDRESS";
  }

  private static String quoted(String word) {
    if (File.separatorChar == '\\') {
      return word.indexOf(' ') < 0 ? word : '"' + word + '"';
    }
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
