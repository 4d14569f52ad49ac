// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Reads the pairs files of Labeled Faces in the Wild.
 *
 * <p>The first line holds the number of folds and the number of mated pairs in each ({@code
 * pairs.txt}: 10 and 300), or only the latter ({@code pairsDevTest.txt}). Each fold lists its mated
 * pairs, {@code name number number}, and then as many non-mated ones, {@code name number name
 * number}. The third image of a name is {@code name/name_0003.jpg}.
 */
final class LfwPairs {
  private final Path file;
  private final List<String> lines;
  private final ListedPairs pairs;
  private int next;

  private LfwPairs(Path file, List<String> lines) {
    this.file = file;
    this.lines = lines;
    this.pairs = new ListedPairs(file);
  }

  static Protocol read(Path file, Path root) throws IOException {
    try (BufferedReader reader = Utf8Text.open(file)) {
      return new LfwPairs(file, reader.lines().toList()).parse(root);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private Protocol parse(Path root) {
    String[] header = words();
    if (header.length > 2) {
      throw unexpected("one or two numbers");
    }
    int folds = header.length == 2 ? number(header[0]) : 1;
    int perFold = number(header[header.length - 1]);
    for (int fold = 0; fold < folds; fold++) {
      for (int i = 0; i < perFold; i++) {
        addMated(words(), fold);
      }
      for (int i = 0; i < perFold; i++) {
        addNonMated(words(), fold);
      }
    }
    if (lines.subList(next, lines.size()).stream().anyMatch(line -> !line.isBlank())) {
      next++;
      throw unexpected(
          String.format(Locale.ROOT, "no more lines after %s times %s pairs", folds, 2 * perFold));
    }
    return pairs.protocol(root, folds);
  }

  private void addMated(String[] words, int fold) {
    if (words.length != 3) {
      throw unexpected("a mated pair: a name and two numbers");
    }
    pairs.add(image(words[0], words[1]), image(words[0], words[2]), true, fold);
  }

  private void addNonMated(String[] words, int fold) {
    if (words.length != 4) {
      throw unexpected("a non-mated pair: a name and a number, twice");
    }
    pairs.add(image(words[0], words[1]), image(words[2], words[3]), false, fold);
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
    throw unexpected("a number");
  }

  private String[] words() {
    if (next == lines.size()) {
      next++;
      throw unexpected("another line");
    }
    return lines.get(next++).strip().split("\\s+");
  }

  private ProtocolException unexpected(String expected) {
    return new ProtocolException(
        String.format(
            Locale.ROOT,
            "expected %s in line %s of %s: use LFW's own pairs.txt, or a CSV file with the columns image1,image2,same",
            expected,
            next,
            file));
  }
}
