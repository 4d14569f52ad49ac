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
 * Groups faces by person, without knowing who they are. Albums are proposals: somebody should look
 * at them before a name is given.
 *
 * <pre>{@code
 * double threshold = models.atFmr(1e-4).threshold();
 * FaceAlbums found = FaceAlbums.of(FaceGraph.of(embeddings, threshold));
 * for (Album album : found.albums()) {
 *   album.faces().forEach(proposal -> show(proposal.face(), proposal.similarity()));
 * }
 * }</pre>
 *
 * <p>Faces are grouped by what most of those that are like them belong to (weighted Chinese
 * whispers), so that one false link does not make one person of two, as it would where whatever is
 * connected counts as one. People who have names already are never put together, and their names
 * are never taken from them.
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
   * @param graph the faces and which of them are alike
   * @return their albums
   */
  public static FaceAlbums of(FaceGraph graph) {
    int nodes = graph.starts().length - 1;
    int[] fixed = new int[nodes];
    Map<String, Integer> labels = new LinkedHashMap<>();
    for (int face = 0; face < nodes; face++) {
      fixed[face] =
          graph
              .person(face)
              .map(person -> labels.computeIfAbsent(person, name -> nodes + labels.size()))
              .orElse(-1);
    }
    List<String> names = List.copyOf(labels.keySet());
    int[] label = Implementations.group(graph.starts(), graph.ends(), graph.similarities(), fixed);
    Map<Integer, List<Album.Proposal>> groups = new HashMap<>();
    for (int face = 0; face < graph.size(); face++) {
      if (fixed[face] < 0) {
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

  /** The highest similarity to a face of the same group. */
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
   * The albums.
   *
   * @return by descending number of faces, an immutable list
   */
  public List<Album> albums() {
    return albums;
  }

  /**
   * The faces that are in no album, because no other one is like them.
   *
   * @return their indices in ascending order, an immutable list
   */
  public List<Integer> ungrouped() {
    return ungrouped;
  }

  /**
   * Says how many there are.
   *
   * @return a text without names
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "FaceAlbums[albums=%d, ungrouped=%d]", albums.size(), ungrouped.size());
  }
}
