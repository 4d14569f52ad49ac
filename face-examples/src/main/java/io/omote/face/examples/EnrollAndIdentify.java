// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import io.omote.face.Candidate;
import io.omote.face.FaceGallery;
import io.omote.face.FaceMatcher;
import io.omote.face.FaceModels;
import io.omote.face.models.ModelZoo;
import java.nio.file.Path;
import java.util.Optional;

/** Enrolls one person in memory, then identifies a face. Arguments: REFERENCE PROBE. */
public class EnrollAndIdentify {
  public static void main(String[] args) {
    Path passport = Path.of(args[0]);
    Path door = Path.of(args[1]);
    FaceModels models = ModelZoo.lite();
    try (FaceMatcher matcher = FaceMatcher.create(models);
        FaceGallery people = FaceGallery.inMemory(matcher.modelId())) {
      people.enroll("maya", "passport", matcher.embed(passport).orElseThrow());
      Optional<Candidate> identified =
          people.identify(
              matcher.embed(door).orElseThrow(),
              models.identificationPolicy(0.01)); // at most 1 % of strangers are identified
      System.out.println(identified.map(Candidate::person).orElse("not in the gallery"));
    }
  }
}
