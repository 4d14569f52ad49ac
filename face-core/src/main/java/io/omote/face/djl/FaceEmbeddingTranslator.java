// SPDX-License-Identifier: Apache-2.0
package io.omote.face.djl;

import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDList;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import io.omote.face.AlignmentException;
import io.omote.face.FaceEmbedding;
import io.omote.face.ModelException;
import io.omote.face.description.EmbedderModel;
import io.omote.face.internal.geometry.AffineMap;
import io.omote.face.internal.image.CropTransform;
import io.omote.face.internal.network.Networks;
import io.omote.face.internal.network.RowTranslator;
import java.util.List;
import java.util.Locale;

/**
 * A DJL Translator for recognizers: from an aligned face to its embedding.
 *
 * <p>The image is an aligned crop of the size of the network's input, usually 112x112 pixels. The
 * embedding has the length 1: the dot product of two embeddings is their similarity.
 *
 * <p>Thread-safe: several predictors may use one translator concurrently.
 */
public final class FaceEmbeddingTranslator implements NoBatchifyTranslator<Image, float[]> {
  private final RowTranslator<CropTransform, FaceEmbedding> recognizer;

  private FaceEmbeddingTranslator(RowTranslator<CropTransform, FaceEmbedding> recognizer) {
    this.recognizer = recognizer;
  }

  /**
   * Creates the translator of a recognizer. Reads the inputs and outputs of the file, not its
   * weights.
   *
   * @param model the file and its normalization
   * @return the translator
   * @throws ModelException if the file cannot be read or is of another kind
   */
  public static FaceEmbeddingTranslator of(EmbedderModel model) {
    return new FaceEmbeddingTranslator(Networks.translator(model));
  }

  @Override
  public NDList processInput(TranslatorContext context, Image crop) {
    int size = recognizer.side();
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
    return recognizer.processInput(
        context,
        List.of(
            new CropTransform(
                DjlImages.toFaceImage(crop, context.getNDManager()), AffineMap.IDENTITY)));
  }

  @Override
  public float[] processOutput(TranslatorContext context, NDList outputs) {
    return recognizer.processOutput(context, outputs).get(0).toArray();
  }
}
