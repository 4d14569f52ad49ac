// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import io.omote.face.EmbedderModel;
import io.omote.face.FaceModels;
import io.omote.face.ModelFile;
import io.omote.face.Normalization;
import io.omote.face.UltraLightModel;

/**
 * Where packs of models come from.
 *
 * <p>Stateless and thread-safe.
 */
public final class ModelZoo {
  private ModelZoo() {}

  /**
   * The bundled pack {@code lite}: three small networks (7.3 MB) that may be redistributed under
   * the MIT licence. It is opened from the class path and writes nothing to disk.
   *
   * <p>Its default threshold is 0.35. It misses small faces and profiles, now and then takes an
   * animal for a face, and its publisher does not document the training data: use it to start, and
   * a larger pack where the answer matters.
   *
   * @return the models, ready for use
   */
  public static FaceModels lite() {
    Normalization normalization = new Normalization(127, 128);
    return new FaceModels(
        new UltraLightModel(
            resource(
                "fr_detect.onnx",
                "6c0256ccd3164f844736a401faf936ec2930764a87ae39442180887d0c5c8854"),
            resource(
                "fr_landmark.onnx",
                "f10b0ba1d2a8a099adefede1ebf3733e44fe370715e7303dbeb7f59c02142258")),
        EmbedderModel.of(
                resource(
                    "fr_feature.onnx",
                    "87aacdfe57510db2af90c0251df680e8eec88f122ee94712121d09bcaaaf3581"))
            .withNormalization(normalization)
            .withThreshold(0.35));
  }

  private static ModelFile resource(String name, String sha256) {
    return ModelFile.ofResource(ModelZoo.class, "lite/" + name, sha256);
  }
}
