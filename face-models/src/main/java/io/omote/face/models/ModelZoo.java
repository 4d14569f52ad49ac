// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import io.omote.face.EmbedderModel;
import io.omote.face.ErrorRate;
import io.omote.face.FaceModels;
import io.omote.face.ModelFile;
import io.omote.face.Normalization;
import io.omote.face.OperatingPoint;
import io.omote.face.UltraLightModel;
import java.util.List;

/**
 * Where packs of models come from.
 *
 * <p>Stateless and thread-safe.
 */
public final class ModelZoo {
  /**
   * Measured with the evaluate example on all pairs of 600 pictures; docs/accuracy.md has the
   * method and its limits.
   */
  private static final List<OperatingPoint> LITE_OPERATING_POINTS =
      List.of(
          litePoint(
              0.2530,
              new ErrorRate(0.00998885, 0.00953383, 0.0104598, 179400),
              new ErrorRate(0.00333333, 8.43891e-05, 0.0184313, 300)),
          litePoint(
              0.3430,
              new ErrorRate(0.00099777, 0.000857009, 0.00115504, 179400),
              new ErrorRate(0.0133333, 0.00364451, 0.0337849, 300)),
          litePoint(
              0.3500,
              new ErrorRate(0.000780379, 0.000656508, 0.000920813, 179400),
              new ErrorRate(0.0133333, 0.00364451, 0.0337849, 300)),
          litePoint(
              0.4199,
              new ErrorRate(9.47603e-05, 5.52023e-05, 0.000151716, 179400),
              new ErrorRate(0.04, 0.0208366, 0.068829, 300)));

  private ModelZoo() {}

  /**
   * The bundled pack {@code lite}: three small networks (7.3 MB) that may be redistributed under
   * the MIT licence. It is opened from the class path and writes nothing to disk.
   *
   * <p>Its default threshold is 0.35, and its operating points reach down to a false match rate of
   * 1e-4 ({@link FaceModels#atFmr}). It misses small faces and profiles, now and then takes an
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
            .withThreshold(0.35)
            .withOperatingPoints(LITE_OPERATING_POINTS));
  }

  private static ModelFile resource(String name, String sha256) {
    return ModelFile.ofResource(ModelZoo.class, "lite/" + name, sha256);
  }

  private static OperatingPoint litePoint(double threshold, ErrorRate fmr, ErrorRate fnmr) {
    return new OperatingPoint(
        "fr_feature:87aacdfe5751",
        threshold,
        fmr,
        fnmr,
        "600 pictures of 300 people of Labeled Faces in the Wild (deepfunneled), none of its view 2,"
            + " all pairs; measured by Omote");
  }
}
