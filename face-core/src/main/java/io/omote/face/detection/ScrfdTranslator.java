// SPDX-License-Identifier: Apache-2.0
package io.omote.face.detection;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import io.omote.face.Face;
import io.omote.face.FaceImage;
import io.omote.face.Normalization;
import io.omote.face.WrongModelException;
import io.omote.face.geometry.Letterbox;
import io.omote.face.geometry.Suppression;
import io.omote.face.image.Sampler;
import io.omote.face.inference.TensorBuffers;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * DJL Translator for SCRFD detectors at one input size: a picture in, faces by descending score
 * out.
 *
 * <p>The picture is laid into {@code [1,3,height,width]}, RGB, {@code (x - 127.5) / 128}, with its
 * aspect ratio kept, at the top-left of black. Files of 6, 9, 10 or 15 outputs are understood, with
 * or without a leading 1 in their shapes.
 *
 * <p>Holds nothing of a call, so it is safe for use by several predictors at once.
 */
public final class ScrfdTranslator implements NoBatchifyTranslator<FaceImage, List<Face>> {
  private static final Sampler SAMPLER = Sampler.rgb(new Normalization(127.5f, 128));
  private static final String CALL = "omote.scrfd";
  private static final int[] THREE_STRIDES = {8, 16, 32};
  private static final int[] FIVE_STRIDES = {8, 16, 32, 64, 128};

  private final int width;
  private final int height;
  private final float scoreThreshold;
  private final @Nullable Suppression suppression;
  private final TensorBuffers buffers = new TensorBuffers();

  /** What one call needs again when the outputs are there. */
  private record Call(Letterbox fit, FloatBuffer input) {}

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
    this(width, height, scoreThreshold, suppression(iouThreshold));
  }

  private ScrfdTranslator(
      int width, int height, float scoreThreshold, @Nullable Suppression suppression) {
    this.width = width;
    this.height = height;
    this.scoreThreshold = scoreThreshold;
    this.suppression = suppression;
  }

  /**
   * One pass of several: all candidates, in the order of the anchors, for one suppression later.
   */
  static ScrfdTranslator ofPass(int width, int height, float scoreThreshold) {
    return new ScrfdTranslator(width, height, scoreThreshold, null);
  }

  static Suppression suppression(float iouThreshold) {
    return new Suppression(iouThreshold, 1);
  }

  @Override
  public NDList processInput(TranslatorContext context, FaceImage image) {
    Letterbox fit = Letterbox.fit(image.width(), image.height(), width, height);
    FloatBuffer input = buffers.take(SAMPLER.planes() * width * height);
    SAMPLER.letterbox(image, fit, input);
    context.setAttachment(CALL, new Call(fit, input));
    Shape shape = new Shape(1, SAMPLER.planes(), height, width);
    return new NDList(context.getNDManager().create(input, shape));
  }

  @Override
  public List<Face> processOutput(TranslatorContext context, NDList outputs) {
    Call call = (Call) context.getAttachment(CALL);
    // The run is over: nothing reads the input any more.
    buffers.giveBack(call.input());
    List<Face> candidates = decode(outputs, call.fit());
    return suppression == null ? candidates : Faces.suppress(candidates, suppression);
  }

  private List<Face> decode(NDList outputs, Letterbox fit) {
    int[] strides = outputs.size() == 6 || outputs.size() == 9 ? THREE_STRIDES : FIVE_STRIDES;
    boolean hasPoints = outputs.size() == 9 || outputs.size() == 15;
    if (!hasPoints && outputs.size() != 6 && outputs.size() != 10) {
      throw new WrongModelException(
          "expected the 6, 9, 10 or 15 outputs of an SCRFD detector, found " + outputs.size());
    }
    int anchors = strides == THREE_STRIDES ? 2 : 1;
    List<Face> candidates = new ArrayList<>();
    for (int i = 0; i < strides.length; i++) {
      // Rounded up, as a convolution of stride 2 with padding 1 does.
      int columns = (width + strides[i] - 1) / strides[i];
      int count = columns * ((height + strides[i] - 1) / strides[i]) * anchors;
      FloatBuffer scores = read(outputs.get(i), count, 1);
      FloatBuffer boxes = read(outputs.get(i + strides.length), count, 4);
      FloatBuffer points = hasPoints ? read(outputs.get(i + 2 * strides.length), count, 10) : null;
      new ScrfdDecoder(strides[i], columns, anchors, fit.scale())
          .decode(scores, boxes, points, scoreThreshold, candidates);
    }
    return candidates;
  }

  private static FloatBuffer read(NDArray output, int count, int columns) {
    long[] shape = output.getShape().getShape();
    if (output.getShape().size() != (long) count * columns || shape[shape.length - 1] != columns) {
      throw new WrongModelException(
          "expected an SCRFD output of "
              + count
              + " rows of "
              + columns
              + ", found the shape "
              + Arrays.toString(shape)
              + ": is this another kind of detector?");
    }
    return output.toByteBuffer().asFloatBuffer();
  }
}
