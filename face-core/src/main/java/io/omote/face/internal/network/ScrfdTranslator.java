// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.omote.face.Face;
import io.omote.face.ModelException;
import io.omote.face.description.Normalization;
import io.omote.face.internal.engine.OnnxFile;
import io.omote.face.internal.engine.OnnxGraph;
import io.omote.face.internal.engine.TensorBuffers;
import io.omote.face.internal.geometry.Letterbox;
import io.omote.face.internal.geometry.Suppression;
import io.omote.face.internal.image.Sampler;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * DJL Translator for SCRFD detectors at one input size: an image in, faces by descending score out.
 *
 * <p>The image is laid into {@code [1,3,height,width]}, RGB, {@code (x - 127.5) / 128}, with its
 * aspect ratio kept, at the top-left of black. Files of 6, 9, 10 or 15 outputs are understood, with
 * or without a leading 1 in their shapes.
 *
 * <p>Holds nothing of a call, so it is safe for use by several predictors at once.
 */
public final class ScrfdTranslator extends FaceTranslator {
  private static final Sampler SAMPLER = Sampler.rgb(new Normalization(127.5f, 128));
  private static final float EXTENT = 1;

  /** InsightFace's auto mode: the small pass finds faces that fill the image. */
  private static final List<Integer> AUTO = List.of(128, 640);

  static final PassFamily FAMILY =
      new PassFamily(
          "an SCRFD detector",
          0.5f,
          0.4f,
          EXTENT,
          AUTO,
          ScrfdTranslator::recognizes,
          ScrfdTranslator::check,
          (size, score, iou) -> new ScrfdTranslator(size.width(), size.height(), score, iou));

  /** Score, four distances, five points: what an anchor has in each kind of output. */
  private static final int[] COLUMNS = {1, 4, 10};

  private static final int[] THREE_STRIDES = {8, 16, 32};
  private static final int[] FIVE_STRIDES = {8, 16, 32, 64, 128};

  private final float scoreThreshold;

  /**
   * Makes a translator.
   *
   * @param width the width of the network's input, a multiple of 32
   * @param height the height of the network's input, a multiple of 32
   * @param scoreThreshold the score from which on a face counts; InsightFace's default is 0.5
   * @param iouThreshold the overlap above which the lower of two boxes is dropped, with the
   *     convention that a box from pixel a to pixel b covers {@code b - a + 1}; InsightFace's
   *     default is 0.4
   */
  public ScrfdTranslator(int width, int height, float scoreThreshold, float iouThreshold) {
    this(width, height, scoreThreshold, Float.valueOf(iouThreshold));
  }

  private ScrfdTranslator(
      int width, int height, float scoreThreshold, @Nullable Float iouThreshold) {
    super(
        SAMPLER,
        width,
        height,
        iouThreshold == null ? null : new Suppression(iouThreshold, EXTENT));
    this.scoreThreshold = scoreThreshold;
  }

  private static boolean recognizes(OnnxGraph graph) {
    return has(graph, 9, 3) || has(graph, 15, 3);
  }

  /** Whether, as far as the file states it, scores come first, then boxes, then points. */
  private static boolean has(OnnxGraph graph, int outputs, int kinds) {
    return graph.takesColorImages()
        && graph.outputs().size() == outputs
        && IntStream.range(0, outputs)
            .allMatch(i -> graph.outputs().get(i).mayHaveColumns(COLUMNS[i * kinds / outputs]));
  }

  private static void check(OnnxFile file, boolean landmarksRequired) {
    OnnxGraph graph = file.graph();
    boolean withoutLandmarks = has(graph, 6, 2) || has(graph, 10, 2);
    if (withoutLandmarks && landmarksRequired) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected an SCRFD detector with landmarks (9 or 15 outputs), found %d outputs in %s: faces are aligned by their landmarks; use a file with 'kps' in its name",
              graph.outputs().size(),
              file.name()));
    }
    if (!withoutLandmarks && !recognizes(graph)) {
      throw DetectorFamily.wrong(
          "an SCRFD detector (input [1,3,H,W]; 6, 9, 10 or 15 outputs of 1, 4 and 10 columns; all"
              + " 32-bit floats)",
          file);
    }
  }

  @Override
  List<Face> decode(NDList outputs, Letterbox fit) {
    int[] strides = outputs.size() == 6 || outputs.size() == 9 ? THREE_STRIDES : FIVE_STRIDES;
    boolean hasPoints = outputs.size() == 9 || outputs.size() == 15;
    if (!hasPoints && outputs.size() != 6 && outputs.size() != 10) {
      throw new ModelException(
          "expected the 6, 9, 10 or 15 outputs of an SCRFD detector, found " + outputs.size());
    }
    int anchors = strides == THREE_STRIDES ? 2 : 1;
    List<Face> candidates = new ArrayList<>();
    for (int i = 0; i < strides.length; i++) {
      // Rounded up, as a convolution of stride 2 with padding 1 does.
      int columns = (fit.canvasWidth() + strides[i] - 1) / strides[i];
      int count = columns * ((fit.canvasHeight() + strides[i] - 1) / strides[i]) * anchors;
      FloatBuffer scores = read(outputs.get(i), count, 1);
      if (!reaches(scores, scoreThreshold)) {
        // Nothing to find at this stride: its other outputs need not be copied.
        continue;
      }
      FloatBuffer boxes = read(outputs.get(i + strides.length), count, 4);
      FloatBuffer points = hasPoints ? read(outputs.get(i + 2 * strides.length), count, 10) : null;
      new ScrfdDecoder(strides[i], columns, anchors, fit.scale())
          .decode(scores, boxes, points, scoreThreshold, candidates);
    }
    return candidates;
  }

  private static boolean reaches(FloatBuffer scores, float threshold) {
    for (int i = 0; i < scores.limit(); i++) {
      if (scores.get(i) >= threshold) {
        return true;
      }
    }
    return false;
  }

  private static FloatBuffer read(NDArray output, int count, int columns) {
    long[] shape = output.getShape().getShape();
    if (output.getShape().size() != (long) count * columns || shape[shape.length - 1] != columns) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected an SCRFD output of %s rows of %s, found the shape %s: is this another kind of detector?",
              count,
              columns,
              Arrays.toString(shape)));
    }
    return TensorBuffers.floats(output);
  }
}
