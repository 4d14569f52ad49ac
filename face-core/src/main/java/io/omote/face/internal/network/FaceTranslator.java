// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.omote.face.Face;
import io.omote.face.FaceImage;
import io.omote.face.internal.engine.ImageTranslator;
import io.omote.face.internal.geometry.Letterbox;
import io.omote.face.internal.geometry.Suppression;
import io.omote.face.internal.image.Sampler;
import java.nio.FloatBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the Translators of all detectors have in common: the image is laid into the canvas with its
 * aspect ratio kept, at the top-left of black, and what is found is suppressed.
 *
 * <p>Holds nothing of a call, so it is safe for use by several predictors at once.
 */
abstract class FaceTranslator extends ImageTranslator<FaceImage, List<Face>> {
  private final Sampler sampler;
  private final int width;
  private final int height;
  private final @Nullable Suppression suppression;

  /**
   * Makes a translator.
   *
   * @param sampler what fills the input
   * @param width the width of the network's input
   * @param height the height of the network's input
   * @param suppression the rule; null for one pass of several, which gives all candidates
   */
  FaceTranslator(Sampler sampler, int width, int height, @Nullable Suppression suppression) {
    this.sampler = sampler;
    this.width = width;
    this.height = height;
    this.suppression = suppression;
  }

  /**
   * Lays an image into the input.
   *
   * @param image the image
   * @param width the width of the network's input
   * @param height the height of the network's input
   * @return the sizes
   */
  Letterbox fit(FaceImage image, int width, int height) {
    return Letterbox.fit(image.width(), image.height(), width, height);
  }

  /**
   * Decodes the outputs.
   *
   * @param outputs the outputs of the network
   * @param fit how the image lay in the input
   * @return the candidates, in the order in which the network gives them
   */
  abstract List<Face> decode(NDList outputs, Letterbox fit);

  @Override
  protected final Shape shape(FaceImage image) {
    Letterbox fit = fit(image, width, height);
    return new Shape(1, sampler.planes(), fit.canvasHeight(), fit.canvasWidth());
  }

  @Override
  protected final void fill(FaceImage image, FloatBuffer input) {
    sampler.letterbox(image, fit(image, width, height), input);
  }

  @Override
  protected final List<Face> read(NDList outputs, FaceImage image) {
    List<Face> candidates = decode(outputs, fit(image, width, height));
    return suppression == null ? candidates : Faces.suppress(candidates, suppression);
  }
}
