// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import io.omote.face.Candidate;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGallery;
import io.omote.face.FaceMatcher;
import io.omote.face.FaceModels;
import io.omote.face.gallery.LuceneGallery;
import io.omote.face.models.ModelZoo;
import java.nio.file.Path;
import java.util.Optional;

/** Keeps a gallery in a folder. Arguments: FOLDER REFERENCE PROBE. */
public class GalleryInAFolder {
  public static void main(String[] args) {
    Path folder = Path.of(args[0]);
    Path badge = Path.of(args[1]);
    Path door = Path.of(args[2]);
    FaceModels models = ModelZoo.lite();
    try (FaceMatcher matcher = FaceMatcher.create(models);
        FaceGallery staff = LuceneGallery.open(folder, matcher.modelId())) {
      staff.enroll("maya", "badge", matcher.embed(badge).orElseThrow()); // no change if enrolled
      FaceEmbedding probe = matcher.embed(door).orElseThrow();
      for (Candidate candidate : staff.search(probe, 5)) { // the most similar, strangers or not
        System.out.println(candidate.person() + " " + candidate.similarity());
      }
      Optional<Candidate> identified = staff.identify(probe, models.identificationPolicy(0.01));
      System.out.println(identified.map(Candidate::person).orElse("not in the gallery"));
    }
  }
}
