// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGallery;
import io.omote.face.GalleryEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Searches of galleries of some of the people, with images of all of them: the first image of each
 * person who is in it is enrolled, the others are probes, and so are all images of people who are
 * left out. Who is in it is drawn anew for each round, the same way each time.
 *
 * <p>Stateless and thread-safe.
 */
public final class OpenSet {
  /** How many candidates are looked at. */
  public static final int RANKS = 10;

  private OpenSet() {}

  /**
   * Reads a folder with a folder of images for each person.
   *
   * @param folder the folder
   * @return its images
   */
  public static Protocol read(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new ProtocolException(
          "expected a folder with a folder of images for each person, found none at " + folder);
    }
    return Protocol.read(folder, null);
  }

  /**
   * The images of each person.
   *
   * @param protocol the images, in a folder for each person
   * @param images their embeddings
   * @return the embeddings of each person, empty where there is no face
   */
  public static Map<String, List<Optional<FaceEmbedding>>> people(
      Protocol protocol, EmbeddedImages images) {
    Map<String, List<Optional<FaceEmbedding>>> people = new LinkedHashMap<>();
    for (int i = 0; i < protocol.images().size(); i++) {
      String name = protocol.images().get(i);
      people
          .computeIfAbsent(name.substring(0, name.indexOf('/')), person -> new ArrayList<>())
          .add(images.outcomes().get(i).embedding());
    }
    return people;
  }

  /**
   * Makes the searches.
   *
   * @param people the images of each person
   * @param modelId the id of their model
   * @param enrolled how many people each gallery has
   * @param rounds how many galleries are searched
   * @return what was found
   */
  public static IdentificationScores search(
      Map<String, List<Optional<FaceEmbedding>>> people, String modelId, int enrolled, int rounds) {
    if (enrolled < 1 || enrolled >= people.size()) {
      throw new ProtocolException(
          String.format(
              Locale.ROOT,
              "expected a gallery of 1 to %d of the people, so that some are left out, found %d",
              people.size() - 1,
              enrolled));
    }
    IdentificationScores.Builder scores = IdentificationScores.builder();
    for (int round = 0; round < rounds; round++) {
      List<String> names = new ArrayList<>(people.keySet());
      Collections.shuffle(names, new Random(round));
      search(people, modelId, names.subList(0, enrolled), scores);
    }
    return scores.build();
  }

  private static void search(
      Map<String, List<Optional<FaceEmbedding>>> people,
      String modelId,
      List<String> enrolled,
      IdentificationScores.Builder scores) {
    try (FaceGallery gallery = FaceGallery.inMemory(modelId)) {
      for (String person : enrolled) {
        people
            .get(person)
            .get(0)
            .ifPresent(face -> gallery.enroll(List.of(new GalleryEntry(person, "first", face))));
      }
      people.forEach(
          (person, faces) -> {
            boolean isIn = enrolled.contains(person);
            for (Optional<FaceEmbedding> face : faces.subList(isIn ? 1 : 0, faces.size())) {
              if (face.isEmpty()) {
                scores.addFailure(isIn);
              } else if (isIn) {
                scores.addMated(person, gallery.search(face.get(), RANKS));
              } else {
                scores.addNonMated(gallery.search(face.get(), RANKS));
              }
            }
          });
    }
  }
}
