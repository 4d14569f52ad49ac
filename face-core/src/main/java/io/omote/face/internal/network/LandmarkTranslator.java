// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.omote.face.Landmarks.Point;
import io.omote.face.ModelException;
import io.omote.face.description.Normalization;
import io.omote.face.internal.engine.ImageTranslator;
import io.omote.face.internal.engine.TensorBuffers;
import io.omote.face.internal.image.CropTransform;
import io.omote.face.internal.image.Sampler;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * DJL Translator for a network that gives points on a face: a square region of an image in, points
 * in pixels of that image out.
 *
 * <p>The region becomes {@code [1,1,size,size]}, gray, {@code x / 256}. The output holds x and y of
 * each point as fractions of the region.
 *
 * <p>Holds nothing of a call, so it is safe for use by several predictors at once.
 */
public final class LandmarkTranslator extends ImageTranslator<CropTransform, List<Point>> {
  private static final Sampler SAMPLER = Sampler.gray(new Normalization(0, 256));

  private final int size;

  /**
   * Makes a translator.
   *
   * @param size the side of the network's input
   */
  public LandmarkTranslator(int size) {
    this.size = size;
  }

  @Override
  protected Shape shape(CropTransform region) {
    return new Shape(1, 1, size, size);
  }

  @Override
  protected void fill(CropTransform region, FloatBuffer input) {
    SAMPLER.warp(region, size, size, input, 0);
  }

  @Override
  protected List<Point> read(NDList outputs, CropTransform region) {
    if (outputs.size() != 1 || outputs.get(0).getShape().size() % 2 != 0) {
      throw new ModelException("expected one output of x and y of each point");
    }
    FloatBuffer fractions = TensorBuffers.floats(outputs.get(0));
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < fractions.limit(); i += 2) {
      double x = fractions.get(i) * size;
      double y = fractions.get(i + 1) * size;
      float toRight = (float) region.toImage().x(x, y);
      float down = (float) region.toImage().y(x, y);
      if (!Faces.arePlaces(toRight, down)) {
        throw new ModelException(
            "expected points of a face, found numbers that are not finite: the weights of the"
                + " network of points are damaged, or it is another kind of network");
      }
      points.add(new Point(toRight, down));
    }
    return points;
  }
}
