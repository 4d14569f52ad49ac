// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.ModelException;
import io.omote.face.description.Normalization;
import io.omote.face.internal.engine.TensorBuffers;
import io.omote.face.internal.geometry.Letterbox;
import io.omote.face.internal.geometry.Suppression;
import io.omote.face.internal.image.Sampler;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * DJL Translator for the box network of an UltraLight detector: an image in, faces without
 * landmarks by descending score out.
 *
 * <p>The image is laid into {@code [1,3,height,width]}, RGB, {@code (x - 127) / 128}, with its
 * aspect ratio kept, at the top-left of black. The outputs are scores {@code [1,n,2]}, whose column
 * 1 is the face, and corners {@code [1,n,4]} as fractions of the input.
 *
 * <p>Holds nothing of a call, so it is safe for use by several predictors at once.
 */
public final class UltraLightTranslator extends FaceTranslator {
  private static final Sampler SAMPLER = Sampler.rgb(new Normalization(127, 128));

  private final int width;
  private final int height;
  private final float scoreThreshold;

  /**
   * Makes a translator.
   *
   * @param width the width of the network's input
   * @param height the height of the network's input
   * @param scoreThreshold the score from which on a face counts
   * @param iouThreshold the overlap above which the lower of two boxes is dropped, with plain areas
   */
  public UltraLightTranslator(int width, int height, float scoreThreshold, float iouThreshold) {
    super(SAMPLER, width, height, new Suppression(iouThreshold, 0));
    this.width = width;
    this.height = height;
    this.scoreThreshold = scoreThreshold;
  }

  @Override
  List<Face> decode(NDList outputs, Letterbox fit) {
    if (outputs.size() != 2) {
      throw new ModelException(
          "expected the 2 outputs of an UltraLight detector, found " + outputs.size());
    }
    FloatBuffer scores = read(outputs.get(0), 2);
    FloatBuffer boxes = read(outputs.get(1), 4);
    if (scores.limit() / 2 != boxes.limit() / 4) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected as many scores as boxes, found %s and %s",
              scores.limit() / 2,
              boxes.limit() / 4));
    }
    return decode(scores, boxes, fit.scale());
  }

  List<Face> decode(FloatBuffer scores, FloatBuffer boxes, float scale) {
    List<Face> candidates = new ArrayList<>();
    for (int i = 0; i < scores.limit() / 2; i++) {
      float score = scores.get(2 * i + 1);
      if (!(score >= scoreThreshold && score < Float.POSITIVE_INFINITY)) {
        continue;
      }
      float left = boxes.get(4 * i) * width / scale;
      float top = boxes.get(4 * i + 1) * height / scale;
      float right = boxes.get(4 * i + 2) * width / scale;
      float bottom = boxes.get(4 * i + 3) * height / scale;
      if (right >= left && bottom >= top && Faces.arePlaces(left, top, right, bottom)) {
        candidates.add(
            new Face(
                new BoundingBox(left, top, right, bottom), Faces.score(score), Optional.empty()));
      }
    }
    return candidates;
  }

  private static FloatBuffer read(NDArray output, int columns) {
    long[] shape = output.getShape().getShape();
    if (shape.length != 3 || shape[0] != 1 || shape[2] != columns) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected an UltraLight output of the shape [1,n,%s], found %s",
              columns,
              Arrays.toString(shape)));
    }
    return TensorBuffers.floats(output);
  }
}
