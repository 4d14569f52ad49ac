// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.Candidate;
import io.omote.face.FaceEmbedding;
import io.omote.face.GalleryEntry;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ExactIndexTest {
  private static final String MODEL = "model:0123456789ab";
  private static final Runnable NOTHING = () -> {};

  private static FaceEmbedding face(int number) {
    Random random = new Random(number);
    float[] raw = new float[8];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = (float) random.nextGaussian();
    }
    return FaceEmbedding.ofRaw(MODEL, raw);
  }

  /** Ten persons, in rotation. */
  private static List<GalleryEntry> entries(int from, int to) {
    List<GalleryEntry> entries = new ArrayList<>();
    for (int i = from; i < to; i++) {
      entries.add(new GalleryEntry("p" + i % 10, "s" + i, face(i)));
    }
    return entries;
  }

  private static ExactIndex filled(int entries) {
    ExactIndex index = new ExactIndex(MODEL);
    index.add(entries(0, entries), NOTHING);
    return index;
  }

  private static Map<String, FaceEmbedding> content(Snapshot snapshot) {
    Map<String, FaceEmbedding> content = new TreeMap<>();
    snapshot.forEach(entry -> content.put(entry.person() + "/" + entry.sample(), entry.face()));
    return content;
  }

  private static int places(Snapshot snapshot) {
    return Arrays.stream(snapshot.blocks()).mapToInt(Block::count).sum();
  }

  /** Removed rows take memory and time until the live rows are moved together. */
  @Test
  void removalOfMost_givesTheirRoomBack() {
    ExactIndex index = filled(20_000);
    Snapshot before = index.snapshot();
    int blocks = before.blocks().length;
    assertThat(blocks).isGreaterThan(10);
    for (int person = 0; person < 9; person++) {
      index.remove(index.find("p" + person, null), NOTHING);
      int size = index.snapshot().size();
      assertThat(size).isEqualTo(2000 * (9 - person));
      assertThat(places(index.snapshot())).isBetween(size, 2 * size + 1024);
    }
    assertThat(index.snapshot().blocks()).hasSizeLessThan(blocks / 2);
    // A snapshot that is in use does not change.
    assertThat(content(before)).hasSize(20_000).isEqualTo(content(filled(20_000).snapshot()));
    // Every sample is found in its new place.
    assertThat(index.select(entries(0, 20_000))).hasSize(18_000);
    index.remove(index.find("p9", "s9"), NOTHING);
    assertThat(index.find("p9", "s9")).isEmpty();
    assertThat(content(index.snapshot())).hasSize(1999).doesNotContainKey("p9/s9");
    index.add(entries(0, 1), NOTHING);
    List<Candidate> found = index.snapshot().search(face(0), 5);
    assertThat(found).hasSize(2);
    assertThat(found.get(0).sample()).isEqualTo("s0");
  }

  @Test
  void addition_thatIsNotStored_hasNoEffect() {
    ExactIndex index = filled(100);
    Map<String, FaceEmbedding> before = content(index.snapshot());
    for (Throwable thrown : List.of(new IllegalStateException(), new OutOfMemoryError())) {
      List<GalleryEntry> more = new ArrayList<>(entries(100, 3000));
      more.add(new GalleryEntry("new", "new", face(77)));
      assertThatThrownBy(() -> index.add(more, () -> fail(thrown))).isSameAs(thrown);
      assertUnchanged(index, before, 10);
      assertThat(index.find("p1", "s101")).isEmpty();
      assertThat(index.find("new", null)).isEmpty();
    }
    index.add(index.select(entries(50, 3000)), NOTHING);
    assertThat(content(index.snapshot())).isEqualTo(content(filled(3000).snapshot()));
  }

  private static void fail(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) thrown;
  }

  private static void assertUnchanged(
      ExactIndex index, Map<String, FaceEmbedding> before, int persons) {
    assertThat(content(index.snapshot())).isEqualTo(before);
    assertThat(index.snapshot().size()).isEqualTo(before.size());
    assertThat(index.snapshot().persons()).isEqualTo(persons);
    assertThat(index.snapshot().search(face(1), 1000)).hasSize(persons);
  }

  /** Fails for lack of memory at each of the entries. */
  @Test
  void addition_thatEndsHalfway_hasNoEffect_andNothingIsStored() {
    for (int at : new int[] {0, 1, 27, 2499}) {
      ExactIndex index = filled(100);
      Map<String, FaceEmbedding> before = content(index.snapshot());
      List<GalleryEntry> more = entries(100, 2600);
      AtomicInteger kept = new AtomicInteger();
      List<GalleryEntry> failing =
          new AbstractList<>() {
            private int given;

            @Override
            public GalleryEntry get(int place) {
              // The first entry is read once for its dimension.
              if (given++ == at + 1) {
                throw new OutOfMemoryError("of a test");
              }
              return more.get(place);
            }

            @Override
            public int size() {
              return more.size();
            }
          };
      assertThatThrownBy(() -> index.add(failing, kept::incrementAndGet))
          .isInstanceOf(OutOfMemoryError.class);
      assertThat(kept).hasValue(0);
      assertUnchanged(index, before, 10);
      index.add(index.select(more), kept::incrementAndGet);
      assertThat(kept).hasValue(1);
      assertThat(content(index.snapshot())).isEqualTo(content(filled(2600).snapshot()));
    }
  }

  /** Includes a removal after which the live rows would have been moved. */
  @Test
  void removal_thatIsNotStored_hasNoEffect() {
    ExactIndex index = filled(5000);
    for (int person = 0; person < 9; person++) {
      String name = "p" + person;
      Map<String, FaceEmbedding> before = content(index.snapshot());
      int persons = 10 - person;
      OutOfMemoryError thrown = new OutOfMemoryError("of a test");
      assertThatThrownBy(() -> index.remove(index.find(name, null), () -> fail(thrown)))
          .isSameAs(thrown);
      assertUnchanged(index, before, persons);
      assertThat(index.find(name, null)).hasSize(500);
      // Every sample is in its place: enrolled again, it is known.
      assertThat(index.select(entries(0, 5000))).hasSize(500 * person);
      index.remove(index.find(name, null), NOTHING);
      assertUnchanged(index, without(before, name + "/"), persons - 1);
    }
  }

  private static Map<String, FaceEmbedding> without(Map<String, FaceEmbedding> all, String prefix) {
    Map<String, FaceEmbedding> left = new TreeMap<>(all);
    left.keySet().removeIf(name -> name.startsWith(prefix));
    return left;
  }
}
