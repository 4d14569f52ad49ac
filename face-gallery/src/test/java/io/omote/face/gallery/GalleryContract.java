// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.Candidate;
import io.omote.face.ClosedException;
import io.omote.face.EmbeddingException;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGallery;
import io.omote.face.GalleryEntry;
import io.omote.face.GalleryException;
import io.omote.face.IdentificationPolicy;
import io.omote.face.InterruptedCallException;
import io.omote.face.description.ErrorRate;
import io.omote.face.description.OperatingPoint;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The contract of all galleries: the tests of {@link FaceGallery}, run for each implementation. */
abstract class GalleryContract {
  /** Opens the gallery of the test, which is empty at first and keeps its samples. */
  abstract FaceGallery open();

  /** Returns whether a gallery that is opened again has the samples that it had before. */
  boolean lasts() {
    return true;
  }

  /** Checks a gallery now and, if it is stored, after it was closed and opened again. */
  private void checkNowAndLater(FaceGallery gallery, Consumer<FaceGallery> check) {
    check.accept(gallery);
    if (lasts()) {
      gallery.close();
      try (FaceGallery later = open()) {
        check.accept(later);
      }
    }
  }

  /** Returns the exact gallery in memory with the same entries. */
  private static FaceGallery inMemory(FaceGallery gallery) {
    FaceGallery memory = FaceGallery.inMemory(Faces.MODEL);
    gallery.forEach(entry -> memory.enroll(List.of(entry)));
    return memory;
  }

  /** Returns the faces by person and sample, separated by a slash. */
  static Map<String, FaceEmbedding> content(FaceGallery gallery) {
    Map<String, FaceEmbedding> content = new HashMap<>();
    gallery.forEach(
        entry ->
            assertThat(content.put(entry.person() + "/" + entry.sample(), entry.face())).isNull());
    return content;
  }

  static Map<String, FaceEmbedding> content(List<GalleryEntry> entries) {
    Map<String, FaceEmbedding> content = new HashMap<>();
    entries.forEach(entry -> content.put(entry.person() + "/" + entry.sample(), entry.face()));
    return content;
  }

  @Test
  void entries_lastAndAreTheSame() {
    List<GalleryEntry> entries = Faces.entries(0, 300);
    try (FaceGallery gallery = open()) {
      assertThat(gallery.modelId()).isEqualTo(Faces.MODEL);
      assertThat(gallery.size()).isZero();
      assertThat(gallery.persons()).isZero();
      assertThat(gallery.search(Faces.of(1), 3)).isEmpty();
      assertThat(gallery.identify(Faces.of(1), IdentificationPolicy.ofThreshold(-1))).isEmpty();
      gallery.enroll(entries.subList(0, 100));
      gallery.enroll(entries.subList(100, 300));
      gallery.enroll(entries.subList(50, 150));
      gallery.enroll(List.of());
      checkNowAndLater(
          gallery,
          same -> {
            assertThat(same.size()).isEqualTo(300);
            assertThat(same.persons()).isEqualTo(60);
            assertThat(content(same)).isEqualTo(content(entries));
          });
    }
  }

