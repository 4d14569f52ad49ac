// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The links of a graph, compared with those of a scan in double precision. */
class FaceGraphTest {
  /** By both faces, the lower first. */
  private static TreeMap<String, Double> bruteForce(List<FaceEmbedding> faces, double threshold) {
    TreeMap<String, Double> links = new TreeMap<>();
    for (int face = 0; face < faces.size(); face++) {
      int probe = face;
      double[] similarities =
          faces.stream().mapToDouble(other -> other.similarity(faces.get(probe))).toArray();
      IntStream.range(0, faces.size())
          .filter(other -> other != probe && similarities[other] >= threshold * Math.sqrt(0.7))
          .boxed()
          .sorted(
              Comparator.comparingDouble((Integer other) -> -similarities[other])
                  .thenComparing(Comparator.naturalOrder()))
          .limit(FaceGraph.NEIGHBORS)
          .forEach(
              other ->
                  links.put(
                      Math.min(probe, other) + " " + Math.max(probe, other), similarities[other]));
    }
    return links;
  }

  private static TreeMap<String, Double> links(FaceGraph graph) {
    TreeMap<String, Double> links = new TreeMap<>();
    for (int face = 0; face + 1 < graph.starts().length; face++) {
      int[] ends = Arrays.copyOfRange(graph.ends(), graph.starts()[face], graph.starts()[face + 1]);
      assertThat(ends).isSorted().doesNotHaveDuplicates().doesNotContain(face);
      for (int link = graph.starts()[face]; link < graph.starts()[face + 1]; link++) {
        int other = graph.ends()[link];
        Double before =
            links.put(
                Math.min(face, other) + " " + Math.max(face, other), graph.similarities()[link]);
        // Each link is listed at both of its faces.
        assertThat(before).isIn(face < other ? null : graph.similarities()[link]);
      }
    }
    return links;
  }

  @ParameterizedTest
  @CsvSource({"512, 1500, 0.4", "100, 2500, 0.3", "7, 300, 0.9", "3, 64, 0.0001", "130, 65, 1"})
  void of_linksTheNearest(int dimension, int size, double threshold) {
    Crowd crowd = new Crowd(dimension, dimension);
    while (crowd.faces().size() < size) {
      crowd.add(1 + crowd.faces().size() % 50);
    }
    List<FaceEmbedding> faces = new ArrayList<>(crowd.faces());
    // Ties: copies of a face.
    for (int copy = 0; copy < 30; copy++) {
      faces.add(faces.get(3));
    }

    FaceGraph graph = FaceGraph.of(faces, threshold);

    assertThat(graph.size()).isEqualTo(faces.size());
    TreeMap<String, Double> expected = bruteForce(faces, threshold);
    assertThat(links(graph)).isEqualTo(expected);
    assertThat(graph.links()).isEqualTo(expected.size()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void of_soFewFaces_hasNoLinks(int size) {
    Crowd crowd = new Crowd(1, 8);
    crowd.add(size);

    FaceGraph graph = FaceGraph.of(crowd.faces(), 0.5);

    assertThat(graph.size()).isEqualTo(size);
    assertThat(graph.links()).isZero();
    assertThat(graph).hasToString("FaceGraph[size=%d, links=0]", size);
    assertThat(FaceAlbums.of(graph).albums()).isEmpty();
  }

  @Test
  void of_gallery_hasItsSamplesBehindTheFaces() {
    Crowd crowd = new Crowd(5, 64);
    crowd.add(10);
    try (FaceGallery named = FaceGallery.inMemory(Crowd.MODEL)) {
      named.enroll("maya", "a", crowd.faces().get(8));
      named.enroll("maya", "b", crowd.faces().get(9));

      FaceGraph graph = FaceGraph.of(crowd.faces().subList(0, 8), 0.3, named);

      assertThat(graph.size()).isEqualTo(8);
      assertThat(graph.person(7)).isEmpty();
      assertThat(graph.person(8)).isEqualTo(Optional.of("maya"));
      assertThat(links(graph)).isEqualTo(bruteForce(crowd.faces(), 0.3));
    }
  }

  @Test
  void of_embeddingsOfSeveralModels_isRefused() {
    List<FaceEmbedding> faces =
        List.of(
            FaceEmbedding.ofRaw("a", new float[] {1, 0}),
            FaceEmbedding.ofRaw("b", new float[] {1, 0}));

    assertThatThrownBy(() -> FaceGraph.of(faces, 0.5))
        .isInstanceOf(EmbeddingException.class)
        .hasMessageStartingWith("expected embeddings of one model, found a (2) and b (2): ");
  }

  @Test
  void of_interrupted_saysSo() {
    Crowd crowd = new Crowd(5, 64);
    crowd.add(100);
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> FaceGraph.of(crowd.faces(), 0.5))
          .isInstanceOf(InterruptedCallException.class);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
      assertThat(Thread.getAllStackTraces().keySet())
          .noneMatch(thread -> thread.getName().equals("omote-pairs"));
    } finally {
      Thread.interrupted();
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, 1.1, Double.NaN})
  void threshold_outside_isRefused(double threshold) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FaceGraph.of(List.of(), threshold))
        .withMessage("expected a threshold in (0, 1], a raw cosine, found " + threshold);
  }

  @Test
  void link_thatIsNone_isRefused() {
    FaceGraph.Builder graph = FaceGraph.builder(3, 0.42);

    assertThatIllegalArgumentException().isThrownBy(() -> graph.link(1, 1, 0.5));
    assertThatIllegalArgumentException().isThrownBy(() -> graph.link(0, 1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> graph.link(0, 1, 1.1));
    assertThatThrownBy(() -> graph.link(0, 3, 0.5)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> graph.name(3, "maya")).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatIllegalArgumentException().isThrownBy(() -> FaceGraph.builder(-1, 0.42));
  }

  @Test
  void builder_countsALinkOnce() {
    FaceGraph graph =
        FaceGraph.builder(3, 0.42).link(0, 1, 0.5).link(1, 0, 0.5).link(2, 1, 0.6).build();

    assertThat(graph.links()).isEqualTo(2);
    assertThat(links(graph)).containsOnlyKeys("0 1", "1 2");
  }
}
