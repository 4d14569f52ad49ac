// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import org.jspecify.annotations.Nullable;

/** A sample in the index. Found by person and name; guarded by the writer but for what is final. */
final class Row {
  final Person person;
  final String sample;
  final float norm;

  /** Where it is; changes when the index is compacted, and is of use to the writer only. */
  int position;

  Row(Person person, String sample, float norm) {
    this.person = person;
    this.sample = sample;
    this.norm = norm;
  }

  /** A person, of whom there is one object in an index. */
  static final class Person {
    final String name;

    /** How many samples there are; of use to the writer only. */
    int samples;

    Person(String name) {
      this.name = name;
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Row row && person == row.person && sample.equals(row.sample);
  }

  @Override
  public int hashCode() {
    return 31 * System.identityHashCode(person) + sample.hashCode();
  }
}
