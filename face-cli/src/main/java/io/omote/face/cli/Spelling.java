// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Suggestions for misspelled words. Stateless and thread-safe. */
final class Spelling {
  private Spelling() {}

  /**
   * Returns the words that a misspelled one may stand for: those with the fewest edits, or else
   * those that it begins.
   *
   * @param word the misspelled word
   * @param known the known words
   * @return the words in the given order, none if all of them are too different
   */
  static List<String> nearest(String word, Collection<String> known) {
    int most = word.length() / 3;
    int fewest = known.stream().mapToInt(other -> edits(word, other)).min().orElse(most + 1);
    return known.stream()
        .filter(
            other ->
                fewest <= most
                    ? edits(word, other) == fewest
                    : word.length() > 2 && other.startsWith(word))
        .distinct()
        .toList();
  }

  /** Returns a clause such as {@code , perhaps --threshold}, empty without a suggestion. */
  static String suggestion(String word, Collection<String> known) {
    List<String> nearest = nearest(word, known);
    return nearest.isEmpty()
        ? ""
        : String.format(Locale.ROOT, ", perhaps %s", String.join(" or ", nearest));
  }

  /**
   * Counts the insertions, deletions, replacements and swaps of neighbors that lead from one word
   * to another (optimal string alignment), in any case.
   */
  private static int edits(String from, String to) {
    String a = from.toLowerCase(Locale.ROOT);
    String b = to.toLowerCase(Locale.ROOT);
    int[][] edits = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          edits[i][j] = i + j;
          continue;
        }
        int replaced = edits[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        edits[i][j] = Math.min(replaced, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
        boolean isSwapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (isSwapped) {
          edits[i][j] = Math.min(edits[i][j], 1 + edits[i - 2][j - 2]);
        }
      }
    }
    return edits[a.length()][b.length()];
  }
}
