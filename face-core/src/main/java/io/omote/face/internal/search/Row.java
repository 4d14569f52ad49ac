// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.search;

/** A sample in the index. Only the writer uses the field that is not final. */
final class Row {
  final Person person;
  final String sample;

  /** The position in the index, which changes when the index is compacted. */
  int position;

  Row(Person person, String sample) {
    this.person = person;
    this.sample = sample;
  }
}
