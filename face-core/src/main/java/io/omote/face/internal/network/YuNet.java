// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import ai.djl.ndarray.NDList;
import io.omote.face.Face;
import io.omote.face.FaceImage;
import io.omote.face.description.Normalization;
import io.omote.face.description.YuNetModel;
import io.omote.face.internal.engine.OnnxGraph;
import io.omote.face.internal.geometry.Letterbox;
import io.omote.face.internal.image.Sampler;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * OpenCV's YuNet detectors: input {@code [1,3,H,W]}, BGR, 0 to 255; 12 outputs, which are class
 * scores, object scores, boxes and points, each for the strides 8, 16 and 32.
 *
 * <p>W. Wu et al., "YuNet: A Tiny Millisecond-level Face Detector", 2023; numbers as in OpenCV's
 * {@code FaceDetectorYN}.
 */
final class YuNet extends DetectorNetwork {
  private static final float SCORE_THRESHOLD = 0.7f;
  private static final float IOU_THRESHOLD = 0.3f;

  /**
   * One size, as measured with the bundled recognizer on 600 pairs of faces: the separation d' is
   * 5.85 at 640, 5.54 at 320 and 5.72 with both, because points from the smaller size are less
   * exact. The drawback: of 200 images cut to 0.8 of a face's box, 182 are found at 640, and all at
   * 320.
   */
  private static final List<Integer> SIZES = List.of(640);

  private static final int[] STRIDES = {8, 16, 32};
  private static final int LARGEST_STRIDE = 32;

  /** The columns of each kind of output: class, object, box, points. */
  private static final int[] COLUMNS = {1, 1, 4, 10};

  private static final int OUTPUTS = STRIDES.length * COLUMNS.length;

  YuNet() {
    super(
        "yunet",
        "a YuNet detector",
        YuNetModel.class,
        1,
        files -> new YuNetModel(files.get(0)),
        Sampler.bgr(new Normalization(0, 1)),
        SCORE_THRESHOLD,
        IOU_THRESHOLD,
        SIZES);
  }

  @Override
  boolean fits(OnnxGraph graph) {
    return graph.takesColorImages()
        && graph.outputs().size() == OUTPUTS
        && IntStream.range(0, OUTPUTS)
            .allMatch(i -> graph.outputs().get(i).mayHaveColumns(COLUMNS[i / STRIDES.length]));
  }

  @Override
  String signature() {
    return "input [1,3,H,W]; 12 outputs of 1, 1, 4 and 10 columns; all 32-bit floats";
  }

  /** OpenCV pads an image to multiples of the largest stride, not to a square. */
  @Override
  Letterbox fit(FaceImage image, InputSize size) {
    Letterbox whole = Letterbox.scaled(image.width(), image.height(), size.width(), size.height());
    return size.free() ? whole.tight(LARGEST_STRIDE) : whole;
  }

  @Override
  List<Face> decode(NDList outputs, Letterbox fit, float threshold) {
    if (outputs.size() != OUTPUTS) {
      throw wrongOutputs("12", outputs);
    }
    List<Face> faces = new ArrayList<>();
    for (int i = 0; i < STRIDES.length; i++) {
      int columns = fit.canvasWidth() / STRIDES[i];
      int cells = columns * (fit.canvasHeight() / STRIDES[i]);
      FloatBuffer[] kinds = new FloatBuffer[COLUMNS.length];
      for (int kind = 0; kind < kinds.length; kind++) {
        kinds[kind] = rows(outputs.get(kind * STRIDES.length + i), cells, COLUMNS[kind]);
      }
      decode(kinds, columns, STRIDES[i] / fit.scale(), threshold, faces);
    }
    return faces;
  }

  /**
   * Adds the faces of one stride whose score reaches the threshold.
   *
   * @param kinds class, object, box and points of each cell
   * @param columns cells per row
   * @param unit pixels of the image per cell
   * @param threshold the minimum score
   * @param faces receives them, in pixels of the image
   */
  static void decode(
      FloatBuffer[] kinds, int columns, float unit, float threshold, List<Face> faces) {
    FloatBuffer boxes = kinds[2];
    FloatBuffer points = kinds[3];
    for (int i = 0; i < kinds[0].limit(); i++) {
      float score =
          (float) Math.sqrt((double) probability(kinds[0].get(i)) * probability(kinds[1].get(i)));
      if (!(score >= threshold)) {
        continue;
      }
      int column = i % columns;
      int row = i / columns;
      float x = (column + boxes.get(4 * i)) * unit;
      float y = (row + boxes.get(4 * i + 1)) * unit;
      float halfWidth = (float) Math.exp(boxes.get(4 * i + 2)) * unit / 2;
      float halfHeight = (float) Math.exp(boxes.get(4 * i + 3)) * unit / 2;
      float[] five = new float[10];
      for (int k = 0; k < five.length; k++) {
        five[k] = ((k % 2 == 0 ? column : row) + points.get(10 * i + k)) * unit;
      }
      float[] sides = {x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight};
      Faces.add(faces, score, sides, five);
    }
  }

  /** Clamps as OpenCV does; a number that is not finite is not a probability, and gives no face. */
  private static float probability(float value) {
    return Float.isFinite(value) ? Math.max(0, Math.min(value, 1)) : Float.NaN;
  }
}
