// SPDX-License-Identifier: Apache-2.0
package io.omote.face.galleries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.Candidate;
import io.omote.face.ClosedException;
import io.omote.face.EmbeddingException;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGallery;
import io.omote.face.GalleryEntry;
import io.omote.face.GalleryException;
import io.omote.face.IdentificationPolicy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every gallery keeps, whatever keeps it. */
abstract class GalleryContract {
  /** Opens the gallery of the test, which is empty at first and keeps what it has. */
  abstract FaceGallery open();

  /** The exact gallery in memory, with the same entries. */
  private static FaceGallery inMemory(FaceGallery gallery) {
    FaceGallery memory = FaceGallery.inMemory(Faces.MODEL);
    gallery.forEach(entry -> memory.enrol(List.of(entry)));
    return memory;
  }

  private static Map<String, FaceEmbedding> content(FaceGallery gallery) {
    Map<String, FaceEmbedding> content = new HashMap<>();
    gallery.forEach(
        entry ->
            assertThat(content.put(entry.person() + "/" + entry.sample(), entry.face())).isNull());
    return content;
  }

  @Test
  void entries_lastAndAreTheSame() {
    List<GalleryEntry> entries = Faces.entries(0, 300);
    try (FaceGallery gallery = open()) {
      assertThat(gallery.modelId()).isEqualTo(Faces.MODEL);
      assertThat(gallery.size()).isZero();
      assertThat(gallery.search(Faces.of(1), 3)).isEmpty();
      gallery.enrol(entries.subList(0, 100));
      gallery.enrol(entries.subList(100, 300));
      gallery.enrol(entries.subList(50, 150));
    }
    try (FaceGallery gallery = open()) {
      assertThat(gallery.size()).isEqualTo(300);
      assertThat(gallery.persons()).isEqualTo(60);
      Map<String, FaceEmbedding> content = content(gallery);
      assertThat(content).hasSize(300);
      for (GalleryEntry entry : entries) {
        assertThat(content.get(entry.person() + "/" + entry.sample())).isEqualTo(entry.face());
      }
    }
  }

  @Test
  void search_isThatOfMemory_alsoAfterRemovals() {
    try (FaceGallery gallery = open()) {
      gallery.enrol(Faces.entries(0, 500));
      // Two people with one face: a tie.
      gallery.enrol("person 9999", "twin", Faces.of(7));
      assertSameAsMemory(gallery);
      assertThat(gallery.remove("person 2", "sample 10")).isTrue();
      assertThat(gallery.remove("person 2", "sample 10")).isFalse();
      assertThat(gallery.removePerson("person 3")).isEqualTo(5);
      assertThat(gallery.removePerson("person 3")).isZero();
      assertSameAsMemory(gallery);
    }
    try (FaceGallery gallery = open()) {
      assertThat(gallery.size()).isEqualTo(495);
      assertSameAsMemory(gallery);
    }
  }

  private static void assertSameAsMemory(FaceGallery gallery) {
    try (FaceGallery memory = inMemory(gallery)) {
      Random random = new Random(5);
      for (int i = 0; i < 10; i++) {
        FaceEmbedding probe = i < 5 ? Faces.of(i * 7) : Faces.random(random);
        for (int limit : new int[] {1, 10, 1000}) {
          assertThat(gallery.search(probe, limit)).isEqualTo(memory.search(probe, limit));
        }
      }
    }
  }

  @Test
  void identify_decidesInclusively() {
    try (FaceGallery gallery = open()) {
      gallery.enrol(Faces.entries(0, 20));
      FaceEmbedding probe = Faces.of(99);
      Candidate best = gallery.search(probe, 1).get(0);
      assertThat(gallery.identify(probe, IdentificationPolicy.ofThreshold(best.similarity())))
          .contains(best);
      double above = Math.nextUp(best.similarity());
      assertThat(gallery.identify(probe, IdentificationPolicy.ofThreshold(above))).isEmpty();
    }
  }

  @Test
  void enrol_ofAnotherFaceUnderAName_keepsNothingOfTheBatch() {
    try (FaceGallery gallery = open()) {
      gallery.enrol(Faces.entries(0, 10));
      List<GalleryEntry> batch =
          List.of(
              new GalleryEntry("new", "new", Faces.of(77)),
              new GalleryEntry("person 1", "sample 5", Faces.of(78)));
      assertThatThrownBy(() -> gallery.enrol(batch))
          .isInstanceOf(GalleryException.class)
          .hasMessageContaining("another embedding");
      List<GalleryEntry> twice =
          List.of(
              new GalleryEntry("lea", "a", Faces.of(1)), new GalleryEntry("lea", "a", Faces.of(2)));
      assertThatThrownBy(() -> gallery.enrol(twice)).isInstanceOf(GalleryException.class);
    }
    try (FaceGallery gallery = open()) {
      assertThat(gallery.size()).isEqualTo(10);
    }
  }

