// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import io.omote.face.Face;
import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceImage;
import io.omote.face.internal.engine.OnnxModel;
import java.util.List;
import java.util.function.BiFunction;

/**
 * An analyzer with one network, which takes a crop of each face. Thread-safe.
 *
 * @param <S> the type of a crop
 * @param <A> the type of a result
 */
final class CropAnalyzer<S, A> implements FaceAnalyzer<A> {
  private final OnnxModel model;
  private final RowTranslator<S, A> translator;
  private final BiFunction<FaceImage, Face, S> crop;

  /**
   * Takes ownership of a network.
   *
   * @param model the network
   * @param translator fills its input and reads its output
   * @param crop selects the part of the image
   */
  CropAnalyzer(
      OnnxModel model, RowTranslator<S, A> translator, BiFunction<FaceImage, Face, S> crop) {
    this.model = model;
    this.translator = translator;
    this.crop = crop;
  }

  @Override
  public List<A> analyze(FaceImage image, List<Face> faces) {
    return translator.run(model, faces.stream().map(face -> crop.apply(image, face)).toList());
  }

  @Override
  public void close() {
    model.close();
  }
}
