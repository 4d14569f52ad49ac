// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The exact gallery, compared with a scan of all its samples in double precision. */
class FaceGalleryTest {
  private static final String MODEL = "model:0123456789ab";

  private static FaceEmbedding random(Random random, int dimension) {
    float[] raw = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      raw[i] = (float) random.nextGaussian();
    }
    return FaceEmbedding.ofRaw(MODEL, raw);
  }

  /** Returns a sample of the person at a center, with a cosine of about 0.77 to it. */
  private static FaceEmbedding near(FaceEmbedding center, Random random) {
    float[] raw = center.toArray();
    double spread = 0.83 / Math.sqrt(raw.length);
    for (int i = 0; i < raw.length; i++) {
      raw[i] += (float) (spread * random.nextGaussian());
    }
    return FaceEmbedding.ofRaw(MODEL, raw);
  }

  /** Returns the expected result of a search, by comparing with each sample. */
  private static final class BruteForce {
    private final FaceEmbedding probe;
    private final Map<String, Candidate> people = new HashMap<>();

    BruteForce(FaceEmbedding probe) {
      this.probe = probe;
    }

    void add(GalleryEntry entry) {
      Candidate candidate =
          new Candidate(entry.person(), entry.sample(), entry.face().similarity(probe));
      people.merge(entry.person(), candidate, (a, b) -> order().compare(a, b) <= 0 ? a : b);
    }

    private static Comparator<Candidate> order() {
      return Comparator.comparingDouble((Candidate c) -> -c.similarity())
          .thenComparing(Candidate::person)
          .thenComparing(Candidate::sample);
    }

    List<Candidate> best(int limit) {
      return people.values().stream().sorted(order()).limit(limit).toList();
    }
  }

  private static List<Candidate> bruteForce(FaceGallery gallery, FaceEmbedding probe, int limit) {
    BruteForce scan = new BruteForce(probe);
    gallery.forEach(scan::add);
    return scan.best(limit);
  }

  @Test
  void search_ofHundredThousand_isThatOfABruteForceScan() {
    Random random = new Random(15);
    List<FaceEmbedding> probes = new ArrayList<>();
    try (FaceGallery gallery = FaceGallery.inMemory(MODEL)) {
      List<GalleryEntry> batch = new ArrayList<>();
      for (int person = 0; person < 20_000; person++) {
        FaceEmbedding center = random(random, 512);
        for (int sample = 0; sample < 5; sample++) {
          batch.add(new GalleryEntry("p" + person, "s" + sample, near(center, random)));
        }
        if (person % 4000 == 0) {
          probes.add(near(center, random));
        }
        if (batch.size() >= 10_000) {
          gallery.enroll(batch);
          batch.clear();
        }
      }
      probes.add(random(random, 512));
      assertThat(gallery.size()).isEqualTo(100_000);
      assertThat(gallery.persons()).isEqualTo(20_000);
      assertSameAsBruteForce(gallery, probes);

      for (int person = 0; person < 20_000; person += 3) {
        gallery.remove("p" + person, "s" + person % 5);
      }
      for (int person = 0; person < 20_000; person += 1000) {
        assertThat(gallery.removePerson("p" + person)).isBetween(4, 5);
      }
      assertSameAsBruteForce(gallery, probes);
    }
  }

  private static void assertSameAsBruteForce(FaceGallery gallery, List<FaceEmbedding> probes) {
    List<BruteForce> scans = probes.stream().map(BruteForce::new).toList();
    gallery.forEach(entry -> scans.forEach(scan -> scan.add(entry)));
    for (BruteForce scan : scans) {
      assertThat(gallery.search(scan.probe, 10)).isEqualTo(scan.best(10));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 7", "2, 300", "3, 2500", "64, 1000", "130, 1000"})
  void search_ofAnyDimensionAndLimit_isThatOfABruteForceScan(int dimension, int samples) {
    Random random = new Random(dimension);
    try (FaceGallery gallery = FaceGallery.inMemory(MODEL)) {
      List<FaceEmbedding> faces = new ArrayList<>();
      for (int i = 0; i < samples; i++) {
        // Some faces occur twice under other names, which makes ties.
        FaceEmbedding face =
            i > 5 && random.nextInt(4) == 0
                ? faces.get(random.nextInt(faces.size()))
                : random(random, dimension);
        faces.add(face);
        gallery.enroll("p" + random.nextInt(1 + samples / 3), "s" + i, face);
        if (random.nextInt(3) == 0) {
          gallery.remove("p" + random.nextInt(1 + samples / 3), "s" + random.nextInt(i + 1));
        }
      }
      for (int limit : new int[] {1, 2, 10, 1000}) {
        FaceEmbedding probe = faces.get(random.nextInt(faces.size()));
        assertThat(gallery.search(probe, limit)).isEqualTo(bruteForce(gallery, probe, limit));
      }
    }
  }

  @Test
  void search_ofScoresThatDifferInTheLastBits_isExact() {
    // All are so close to each other that single precision cannot distinguish them.
    Random random = new Random(3);
    FaceEmbedding center = random(random, 512);
    try (FaceGallery gallery = FaceGallery.inMemory(MODEL)) {
      for (int i = 0; i < 2000; i++) {
        float[] raw = center.toArray();
        raw[random.nextInt(512)] *= 1 + 1e-6f * random.nextInt(10);
        gallery.enroll("p" + i, "s", FaceEmbedding.ofRaw(MODEL, raw));
      }
      assertThat(gallery.search(center, 50)).isEqualTo(bruteForce(gallery, center, 50));
    }
  }

  @Test
  void removal_ofMost_leavesTheOthersInPlace() {
    Random random = new Random(8);
    try (FaceGallery gallery = FaceGallery.inMemory(MODEL)) {
      Map<String, FaceEmbedding> kept = new TreeMap<>();
      for (int i = 0; i < 5000; i++) {
        FaceEmbedding face = random(random, 16);
        gallery.enroll("p" + i % 500, "s" + i, face);
        if (i % 500 >= 450) {
          kept.put("s" + i, face);
        }
      }
      for (int person = 0; person < 450; person++) {
        assertThat(gallery.removePerson("p" + person)).isEqualTo(10);
        assertThat(gallery.removePerson("p" + person)).isZero();
      }
      assertThat(gallery.size()).isEqualTo(500);
      assertThat(gallery.persons()).isEqualTo(50);
      Map<String, FaceEmbedding> found = new TreeMap<>();
      gallery.forEach(entry -> found.put(entry.sample(), entry.face()));
      assertThat(found).isEqualTo(kept);
      FaceEmbedding probe = random(random, 16);
      assertThat(gallery.search(probe, 100)).isEqualTo(bruteForce(gallery, probe, 100)).hasSize(50);
      // And it resumes.
      gallery.enroll("p1", "again", probe);
      assertThat(gallery.search(probe, 1).get(0).sample()).isEqualTo("again");
      assertThat(gallery.remove("p1", "again")).isTrue();
      assertThat(gallery.remove("p1", "again")).isFalse();
      assertThat(gallery.remove("nobody", "again")).isFalse();
    }
  }

  @Test
  void enroll_ofTheSame_isNothing_andOfAnotherFace_isRefusedAsAWhole() {
    Random random = new Random(1);
    FaceEmbedding one = random(random, 8);
    FaceEmbedding other = random(random, 8);
    try (FaceGallery gallery = FaceGallery.inMemory(MODEL)) {
      gallery.enroll("maya", "passport", one);
      gallery.enroll("maya", "passport", one);
      gallery.enroll("ben", "passport", one);
      assertThat(gallery.size()).isEqualTo(2);
      List<GalleryEntry> batch =
          List.of(
              new GalleryEntry("maya", "new", other), new GalleryEntry("maya", "passport", other));
      assertThatThrownBy(() -> gallery.enroll(batch))
          .isInstanceOf(DuplicateSampleException.class)
          .hasMessageContainingAll("'passport' of 'maya'", "another embedding");
      List<GalleryEntry> twice =
          List.of(new GalleryEntry("lea", "a", one), new GalleryEntry("lea", "a", other));
      assertThatThrownBy(() -> gallery.enroll(twice)).isInstanceOf(DuplicateSampleException.class);
      gallery.enroll(List.of(new GalleryEntry("lea", "a", one), new GalleryEntry("lea", "a", one)));
      assertThat(gallery.size()).isEqualTo(3);
      assertThat(gallery.search(one, 5))
          .extracting(Candidate::person)
          .containsExactly("ben", "lea", "maya");
    }
  }

  @Test
  void enrollAndSearch_ofAnotherModelOrDimension_areRefused() {
    Random random = new Random(1);
    FaceEmbedding foreign = FaceEmbedding.ofRaw("other", new float[] {1, 2, 3, 4});
    try (FaceGallery gallery = FaceGallery.inMemory(MODEL)) {
      assertThatThrownBy(() -> gallery.enroll("a", "b", foreign))
          .isInstanceOf(EmbeddingException.class)
          .hasMessageContainingAll(MODEL, "other");
      assertThatThrownBy(() -> gallery.search(foreign, 1)).isInstanceOf(EmbeddingException.class);
      List<GalleryEntry> mixed =
          List.of(
              new GalleryEntry("a", "1", random(random, 4)),
              new GalleryEntry("a", "2", random(random, 5)));
      assertThatThrownBy(() -> gallery.enroll(mixed)).isInstanceOf(EmbeddingException.class);
      gallery.enroll("a", "1", random(random, 4));
      assertThatThrownBy(() -> gallery.enroll("a", "2", random(random, 5)))
          .isInstanceOf(EmbeddingException.class);
      assertThatThrownBy(() -> gallery.search(random(random, 5), 1))
          .isInstanceOf(EmbeddingException.class);
      assertThat(gallery.size()).isOne();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 1001})
  void search_ofAnotherLimit_isRefused(int limit) {
    try (FaceGallery gallery = FaceGallery.inMemory(MODEL)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> gallery.search(random(new Random(1), 4), limit))
          .withMessageContaining("from 1 to 1000");
    }
  }

  @Test
  void enroll_ofTooMany_isRefused() {
    GalleryEntry entry = new GalleryEntry("a", "b", random(new Random(1), 4));
    try (FaceGallery gallery = FaceGallery.inMemory(MODEL)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> gallery.enroll(Collections.nCopies(100_001, entry)));
      gallery.enroll(Collections.nCopies(100_000, entry));
      assertThat(gallery.size()).isOne();
    }
  }

  static Stream<String> noNames() {
    return Stream.of(
        "",
        " ",
        "\u00a0\u3000",
        "a\nb",
        "\u0000",
        "x".repeat(513),
        "é".repeat(257),
        "\ud800",
        "\u0085");
  }

  @ParameterizedTest
  @MethodSource("noNames")
  void entry_ofAnOddName_isRefused(String name) {
    FaceEmbedding face = random(new Random(1), 4);
    assertThatIllegalArgumentException().isThrownBy(() -> new GalleryEntry(name, "s", face));
    assertThatIllegalArgumentException().isThrownBy(() -> new GalleryEntry("p", name, face));
    assertThat(GalleryEntry.isName(name)).isFalse();
    assertThat(GalleryEntry.isName("é".repeat(256))).isTrue();
    assertThatNoException()
        .isThrownBy(() -> new GalleryEntry("é".repeat(256), "\ud83d\ude00", face));
  }

  @Test
  void emptyGallery_findsNobody() {
    try (FaceGallery gallery = FaceGallery.inMemory(MODEL)) {
      assertThat(gallery.modelId()).isEqualTo(MODEL);
      FaceEmbedding probe = random(new Random(1), 4);
      assertThat(gallery.search(probe, 3)).isEmpty();
      assertThat(gallery.identify(probe, IdentificationPolicy.ofThreshold(-1))).isEmpty();
      gallery.enroll(List.of());
      assertThat(gallery.size()).isZero();
      assertThat(gallery.persons()).isZero();
    }
  }

  @Test
  void identify_decidesAtTheThreshold_inclusively() {
    Random random = new Random(2);
    FaceEmbedding center = random(random, 32);
    try (FaceGallery gallery = FaceGallery.inMemory(MODEL)) {
      gallery.enroll("maya", "passport", near(center, random));
      Candidate best = gallery.search(center, 1).get(0);
      Optional<Candidate> at =
          gallery.identify(center, IdentificationPolicy.ofThreshold(best.similarity()));
      assertThat(at).contains(best);
      double above = Math.nextUp(best.similarity());
      assertThat(gallery.identify(center, IdentificationPolicy.ofThreshold(above))).isEmpty();
    }
  }

  @Test
  void closed_isReported() {
    FaceGallery gallery = FaceGallery.inMemory(MODEL);
    FaceEmbedding face = random(new Random(1), 4);
    gallery.close();
    gallery.close();
    assertThatThrownBy(() -> gallery.search(face, 1)).isInstanceOf(ClosedException.class);
    assertThatThrownBy(() -> gallery.enroll("a", "b", face)).isInstanceOf(ClosedException.class);
    assertThatThrownBy(gallery::size).isInstanceOf(ClosedException.class);
    assertThatThrownBy(() -> gallery.removePerson("a")).isInstanceOf(ClosedException.class);
    assertThatThrownBy(() -> gallery.forEach(entry -> {})).isInstanceOf(ClosedException.class);
  }

  /** Each result is that of a snapshot: a batch adds or removes a person with all samples. */
  @Test
  void search_whileOthersWrite_seesWholeBatches() throws InterruptedException, ExecutionException {
    FaceEmbedding[] faces = new FaceEmbedding[40];
    Random random = new Random(6);
    for (int i = 0; i < faces.length; i++) {
      faces[i] = random(random, 24);
    }
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService readers = Executors.newFixedThreadPool(8);
    try (FaceGallery gallery = FaceGallery.inMemory(MODEL)) {
      Map<List<String>, Boolean> states = new ConcurrentHashMap<>();
      // The writer keeps people 0..n while n grows and shrinks: a snapshot has a prefix of them.
      List<Future<Long>> searches = new ArrayList<>();
      for (int reader = 0; reader < 8; reader++) {
        searches.add(
            readers.submit(
                () -> {
                  long count = 0;
                  while (!done.get() || count == 0) {
                    Map<String, Integer> samples = new TreeMap<>();
                    gallery.forEach(entry -> samples.merge(entry.person(), 1, Integer::sum));
                    assertThat(samples.values()).allMatch(n -> n == 3);
                    List<String> people = new ArrayList<>(samples.keySet());
                    for (int i = 0; i < people.size(); i++) {
                      assertThat(people.get(i)).isEqualTo("p%02d".formatted(i));
                    }
                    states.put(people, true);
                    List<Candidate> found = gallery.search(faces[0], 1000);
                    assertThat(found).extracting(Candidate::person).doesNotHaveDuplicates();
                    List<String> names = found.stream().map(Candidate::person).sorted().toList();
                    for (int i = 0; i < names.size(); i++) {
                      assertThat(names.get(i)).isEqualTo("p%02d".formatted(i));
                    }
                    count++;
                  }
                  return count;
                }));
      }
      long end = System.nanoTime() + 2_000_000_000L;
      while (System.nanoTime() < end
          || states.size() < 6 && searches.stream().noneMatch(Future::isDone)) {
        for (int i = 0; i < faces.length; i++) {
          gallery.enroll(
              List.of(
                  new GalleryEntry("p%02d".formatted(i), "a", faces[i]),
                  new GalleryEntry("p%02d".formatted(i), "b", faces[(i + 1) % 40]),
                  new GalleryEntry("p%02d".formatted(i), "c", faces[(i + 2) % 40])));
        }
        assertThat(gallery.size()).isEqualTo(120);
        for (int i = faces.length - 1; i >= 0; i--) {
          assertThat(gallery.removePerson("p%02d".formatted(i))).isEqualTo(3);
        }
      }
      done.set(true);
      for (Future<Long> search : searches) {
        assertThat(search.get()).isPositive();
      }
      assertThat(states).hasSizeGreaterThan(5);
    } finally {
      readers.shutdownNow();
    }
  }
}
