// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import io.omote.face.Face;
import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceDetector;
import io.omote.face.FaceImage;
import io.omote.face.attribute.Liveness;
import io.omote.face.description.LivenessModel;
import io.omote.face.models.ModelZoo;
import java.nio.file.Path;
import java.util.List;

/** Scores the liveness of faces. Arguments: IMAGE [MiniFASNetV2.onnx MiniFASNetV1SE.onnx]. */
public class CheckLiveness {
  public static void main(String[] args) {
    LivenessModel model =
        args.length > 2
            ? LivenessModel.of(Path.of(args[1]), Path.of(args[2]))
            : ModelZoo.miniFasNet().fetch(); // 3.5 MB, only the first time
    try (FaceDetector detector = FaceDetector.create(ModelZoo.lite());
        FaceAnalyzer<Liveness> analyzer = FaceAnalyzer.create(model)) {
      FaceImage image = FaceImage.read(Path.of(args[0])); // the whole frame, not a crop of the face
      List<Face> faces = detector.detect(image);
      for (Liveness liveness : analyzer.analyze(image, faces)) {
        System.out.println("liveness: " + liveness.score()); // in [0, 1], higher for a live face
      }
    }
  }
}
