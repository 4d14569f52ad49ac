// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.Landmarks;
import io.omote.face.Landmarks.Point;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decodes one stride of SCRFD's outputs: anchor centers at {@code (column * stride, row * stride)},
 * row by row, several consecutive anchors a cell; boxes and landmarks are distances from the center
 * in units of the stride.
 *
 * <p>J. Guo et al., "Sample and Computation Redistribution for Efficient Face Detection", 2021;
 * numbers as in InsightFace's {@code scrfd.py}. Immutable and thread-safe.
 *
 * @param stride pixels of the canvas a cell
 * @param columns cells a row
 * @param anchors anchors a cell
 * @param scale pixels of the canvas a pixel of the image
 */
record ScrfdDecoder(int stride, int columns, int anchors, float scale) {

  /**
   * Adds the faces whose score reaches the threshold. Boxes and points that are not finite numbers,
   * and boxes whose sides are swapped, are no faces.
   *
   * @param scores one an anchor
   * @param boxes four an anchor: distances to the left, upward, to the right, downward
   * @param points ten an anchor: x and y of five points; null where there are none
   * @param threshold the least score
   * @param faces takes them, in the image's pixels
   */
  void decode(
      FloatBuffer scores,
      FloatBuffer boxes,
      @Nullable FloatBuffer points,
      float threshold,
      List<Face> faces) {
    for (int i = 0; i < scores.limit(); i++) {
      float score = scores.get(i);
      if (!(score >= threshold && score < Float.POSITIVE_INFINITY)) {
        continue;
      }
      int cell = i / anchors;
      float x = cell % columns * stride;
      float y = cell / columns * stride;
      float left = (x - boxes.get(4 * i) * stride) / scale;
      float top = (y - boxes.get(4 * i + 1) * stride) / scale;
      float right = (x + boxes.get(4 * i + 2) * stride) / scale;
      float bottom = (y + boxes.get(4 * i + 3) * stride) / scale;
      float[] five = new float[points == null ? 0 : 10];
      for (int k = 0; k < five.length; k++) {
        five[k] = ((k % 2 == 0 ? x : y) + points.get(10 * i + k) * stride) / scale;
      }
      if (right >= left
          && bottom >= top
          && Faces.arePlaces(left, top, right, bottom)
          && Faces.arePlaces(five)) {
        faces.add(
            new Face(
                new BoundingBox(left, top, right, bottom),
                Faces.score(score),
                points == null ? Optional.empty() : Optional.of(landmarks(five))));
      }
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
}
