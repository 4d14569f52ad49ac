// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaceAlbumsTest {
  /** Returns the number of the album of each face, or a number of its own. */
  private static List<Integer> groups(FaceAlbums albums, int faces) {
    Integer[] groups = new Integer[faces];
    int next = 0;
    for (Album album : albums.albums()) {
      for (Album.Proposal proposal : album.faces()) {
        assertThat(groups[proposal.face()]).isNull();
        groups[proposal.face()] = next;
      }
      next++;
    }
    for (int face : albums.ungrouped()) {
      assertThat(groups[face]).isNull();
      groups[face] = next++;
    }
    assertThat(groups).doesNotContainNull();
    return Arrays.asList(groups);
  }

  /** Returns the harmonic mean of precision and recall, each averaged over all faces. */
  private static double bCubedF1(List<Integer> people, List<Integer> groups) {
    double precision = 0;
    double recall = 0;
    for (int i = 0; i < people.size(); i++) {
      int together = 0;
      int grouped = 0;
      int mated = 0;
      for (int j = 0; j < people.size(); j++) {
        boolean samePerson = people.get(i).equals(people.get(j));
        boolean sameGroup = groups.get(i).equals(groups.get(j));
        together += samePerson && sameGroup ? 1 : 0;
        grouped += sameGroup ? 1 : 0;
        mated += samePerson ? 1 : 0;
      }
      precision += (double) together / grouped;
      recall += (double) together / mated;
    }
    return 2 * precision * recall / ((precision + recall) * people.size());
  }

  private static List<Integer> faces(Album album) {
    return album.faces().stream().map(Album.Proposal::face).sorted().toList();
  }

  /** Renumbers the nodes, so that labels spread in another order. */
  private static int[] numbers(int nodes, long seed) {
    List<Integer> numbers =
        IntStream.range(0, nodes).boxed().collect(Collectors.toCollection(ArrayList::new));
    Collections.shuffle(numbers, new Random(seed));
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }

  private static void linkAll(FaceGraph.Builder graph, int[] numbers, int from, int to, Random r) {
    for (int one = from; one < to; one++) {
      for (int other = one + 1; other < to; other++) {
        graph.link(numbers[one], numbers[other], 0.45 + 0.3 * r.nextDouble());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"5, 5", "20, 20", "20, 3", "100, 100"})
  void falseLink_doesNotMergeGroups(int first, int second) {
    for (int seed = 0; seed < 200; seed++) {
      int[] numbers = numbers(first + second, seed);
      Random random = new Random(seed);
      FaceGraph.Builder graph = FaceGraph.builder(first + second);
      linkAll(graph, numbers, 0, first, random);
      linkAll(graph, numbers, first, first + second, random);
      // Stronger than any link of a person: a look-alike, or a face on a poster behind another.
      graph.link(numbers[0], numbers[first], 0.99);

      FaceAlbums albums = FaceAlbums.of(graph.build());

      assertThat(albums.albums()).as("order %d", seed).hasSize(2);
      assertThat(albums.ungrouped()).isEmpty();
      assertThat(albums.albums())
          .extracting(FaceAlbumsTest::faces)
          .containsExactlyInAnyOrder(
              Arrays.stream(numbers, 0, first).sorted().boxed().toList(),
              Arrays.stream(numbers, first, first + second).sorted().boxed().toList());
    }
  }

  @Test
  void namedPeople_areNeverMerged() {
    FaceGraph.Builder graph = FaceGraph.builder(12);
    Random random = new Random(7);
    int[] numbers = IntStream.range(0, 12).toArray();
    // One person by similarity, but two by name.
    linkAll(graph, numbers, 0, 12, random);
    for (int face = 0; face < 3; face++) {
      graph.name(face, "maya");
      graph.name(face + 3, "noor");
    }

    FaceAlbums albums = FaceAlbums.of(graph.build());

    assertThat(albums.albums())
        .allSatisfy(album -> assertThat(album.person()).isPresent())
        .flatExtracting(FaceAlbumsTest::faces)
        .containsExactlyInAnyOrder(6, 7, 8, 9, 10, 11);
    assertThat(albums.ungrouped()).isEmpty();
  }

  @Test
  void faceOfANamedPerson_isProposedToIt() {
    Crowd crowd = new Crowd(3, 512);
    crowd.add(6);
    crowd.add(6);
    crowd.add(1);
    List<FaceEmbedding> unnamed = new ArrayList<>(crowd.faces().subList(4, 13));
    try (FaceGallery named = FaceGallery.inMemory(Crowd.MODEL)) {
      for (int sample = 0; sample < 4; sample++) {
        named.enroll("maya", "s" + sample, crowd.faces().get(sample));
      }

      FaceAlbums albums = FaceAlbums.of(FaceGraph.of(unnamed, 0.3, named));

      assertThat(albums.albums())
          .extracting(Album::person)
          .containsExactly(Optional.empty(), Optional.of("maya"));
      assertThat(albums.albums())
          .extracting(FaceAlbumsTest::faces)
          .containsExactly(List.of(2, 3, 4, 5, 6, 7), List.of(0, 1));
      assertThat(albums.ungrouped()).containsExactly(8);
      Album.Proposal best = albums.albums().get(1).faces().get(0);
      double expected =
          crowd.faces().subList(0, 6).stream()
              .filter(face -> face != unnamed.get(best.face()))
              .mapToDouble(face -> face.similarity(unnamed.get(best.face())))
              .max()
              .orElseThrow();
      assertThat(best.similarity()).isEqualTo(expected);
    }
  }

  @Test
  void albums_areSorted() {
    Crowd crowd = Crowd.shuffled(Crowd.ofLongTail(2, 512, 60, 50));

    FaceAlbums albums = FaceAlbums.of(FaceGraph.of(crowd.faces(), 0.35));

    assertThat(albums.albums())
        .isSortedAccordingTo((a, b) -> Integer.compare(b.faces().size(), a.faces().size()))
        .allSatisfy(
            album ->
                assertThat(album.faces())
                    .hasSizeGreaterThan(1)
                    .isSortedAccordingTo((a, b) -> Double.compare(b.similarity(), a.similarity())));
    assertThat(albums.ungrouped()).isSorted();
    assertThat(albums)
        .hasToString(
            "FaceAlbums[albums=%d, ungrouped=%d]",
            albums.albums().size(), albums.ungrouped().size());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void longTail_isGroupedByPerson(long seed) {
    Crowd crowd = Crowd.shuffled(Crowd.ofLongTail(seed, 100, 208, 100));

    FaceAlbums albums = FaceAlbums.of(FaceGraph.of(crowd.faces(), 0.4));

    assertThat(bCubedF1(crowd.people(), groups(albums, crowd.faces().size())))
        .isGreaterThanOrEqualTo(0.99);
  }

  @Test
  void sameGraph_givesTheSameAlbums() {
    Crowd crowd = Crowd.shuffled(Crowd.ofLongTail(9, 100, 100, 60));
    FaceAlbums once = FaceAlbums.of(FaceGraph.of(crowd.faces(), 0.3));
    FaceAlbums again = FaceAlbums.of(FaceGraph.of(crowd.faces(), 0.3));

    assertThat(again.albums()).isEqualTo(once.albums());
    assertThat(again.ungrouped()).isEqualTo(once.ungrouped());
  }
}
