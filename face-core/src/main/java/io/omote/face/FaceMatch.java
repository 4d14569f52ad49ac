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
   * Checks the numbers.
   *
   * @param similarity the cosine of the two embeddings, in [-1, 1]; not a probability
   * @param threshold the threshold that decides, in [-1, 1]; it belongs to the model
   * @throws IllegalArgumentException if one is outside [-1, 1]
   */
  public FaceMatch {
    Checks.threshold(threshold);
    if (!(similarity >= -1 && similarity <= 1)) {
      throw new IllegalArgumentException(
          "expected a similarity in [-1, 1], a raw cosine, found " + similarity);
    }
  }

  /**
   * The decision.
   *
   * @return whether the similarity reaches the threshold
   */
  public boolean isSamePerson() {
    return similarity >= threshold;
  }
}
