// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import io.omote.face.Face;
import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceDetector;
import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import io.omote.face.attribute.AgeAndSex;
import io.omote.face.attribute.FaceMesh;
import io.omote.face.description.AgeAndSexModel;
import io.omote.face.description.FaceMeshModel;
import io.omote.face.models.ModelZoo;
import java.nio.file.Path;
import java.util.List;

/** Prints eyes, mouth, head pose, age and sex of all faces. Arguments: IMAGE [genderage.onnx]. */
public class AnalyzeFaces {
  public static void main(String[] args) {
    FaceModels models = ModelZoo.lite();
    FaceImage image = FaceImage.read(Path.of(args[0]));
    List<Face> faces;
    try (FaceDetector detector = FaceDetector.create(models);
        FaceAnalyzer<FaceMesh> analyzer =
            FaceAnalyzer.create(models.analyzer(FaceMeshModel.class).orElseThrow())) {
      faces = detector.detect(image);
      for (FaceMesh mesh : analyzer.analyze(image, faces)) {
        System.out.println("left eye open: " + mesh.leftEye().openness()); // 0 is closed
        System.out.println("mouth open: " + mesh.mouthOpenness());
        System.out.println(mesh.pose()); // in degrees
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
