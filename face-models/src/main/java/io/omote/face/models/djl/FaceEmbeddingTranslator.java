// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models.djl;

import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDList;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import io.omote.face.AlignmentException;
import io.omote.face.internal.geometry.AffineMap;
import io.omote.face.internal.image.CropTransform;
import io.omote.face.internal.network.ArcFaceTranslator;
import java.util.List;
import java.util.Locale;

/**
 * DJL Translator for recognition networks: an aligned face in, its embedding out.
 *
 * <p>The image is an aligned crop of the size of the network's input, mostly 112x112. The embedding
 * has the length 1: the scalar product of two is their similarity.
 *
 * <p>Holds nothing of a call, so it is safe for use by several predictors at once.
 */
@SuppressWarnings("exports")
public final class FaceEmbeddingTranslator implements NoBatchifyTranslator<Image, float[]> {
  private final ArcFaceTranslator arcFace;
  private final int size;

  /**
   * Makes a translator.
   *
   * @param arcFace what makes the input and reads the output
   * @param size the side of the network's input
   */
  public FaceEmbeddingTranslator(ArcFaceTranslator arcFace, int size) {
    this.arcFace = arcFace;
    this.size = size;
  }

  @Override
  public NDList processInput(TranslatorContext context, Image crop) {
    if (crop.getWidth() != size || crop.getHeight() != size) {
      throw new AlignmentException(
          String.format(
              Locale.ROOT,
              "expected an aligned crop of %sx%s, found %sx%s: align the face first, or use io.omote.face.FaceEmbedder",
              size,
              size,
              crop.getWidth(),
              crop.getHeight()));
    }
    return arcFace.processInput(
        context,
        List.of(
            new CropTransform(
                DjlImages.toFaceImage(crop, context.getNDManager()), AffineMap.IDENTITY)));
  }

  @Override
  public float[] processOutput(TranslatorContext context, NDList outputs) {
    return arcFace.processOutput(context, outputs).get(0).toArray();
  }
}