  @Test
  void search_isThatOfMemory_alsoAfterRemovals() {
    try (FaceGallery gallery = open()) {
      gallery.enroll(Faces.entries(0, 500));
      // Two people with one face: a tie.
      gallery.enroll("person 9999", "twin", Faces.of(7));
      assertSameAsMemory(gallery);
      assertThat(gallery.remove("person 2", "sample 10")).isTrue();
      assertThat(gallery.remove("person 2", "sample 10")).isFalse();
      assertThat(gallery.removePerson("person 3")).isEqualTo(5);
      assertThat(gallery.removePerson("person 3")).isZero();
      checkNowAndLater(
          gallery,
          same -> {
            assertThat(same.size()).isEqualTo(495);
            assertSameAsMemory(same);
          });
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

  /** Includes a person with more samples than the limit, all of them the most similar. */
  @Test
  void search_isShorterThanAsked_onlyWhereThereAreFewerPersons() {
    FaceEmbedding probe = Faces.of(1);
    try (FaceGallery gallery = open()) {
      List<GalleryEntry> crowd = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        crowd.add(new GalleryEntry("crowd", "sample " + i, Faces.near(probe, i)));
      }
      gallery.enroll(crowd);
      gallery.enroll(Faces.entries(100, 130));
      for (int limit : new int[] {1, 2, 5, 7, 8, 1000}) {
        assertThat(gallery.search(probe, limit)).hasSize(Math.min(limit, 7));
      }
      assertThat(gallery.removePerson("crowd")).isEqualTo(400);
      checkNowAndLater(
          gallery,
          same -> {
            for (int limit : new int[] {1, 5, 6, 7, 1000}) {
              assertThat(same.search(probe, limit)).hasSize(Math.min(limit, 6));
            }
          });
    }
  }

  @Test
  void search_givesAListThatNobodyChanges() {
    try (FaceGallery gallery = open()) {
      gallery.enroll(Faces.entries(0, 10));
      List<Candidate> found = gallery.search(Faces.of(1), 5);
      assertThatThrownBy(() -> found.remove(0)).isInstanceOf(UnsupportedOperationException.class);
    }
  }

  @Test
  void identify_decidesInclusively() {
    try (FaceGallery gallery = open()) {
      gallery.enroll(Faces.entries(0, 20));
      FaceEmbedding probe = Faces.of(99);
      Candidate best = gallery.search(probe, 1).get(0);
      assertThat(gallery.identify(probe, IdentificationPolicy.ofThreshold(best.similarity())))
          .contains(best);
      double above = Math.nextUp(best.similarity());
      assertThat(gallery.identify(probe, IdentificationPolicy.ofThreshold(above))).isEmpty();
    }
  }

  /**
   * With few samples the threshold is low and nobody is similar; with many somebody is, below the
   * threshold: a person that is found was searched in one gallery and judged by another's size.
   */
  @Test
  void identify_countsAndSearchesOneSnapshot() throws Exception {
    FaceEmbedding probe = Faces.of(1);
    IdentificationPolicy policy =
        IdentificationPolicy.ofFpir(0.5, List.of(point(0.3, 0.05), point(0.99, 0.0001)));
    List<GalleryEntry> batch = new ArrayList<>();
    batch.add(new GalleryEntry("friend", "alike", Faces.near(probe, 1)));
    for (int i = 0; i < 100; i++) {
      batch.add(new GalleryEntry("friend", "sample " + i, Faces.of(1000 + i)));
    }
    assertThat(batch.get(0).face().similarity(probe)).isBetween(0.3, 0.98);
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService reader = Executors.newSingleThreadExecutor();
    try (FaceGallery gallery = open()) {
      gallery.enroll(Faces.entries(100, 110));
      assertThat(policy.at(Faces.MODEL, 10).threshold()).isEqualTo(0.3);
      assertThat(policy.at(Faces.MODEL, 111).threshold()).isEqualTo(0.99);
      Future<Integer> answers =
          reader.submit(
              () -> {
                int count = 0;
                while (!done.get() || count == 0) {
                  assertThat(gallery.identify(probe, policy)).isEmpty();
                  count++;
                }
                return count;
              });
      long end = System.nanoTime() + 1_000_000_000L;
      while (System.nanoTime() < end && !answers.isDone()) {
        gallery.enroll(batch);
        assertThat(gallery.removePerson("friend")).isEqualTo(101);
      }
      done.set(true);
      assertThat(answers.get()).isPositive();
    } finally {
      reader.shutdownNow();
    }
  }

  private static OperatingPoint point(double threshold, double fmr) {
    ErrorRate rate = new ErrorRate(fmr, fmr, fmr, 100_000_000);
    return new OperatingPoint(Faces.MODEL, threshold, rate, rate, "made up");
  }

  @Test
  void enroll_ofAnotherFaceUnderAName_keepsNothingOfTheBatch() {
    try (FaceGallery gallery = open()) {
      gallery.enroll(Faces.entries(0, 10));
      List<GalleryEntry> batch =
          List.of(
              new GalleryEntry("new", "new", Faces.of(77)),
              new GalleryEntry("person 1", "sample 5", Faces.of(78)));
      assertThatThrownBy(() -> gallery.enroll(batch))
          .isInstanceOf(GalleryException.class)
          .hasMessageContaining("another embedding");
      List<GalleryEntry> twice =
          List.of(
              new GalleryEntry("lea", "a", Faces.of(1)), new GalleryEntry("lea", "a", Faces.of(2)));
      assertThatThrownBy(() -> gallery.enroll(twice)).isInstanceOf(GalleryException.class);
      checkNowAndLater(
          gallery, same -> assertThat(content(same)).isEqualTo(content(Faces.entries(0, 10))));
    }
  }

  @Test
  void enroll_ofTheSame_isNothing_alsoWithinABatch() {
    GalleryEntry one = new GalleryEntry("lea", "a", Faces.of(1));
    GalleryEntry again = new GalleryEntry("lea", "a", Faces.of(1));
    GalleryEntry other = new GalleryEntry("lea", "b", Faces.of(1));
    try (FaceGallery gallery = open()) {
      gallery.enroll(List.of(one, again, other));
      gallery.enroll(List.of(again));
      gallery.enroll(one.person(), one.sample(), one.face());
      checkNowAndLater(
          gallery,
          same -> {
            assertThat(same.size()).isEqualTo(2);
            assertThat(same.persons()).isOne();
          });
    }
  }

  @Test
  void enroll_afterRemoval_takesAnotherFaceUnderTheName() {
    try (FaceGallery gallery = open()) {
      gallery.enroll("lea", "a", Faces.of(1));
      gallery.enroll("lea", "b", Faces.of(3));
      assertThat(gallery.remove("lea", "a")).isTrue();
      gallery.enroll("lea", "a", Faces.of(2));
      checkNowAndLater(
          gallery,
          same ->
              assertThat(content(same))
                  .isEqualTo(Map.of("lea/a", Faces.of(2), "lea/b", Faces.of(3))));
    }
  }

  @Test
  void enroll_takesWhatTheCollectionHasWhenItIsCalled() {
    try (FaceGallery gallery = open()) {
      List<GalleryEntry> batch = new ArrayList<>(Faces.entries(0, 5));
      gallery.enroll(batch);
      batch.clear();
      checkNowAndLater(gallery, same -> assertThat(same.size()).isEqualTo(5));
    }
  }

  @Test
  void embeddingsOfAnotherModel_areRefused() {
    float[] raw = Faces.of(1).toArray();
    FaceEmbedding foreign = FaceEmbedding.ofRaw("other", raw);
    FaceEmbedding shorter = FaceEmbedding.ofRaw(Faces.MODEL, new float[] {1, 2});
    try (FaceGallery gallery = open()) {
      gallery.enroll(Faces.entries(0, 3));
      for (FaceEmbedding face : List.of(foreign, shorter)) {
        List<GalleryEntry> batch =
            List.of(new GalleryEntry("a", "a", Faces.of(7)), new GalleryEntry("a", "b", face));
        assertThatThrownBy(() -> gallery.enroll(batch)).isInstanceOf(EmbeddingException.class);
        assertThatThrownBy(() -> gallery.search(face, 1)).isInstanceOf(EmbeddingException.class);
        assertThatThrownBy(() -> gallery.identify(face, IdentificationPolicy.ofThreshold(0)))
            .isInstanceOf(EmbeddingException.class);
      }
      checkNowAndLater(gallery, same -> assertThat(same.size()).isEqualTo(3));
    }
  }

  @Test
  void oddNames_last() {
    List<String> names =
        List.of("é".repeat(256), "\ud83d\ude00", "a/b\\c", "'; DROP TABLE x; --", "%_", "ﬁ", "\\");
    try (FaceGallery gallery = open()) {
      for (String name : names) {
        gallery.enroll(name, name, Faces.of(name.hashCode()));
      }
      checkNowAndLater(
          gallery,
          same -> {
            for (String name : names) {
              assertThat(same.search(Faces.of(name.hashCode()), 1).get(0).person()).isEqualTo(name);
            }
          });
    }
    try (FaceGallery gallery = open()) {
      gallery.enroll(
          names.stream().map(n -> new GalleryEntry(n, n, Faces.of(n.hashCode()))).toList());
      for (String name : names) {
        assertThat(gallery.remove(name, name)).isTrue();
      }
      checkNowAndLater(
          gallery,
          same -> {
            assertThat(same.size()).isZero();
            assertThat(same.persons()).isZero();
          });
    }
  }

  /** Composed and decomposed, lowercase and uppercase, full and half width, with blanks. */
  @Test
  void names_areComparedCodePointByCodePoint() {
    List<String> names =
        List.of(
            "Zo\u00eb",
            "Zoe\u0308",
            "zo\u00eb",
            "Zoe",
            "Zoe ",
            " Zoe",
            "\uff3aoe",
            "Z\u043ee",
            "\u0130",
            "I",
            "i",
            "\u0131",
            "\u00df",
            "ss",
            "\ufb01",
            "fi",
            "\ud83d\ude00",
            "\ud83d\ude01",
            "\uffee",
            "a%",
            "a_",
            "ab");
    List<GalleryEntry> entries = new ArrayList<>();
    for (String person : names) {
      for (String sample : names) {
        int face = 31 * person.hashCode() + sample.hashCode();
        entries.add(new GalleryEntry(person, sample, Faces.of(face)));
      }
    }
    try (FaceGallery gallery = open()) {
      gallery.enroll(entries);
      checkNowAndLater(
          gallery,
          same -> {
            assertThat(same.persons()).isEqualTo(names.size());
            assertThat(content(same)).isEqualTo(content(entries));
          });
    }
    try (FaceGallery gallery = open()) {
      gallery.enroll(entries);
      List<GalleryEntry> left = new ArrayList<>(entries);
      for (int i = 0; i < names.size(); i += 2) {
        String name = names.get(i);
        assertThat(gallery.remove(name, name)).isTrue();
        assertThat(gallery.removePerson(name)).isEqualTo(names.size() - 1);
        left.removeIf(entry -> entry.person().equals(name));
      }
      checkNowAndLater(gallery, same -> assertThat(content(same)).isEqualTo(content(left)));
    }
  }

  /** Persons of equal similarity are in the order of their names, as Java compares strings. */
  @Test
  void search_ordersTiesByName() {
    List<String> names = List.of("A", "B", "a", "b", "\u00e4", "\ud83d\ude00", "\uffee");
    try (FaceGallery gallery = open()) {
      for (int i = names.size() - 1; i >= 0; i--) {
        gallery.enroll(names.get(i), "2", Faces.of(1));
        gallery.enroll(names.get(i), "1", Faces.of(1));
      }
      assertThat(gallery.search(Faces.of(1), 10))
          .extracting(Candidate::person)
          .containsExactlyElementsOf(names);
      assertThat(gallery.search(Faces.of(1), 10)).allMatch(found -> found.sample().equals("1"));
      assertThat(gallery.search(Faces.of(1), 3))
          .extracting(Candidate::person)
          .containsExactlyElementsOf(names.subList(0, 3));
    }
  }

  /** An invalid name is rejected by enrolling, and is not found by removing. */
  private static final List<String> NO_NAMES =
      List.of(
          "",
          " ",
          " \u00a0\u3000\u2003",
          "\t",
          "\0",
          "a\0",
          "a\nb",
          "a\u0085",
          "\ud800",
          "a\udc00b",
          "\udc00\ud800",
          "é".repeat(257),
          "x".repeat(513),
          "x".repeat(10_000));

  @Test
  void noNames_areNotThere() {
    try (FaceGallery gallery = open()) {
      // In an empty gallery, too.
      assertNotThere(gallery);
      gallery.enroll("a", "b", Faces.of(1));
      gallery.enroll("a", "a", Faces.of(2));
      gallery.enroll("?", "?", Faces.of(3));
      assertNotThere(gallery);
      for (String name : NO_NAMES) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> gallery.enroll(name, "b", Faces.of(4)))
            .withMessageContaining("of a person");
        assertThatIllegalArgumentException()
            .isThrownBy(() -> gallery.enroll("a", name, Faces.of(4)))
            .withMessageContaining("of a sample");
        assertThat(GalleryEntry.isName(name)).isFalse();
      }
      checkNowAndLater(
          gallery,
          same ->
              assertThat(content(same).keySet()).containsExactlyInAnyOrder("a/a", "a/b", "?/?"));
    }
  }

  private static void assertNotThere(FaceGallery gallery) {
    for (String name : NO_NAMES) {
      assertThat(gallery.remove(name, "b")).isFalse();
      assertThat(gallery.remove("a", name)).isFalse();
      assertThat(gallery.remove(name, name)).isFalse();
      assertThat(gallery.removePerson(name)).isZero();
    }
    // Names of others that contain each other.
    assertThat(gallery.remove("a\0a", "b")).isFalse();
    assertThat(gallery.remove("b", "a")).isFalse();
    assertThat(gallery.removePerson("b")).isZero();
  }

  /** A call of the gallery. */
  private interface Call {
    void on(FaceGallery gallery);
  }

  private static final Call[] CALLS = {
    gallery -> gallery.enroll(Faces.entries(900, 901)),
    gallery -> gallery.enroll("new", "new", Faces.of(901)),
    gallery -> gallery.enroll(List.of()),
    gallery -> gallery.search(Faces.of(1), 1),
    gallery -> gallery.identify(Faces.of(1), IdentificationPolicy.ofThreshold(0)),
    gallery -> gallery.remove("person 0", "sample 0"),
    gallery -> gallery.remove("a\0", ""),
    gallery -> gallery.removePerson("person 0"),
    gallery -> gallery.removePerson("\ud800"),
    FaceGallery::size,
    FaceGallery::persons,
    gallery -> gallery.forEach(entry -> {}),
  };

  /** Includes a closed gallery and an interrupted thread: arguments are checked first. */
  @Test
  @SuppressWarnings({"DataFlowIssue", "NullAway"})
  void nulls_areRefusedByTheirNames() {
    FaceGallery gallery = open();
    gallery.enroll(Faces.entries(0, 5));
    assertNullsAreRefused(gallery);
    assertThat(gallery.size()).isEqualTo(5);
    Thread.currentThread().interrupt();
    assertNullsAreRefused(gallery);
    assertThat(Thread.interrupted()).isTrue();
    gallery.close();
    assertNullsAreRefused(gallery);
  }

  private static void assertNullsAreRefused(FaceGallery gallery) {
    IdentificationPolicy policy = IdentificationPolicy.ofThreshold(0);
    assertNull("probe", () -> gallery.search(null, 0));
    assertNull("probe", () -> gallery.identify(null, policy));
    assertNull("policy", () -> gallery.identify(Faces.of(1), null));
    assertNull("person", () -> gallery.remove(null, "sample 0"));
    assertNull("sample", () -> gallery.remove("person 0", null));
    assertNull("person", () -> gallery.removePerson(null));
    assertNull("action", () -> gallery.forEach(null));
    assertNull("entries", () -> gallery.enroll(null));
    assertNull(
        "entries",
        () -> gallery.enroll(Arrays.asList(new GalleryEntry("new", "new", Faces.of(7)), null)));
    assertNull("person", () -> gallery.enroll(null, "b", Faces.of(1)));
    assertNull("sample", () -> gallery.enroll("a", null, Faces.of(1)));
    assertNull("face", () -> gallery.enroll("a", "b", null));
  }

  private static void assertNull(String parameter, ThrowingCallable call) {
    assertThatNullPointerException().isThrownBy(call).withMessage(parameter);
  }

  @Test
  void numbersOutside_areRefused() {
    GalleryEntry entry = new GalleryEntry("a", "b", Faces.of(1));
    FaceGallery gallery = open();
    gallery.enroll(Faces.entries(0, 3));
    for (int i = 0; i < 2; i++) {
      for (int limit : new int[] {Integer.MIN_VALUE, -1, 0, 1001}) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> gallery.search(Faces.of(1), limit))
            .withMessageContaining("from 1 to 1000");
      }
      for (int count : new int[] {100_001, Integer.MAX_VALUE}) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> gallery.enroll(Collections.nCopies(count, entry)))
            .withMessageContaining("at most 100000 entries");
      }
      // Closed, too: arguments are checked first.
      gallery.close();
    }
  }

  @Test
  void closed_isReported_alsoOnAnInterruptedThread() {
    FaceGallery gallery = open();
    gallery.enroll(Faces.entries(0, 5));
    gallery.close();
    gallery.close();
    assertThat(gallery.modelId()).isEqualTo(Faces.MODEL);
    for (Call call : CALLS) {
      assertThatThrownBy(() -> call.on(gallery)).isInstanceOf(ClosedException.class);
    }
    Thread.currentThread().interrupt();
    for (Call call : CALLS) {
      assertThatThrownBy(() -> call.on(gallery)).isInstanceOf(ClosedException.class);
    }
    assertThat(Thread.interrupted()).isTrue();
  }

  /** The exceptions of an action, of any type. */
  @Test
  void errorsOfActions_passThroughAsTheyAre() {
    try (FaceGallery gallery = open()) {
      gallery.enroll(Faces.entries(0, 100));
      for (Throwable thrown :
          List.of(
              new IllegalStateException("mine"),
              new GalleryException("mine"),
              new InterruptedCallException("mine"),
              new ClosedException("mine"),
              new AssertionError("mine"),
              new OutOfMemoryError("mine"),
              new StackOverflowError("mine"),
              new IOException("mine"),
              new SQLException("mine", "40001"),
              new InterruptedException("mine"))) {
        for (int after : new int[] {0, 57, 99}) {
          AtomicInteger visited = new AtomicInteger();
          assertThatThrownBy(
                  () ->
                      gallery.forEach(
                          entry -> {
                            if (visited.getAndIncrement() == after) {
                              throw GalleryContract.<RuntimeException>unchecked(thrown);
                            }
                          }))
              .isSameAs(thrown);
          assertThat(visited).hasValue(after + 1);
          assertThat(thrown).hasNoSuppressedExceptions();
        }
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(content(gallery)).hasSize(100);
        gallery.enroll("new", "new", Faces.of(77));
        assertThat(gallery.remove("new", "new")).isTrue();
      }
    }
  }

  /** Throws without a declaration, as other languages of the JVM do. */
  @SuppressWarnings("unchecked")
  private static <T extends Throwable> T unchecked(Throwable thrown) throws T {
    throw (T) thrown;
  }

  @Test
  void actions_mayCallTheGallery_andSeeWhatWasThere() {
    try (FaceGallery gallery = open()) {
      gallery.enroll(Faces.entries(0, 50));
      Map<String, FaceEmbedding> before = content(gallery);
      Map<String, FaceEmbedding> visited = new HashMap<>();
      gallery.forEach(
          entry -> {
            visited.put(entry.person() + "/" + entry.sample(), entry.face());
            int number = visited.size();
            gallery.enroll("new " + number, "new", entry.face());
            gallery.removePerson("person " + number % 10);
            assertThat(gallery.search(entry.face(), 1).get(0).similarity())
                .isEqualTo(entry.face().similarity(entry.face()));
            if (number % 25 == 0) {
              assertThat(content(gallery)).hasSize(number);
            }
          });
      assertThat(visited).isEqualTo(before);
      checkNowAndLater(
          gallery,
          same -> {
            assertThat(same.size()).isEqualTo(50);
            assertThat(content(same).keySet()).allMatch(name -> name.startsWith("new "));
          });
    }
  }

  @Test
  void interruptedThread_isRefused_andNothingIsLost() {
    try (FaceGallery gallery = open()) {
      gallery.enroll(Faces.entries(0, 10));
      for (Call call : CALLS) {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> call.on(gallery)).isInstanceOf(InterruptedCallException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(content(gallery)).isEqualTo(content(Faces.entries(0, 10)));
      }
      for (Call call : CALLS) {
        call.on(gallery);
      }
      checkNowAndLater(gallery, same -> assertThat(same.size()).isEqualTo(7));
    }
  }

  @Test
  void close_onAnInterruptedThread_closes() {
    FaceGallery gallery = open();
    gallery.enroll(Faces.entries(0, 10));
    Thread.currentThread().interrupt();
    gallery.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThatThrownBy(gallery::size).isInstanceOf(ClosedException.class);
    if (lasts()) {
      try (FaceGallery later = open()) {
        assertThat(later.size()).isEqualTo(10);
      }
    }
  }

  /** A reader that is interrupted during its action. */
  @Test
  void interruptOfAnAction_endsTheVisitOrDoesNot() {
    try (FaceGallery gallery = open()) {
      gallery.enroll(Faces.entries(0, 100));
      AtomicInteger visited = new AtomicInteger();
      try {
        gallery.forEach(
            entry -> {
              visited.incrementAndGet();
              Thread.currentThread().interrupt();
            });
        assertThat(visited).hasValue(100);
      } catch (InterruptedCallException e) {
        assertThat(visited.get()).isBetween(1, 99);
      }
      assertThat(Thread.interrupted()).isTrue();
      assertThat(content(gallery)).hasSize(100);
      gallery.enroll("new", "new", Faces.of(7));
    }
  }

  /**
   * A call that returned took effect, and one that threw did not, at any time of the interrupts.
   */
  @Test
  void interruptsAtAnyMoment_loseNothing() throws Exception {
    int writers = 3;
    Thread[] threads = new Thread[writers];
    AtomicReferenceArray<Map<String, FaceEmbedding>> kept = new AtomicReferenceArray<>(writers);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    AtomicInteger refused = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    try (FaceGallery gallery = open()) {
      for (int i = 0; i < writers; i++) {
        int writer = i;
        threads[i] =
            new Thread(
                () -> {
                  try {
                    kept.set(writer, write(gallery, writer, refused));
                  } catch (Throwable e) {
                    failure.set(e);
                  } finally {
                    done.incrementAndGet();
                  }
                });
        threads[i].start();
      }
      Random random = new Random(6);
      while (done.get() < writers) {
        threads[random.nextInt(writers)].interrupt();
        Thread.sleep(0, random.nextInt(1_000_000));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(failure.get()).isNull();
      assertThat(refused).hasPositiveValue();
      Map<String, FaceEmbedding> all = new HashMap<>();
      for (int i = 0; i < writers; i++) {
        all.putAll(kept.get(i));
      }
      checkNowAndLater(gallery, same -> assertThat(content(same)).isEqualTo(all));
    }
  }

  /** Enrolls, removes and searches until enough is done, despite all interrupts. */
  private static Map<String, FaceEmbedding> write(
      FaceGallery gallery, int writer, AtomicInteger refused) {
    Map<String, FaceEmbedding> kept = new HashMap<>();
    Random random = new Random(writer);
    // Until an interrupt arrived during a call: calls of a gallery in memory are very short.
    for (int step = 0; step < 60 || refused.get() == 0 && step < 100_000; ) {
      String person = "writer " + writer + " " + random.nextInt(10);
      FaceEmbedding face = Faces.of(1000 * writer + step);
      try {
        switch (random.nextInt(4)) {
          case 0 -> {
            int there = gallery.removePerson(person);
            assertThat(there).isEqualTo((int) kept.keySet().stream().filter(own(person)).count());
            kept.keySet().removeIf(own(person));
          }
          case 1 -> assertThat(gallery.search(face, 5)).hasSizeLessThanOrEqualTo(5);
          default -> {
            gallery.enroll(
                List.of(
                    new GalleryEntry(person, "a " + step, face),
                    new GalleryEntry(person, "b " + step, face)));
            kept.put(person + "/a " + step, face);
            kept.put(person + "/b " + step, face);
          }
        }
        step++;
      } catch (InterruptedCallException e) {
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        refused.incrementAndGet();
      }
      Thread.interrupted();
    }
    return kept;
  }

  private static Predicate<String> own(String person) {
    return name -> name.startsWith(person + "/");
  }

  private static int number(String person) {
    return Integer.parseInt(person.substring("person ".length()));
  }

  /** The time for which readers and the writer work concurrently. */
  private static final long SECONDS = Long.getLong("omote.gallery.seconds", 4);

  @Test
  void eightReaders_besideAWriter_seeWholeBatches() throws Exception {
    List<Candidate> ranking;
    try (FaceGallery all = FaceGallery.inMemory(Faces.MODEL)) {
      all.enroll(Faces.entries(0, 400));
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
                              // Batches are persons of five samples, in their order.
                              Map<String, FaceEmbedding> content = content(gallery);
                              assertThat(content.size() % 5).isZero();
                              for (int i = 0; i < content.size(); i++) {
                                assertThat(content).containsKey("person " + i / 5 + "/sample " + i);
                              }
                              // The answer is that of the gallery with this number of persons.
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
          gallery.enroll(Faces.entries(written, written + 5));
          written += 5;
        } else {
          // From the last to the first, so that the rest is always a prefix.
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
