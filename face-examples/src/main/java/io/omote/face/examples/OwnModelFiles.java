// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import io.omote.face.FaceMatcher;
import io.omote.face.FaceModels;
import io.omote.face.description.EmbedderModel;
import io.omote.face.description.ScrfdModel;
import java.nio.file.Path;

/** Compares with your own model files. Arguments: DETECTOR RECOGNIZER REFERENCE PROBE. */
public class OwnModelFiles {
  public static void main(String[] args) {
    Path detector = Path.of(args[0]); // SCRFD with landmarks, such as det_10g.onnx
    Path recognizer = Path.of(args[1]); // such as w600k_r50.onnx
    FaceModels models =
        FaceModels.of(
            ScrfdModel.of(detector),
            EmbedderModel.of(recognizer).withThreshold(0.4)); // calibrate it for this file
    try (FaceMatcher matcher = FaceMatcher.create(models)) {
      System.out.println(matcher.compare(Path.of(args[2]), Path.of(args[3])));
    }
  }
}
