// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import io.omote.face.Face;
import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceImage;
import io.omote.face.internal.engine.OnnxModel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * One network that is shown a part of the image for each face. Thread-safe.
 *
 * @param <S> what is shown of a face
 * @param <A> what is said of it
 */
final class CropAnalyzer<S, A> implements FaceAnalyzer<A> {
  private final OnnxModel model;
  private final RowsTranslator<S, A> translator;
  private final BiFunction<FaceImage, Face, S> crop;
  private final int batch;

  /**
   * Takes over a network.
   *
   * @param model the network
   * @param translator fills and reads it
   * @param crop what is shown of a face
   * @param batch how many faces it takes in one run
   */
  CropAnalyzer(
      OnnxModel model,
      RowsTranslator<S, A> translator,
      BiFunction<FaceImage, Face, S> crop,
      int batch) {
    this.model = model;
    this.translator = translator;
    this.crop = crop;
    this.batch = batch;
  }

  @Override
  public List<A> analyze(FaceImage image, List<Face> faces) {
    List<A> answers = new ArrayList<>(faces.size());
    for (int from = 0; from < faces.size(); from += batch) {
      List<Face> part = faces.subList(from, Math.min(from + batch, faces.size()));
      answers.addAll(
          model.run(translator, part.stream().map(face -> crop.apply(image, face)).toList()));
    }
    return List.copyOf(answers);
  }

  @Override
  public void close() {
    model.close();
  }
}
