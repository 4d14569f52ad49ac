// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import ai.djl.ndarray.NDList;
import io.omote.face.Face;
import io.omote.face.FaceImage;
import io.omote.face.description.RetinaFaceModel;
import io.omote.face.internal.engine.OnnxGraph;
import io.omote.face.internal.geometry.Letterbox;
import io.omote.face.internal.image.Sampler;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * RetinaFace detectors: input {@code [N,3,H,W]}, BGR, 0 to 255 minus (104, 117, 123); outputs
 * boxes, scores and points of all anchors, each stride after the other.
 *
 * <p>J. Deng et al., "RetinaFace: Single-shot Multi-level Face Localisation in the Wild", 2020;
 * numbers as in Pytorch_Retinaface.
 */
final class RetinaFace extends DetectorNetwork {
  private static final float SCORE_THRESHOLD = 0.7f;
  private static final float IOU_THRESHOLD = 0.4f;

  private static final int SMALL = 320;
  private static final int LARGE = 640;

  /**
   * The longest side of the images that get the small input. Measured with the bundled recognizer
   * on 600 pairs of faces of about 100 pixels, in images of several sides: the separation d' at 320
   * and 640 is 5.76 and 5.59 for 250 pixels, 5.85 and 5.78 for 480, 5.51 and 5.75 for 640.
   */
  private static final int SMALL_IMAGE = 480;

  private static final int[] COLUMNS = {4, 2, 10};

  private static final int[] STRIDES = {8, 16, 32};

  /** The sides of the square anchors of each stride, in pixels of the canvas. */
  private static final int[][] ANCHORS = {{16, 32}, {64, 128}, {256, 512}};

  /** The factors of the offsets of centers and points, and of the logarithms of sides. */
  private static final float CENTER_VARIANCE = 0.1f;

  private static final float SIDE_VARIANCE = 0.2f;

  RetinaFace() {
    super(
        "retinaface",
        "a RetinaFace detector",
        RetinaFaceModel.class,
        1,
        files -> new RetinaFaceModel(files.get(0)),
        Sampler.bgr(104, 117, 123),
        SCORE_THRESHOLD,
        IOU_THRESHOLD,
        List.of(SMALL, LARGE));
  }

  @Override
  boolean fits(OnnxGraph graph) {
    return graph.takesColorImages()
        && graph.outputs().size() == COLUMNS.length
        && IntStream.range(0, COLUMNS.length)
            .allMatch(i -> graph.outputs().get(i).mayHaveColumns(COLUMNS[i]));
  }

  @Override
  String signature() {
    return "input [N,3,H,W]; 3 outputs of 4, 2 and 10 columns; all 32-bit floats";
  }

  @Override
  List<Integer> inputSizes(FaceImage image) {
    return List.of(Math.max(image.width(), image.height()) <= SMALL_IMAGE ? SMALL : LARGE);
  }

  @Override
  List<Face> decode(NDList outputs, Letterbox fit, float threshold) {
    if (outputs.size() != COLUMNS.length) {
      throw wrongOutputs("3", outputs);
    }
    int anchors = grids(fit).stream().mapToInt(Grid::size).sum();
    FloatBuffer[] kinds = new FloatBuffer[COLUMNS.length];
    for (int kind = 0; kind < kinds.length; kind++) {
      kinds[kind] = rows(outputs.get(kind), anchors, COLUMNS[kind]);
    }
    return decode(kinds, fit, threshold);
  }

  /**
   * Decodes the anchors whose score reaches the threshold.
   *
   * @param kinds boxes, scores and points of all anchors
   * @param fit the place of the image in the input
   * @param threshold the minimum score
   * @return the faces in pixels of the image, in the order of the anchors
   */
  static List<Face> decode(FloatBuffer[] kinds, Letterbox fit, float threshold) {
    List<Face> faces = new ArrayList<>();
    for (Grid grid : grids(fit)) {
      for (int anchor = grid.first; anchor < grid.first + grid.size(); anchor++) {
        float score = kinds[1].get(2 * anchor + 1);
        if (score >= threshold && score < Float.POSITIVE_INFINITY) {
          grid.decode(anchor, score, kinds[0], kinds[2], faces);
        }
      }
    }
    return faces;
  }

  private static List<Grid> grids(Letterbox fit) {
    List<Grid> grids = new ArrayList<>();
    int first = 0;
    for (int i = 0; i < STRIDES.length; i++) {
      // Rounded up, as a convolution of stride 2 with padding 1 does.
      int columns = (fit.canvasWidth() + STRIDES[i] - 1) / STRIDES[i];
      int rows = (fit.canvasHeight() + STRIDES[i] - 1) / STRIDES[i];
      Grid grid = new Grid(first, columns, rows, STRIDES[i], ANCHORS[i], fit.scale());
      grids.add(grid);
      first += grid.size();
    }
    return grids;
  }

  /**
   * The anchors of one stride: row by row, those of a cell one after the other, centered on it.
   *
   * @param first the number of the first anchor
   * @param columns cells per row
   * @param rows rows of cells
   * @param stride pixels of the canvas per cell
   * @param sides the sides of the anchors of a cell, in pixels of the canvas
   * @param scale pixels of the canvas per pixel of the image
   */
  private record Grid(int first, int columns, int rows, int stride, int[] sides, float scale) {
    int size() {
      return columns * rows * sides.length;
    }

    /** Adds the face of an anchor, in pixels of the image. */
    void decode(int anchor, float score, FloatBuffer boxes, FloatBuffer points, List<Face> faces) {
      int cell = (anchor - first) / sides.length;
      int side = sides[(anchor - first) % sides.length];
      float x = (cell % columns + 0.5f) * stride;
      float y = (cell / columns + 0.5f) * stride;
      float step = CENTER_VARIANCE * side;
      float centerX = x + step * boxes.get(4 * anchor);
      float centerY = y + step * boxes.get(4 * anchor + 1);
      float halfWidth = side * (float) Math.exp(SIDE_VARIANCE * boxes.get(4 * anchor + 2)) / 2;
      float halfHeight = side * (float) Math.exp(SIDE_VARIANCE * boxes.get(4 * anchor + 3)) / 2;
      float[] box = {
        (centerX - halfWidth) / scale,
        (centerY - halfHeight) / scale,
        (centerX + halfWidth) / scale,
        (centerY + halfHeight) / scale
      };
      float[] five = new float[10];
      for (int k = 0; k < five.length; k++) {
        five[k] = ((k % 2 == 0 ? x : y) + step * points.get(10 * anchor + k)) / scale;
      }
      Faces.add(faces, score, box, five);
    }
  }
}
