// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.omote.face.Landmarks.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Reads the golden results and compares results with them. */
final class Golden {
  private Golden() {}

  static float[] floats(JsonArray array) {
    float[] floats = new float[array.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = array.get(i).getAsFloat();
    }
    return floats;
  }

  static List<JsonObject> objects(JsonArray array) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .toList();
  }

  static Face face(JsonObject golden) {
    float[] box = floats(golden.getAsJsonArray("box"));
    return new Face(
        new BoundingBox(box[0], box[1], box[2], box[3]),
        golden.get("score").getAsFloat(),
        Optional.of(landmarks(golden)));
  }

  static Landmarks landmarks(JsonObject golden) {
    float[] xy = floats(golden.getAsJsonArray("landmarks"));
    return new Landmarks(
        new Point(xy[0], xy[1]),
        new Point(xy[2], xy[3]),
        new Point(xy[4], xy[5]),
        new Point(xy[6], xy[7]),
        new Point(xy[8], xy[9]));
  }

  /**
   * Asserts that detected faces are the golden ones. They are matched by their boxes: two of nearly
   * the same score may be in either order, which the golden order, made with another resize, does
   * not decide.
   */
  static void assertSameFaces(
      String name,
      List<Face> faces,
      List<Face> expected,
      float boxPixels,
      float landmarkPixels,
      float score) {
    assertThat(faces).as(name).hasSameSizeAs(expected);
    assertThat(faces).as(name).isSortedAccordingTo(Comparator.comparing(Face::score).reversed());
    List<Face> left = new ArrayList<>(faces);
    for (Face golden : expected) {
      Face nearest =
          left.stream()
              .min(Comparator.comparing(face -> distance(face.box(), golden.box())))
              .orElseThrow();
      left.remove(nearest);
      assertThat(distance(nearest.box(), golden.box())).as(name).isLessThan(boxPixels);
      assertThat(nearest.score()).as(name).isCloseTo(golden.score(), within(score));
      assertThat(distance(nearest.landmarks().orElseThrow(), golden.landmarks().orElseThrow()))
          .as(name)
          .isLessThan(landmarkPixels);
    }
  }

  /** Returns the largest difference between coordinates of two boxes, in pixels. */
  static float distance(BoundingBox a, BoundingBox b) {
    float x = Math.max(Math.abs(a.left() - b.left()), Math.abs(a.right() - b.right()));
    float y = Math.max(Math.abs(a.top() - b.top()), Math.abs(a.bottom() - b.bottom()));
    return Math.max(x, y);
  }

  /** Returns the largest difference between coordinates of two sets of landmarks, in pixels. */
  static float distance(Landmarks a, Landmarks b) {
    float largest = 0;
    for (int i = 0; i < 5; i++) {
      Point p = a.points().get(i);
      Point q = b.points().get(i);
      largest = Math.max(largest, Math.max(Math.abs(p.x() - q.x()), Math.abs(p.y() - q.y())));
    }
    return largest;
  }
}
