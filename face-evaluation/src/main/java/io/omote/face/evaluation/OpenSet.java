// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.Candidate;
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
 * @param people the images of each person
 * @param modelId the id of the model that made the embeddings
 */
record OpenSet(Map<String, List<Image>> people, String modelId) {
  /** The number of candidates of a search. */
  static final int RANKS = 10;

  /**
   * An image.
   *
   * @param index its index in the protocol
   * @param face its embedding, empty if it has none
   */
  record Image(int index, Optional<FaceEmbedding> face) {}

  static OpenSet of(EmbeddedImages images, String modelId) {
    Map<String, List<Image>> people = new LinkedHashMap<>();
    List<String> names = images.protocol().people();
    for (int i = 0; i < names.size(); i++) {
      people
          .computeIfAbsent(names.get(i), name -> new ArrayList<>())
          .add(new Image(i, images.embedding(i)));
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

  /**
   * Runs the searches.
   *
   * @param worst receives the comparison of each probe with the sample of its person, or, without
   *     one in the gallery, with the most similar sample
   */
  IdentificationScores search(int enrolled, int rounds, WorstPairs.Collector worst) {
    requireSize(enrolled, people.size());
    IdentificationScores.Builder scores = IdentificationScores.builder();
    for (int round = 0; round < rounds; round++) {
      List<String> names = new ArrayList<>(people.keySet());
      Collections.shuffle(names, new Random(round));
      search(names.subList(0, enrolled), scores, worst);
    }
    return scores.build();
  }

  private void search(
      List<String> enrolled, IdentificationScores.Builder scores, WorstPairs.Collector worst) {
    try (FaceGallery gallery = FaceGallery.inMemory(modelId)) {
      for (String person : enrolled) {
        people
            .get(person)
            .get(0)
            .face()
            .ifPresent(face -> gallery.enroll(List.of(new GalleryEntry(person, "first", face))));
      }
      people.forEach(
          (person, images) -> {
            boolean isMated = enrolled.contains(person);
            for (Image probe : images.subList(isMated ? 1 : 0, images.size())) {
              if (probe.face().isEmpty()) {
                scores.addFailure(isMated);
              } else {
                search(gallery, person, isMated, probe, scores, worst);
              }
            }
          });
    }
  }

  private void search(
      FaceGallery gallery,
      String person,
      boolean isMated,
      Image probe,
      IdentificationScores.Builder scores,
      WorstPairs.Collector worst) {
    FaceEmbedding face = probe.face().orElseThrow();
    List<Candidate> candidates = gallery.search(face, RANKS);
    if (isMated) {
      scores.addMated(person, candidates);
      Image own = people.get(person).get(0);
      own.face()
          .ifPresent(
              sample -> worst.add(true, own.index(), probe.index(), sample.similarity(face)));
    } else {
      scores.addNonMated(candidates);
      candidates.stream()
          .findFirst()
          .ifPresent(
              first ->
                  worst.add(
                      false,
                      people.get(first.person()).get(0).index(),
                      probe.index(),
                      first.similarity()));
    }
  }
}
