// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.FaceImage;
import io.omote.face.Landmarks;
import io.omote.face.Landmarks.Point;
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
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * DJL Translator for YuNet detectors at one input size: an image in, faces by descending score out.
 *
 * <p>The image is laid into {@code [1,3,height,width]}, BGR, 0 to 255, with its aspect ratio kept,
 * at the top-left of black. The 12 outputs are class scores, object scores, boxes and points, each
 * for the strides 8, 16 and 32.
 *
 * <p>W. Wu et al., "YuNet: A Tiny Millisecond-level Face Detector", 2023; numbers as in OpenCV's
 * {@code FaceDetectorYN}. Holds nothing of a call, so it is safe for use by several predictors at
 * once.
 */
public final class YuNetTranslator extends FaceTranslator {
  private static final Sampler SAMPLER = Sampler.bgr(new Normalization(0, 1));
  private static final int[] STRIDES = {8, 16, 32};
  private static final int LARGEST_STRIDE = 32;

  /** Class, object, box, points: what a cell has in each kind of output. */
  private static final int[] COLUMNS = {1, 1, 4, 10};

  private static final int OUTPUTS = STRIDES.length * COLUMNS.length;

  /**
   * One size, as measured with the bundled recognizer on 600 pairs of faces: the separation d' is
   * 5.85 at 640, 5.54 at 320 and 5.72 with both, because points from the smaller size are less
   * exact. What it costs: of 200 images cut to 0.8 of a face's box 182 are found at 640, and all at
   * 320.
   */
  private static final List<Integer> SIZES = List.of(640);

  static final PassFamily FAMILY =
      new PassFamily(
          "a YuNet detector",
          0.7f,
          0.3f,
          0,
          SIZES,
          YuNetTranslator::recognizes,
          YuNetTranslator::check,
          YuNetTranslator::new);

  private final float scoreThreshold;
  private final boolean free;

  /**
   * Makes a translator.
   *
   * @param width the width of the network's input, a multiple of 32
   * @param height the height of the network's input, a multiple of 32
   * @param scoreThreshold the score from which on a face counts; 0.7 by default elsewhere
   * @param iouThreshold the overlap above which the lower of two boxes is dropped, with plain
   *     areas; 0.3 by default elsewhere
   */
  public YuNetTranslator(int width, int height, float scoreThreshold, float iouThreshold) {
    this(new InputSize(width, height, false), scoreThreshold, iouThreshold);
  }

  private YuNetTranslator(InputSize size, float scoreThreshold, @Nullable Float iouThreshold) {
    super(
        SAMPLER,
        size.width(),
        size.height(),
        iouThreshold == null ? null : new Suppression(iouThreshold, 0));
    this.scoreThreshold = scoreThreshold;
    this.free = size.free();
  }

  private static boolean recognizes(OnnxGraph graph) {
    return graph.takesColorImages()
        && graph.outputs().size() == OUTPUTS
        && IntStream.range(0, OUTPUTS)
            .allMatch(i -> graph.outputs().get(i).mayHaveColumns(COLUMNS[i / STRIDES.length]));
  }

  private static void check(OnnxFile file, boolean landmarksRequired) {
    if (!recognizes(file.graph())) {
      throw DetectorFamily.wrong(
          "a YuNet detector (input [1,3,H,W]; 12 outputs of 1, 1, 4 and 10 columns; all 32-bit"
              + " floats)",
          file);
    }
  }

  /** OpenCV pads an image to multiples of the largest stride, not to a square. */
  @Override
  Letterbox fit(FaceImage image, int width, int height) {
    Letterbox whole = Letterbox.scaled(image.width(), image.height(), width, height);
    return free ? whole.tight(LARGEST_STRIDE) : whole;
  }

  @Override
  List<Face> decode(NDList outputs, Letterbox fit) {
    if (outputs.size() != OUTPUTS) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected the 12 outputs of a YuNet detector, found %d: is this another kind of detector?",
              outputs.size()));
    }
    List<Face> faces = new ArrayList<>();
    for (int i = 0; i < STRIDES.length; i++) {
      int columns = fit.canvasWidth() / STRIDES[i];
      int cells = columns * (fit.canvasHeight() / STRIDES[i]);
      FloatBuffer[] kinds = new FloatBuffer[COLUMNS.length];
      for (int kind = 0; kind < kinds.length; kind++) {
        kinds[kind] = read(outputs.get(kind * STRIDES.length + i), cells, COLUMNS[kind]);
      }
      decode(kinds, STRIDES[i], columns, fit.scale(), faces);
    }
    return faces;
  }

  /**
   * Adds the faces of one stride whose score reaches the threshold. Numbers that are not finite,
   * and boxes without an extent, are no faces.
   *
   * @param kinds class, object, box and points of each cell
   * @param stride pixels of the canvas a cell
   * @param columns cells a row
   * @param scale pixels of the canvas a pixel of the image
   * @param faces takes them, in the image's pixels
   */
  void decode(FloatBuffer[] kinds, int stride, int columns, float scale, List<Face> faces) {
    FloatBuffer boxes = kinds[2];
    FloatBuffer points = kinds[3];
    for (int i = 0; i < kinds[0].limit(); i++) {
      float score =
          (float) Math.sqrt((double) probability(kinds[0].get(i)) * probability(kinds[1].get(i)));
      if (!(score >= scoreThreshold)) {
        continue;
      }
      int column = i % columns;
      int row = i / columns;
      float unit = stride / scale;
      float x = (column + boxes.get(4 * i)) * unit;
      float y = (row + boxes.get(4 * i + 1)) * unit;
      float halfWidth = (float) Math.exp(boxes.get(4 * i + 2)) * unit / 2;
      float halfHeight = (float) Math.exp(boxes.get(4 * i + 3)) * unit / 2;
      float[] five = new float[10];
      for (int k = 0; k < five.length; k++) {
        five[k] = ((k % 2 == 0 ? column : row) + points.get(10 * i + k)) * unit;
      }
      float[] sides = {x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight};
      if (Faces.arePlaces(sides) && Faces.arePlaces(five)) {
        faces.add(
            new Face(
                new BoundingBox(sides[0], sides[1], sides[2], sides[3]),
                Faces.score(score),
                Optional.of(
                    new Landmarks(
                        new Point(five[0], five[1]),
                        new Point(five[2], five[3]),
                        new Point(five[4], five[5]),
                        new Point(five[6], five[7]),
                        new Point(five[8], five[9])))));
      }
    }
  }

  /** Clamped as OpenCV does; what is not finite is no probability, and gives no face. */
  private static float probability(float value) {
    return Float.isFinite(value) ? Math.max(0, Math.min(value, 1)) : Float.NaN;
  }

  private static FloatBuffer read(NDArray output, int cells, int columns) {
    long[] shape = output.getShape().getShape();
    if (output.getShape().size() != (long) cells * columns || shape[shape.length - 1] != columns) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected a YuNet output of %d rows of %d, found the shape %s: is this another kind of detector?",
              cells,
              columns,
              Arrays.toString(shape)));
    }
    return TensorBuffers.floats(output);
  }
}
