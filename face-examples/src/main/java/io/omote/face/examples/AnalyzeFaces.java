// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import io.omote.face.Face;
import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceDetector;
import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import io.omote.face.attribute.AgeAndSex;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.attribute.HeadPose;
import io.omote.face.description.AgeAndSexModel;
import io.omote.face.description.Landmarks68Model2D;
import io.omote.face.models.ModelZoo;
import java.nio.file.Path;
import java.util.List;

/** Prints head pose, age and sex of all faces. Arguments: IMAGE [genderage.onnx]. */
public class AnalyzeFaces {
  public static void main(String[] args) {
    FaceModels models = ModelZoo.lite();
    FaceImage image = FaceImage.read(Path.of(args[0]));
    List<Face> faces;
    try (FaceDetector detector = FaceDetector.create(models);
        FaceAnalyzer<DenseLandmarks> landmarks =
            FaceAnalyzer.create(models.analyzer(Landmarks68Model2D.class).orElseThrow())) {
      faces = detector.detect(image);
      for (DenseLandmarks points : landmarks.analyze(image, faces)) {
        System.out.println(points.size() + " points, " + HeadPose.of(points)); // in degrees
      }
    }
    if (args.length > 1) { // not part of the bundled pack
      AgeAndSexModel file = AgeAndSexModel.of(Path.of(args[1]));
      try (FaceAnalyzer<AgeAndSex> analyzer = FaceAnalyzer.create(file)) {
        analyzer.analyze(image, faces).forEach(a -> System.out.println(a.age() + ", " + a.sex()));
      }
    }
  }
}
