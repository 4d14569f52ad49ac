// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import io.omote.face.attribute.EnrollmentGate;
import io.omote.face.attribute.MeasuredQuality;
import io.omote.face.models.ModelZoo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Checks an image and stores the embedding of its face. Arguments: IMAGE FILE. */
public class RegisterAFace {
  public static void main(String[] args) throws IOException {
    Path registration = Path.of(args[0]);
    Path stored = Path.of(args[1]);
    FaceModels models = ModelZoo.lite();
    try (FaceDetector detector = FaceDetector.create(models);
        FaceEmbedder embedder = FaceEmbedder.create(models)) {
      FaceImage image = FaceImage.read(registration);
      List<Face> faces = detector.detect(image);
      if (faces.size() != 1) {
        throw new IllegalArgumentException("expected one face, found " + faces.size());
      }
      List<EnrollmentGate.Shortfall> shortfalls =
          EnrollmentGate.defaults().check(MeasuredQuality.of(image, faces.get(0)));
      shortfalls.forEach(shortfall -> System.out.println(shortfall.message())); // what to improve
      if (shortfalls.isEmpty()) {
        byte[] embedding = embedder.embed(image, faces.get(0)).toBytes();
        Files.write(stored, embedding); // biometric data: protect it
      }
    }
  }
}
