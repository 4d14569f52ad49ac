// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

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

  /** Renumbers the nodes, so that they come in another order. */
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
      FaceGraph.Builder graph = FaceGraph.builder(first + second, 0.42);
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
    FaceGraph.Builder graph = FaceGraph.builder(12, 0.42);
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

  /** A box beside a face whose points snap to that face gives a second, almost equal face. */
  @Test
  void facesOfOneImage_areInDifferentAlbums() {
    FaceGraph.Builder graph = FaceGraph.builder(5, 0.42);
    graph.image(0, 7).image(1, 7).image(2, 7).image(3, 8);
    graph.link(0, 1, 0.97).link(0, 3, 0.7).link(1, 3, 0.72).link(2, 3, 0.6);
    graph.link(0, 4, 0.65).link(1, 4, 0.66).link(3, 4, 0.8).link(2, 4, 0.5);

    FaceAlbums albums = FaceAlbums.of(graph.build());

    assertThat(albums.albums())
        .extracting(FaceAlbumsTest::faces)
        .containsExactly(List.of(1, 3, 4)); // the more similar one of the image
    assertThat(albums.ungrouped()).containsExactly(0, 2);
  }

  /** No chain of links leads from a face to another of its image. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void facesOfOneImage_areNeverTogether(long seed) {
    Random random = new Random(seed);
    int faces = 400;
    FaceGraph.Builder graph = FaceGraph.builder(faces, 0.42);
    long[] images = new long[faces];
    for (int face = 0; face < faces; face++) {
      images[face] = random.nextInt(150);
      graph.image(face, images[face]);
      if (face < 20) {
        graph.name(face, "p" + face % 3);
      }
      for (int link = 0; link < 12; link++) {
        int other = random.nextInt(faces);
        if (other != face) {
          graph.link(face, other, 0.4 + 0.6 * random.nextDouble());
        }
      }
    }

    FaceAlbums albums = FaceAlbums.of(graph.build());

    assertThat(albums.albums())
        .hasSizeGreaterThan(10)
        .allSatisfy(
            album -> {
              List<Long> found = new ArrayList<>();
              faces(album).forEach(face -> found.add(images[face]));
              album
                  .person()
                  .ifPresent(
                      person ->
                          IntStream.range(0, 20)
                              .filter(face -> person.equals("p" + face % 3))
                              .filter(face -> found.contains(images[face]))
                              .forEach(face -> fail("face " + face + " is beside its own image")));
              assertThat(found).doesNotHaveDuplicates();
            });
  }

  @Test
  void facesOfOneImage_ofThemTheMoreSimilarJoinsANamedPerson() {
    Crowd crowd = new Crowd(3, 512);
    crowd.add(6);
    List<FaceEmbedding> unnamed = crowd.faces().subList(3, 6);
    try (FaceGallery named = FaceGallery.inMemory(Crowd.MODEL)) {
      for (int sample = 0; sample < 3; sample++) {
        named.enroll("maya", "s" + sample, crowd.faces().get(sample));
      }
      double[] best =
          unnamed.stream().mapToDouble(face -> named.search(face, 1).get(0).similarity()).toArray();
      int expected = best[0] > best[1] ? 0 : 1;

      FaceAlbums albums =
          FaceAlbums.of(FaceGraph.of(unnamed, List.of("a.jpg", "a.jpg", "b.jpg"), 0.3, named));

      assertThat(albums.albums())
          .singleElement()
          .extracting(Album::person)
          .isEqualTo(Optional.of("maya"));
      assertThat(faces(albums.albums().get(0))).containsExactly(expected, 2);
      assertThat(albums.ungrouped()).containsExactly(1 - expected);
    }
  }

  /** Blurred faces are similar to faces of many people. */
  @Test
  void faceThatIsSimilarToEverybody_mergesNobody() {
    Random random = new Random(5);
    FaceGraph.Builder graph = FaceGraph.builder(41, 0.42);
    int[] numbers = IntStream.range(0, 41).toArray();
    for (int person = 0; person < 10; person++) {
      linkAll(graph, numbers, 4 * person, 4 * person + 4, random);
      graph.link(40, 4 * person, 0.9).link(40, 4 * person + 1, 0.9);
    }

    FaceAlbums albums = FaceAlbums.of(graph.build());

    assertThat(albums.albums()).hasSize(10);
    assertThat(albums.albums())
        .extracting(album -> faces(album).stream().filter(face -> face < 40).toList())
        .allMatch(faces -> faces.get(0) % 4 == 0 && faces.get(3) == faces.get(0) + 3);
  }

  @Test
  void chainOfLinks_isNoAlbum() {
    FaceGraph.Builder graph = FaceGraph.builder(30, 0.42);
    for (int face = 0; face + 1 < 30; face++) {
      graph.link(face, face + 1, 0.6);
    }

    FaceAlbums albums = FaceAlbums.of(graph.build());

    assertThat(albums.albums()).isNotEmpty().allMatch(album -> album.faces().size() <= 3);
  }

  /** Most of the 20 nearest neighbors of each face are faces of the same day. */
  @Test
  void personWithHundredsOfImages_isOneAlbum() {
    Random random = new Random(11);
    List<FaceEmbedding> faces = new ArrayList<>();
    double[] person = direction(random);
    for (int day = 0; day < 20; day++) {
      double[] look = near(person, 0.93, random);
      for (int image = 0; image < 15; image++) {
        double[] face = near(look, 0.86, random);
        float[] raw = new float[face.length];
        for (int i = 0; i < raw.length; i++) {
          raw[i] = (float) face[i];
        }
        faces.add(FaceEmbedding.ofRaw(Crowd.MODEL, raw));
      }
    }

    FaceAlbums albums = FaceAlbums.of(FaceGraph.of(faces, 0.42));

    assertThat(albums.albums())
        .singleElement()
        .extracting(album -> album.faces().size())
        .isEqualTo(300);
  }

  private static double[] direction(Random random) {
    double[] unit = random.doubles(128, -1, 1).toArray();
    double length = Math.sqrt(Arrays.stream(unit).map(x -> x * x).sum());
    return Arrays.stream(unit).map(x -> x / length).toArray();
  }

  private static double[] near(double[] center, double cosine, Random random) {
    double[] away = direction(random);
    double sine = Math.sqrt(1 - cosine * cosine);
    return IntStream.range(0, center.length)
        .mapToDouble(i -> cosine * center[i] + sine * away[i])
        .toArray();
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
        .isGreaterThanOrEqualTo(0.98);
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
