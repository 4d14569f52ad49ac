// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import io.omote.face.models.ModelZoo;
import java.nio.file.Path;
import java.util.List;

/** Finds all faces of a group image and compares each with the first one. Argument: IMAGE. */
public class FindAllFaces {
  public static void main(String[] args) {
    Path group = Path.of(args[0]);
    FaceModels models = ModelZoo.lite();
    try (FaceDetector detector = FaceDetector.create(models);
        FaceEmbedder embedder = FaceEmbedder.create(models)) {
      FaceImage image = FaceImage.read(group);
      List<Face> faces = detector.detect(image); // by descending score
      List<FaceEmbedding> embeddings = embedder.embed(image, faces); // in the same order
      for (int i = 0; i < faces.size(); i++) {
        System.out.println(faces.get(i).box() + ", score " + faces.get(i).score());
        if (i > 0) {
          double similarity = embeddings.get(0).similarity(embeddings.get(i));
          System.out.println("similarity to the first: " + similarity);
        }
      }
    }
  }
}
