// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.search;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A person, of whom there is one object in an index. The samples belong to the writer. */
final class Person {
  final String name;

  /** By their names: a map for each person, or one for all, would take three times the room. */
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

  /** Where it is, or {@code -1 - place} where it would be. */
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
