// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.omote.face.Face;
import io.omote.face.Landmarks.Point;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class YuNetTest {
  private static final int COLUMNS = 4;
  private static final int CELLS = 12;

  /** The cell in column 2 of row 1, of 16 pixels each, on a canvas half as large as the image. */
  @Test
  void decode_aCell_isInPixelsOfTheImage() {
    int cell = COLUMNS + 2;
    float[] classes = new float[CELLS];
    float[] objects = new float[CELLS];
    classes[cell] = 0.81f;
    objects[cell] = 1.5f; // clamped
    float[] boxes = new float[4 * CELLS];
    boxes[4 * cell] = 0.25f;
    boxes[4 * cell + 1] = 0.5f;
    boxes[4 * cell + 2] = (float) Math.log(3);
    boxes[4 * cell + 3] = (float) Math.log(2);
    float[] points = new float[10 * CELLS];
    for (int k = 0; k < 10; k++) {
      points[10 * cell + k] = k / 8f;
    }
    List<Face> faces = new ArrayList<>();
    YuNet.decode(
        new FloatBuffer[] {
          FloatBuffer.wrap(classes),
          FloatBuffer.wrap(objects),
          FloatBuffer.wrap(boxes),
          FloatBuffer.wrap(points)
        },
        COLUMNS,
        16 / 0.5f,
        0.8f,
        faces);
    assertThat(faces).hasSize(1);
    Face face = faces.get(0);
    assertThat(face.score()).isCloseTo(0.9f, within(1e-6f));
    assertThat(face.box().left()).isCloseTo(2.25f * 32 - 48, within(1e-4f));
    assertThat(face.box().top()).isCloseTo(1.5f * 32 - 32, within(1e-4f));
    assertThat(face.box().right()).isCloseTo(2.25f * 32 + 48, within(1e-4f));
    assertThat(face.box().bottom()).isCloseTo(1.5f * 32 + 32, within(1e-4f));
    List<Point> five = face.landmarks().orElseThrow().points();
    for (int i = 0; i < five.size(); i++) {
      assertThat(five.get(i).x()).isCloseTo((2 + 2 * i / 8f) * 32, within(1e-4f));
      assertThat(five.get(i).y()).isCloseTo((1 + (2 * i + 1) / 8f) * 32, within(1e-4f));
    }
  }
}
