// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The rules by which one face of several counts.
 *
 * <p>Immutable and thread-safe.
 */
public enum FaceSelection {
  /**
   * The face with the largest value of {@code area - 2 * d * d}, where {@code d} is the distance of
   * the box's center from the center of the image: it prefers large faces near the middle, as
   * InsightFace does. It is the default because it decided best on 600 pairs of images, a sixth of
   * which showed several people.
   */
  CENTRAL,

  /** The face with the highest score, the first that a detector returns. */
  HIGHEST_SCORE,

  /** The face with the largest box. */
  LARGEST,

  /** The only face: an image with several faces is refused with {@link ImageException}. */
  ONLY;

  /**
   * Chooses one of the faces of an image.
   *
   * @param faces the faces, by descending score
   * @param imageWidth the width of the image, in pixels
   * @param imageHeight the height of the image, in pixels
   * @return the face that counts, empty if there is no face
   * @throws ImageException if this is {@link #ONLY} and there are several faces
   */
  public Optional<Face> select(List<Face> faces, int imageWidth, int imageHeight) {
    if (this == ONLY) {
      if (faces.size() > 1) {
        throw ImageException.severalFaces(faces.size());
      }
      return faces.stream().findFirst();
    }
    // max() would return the last of equal faces, but the first has the higher score.
    return rank(faces, imageWidth, imageHeight).stream().findFirst();
  }

  /**
   * Sorts faces by this rule, the face that counts first. Equal faces keep their order.
   *
   * @param faces the faces, by descending score
   * @param imageWidth the width of the image, in pixels
   * @param imageHeight the height of the image, in pixels
   * @return the sorted faces, an immutable list
   * @throws IllegalStateException if this is {@link #ONLY}, which does not rank
   */
  public List<Face> rank(List<Face> faces, int imageWidth, int imageHeight) {
    ToDoubleFunction<Face> value =
        switch (this) {
          // The reference has an integer center.
          case CENTRAL -> face -> centrality(face.box(), imageWidth / 2, imageHeight / 2);
          case HIGHEST_SCORE -> Face::score;
          case LARGEST -> face -> face.box().area();
          case ONLY -> throw new IllegalStateException("ONLY does not rank faces");
        };
    List<Face> ranked = new ArrayList<>(faces);
    ranked.sort(Comparator.comparingDouble(value).reversed());
    return List.copyOf(ranked);
  }

  private static double centrality(BoundingBox box, int centerX, int centerY) {
    double dx = box.centerX() - centerX;
    double dy = box.centerY() - centerY;
    return box.area() - 2 * (dx * dx + dy * dy);
  }
}
