// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.ModelException;
import io.omote.face.internal.geometry.Suppression;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The last step of every detector: candidates to faces. Stateless. */
final class Faces {
  /** No image is so large; sums and multiples of it are finite numbers. */
  private static final float FARTHEST = 1e9f;

  /** What rounding may add to a score of 1. */
  private static final float ROUNDING = 1e-3f;

  private Faces() {}

  /**
   * Whether numbers of a network can be places in an image.
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

  /**
   * A score as it is reported.
   *
   * @param score what a network gave, not below its threshold
   * @return the score, at most 1
   * @throws ModelException if the network gives other numbers than scores
   */
  static float score(float score) {
    if (score > 1 + ROUNDING) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected scores in [0, 1], found %s: is this another kind of detector?",
              score));
    }
    return Math.min(score, 1);
  }

  /**
   * Sorts by descending score, equal scores keeping their order, and drops overlapping boxes.
   *
   * @param candidates what passed the score threshold
   * @param suppression the rule
   * @return the faces by descending score, an immutable list
   */
  static List<Face> suppress(List<Face> candidates, Suppression suppression) {
    List<Face> sorted = new ArrayList<>(candidates);
    sorted.sort(Comparator.comparing(Face::score).reversed());
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
