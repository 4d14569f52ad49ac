// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.Landmarks;
import io.omote.face.Landmarks.Point;
import io.omote.face.ModelException;
import io.omote.face.internal.geometry.Suppression;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The last steps of every detector: from outputs to candidates, and from candidates to faces.
 * Stateless.
 */
final class Faces {
  /** No image is so large; sums and multiples of it are finite numbers. */
  private static final float FARTHEST = 1e9f;

  /** The largest excess over 1 that rounding may cause. */
  private static final float ROUNDING = 1e-3f;

  /**
   * The number of candidates that suppression compares with each other. An image of a thousand
   * faces has about 5,000; without a bound, noise at a low threshold would take minutes.
   */
  static final int MAX_CANDIDATES = 20_000;

  private Faces() {}

  /**
   * Adds a candidate, unless a coordinate cannot lie in an image, or its sides are swapped.
   *
   * @param faces receives the candidate
   * @param score the output of the network, not below its threshold
   * @param sides left, top, right, bottom
   * @param five x and y of five points, empty if there are none
   * @throws ModelException if the score is above 1
   */
  static void add(List<Face> faces, float score, float[] sides, float[] five) {
    if (sides[2] >= sides[0] && sides[3] >= sides[1] && arePlaces(sides) && arePlaces(five)) {
      faces.add(
          new Face(
              new BoundingBox(sides[0], sides[1], sides[2], sides[3]),
              score(score),
              five.length == 0 ? Optional.empty() : Optional.of(landmarks(five))));
    }
  }

  private static Landmarks landmarks(float[] five) {
    return new Landmarks(
        new Point(five[0], five[1]),
        new Point(five[2], five[3]),
        new Point(five[4], five[5]),
        new Point(five[6], five[7]),
        new Point(five[8], five[9]));
  }

  /**
   * Returns whether coordinates from a network can lie in an image.
   *
   * @param coordinates the numbers
   * @return false if one is not finite, or beyond all images
   */
  static boolean arePlaces(float... coordinates) {
    for (float coordinate : coordinates) {
      if (!(Math.abs(coordinate) <= FARTHEST)) {
        return false;
      }
    }
    return true;
  }

  private static float score(float score) {
    if (score > 1 + ROUNDING) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected scores in [0, 1], found %s: check that the file is a detector of this kind",
              score));
    }
    return Math.min(score, 1);
  }

  /**
   * Sorts by descending score (equal scores keep their order) and drops overlapping boxes, and
   * those after the first {@value #MAX_CANDIDATES}.
   *
   * @param candidates the faces that passed the score threshold
   * @param suppression the rule
   * @return the faces by descending score, an immutable list
   */
  static List<Face> suppress(List<Face> candidates, Suppression suppression) {
    List<Face> sorted = new ArrayList<>(candidates);
    sorted.sort(Comparator.comparing(Face::score).reversed());
    if (sorted.size() > MAX_CANDIDATES) {
      sorted = sorted.subList(0, MAX_CANDIDATES);
    }
    float[] boxes = new float[4 * sorted.size()];
    int at = 0;
    for (Face face : sorted) {
      BoundingBox box = face.box();
      boxes[at++] = box.left();
      boxes[at++] = box.top();
      boxes[at++] = box.right();
      boxes[at++] = box.bottom();
    }
    return Arrays.stream(suppression.keep(boxes)).mapToObj(sorted::get).toList();
  }
}
