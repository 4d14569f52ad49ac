// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import ai.djl.ndarray.NDList;
import io.omote.face.Face;
import io.omote.face.ModelException;
import io.omote.face.description.Normalization;
import io.omote.face.description.ScrfdModel;
import io.omote.face.internal.engine.OnnxGraph;
import io.omote.face.internal.geometry.Letterbox;
import io.omote.face.internal.image.Sampler;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * InsightFace's SCRFD detectors: input {@code [1,3,H,W]}, RGB, {@code (x - 127.5) / 128}; 6, 9, 10
 * or 15 outputs, with or without a leading 1 in their shapes.
 *
 * <p>J. Guo et al., "Sample and Computation Redistribution for Efficient Face Detection", 2021;
 * numbers as in InsightFace's {@code scrfd.py}.
 */
final class Scrfd extends DetectorNetwork {
  private static final float SCORE_THRESHOLD = 0.5f;
  private static final float IOU_THRESHOLD = 0.4f;

  /** InsightFace's auto mode: the small pass finds faces that fill the image. */
  private static final List<Integer> AUTO = List.of(128, 640);

  /** The columns of each kind of output: score, four distances, five points. */
  private static final int[] COLUMNS = {1, 4, 10};

  private static final int[] THREE_STRIDES = {8, 16, 32};
  private static final int[] FIVE_STRIDES = {8, 16, 32, 64, 128};

  Scrfd() {
    super(
        "scrfd",
        "an SCRFD detector",
        ScrfdModel.class,
        1,
        files -> new ScrfdModel(files.get(0)),
        Sampler.rgb(new Normalization(127.5f, 128)),
        SCORE_THRESHOLD,
        IOU_THRESHOLD,
        AUTO);
  }

  /** Returns whether this is an SCRFD detector with landmarks. */
  @Override
  boolean fits(OnnxGraph graph) {
    return has(graph, 9, 3) || has(graph, 15, 3);
  }

  /**
   * Returns whether scores come first, then boxes, then points, as far as the file describes it.
   */
  private static boolean has(OnnxGraph graph, int outputs, int kinds) {
    return graph.takesColorImages()
        && graph.outputs().size() == outputs
        && IntStream.range(0, outputs)
            .allMatch(i -> graph.outputs().get(i).mayHaveColumns(COLUMNS[i * kinds / outputs]));
  }

  @Override
  String signature() {
    return "input [1,3,H,W]; 6, 9, 10 or 15 outputs of 1, 4 and 10 columns; all 32-bit floats";
  }

  @Override
  void check(OnnxGraph graph, String file, boolean landmarksRequired) {
    if (!has(graph, 6, 2) && !has(graph, 10, 2)) {
      check(graph, file);
    } else if (landmarksRequired) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected an SCRFD detector with landmarks (9 or 15 outputs), found %d outputs in %s: faces are aligned by their landmarks; use a file with 'kps' in its name",
              graph.outputs().size(),
              file));
    }
  }

  /** A box from pixel a to pixel b covers {@code b - a + 1} pixels. */
  @Override
  float extent() {
    return 1;
  }

  @Override
  List<Face> decode(NDList outputs, Letterbox fit, float threshold) {
    int count = outputs.size();
    int[] strides = count == 6 || count == 9 ? THREE_STRIDES : FIVE_STRIDES;
    boolean hasPoints = count == 9 || count == 15;
    if (!hasPoints && count != 6 && count != 10) {
      throw wrongOutputs("6, 9, 10 or 15", outputs);
    }
    int anchors = strides == THREE_STRIDES ? 2 : 1;
    List<Face> faces = new ArrayList<>();
    for (int i = 0; i < strides.length; i++) {
      // Rounded up, as a convolution of stride 2 with padding 1 does.
      int columns = (fit.canvasWidth() + strides[i] - 1) / strides[i];
      int rows = columns * ((fit.canvasHeight() + strides[i] - 1) / strides[i]) * anchors;
      FloatBuffer scores = rows(outputs.get(i), rows, 1);
      if (!reaches(scores, threshold)) {
        // There is nothing at this stride, so its other outputs are not copied.
        continue;
      }
      FloatBuffer boxes = rows(outputs.get(i + strides.length), rows, 4);
      FloatBuffer points = hasPoints ? rows(outputs.get(i + 2 * strides.length), rows, 10) : null;
      new Grid(strides[i], columns, anchors, fit.scale())
          .decode(scores, boxes, points, threshold, faces);
    }
    return faces;
  }

  private static boolean reaches(FloatBuffer scores, float threshold) {
    for (int i = 0; i < scores.limit(); i++) {
      if (scores.get(i) >= threshold) {
        return true;
      }
    }
    return false;
  }

  /**
   * The anchors of one stride: their centers lie at {@code (column * stride, row * stride)}, row by
   * row, several consecutive anchors per cell. Boxes and landmarks are distances from the center in
   * units of the stride.
   *
   * @param stride pixels of the canvas per cell
   * @param columns cells per row
   * @param anchors anchors per cell
   * @param scale pixels of the canvas per pixel of the image
   */
  record Grid(int stride, int columns, int anchors, float scale) {

    /**
     * Adds the faces whose score reaches the threshold.
     *
     * @param scores one per anchor
     * @param boxes four per anchor: distances to the left, upward, to the right, downward
     * @param points ten per anchor: x and y of five points; null if there are none
     * @param threshold the minimum score
     * @param faces receives them, in pixels of the image
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
        float[] sides = {
          (x - boxes.get(4 * i) * stride) / scale,
          (y - boxes.get(4 * i + 1) * stride) / scale,
          (x + boxes.get(4 * i + 2) * stride) / scale,
          (y + boxes.get(4 * i + 3) * stride) / scale
        };
        float[] five = new float[points == null ? 0 : 10];
        for (int k = 0; k < five.length; k++) {
          five[k] = ((k % 2 == 0 ? x : y) + points.get(10 * i + k) * stride) / scale;
        }
        Faces.add(faces, score, sides, five);
      }
    }
  }
}
