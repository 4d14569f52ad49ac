// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.omote.face.Face;
import io.omote.face.FaceException;
import io.omote.face.FaceImage;
import io.omote.face.Landmarks;
import io.omote.face.ModelException;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.description.Normalization;
import io.omote.face.internal.geometry.Letterbox;
import io.omote.face.internal.geometry.Suppression;
import io.omote.face.internal.image.CropTransform;
import io.omote.face.internal.image.Sampler;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** Any output of a network, numbers or not, becomes faces with finite boxes, or no faces. */
class OutputFuzzTest {
  private static final float[] SPECIAL = {
    Float.NaN,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Float.MIN_VALUE,
    0,
    -0f,
    1,
    0.5f
  };

  private static final FaceImage IMAGE = FaceImage.ofBgr(new byte[3 * 20 * 10], 20, 10);

  @FuzzTest(maxDuration = "60s")
  void scrfd(FuzzedDataProvider data) {
    Scrfd.Grid grid = new Scrfd.Grid(8, data.consumeInt(1, 8), data.consumeInt(1, 2), 0.5f);
    int anchors = data.consumeInt(0, 64);
    List<Face> faces = new ArrayList<>();
    FloatBuffer scores = floats(data, anchors);
    FloatBuffer boxes = floats(data, 4 * anchors);
    FloatBuffer points = floats(data, 10 * anchors);
    try {
      grid.decode(scores, boxes, points, 0.5f, faces);
    } catch (ModelException e) {
      assertThat(e).hasMessageStartingWith("expected scores in [0, 1]");
    }
    use(Faces.suppress(faces, new Suppression(0.4f, 1)));
  }

  @FuzzTest(maxDuration = "60s")
  void yunet(FuzzedDataProvider data) {
    int columns = data.consumeInt(1, 8);
    int cells = data.consumeInt(0, 64);
    FloatBuffer[] kinds = {
      floats(data, cells), floats(data, cells), floats(data, 4 * cells), floats(data, 10 * cells)
    };
    List<Face> faces = new ArrayList<>();
    YuNet.decode(kinds, columns, 8 / 0.5f, 0.5f, faces);
    assertThat(faces).allSatisfy(face -> assertThat(face.score()).isBetween(0.5f, 1f));
    use(Faces.suppress(faces, new Suppression(0.3f, 0)));
  }

  @FuzzTest(maxDuration = "60s")
  void retinaFace(FuzzedDataProvider data) {
    int side = data.consumeInt(1, 40);
    int anchors = 2 * ((side + 7) / 8) * ((side + 7) / 8);
    anchors += 2 * ((side + 15) / 16) * ((side + 15) / 16);
    anchors += 2 * ((side + 31) / 32) * ((side + 31) / 32);
    FloatBuffer[] kinds = {
      floats(data, 4 * anchors), floats(data, 2 * anchors), floats(data, 10 * anchors)
    };
    try {
      Letterbox fit = new Letterbox(side, side, side, side, data.consumeFloat());
      use(Faces.suppress(RetinaFace.decode(kinds, fit, 0.5f), new Suppression(0.4f, 0)));
    } catch (ModelException e) {
      assertThat(e).hasMessageStartingWith("expected scores in [0, 1]");
    }
  }

  @FuzzTest(maxDuration = "60s")
  void ultraLight(FuzzedDataProvider data) {
    int boxes = data.consumeInt(0, 64);
    try {
      Letterbox fit = new Letterbox(320, 240, 320, 240, data.consumeFloat());
      use(UltraLight.decode(floats(data, 2 * boxes), floats(data, 4 * boxes), fit, 0.6f));
    } catch (ModelException e) {
      assertThat(e).hasMessageStartingWith("expected scores in [0, 1]");
    }
    float[] xy = new float[2 * 68];
    for (int i = 0; i < xy.length; i++) {
      float number = number(data);
      xy[i] = Float.isFinite(number) ? number : i;
    }
    try {
      align(UltraLight.toFive(DenseLandmarks.of(xy)));
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageStartingWith("expected a place");
    }
  }

  private static FloatBuffer floats(FuzzedDataProvider data, int count) {
    FloatBuffer floats = FloatBuffer.allocate(count);
    while (floats.hasRemaining()) {
      floats.put(number(data));
    }
    return floats.flip();
  }

  private static float number(FuzzedDataProvider data) {
    int kind = data.consumeInt(0, 3);
    return switch (kind) {
      case 0 -> SPECIAL[data.consumeInt(0, SPECIAL.length - 1)];
      case 1 -> data.consumeFloat();
      default -> data.consumeRegularFloat(-2, 2);
    };
  }

  private static void use(List<Face> faces) {
    for (Face face : faces) {
      assertThat(face.score()).isFinite();
      assertThat(face.box().left() + face.box().right()).isNotNaN();
      face.landmarks().ifPresent(OutputFuzzTest::align);
      sample(CropTransform.square(IMAGE, face, 1, 8));
    }
  }

  private static void align(Landmarks landmarks) {
    try {
      sample(new Alignment(112).crop(IMAGE, landmarks));
    } catch (FaceException e) {
      assertThat(e).hasMessageStartingWith("expected five landmarks");
    }
  }

  private static void sample(CropTransform region) {
    FloatBuffer out = FloatBuffer.allocate(3 * 8 * 8);
    Sampler.rgb(Normalization.ARCFACE).warp(region, 8, 8, out);
    for (int i = 0; i < out.capacity(); i++) {
      assertThat(out.get(i)).isBetween(-1f, 1f);
    }
  }
}
