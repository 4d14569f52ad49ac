// SPDX-License-Identifier: Apache-2.0
package io.omote.face.detection;

import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.geometry.Suppression;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** The last step of every detector: candidates to faces. Stateless. */
final class Faces {
  private Faces() {}

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
