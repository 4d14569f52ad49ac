// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.Candidate;
import io.omote.face.Face;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGallery;
import io.omote.face.IdentificationPoint;
import io.omote.face.IdentificationPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A search for faces in a gallery that other processes may write to. A run may take hours: people
 * removed meanwhile must not be identified. Thread-safe, except for {@link #upToDate}.
 */
final class GallerySearch {
  private static final int CANDIDATES = 5;

  private final FaceGallery gallery;
  private final IdentificationPolicy policy;
  private final OptionalInt limit;

  /** The number of changes by others that were seen. */
  private volatile int changes;

  /**
   * Creates a search.
   *
   * @param limit the number of candidates to return for each face, similar or not; if empty, only
   *     those that reach the threshold are returned
   */
  GallerySearch(FaceGallery gallery, IdentificationPolicy policy, OptionalInt limit) {
    this.gallery = gallery;
    this.policy = policy;
    this.limit = limit;
    point(gallery.size()); // fails before any work is done
  }

  private IdentificationPoint point(int samples) {
    return policy.at(gallery.modelId(), samples);
  }

  /**
   * A face to search for.
   *
   * @param face the face
   * @param embedding its embedding
   */
  record Probe(Face face, FaceEmbedding embedding) {}

  /**
   * The people found for a face.
   *
   * @param face the face
   * @param candidates the most similar people, the best one first
   * @param identified the person, if the best candidate reaches the threshold
   */
  record Found(Face face, List<Candidate> candidates, Optional<Candidate> identified) {}

  /**
   * The result for the faces of an image.
   *
   * @param probes the faces
   * @param found what was found for each
   * @param samples the number of samples in the gallery
   * @param persons the number of people in the gallery
   * @param point the threshold for this size
   * @param changes the number of changes that were seen before the search
   */
  record Result(
      List<Probe> probes,
      List<Found> found,
      int samples,
      int persons,
      IdentificationPoint point,
      int changes) {}

  /** Searches for the faces of an image. */
  Result search(List<Probe> probes) {
    int seen = changes;
    int samples = gallery.size();
    int persons = gallery.persons();
    IdentificationPoint point = point(samples);
    List<Found> found = new ArrayList<>();
    for (Probe probe : probes) {
      found.add(found(probe, point.threshold()));
    }
    return new Result(probes, found, samples, persons, point, seen);
  }

  private Found found(Probe probe, double threshold) {
    List<Candidate> best = gallery.search(probe.embedding, limit.orElse(CANDIDATES));
    List<Candidate> matches =
        best.stream().filter(candidate -> candidate.similarity() >= threshold).toList();
    return new Found(probe.face, limit.isPresent() ? best : matches, matches.stream().findFirst());
  }

  /** Searches again if others changed the gallery after a search. Called by one thread. */
  Result upToDate(Result result) {
    if (GalleryLocation.refresh(gallery)) {
      changes++;
    }
    return result.changes == changes ? result : search(result.probes);
  }
}
