// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.search;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A person in an index, one object for each. Only the writer uses the samples. */
final class Person {
  final String name;

  /** Sorted by name: a map for each person, or one for all, would take three times the memory. */
  private final List<Row> samples = new ArrayList<>(1);

  Person(String name) {
    this.name = name;
  }

  List<Row> samples() {
    return samples;
  }

  @Nullable Row find(String sample) {
    int place = place(sample);
    return place < 0 ? null : samples.get(place);
  }

  void add(Row row) {
    samples.add(-place(row.sample) - 1, row);
  }

  void remove(Row row) {
    samples.remove(place(row.sample));
  }

  /** Returns the place of a sample, or {@code -1 - place} if it is missing and belongs there. */
  private int place(String sample) {
    int low = 0;
    int high = samples.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = samples.get(middle).sample.compareTo(sample);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1 - low;
  }
}