  @Test
  void embeddingsOfAnotherModel_areRefused() {
    float[] raw = Faces.of(1).toArray();
    FaceEmbedding foreign = FaceEmbedding.ofRaw("other", raw);
    FaceEmbedding shorter = FaceEmbedding.ofRaw(Faces.MODEL, new float[] {1, 2});
    try (FaceGallery gallery = open()) {
      gallery.enrol(Faces.entries(0, 3));
      for (FaceEmbedding face : List.of(foreign, shorter)) {
        assertThatThrownBy(() -> gallery.enrol("a", "b", face))
            .isInstanceOf(EmbeddingException.class);
        assertThatThrownBy(() -> gallery.search(face, 1)).isInstanceOf(EmbeddingException.class);
      }
      assertThat(gallery.size()).isEqualTo(3);
    }
  }

  @Test
  void oddNames_last() {
    List<String> names =
        List.of("é".repeat(256), "\ud83d\ude00", "a/b\\c", "'; DROP TABLE x; --", " ", "%_", "ﬁ");
    try (FaceGallery gallery = open()) {
      for (String name : names) {
        gallery.enrol(name, name, Faces.of(name.hashCode()));
      }
    }
    try (FaceGallery gallery = open()) {
      for (String name : names) {
        assertThat(gallery.search(Faces.of(name.hashCode()), 1).get(0).person()).isEqualTo(name);
      }
      for (String name : names) {
        assertThat(gallery.remove(name, name)).isTrue();
      }
      assertThat(gallery.size()).isZero();
      assertThat(gallery.persons()).isZero();
    }
  }

  @Test
  void closed_isSaid() {
    FaceGallery gallery = open();
    gallery.close();
    gallery.close();
    assertThatThrownBy(() -> gallery.search(Faces.of(1), 1)).isInstanceOf(ClosedException.class);
    assertThatThrownBy(() -> gallery.enrol(Faces.entries(0, 1)))
        .isInstanceOf(ClosedException.class);
    assertThatThrownBy(gallery::size).isInstanceOf(ClosedException.class);
    assertThatThrownBy(() -> gallery.remove("a", "b")).isInstanceOf(ClosedException.class);
  }

  private static int number(String person) {
    return Integer.parseInt(person.substring("person ".length()));
  }

  /** How long readers and the writer work beside each other. */
  private static final long SECONDS = Long.getLong("omote.gallery.seconds", 4);

  @Test
  void eightReaders_besideAWriter_seeWholeBatches() throws Exception {
    List<Candidate> ranking;
    try (FaceGallery all = FaceGallery.inMemory(Faces.MODEL)) {
      all.enrol(Faces.entries(0, 400));
      ranking = all.search(Faces.of(3), 1000);
    }
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService readers = Executors.newFixedThreadPool(8);
    try (FaceGallery gallery = open()) {
      List<Future<Integer>> answers =
          IntStream.range(0, 8)
              .mapToObj(
                  reader ->
                      readers.submit(
                          () -> {
                            int count = 0;
                            while (!done.get() || count == 0) {
                              // Batches are persons of five samples, and come in their order.
                              Map<String, FaceEmbedding> content = content(gallery);
                              assertThat(content.size() % 5).isZero();
                              for (int i = 0; i < content.size(); i++) {
                                assertThat(content).containsKey("person " + i / 5 + "/sample " + i);
                              }
                              // The answer is that of the gallery with so many persons.
                              List<Candidate> found = gallery.search(Faces.of(3), 1000);
                              assertThat(found)
                                  .isEqualTo(
                                      ranking.stream()
                                          .filter(c -> number(c.person()) < found.size())
                                          .toList());
                              count++;
                            }
                            return count;
                          }))
              .toList();
      long end = System.nanoTime() + SECONDS * 1_000_000_000L;
      int written = 0;
      while (System.nanoTime() < end) {
        if (written < 400) {
          gallery.enrol(Faces.entries(written, written + 5));
          written += 5;
        } else {
          // From the last to the first, so that what is there is always a beginning.
          while (written > 0) {
            written -= 5;
            assertThat(gallery.removePerson("person " + written / 5)).isEqualTo(5);
          }
        }
      }
      done.set(true);
      for (Future<Integer> answer : answers) {
        assertThat(answer.get()).isPositive();
      }
      assertThat(gallery.size()).isEqualTo(written);
    } finally {
      readers.shutdownNow();
    }
  }
}
