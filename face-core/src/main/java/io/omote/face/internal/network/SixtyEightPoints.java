// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import io.omote.face.Landmarks;
import io.omote.face.Landmarks.Point;
import io.omote.face.ModelException;
import java.util.List;
import java.util.Locale;

/** The 68 points of the iBUG 300-W annotation and the five landmarks made of them. Stateless. */
final class SixtyEightPoints {
  static final int COUNT = 68;

  private SixtyEightPoints() {}

  /**
   * Reduces the points to the five by which a face is aligned.
   *
   * @param points 68 points in iBUG order
   * @return the centers of the eyes (the means of their lids), the tip of the nose, the corners of
   *     the mouth (the means of outer and inner corner)
   * @throws ModelException if there are not 68
   */
  static Landmarks toFive(List<Point> points) {
    // A graph may declare another shape than its network then gives.
    if (points.size() != COUNT) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected a network that gives %s points, found one that gives %s: use the network that the detector came with",
              COUNT,
              points.size()));
    }
    return new Landmarks(
        mean(points, 37, 38, 40, 41),
        mean(points, 43, 44, 46, 47),
        points.get(30),
        mean(points, 48, 60),
        mean(points, 54, 64));
  }

  private static Point mean(List<Point> points, int... indices) {
    float x = 0;
    float y = 0;
    for (int index : indices) {
      x += points.get(index).x();
      y += points.get(index).y();
    }
    return new Point(x / indices.length, y / indices.length);
  }
}
