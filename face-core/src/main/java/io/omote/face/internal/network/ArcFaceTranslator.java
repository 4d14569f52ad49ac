// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.omote.face.EmbeddingException;
import io.omote.face.FaceEmbedding;
import io.omote.face.ModelException;
import io.omote.face.description.Normalization;
import io.omote.face.internal.engine.ImageTranslator;
import io.omote.face.internal.engine.TensorBuffers;
import io.omote.face.internal.image.CropTransform;
import io.omote.face.internal.image.Sampler;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * DJL Translator for recognition networks of the ArcFace kind: aligned faces in, their embeddings
 * out, all in one run.
 *
 * <p>The faces become {@code [N,3,size,size]}, RGB, normalized as declared. The output is {@code
 * [N,D]}. A face is a {@link CropTransform}: {@link Alignment#crop} makes one from landmarks; an
 * image that is aligned already is the region with the identity as its map. A network whose batch
 * axis is fixed at 1 takes lists of one.
 *
 * <p>Holds nothing of a call, so it is safe for use by several predictors at once.
 */
public final class ArcFaceTranslator
    extends ImageTranslator<List<CropTransform>, List<FaceEmbedding>> {
  private final String modelId;
  private final int size;
  private final Sampler sampler;

  /**
   * Makes a translator.
   *
   * @param modelId the id that embeddings are marked with
   * @param size the side of the network's input, mostly 112
   * @param normalization how pixels become input
   */
  public ArcFaceTranslator(String modelId, int size, Normalization normalization) {
    this.modelId = modelId;
    this.size = size;
    this.sampler = Sampler.rgb(normalization);
  }

  @Override
  protected Shape shape(List<CropTransform> faces) {
    return new Shape(faces.size(), sampler.planes(), size, size);
  }

  @Override
  protected void fill(List<CropTransform> faces, FloatBuffer input) {
    int floats = sampler.planes() * size * size;
    for (int i = 0; i < faces.size(); i++) {
      sampler.warp(faces.get(i), size, size, input, i * floats);
    }
  }

  @Override
  protected List<FaceEmbedding> read(NDList outputs, List<CropTransform> faces) {
    int count = faces.size();
    NDArray output = outputs.head();
    long[] shape = output.getShape().getShape();
    if (outputs.size() != 1 || shape.length != 2 || shape[0] != count) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected one output of the shape [%s,D], found %s outputs, the first of %s: is this a recognition network?",
              count,
              outputs.size(),
              Arrays.toString(shape)));
    }
    FloatBuffer rows = TensorBuffers.floats(output);
    List<FaceEmbedding> embeddings = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      float[] raw = new float[(int) shape[1]];
      rows.get(raw);
      try {
        embeddings.add(FaceEmbedding.ofRaw(modelId, raw));
      } catch (EmbeddingException e) {
        throw new ModelException(
            String.format(
                Locale.ROOT, "the output of %s means nothing: %s", modelId, e.getMessage()),
            e);
      }
    }
    return embeddings;
  }
}
