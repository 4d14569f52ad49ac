// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.search;

/** A sample in the index. What is not final belongs to the writer. */
final class Row {
  final Person person;
  final String sample;

  /** Where it is; changes when the index is compacted. */
  int position;

  Row(Person person, String sample) {
    this.person = person;
    this.sample = sample;
  }
}
