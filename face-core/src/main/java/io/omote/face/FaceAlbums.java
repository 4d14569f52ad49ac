// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import io.omote.face.internal.Implementations;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A grouping of unnamed faces by person. Albums are proposals: review them before you name anybody.
 *
 * <pre>{@code
 * double threshold = models.albumPoint(embeddings.size()).threshold();
 * FaceAlbums found = FaceAlbums.of(FaceGraph.of(embeddings, images, threshold));
 * for (Album album : found.albums()) {
 *   album.faces().forEach(proposal -> show(proposal.face(), proposal.similarity()));
 * }
 * }</pre>
 *
 * <p>Two faces are grouped if their similarity reaches the threshold, two groups if the mean
 * similarity of all pairs between them is high enough (average linkage). One false link therefore
 * does not merge two people, as it would if connected faces formed a group. Two faces of one image
 * are never in one album. People who have a name are never merged, and keep their names; of an
 * image, at most one face is proposed for them, the most similar one.
 *
 * <p>The same graph gives the same albums. Immutable and thread-safe.
 */
public final class FaceAlbums {
  private final List<Album> albums;
  private final List<Integer> ungrouped;

  private FaceAlbums(List<Album> albums, List<Integer> ungrouped) {
    this.albums = albums;
    this.ungrouped = ungrouped;
  }

  /**
   * Groups the faces of a graph.
   *
   * @param graph the faces and the links between similar ones
   * @return the albums of the faces
   */
  public static FaceAlbums of(FaceGraph graph) {
    int nodes = graph.starts().length - 1;
    int[] persons = new int[nodes];
    Map<String, Integer> numbers = new LinkedHashMap<>();
    for (int face = 0; face < nodes; face++) {
      persons[face] =
          graph
              .person(face)
              .map(person -> numbers.computeIfAbsent(person, name -> numbers.size()))
              .orElse(-1);
    }
    List<String> names = List.copyOf(numbers.keySet());
    int[] label =
        Implementations.group(
            graph.starts(),
            graph.ends(),
            graph.similarities(),
            persons,
            graph.mates(),
            graph.threshold(),
            FaceGraph.NEIGHBORS);
    Map<Integer, List<Album.Proposal>> groups = new HashMap<>();
    for (int face = 0; face < graph.size(); face++) {
      if (persons[face] < 0) {
        groups
            .computeIfAbsent(label[face], group -> new ArrayList<>())
            .add(new Album.Proposal(face, similarity(graph, label, face)));
      }
    }
    List<Album> albums = new ArrayList<>();
    List<Integer> ungrouped = new ArrayList<>();
    groups.forEach(
        (group, faces) -> {
          boolean isNamed = group >= nodes;
          if (isNamed || faces.size() > 1) {
            faces.sort(
                Comparator.comparingDouble(Album.Proposal::similarity)
                    .reversed()
                    .thenComparing(Album.Proposal::face));
            albums.add(
                new Album(
                    isNamed ? Optional.of(names.get(group - nodes)) : Optional.empty(), faces));
          } else {
            ungrouped.add(faces.get(0).face());
          }
        });
    albums.sort(
        Comparator.comparing((Album album) -> -album.faces().size())
            .thenComparing(album -> album.faces().get(0).face()));
    ungrouped.sort(Comparator.naturalOrder());
    return new FaceAlbums(List.copyOf(albums), List.copyOf(ungrouped));
  }

  /** Returns the highest similarity to a face of the same group. */
  private static double similarity(FaceGraph graph, int[] label, int face) {
    double highest = 0;
    for (int link = graph.starts()[face]; link < graph.starts()[face + 1]; link++) {
      if (label[graph.ends()[link]] == label[face]) {
        highest = Math.max(highest, graph.similarities()[link]);
      }
    }
    return highest;
  }

  /**
   * Returns the albums.
   *
   * @return the albums by descending number of faces, an immutable list
   */
  public List<Album> albums() {
    return albums;
  }

  /**
   * Returns the faces that are in no album, because no other face is similar to them.
   *
   * @return the indices of the faces in ascending order, an immutable list
   */
  public List<Integer> ungrouped() {
    return ungrouped;
  }

  /**
   * Returns a description with the numbers of albums and faces.
   *
   * @return the description, without names
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "FaceAlbums[albums=%d, ungrouped=%d]", albums.size(), ungrouped.size());
  }
}
