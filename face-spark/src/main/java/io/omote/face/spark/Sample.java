// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.FaceEmbedding;
import java.io.Serializable;
import java.util.Arrays;

/**
 * A face on its way to the tasks that compare it. No record: not all of Spark's serializers know
 * those. Immutable but for the array, which nobody changes.
 */
final class Sample implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long id;
  private final String person;
  private final byte[] embedding;

  /** Of which of the two sides that are compared it is. */
  private final boolean second;

  Sample(long id, String person, byte[] embedding, boolean second) {
    this.id = id;
    this.person = person;
    this.embedding = embedding;
    this.second = second;
  }

  long id() {
    return id;
  }

  String person() {
    return person;
  }

  FaceEmbedding face() {
    return FaceEmbedding.fromBytes(embedding);
  }

  boolean isSecond() {
    return second;
  }

  Sample onSide(boolean isSecond) {
    return new Sample(id, person, embedding, isSecond);
  }

  /** In which of some blocks it is: the same one, wherever that is asked. */
  int block(int blocks) {
    return Math.floorMod(Arrays.hashCode(embedding), blocks);
  }
}
