// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGallery;
import io.omote.face.GalleryEntry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Open-set searches. In each round, some of the people are enrolled with their first image; all of
 * their other images, and all images of everybody else, are probes. The enrolled people are drawn
 * for each round, deterministically.
 *
 * @param people the embeddings of the images of each person, empty if an image has none
 * @param modelId the id of the model that made the embeddings
 */
record OpenSet(Map<String, List<Optional<FaceEmbedding>>> people, String modelId) {
  /** The number of candidates of a search. */
  static final int RANKS = 10;

  static OpenSet of(EmbeddedImages images, String modelId) {
    Map<String, List<Optional<FaceEmbedding>>> people = new LinkedHashMap<>();
    List<String> names = images.protocol().people();
    for (int i = 0; i < names.size(); i++) {
      people.computeIfAbsent(names.get(i), name -> new ArrayList<>()).add(images.embedding(i));
    }
    return new OpenSet(people, modelId);
  }

  /** Refuses a gallery that leaves nobody out. */
  static void requireSize(int enrolled, long people) {
    if (enrolled < 1 || enrolled >= people) {
      throw new ProtocolException(
          String.format(
              Locale.ROOT,
              "expected a gallery that leaves out some of the %d people, found one of %d: enroll from 1 to %d of them",
              people,
              enrolled,
              people - 1));
    }
  }

  IdentificationScores search(int enrolled, int rounds) {
    requireSize(enrolled, people.size());
    IdentificationScores.Builder scores = IdentificationScores.builder();
    for (int round = 0; round < rounds; round++) {
      List<String> names = new ArrayList<>(people.keySet());
      Collections.shuffle(names, new Random(round));
      search(names.subList(0, enrolled), scores);
    }
    return scores.build();
  }

  private void search(List<String> enrolled, IdentificationScores.Builder scores) {
    try (FaceGallery gallery = FaceGallery.inMemory(modelId)) {
      for (String person : enrolled) {
        people
            .get(person)
            .get(0)
            .ifPresent(face -> gallery.enroll(List.of(new GalleryEntry(person, "first", face))));
      }
      people.forEach(
          (person, faces) -> {
            boolean isMated = enrolled.contains(person);
            for (Optional<FaceEmbedding> face : faces.subList(isMated ? 1 : 0, faces.size())) {
              if (face.isEmpty()) {
                scores.addFailure(isMated);
              } else if (isMated) {
                scores.addMated(person, gallery.search(face.get(), RANKS));
              } else {
                scores.addNonMated(gallery.search(face.get(), RANKS));
              }
            }
          });
    }
  }
}
