// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import io.omote.face.AlignmentException;
import io.omote.face.Face;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceImage;
import io.omote.face.description.Normalization;
import io.omote.face.internal.engine.OnnxModel;
import io.omote.face.internal.geometry.AffineMap;
import io.omote.face.internal.image.CropTransform;
import io.omote.face.internal.image.Sampler;
import java.util.List;
import java.util.Locale;

/** An embedder that aligns faces and runs a recognizer on them. Thread-safe. */
final class ArcFaceEmbedder implements FaceEmbedder {
  private final OnnxModel model;
  private final RowTranslator<CropTransform, FaceEmbedding> translator;
  private final String modelId;
  private final Normalization normalization;
  private final double threshold;
  private final Alignment alignment;

  /**
   * Takes ownership of a network.
   *
   * @param model the network
   * @param translator fills its input and reads its output
   * @param modelId the id that its embeddings carry
   * @param normalization the normalization that the translator applies
   * @param threshold the threshold of the description
   */
  ArcFaceEmbedder(
      OnnxModel model,
      RowTranslator<CropTransform, FaceEmbedding> translator,
      String modelId,
      Normalization normalization,
      double threshold) {
    this.model = model;
    this.translator = translator;
    this.modelId = modelId;
    this.normalization = normalization;
    this.threshold = threshold;
    this.alignment = new Alignment(translator.side());
  }

  @Override
  public List<FaceEmbedding> embed(FaceImage image, List<Face> faces) {
    return translator.run(model, faces.stream().map(face -> crop(image, face)).toList());
  }

  private CropTransform crop(FaceImage image, Face face) {
    return alignment.crop(image, Alignment.landmarksOf(face));
  }

  @Override
  public FaceImage align(FaceImage image, Face face) {
    return Sampler.image(crop(image, face), alignment.size(), alignment.size());
  }

  @Override
  public List<FaceEmbedding> embedAligned(List<FaceImage> crops) {
    crops.forEach(this::check);
    return translator.run(
        model, crops.stream().map(crop -> new CropTransform(crop, AffineMap.IDENTITY)).toList());
  }

  private void check(FaceImage crop) {
    if (crop.width() != alignment.size() || crop.height() != alignment.size()) {
      throw new AlignmentException(
          String.format(
              Locale.ROOT,
              "expected an aligned crop of %dx%d, found %dx%d: detect the face and use embed(image, face)",
              alignment.size(),
              alignment.size(),
              crop.width(),
              crop.height()));
    }
  }

  @Override
  public String modelId() {
    return modelId;
  }

  @Override
  public Normalization normalization() {
    return normalization;
  }

  @Override
  public double threshold() {
    return threshold;
  }

  @Override
  public int cropSize() {
    return alignment.size();
  }

  @Override
  public void close() {
    model.close();
  }
}
