// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.omote.face.Face;
import io.omote.face.FaceImage;
import io.omote.face.internal.engine.ImageTranslator;
import io.omote.face.internal.geometry.Letterbox;
import io.omote.face.internal.geometry.Suppression;
import java.nio.FloatBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A DJL Translator for a detector at one input size: from an image to its faces, by descending
 * score.
 *
 * <p>Holds no state of a call, so several predictors may use it concurrently.
 */
final class FaceTranslator extends ImageTranslator<FaceImage, List<Face>> {
  private final DetectorNetwork network;
  private final InputSize size;
  private final float scoreThreshold;
  private final @Nullable Suppression suppression;

  /**
   * Creates a translator.
   *
   * @param network the network
   * @param size the size of its input
   * @param scoreThreshold the minimum score of a face
   * @param suppression the rule that drops overlapping boxes; null for one of several passes, which
   *     returns all candidates
   */
  FaceTranslator(
      DetectorNetwork network,
      InputSize size,
      float scoreThreshold,
      @Nullable Suppression suppression) {
    this.network = network;
    this.size = size;
    this.scoreThreshold = scoreThreshold;
    this.suppression = suppression;
  }

  @Override
  protected Shape shape(FaceImage image) {
    Letterbox fit = network.fit(image, size);
    return new Shape(1, network.sampler.planes(), fit.canvasHeight(), fit.canvasWidth());
  }

  @Override
  protected void fill(FaceImage image, FloatBuffer input) {
    network.sampler.letterbox(image, network.fit(image, size), input);
  }

  @Override
  protected List<Face> read(NDList outputs, FaceImage image) {
    List<Face> candidates = network.decode(outputs, network.fit(image, size), scoreThreshold);
    return suppression == null ? candidates : Faces.suppress(candidates, suppression);
  }
}
