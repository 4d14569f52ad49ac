// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The result of a comparison: the similarity of two faces, the threshold, the decision, and which
 * faces of the images were compared. Immutable and thread-safe.
 */
public final class FaceMatch {
  private final double similarity;
  private final double threshold;
  private final @Nullable SelectedFace first;
  private final @Nullable SelectedFace second;

  private FaceMatch(
      double similarity,
      double threshold,
      @Nullable SelectedFace first,
      @Nullable SelectedFace second) {
    if (!(similarity >= -1 && similarity <= 1)) {
      throw new IllegalArgumentException(
          "expected a similarity in [-1, 1], a raw cosine, found " + similarity);
    }
    this.similarity = similarity;
    this.threshold = Checks.threshold(threshold);
    this.first = first;
    this.second = second;
  }

  /**
   * Returns the result of a comparison of two embeddings.
   *
   * @param similarity the cosine of the two, in [-1, 1]
   * @param threshold the threshold that decides, in [-1, 1]
   * @return the result, without faces
   * @throws IllegalArgumentException if a number is outside [-1, 1]
   */
  public static FaceMatch of(double similarity, double threshold) {
    return new FaceMatch(similarity, threshold, null, null);
  }

  /**
   * Adds the faces that were compared.
   *
   * @param one the face of the first image
   * @param other the face of the second image
   * @return the result with the faces
   */
  public FaceMatch withFaces(SelectedFace one, SelectedFace other) {
    return new FaceMatch(similarity, threshold, one, other);
  }

  /**
   * Returns the similarity of the faces.
   *
   * @return the cosine of the two embeddings, in [-1, 1]; not a probability
   */
  public double similarity() {
    return similarity;
  }

  /**
   * Returns the threshold that decides. It applies to one model only.
   *
   * @return the minimum similarity at which two faces are considered the same person, in [-1, 1]
   */
  public double threshold() {
    return threshold;
  }

  /**
   * Returns whether the faces are considered the same person.
   *
   * @return true if the similarity reaches the threshold
   */
  public boolean isSamePerson() {
    return similarity >= threshold;
  }

  /**
   * Returns the face of the first image.
   *
   * @return the face that was compared; empty if embeddings were compared
   */
  public Optional<SelectedFace> first() {
    return Optional.ofNullable(first);
  }

  /**
   * Returns the face of the second image.
   *
   * @return the face that was compared; empty if embeddings were compared
   */
  public Optional<SelectedFace> second() {
    return Optional.ofNullable(second);
  }

  /**
   * Returns whether the compared faces stand upright in their images, as their landmarks show
   * ({@link Face#turn}). A detector of {@link Orientation#UPRIGHT} faces can find one that does
   * not; its similarity to any face means little. Turn the image, or look for {@link
   * Orientation#ANY}.
   *
   * @return false if one of the faces does not stand upright; true if embeddings were compared
   */
  public boolean isUpright() {
    return isUpright(first) && isUpright(second);
  }

  private static boolean isUpright(@Nullable SelectedFace selected) {
    return selected == null || selected.face().turn() == 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FaceMatch match
        && Double.compare(similarity, match.similarity) == 0
        && Double.compare(threshold, match.threshold) == 0
        && Objects.equals(first, match.first)
        && Objects.equals(second, match.second);
  }

  @Override
  public int hashCode() {
    return Objects.hash(similarity, threshold, first, second);
  }

  /**
   * Returns a description with the similarity, the threshold and the numbers of faces.
   *
   * @return the description, without biometric data
   */
  @Override
  public String toString() {
    String faces =
        first == null || second == null
            ? ""
            : String.format(
                Locale.ROOT, ", faces=%d and %d", first.faceCount(), second.faceCount());
    return String.format(
        Locale.ROOT, "FaceMatch[similarity=%s, threshold=%s%s]", similarity, threshold, faces);
  }
}
