// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.FaceEmbedding;
import java.io.Serializable;
import java.util.Arrays;

/**
 * A face that is sent to the tasks that compare it. Not a record, because some of Spark's
 * serializers do not support records. Immutable except for the array, which is never modified.
 */
final class Sample implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long id;
  private final String person;
  private final byte[] embedding;

  /** The side of the comparison: true for the second. */
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

  /** Returns the block of the sample, which is the same in every JVM. */
  int block(int blocks) {
    return Math.floorMod(Arrays.hashCode(embedding), blocks);
  }
}
