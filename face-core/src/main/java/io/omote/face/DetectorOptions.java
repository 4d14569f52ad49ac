// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * What a {@link FaceDetector.Builder} was told to find, as its detector gets it. Whether a file can
 * have it is decided when the detector is opened.
 *
 * <p>Immutable and thread-safe.
 */
public final class DetectorOptions {
  static final DetectorOptions DEFAULTS =
      new DetectorOptions(
          Optional.empty(),
          Optional.empty(),
          List.of(),
          false,
          false,
          Integer.MAX_VALUE,
          FaceSelection.CENTRAL);

  private final Optional<Float> scoreThreshold;
  private final Optional<Float> iouThreshold;
  private final List<Integer> inputSizes;
  private final boolean coarseToFine;
  private final boolean landmarksRequired;
  private final int maxFaces;
  private final FaceSelection ranking;

  private DetectorOptions(
      Optional<Float> scoreThreshold,
      Optional<Float> iouThreshold,
      List<Integer> inputSizes,
      boolean coarseToFine,
      boolean landmarksRequired,
      int maxFaces,
      FaceSelection ranking) {
    this.scoreThreshold = scoreThreshold;
    this.iouThreshold = iouThreshold;
    this.inputSizes = inputSizes;
    this.coarseToFine = coarseToFine;
    this.landmarksRequired = landmarksRequired;
    this.maxFaces = maxFaces;
    this.ranking = ranking;
  }

  private static float fraction(float number, String what) {
    if (!(number >= 0 && number <= 1)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "expected %s in [0, 1], found %s", what, number));
    }
    return number;
  }

  DetectorOptions withScoreThreshold(float score) {
    return new DetectorOptions(
        Optional.of(fraction(score, "a score")),
        iouThreshold,
        inputSizes,
        coarseToFine,
        landmarksRequired,
        maxFaces,
        ranking);
  }

  DetectorOptions withIouThreshold(float overlap) {
    return new DetectorOptions(
        scoreThreshold,
        Optional.of(fraction(overlap, "an overlap")),
        inputSizes,
        coarseToFine,
        landmarksRequired,
        maxFaces,
        ranking);
  }

  DetectorOptions withInputSizes(int... sides) {
    if (sides.length == 0) {
      throw new IllegalArgumentException("expected at least one input size, found none");
    }
    for (int side : sides) {
      if (side < 32 || side > 8192 || side % 32 != 0) {
        throw new IllegalArgumentException(
            "expected input sizes that are multiples of 32 from 32 to 8192, found " + side);
      }
    }
    return new DetectorOptions(
        scoreThreshold,
        iouThreshold,
        Arrays.stream(sides).boxed().toList(),
        coarseToFine,
        landmarksRequired,
        maxFaces,
        ranking);
  }

  DetectorOptions withCoarseToFine(boolean allowed) {
    return new DetectorOptions(
        scoreThreshold, iouThreshold, inputSizes, allowed, landmarksRequired, maxFaces, ranking);
  }

  DetectorOptions withLandmarksRequired() {
    return new DetectorOptions(
        scoreThreshold, iouThreshold, inputSizes, coarseToFine, true, maxFaces, ranking);
  }

  DetectorOptions withMaxFaces(int count, FaceSelection by) {
    if (count < 1) {
      throw new IllegalArgumentException("expected 1 face or more, found " + count);
    }
    if (Objects.requireNonNull(by, "by") == FaceSelection.ONLY) {
      throw new IllegalArgumentException(
          "expected a ranking, found ONLY: use CENTRAL, LARGEST or HIGHEST_SCORE");
    }
    return new DetectorOptions(
        scoreThreshold, iouThreshold, inputSizes, coarseToFine, landmarksRequired, count, by);
  }

  /** Whether of several faces only one is ever returned. */
  boolean isOneFace() {
    return maxFaces == 1;
  }

  /**
   * The score from which on a face counts.
   *
   * @return the threshold, in [0, 1]; empty for that of the family
   */
  public Optional<Float> scoreThreshold() {
    return scoreThreshold;
  }

  /**
   * The overlap, intersection over union, above which the lower of two boxes is dropped.
   *
   * @return the threshold, in [0, 1]; empty for that of the family
   */
  public Optional<Float> iouThreshold() {
    return iouThreshold;
  }

  /**
   * The sides of the network's square input, one pass each.
   *
   * @return the sides in pixels, an immutable list; empty for those of the family
   */
  public List<Integer> inputSizes() {
    return inputSizes;
  }

  /**
   * Whether a first pass at a small size may decide where one face is wanted.
   *
   * @return true if it may
   */
  public boolean coarseToFine() {
    return coarseToFine;
  }

  /**
   * Whether a network without landmarks is refused, as matchers need it.
   *
   * @return true if it is
   */
  public boolean landmarksRequired() {
    return landmarksRequired;
  }

  /**
   * Cuts a result to the largest number of faces.
   *
   * @param faces the faces by descending score
   * @param width the width of the image in pixels
   * @param height the height of the image in pixels
   * @return the faces; in the order of the ranking where some were left out
   */
  public List<Face> limit(List<Face> faces, int width, int height) {
    return faces.size() <= maxFaces
        ? faces
        : ranking.rank(faces, width, height).subList(0, maxFaces);
  }
}
