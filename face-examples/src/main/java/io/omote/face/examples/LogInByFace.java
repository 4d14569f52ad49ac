// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import io.omote.face.FaceEmbedding;
import io.omote.face.FaceMatcher;
import io.omote.face.FaceModels;
import io.omote.face.FaceSelection;
import io.omote.face.models.ModelZoo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Compares a selfie with what RegisterAFace stored. Arguments: FILE SELFIE. */
public class LogInByFace {
  public static void main(String[] args) throws IOException {
    Path stored = Path.of(args[0]);
    Path selfie = Path.of(args[1]);
    FaceEmbedding reference = FaceEmbedding.fromBytes(Files.readAllBytes(stored));
    FaceModels models = ModelZoo.lite();
    try (FaceMatcher matcher =
        FaceMatcher.builder(models)
            .operatingPoint(models.atFmr(1e-4)) // one impostor in 10,000 gets in
            .selection(FaceSelection.LARGEST) // the person nearest to the camera
            .build()) {
      Optional<FaceEmbedding> probe = matcher.embed(selfie); // empty if it shows no face
      boolean welcome = probe.isPresent() && matcher.compare(reference, probe.get()).isSamePerson();
      System.out.println(welcome ? "welcome" : "not recognized");
    }
  }
}
