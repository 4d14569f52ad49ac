// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Images and comparisons of a set that do not count, or count once.
 *
 * @param leftOut a message for each image that is not part of the set, with its name
 * @param notes a sentence for each reason, with the number of cases
 * @param examples the same sentences with names of the first case
 */
record Exclusions(List<String> leftOut, List<String> notes, List<String> examples) {

  /** Returns those of which there are cases. */
  static Exclusions of(List<String> leftOut, Tally... tallies) {
    List<Tally> found = Stream.of(tallies).filter(tally -> tally.count > 0).toList();
    return new Exclusions(
        List.copyOf(leftOut),
        found.stream().map(tally -> tally.sentence("")).toList(),
        found.stream()
            .map(tally -> tally.sentence(String.format(Locale.ROOT, " (first: %s)", tally.first)))
            .toList());
  }

  /** The number of cases of one kind, and the first of them. Used by one thread. */
  static final class Tally {
    private final String noun;
    private final String treatment;
    private long count;
    private String first = "";

    /** Starts at zero. The sentence has the number, the noun and the treatment. */
    Tally(String noun, String treatment) {
      this.noun = noun;
      this.treatment = treatment;
    }

    /** Counts a case. There may be millions, so that only the first one becomes text. */
    void add(String format, Object... values) {
      if (count == 0) {
        first = String.format(Locale.ROOT, format, values);
      }
      count++;
    }

    long count() {
      return count;
    }

    String first() {
      return first;
    }

    private String sentence(String example) {
      return String.format(
          Locale.ROOT, "%d %s%s %s%s.", count, noun, count == 1 ? "" : "s", treatment, example);
    }
  }
}
