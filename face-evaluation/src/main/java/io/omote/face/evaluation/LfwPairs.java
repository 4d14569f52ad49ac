// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Reads the pairs files of Labeled Faces in the Wild.
 *
 * <p>The first line holds the number of folds and the number of mated pairs in each ({@code
 * pairs.txt}: 10 and 300), or only the latter ({@code pairsDevTest.txt}). Each fold lists its mated
 * pairs, {@code name number number}, and then as many non-mated ones, {@code name number name
 * number}. The third image of a name is {@code name/name_0003.jpg}.
 */
final class LfwPairs {
  private static final Pattern HEADER = Pattern.compile("\\s*\\d+(\\s+\\d+)?\\s*");

  private final ListText text;
  private final ListedPairs pairs;

  private LfwPairs(ListText text, Path root) {
    this.text = text;
    this.pairs = new ListedPairs(text.file(), root);
  }

  /**
   * Reads the pairs.
   *
   * @param first the first line of the text
   */
  static Protocol read(ListText text, String first, Path root) throws IOException {
    return new LfwPairs(text, root).parse(words(first));
  }

  /** Returns whether a line may be the first one of such a file. */
  static boolean isHeader(String line) {
    return HEADER.matcher(line).matches();
  }

  private Protocol parse(String[] header) throws IOException {
    if (header.length > 2) {
      throw unexpected("one or two numbers", String.join(" ", header));
    }
    int folds = header.length == 2 ? number(header[0]) : 1;
    int perFold = number(header[header.length - 1]);
    for (int fold = 0; fold < folds; fold++) {
      for (int i = 0; i < perFold; i++) {
        addMated(next(), fold);
      }
      for (int i = 0; i < perFold; i++) {
        addNonMated(next(), fold);
      }
    }
    String more = text.next();
    if (more != null) {
      throw unexpected(
          String.format(Locale.ROOT, "no more lines after %d times %d pairs", folds, 2L * perFold),
          more);
    }
    return pairs.protocol(folds);
  }

  private void addMated(String[] words, int fold) {
    if (words.length != 3) {
      throw unexpected("a mated pair: a name and two numbers", String.join(" ", words));
    }
    add(image(words[0], words[1]), image(words[0], words[2]), true, fold);
  }

  private void addNonMated(String[] words, int fold) {
    if (words.length != 4) {
      throw unexpected("a non-mated pair: a name and a number, twice", String.join(" ", words));
    }
    add(image(words[0], words[1]), image(words[2], words[3]), false, fold);
  }

  private void add(String first, String second, boolean mated, int fold) {
    pairs.add(first, second, mated, fold, text.line());
  }

  private String image(String name, String number) {
    return String.format(Locale.ROOT, "%s/%s_%04d.jpg", name, name, number(number));
  }

  private int number(String word) {
    try {
      int number = Integer.parseInt(word);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // No number, like a negative one.
    }
    throw unexpected("a number", word);
  }

  private String[] next() throws IOException {
    String line = text.next();
    if (line == null) {
      throw unexpected("another line after the last", "the end");
    }
    return words(line);
  }

  private static String[] words(String line) {
    return line.strip().split("\\s+");
  }

  private ProtocolException unexpected(String expected, String found) {
    return text.unexpected(
        text.line(),
        expected,
        ListText.shown(found),
        "use LFW's own pairs.txt, or a table that begins with the line image1,image2,same");
  }
}
