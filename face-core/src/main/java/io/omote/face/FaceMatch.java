// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

/**
 * The outcome of a comparison. Immutable and thread-safe.
 *
 * @param similarity the cosine of the two embeddings, in [-1, 1]; not a probability
 * @param threshold the threshold that decides, in [-1, 1]; it belongs to the model
 */
public record FaceMatch(double similarity, double threshold) {
  /**
   * The decision.
   *
   * @return whether the similarity reaches the threshold
   */
  public boolean isSamePerson() {
    return similarity >= threshold;
  }
}
