// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.search;

import io.omote.face.Candidate;
import io.omote.face.FaceEmbedding;
import io.omote.face.GalleryEntry;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The state of a gallery at one moment.
 *
 * <p>A search scans the rows in single precision, which is faster. The rows that may be among the
 * best, given the error bound of such a sum, are scored again by {@link FaceEmbedding#similarity}:
 * the result is that of a scan in double precision, bit for bit.
 *
 * <p>Immutable and thread-safe.
 */
final class Snapshot {
  private static final Comparator<Candidate> ORDER =
      Comparator.comparingDouble(Candidate::similarity)
          .reversed()
          .thenComparing(Candidate::person)
          .thenComparing(Candidate::sample);

  private final String modelId;
  private final int dimension;
  private final Block[] blocks;
  private final int size;
  private final int persons;

  /**
   * Creates a snapshot that shares the blocks.
   *
   * @param dimension the dimension of all vectors, 0 if there has never been one
   */
  Snapshot(String modelId, int dimension, Block[] blocks, int size, int persons) {
    this.modelId = modelId;
    this.dimension = dimension;
    this.blocks = blocks;
    this.size = size;
    this.persons = persons;
  }

  int dimension() {
    return dimension;
  }

  Block[] blocks() {
    return blocks;
  }

  int size() {
    return size;
  }

  int persons() {
    return persons;
  }

  void forEach(Consumer<GalleryEntry> action) {
    for (Block block : blocks) {
      for (int row = 0; row < block.count(); row++) {
        if (!block.isDead(row)) {
          action.accept(
              new GalleryEntry(
                  block.rows()[row].person.name, block.rows()[row].sample, face(block, row)));
        }
      }
    }
  }

  /** Returns an embedding that equals the enrolled one. */
  FaceEmbedding face(Block block, int row) {
    return FaceEmbedding.ofUnit(modelId, block.norms()[row], block.vectors().vector(row));
  }

  List<Candidate> search(FaceEmbedding probe, int limit) {
    GalleryChecks.checkModel(probe, modelId, dimension);
    float[][] vector = {probe.toArray()};
    float margin = TransposedVectors.margin(dimension);
    TopPersons top = new TopPersons(Math.min(limit, persons));
    Shortlist shortlist = new Shortlist();
    float[] scores = new float[blocks.length == 0 ? 0 : TransposedVectors.places(dimension)];
    float[][] products = {scores};
    for (int at = 0; at < blocks.length; at++) {
      Block block = blocks[at];
      block.vectors().multiply(vector, products);
      if (clamped(block.vectors().largest(scores)) < top.floor - margin) {
        continue;
      }
      for (int row = 0; row < block.count(); row++) {
        float score = clamped(scores[row]);
        if (score >= top.floor - margin && !block.isDead(row)) {
          shortlist.add(at, row, score);
          top.offer(block.rows()[row].person, score);
        }
      }
    }
    return ranked(probe, shortlist, top.floor - margin).stream().limit(limit).toList();
  }

  private List<Candidate> ranked(FaceEmbedding probe, Shortlist shortlist, float floor) {
    Map<Person, Candidate> people = new HashMap<>();
    for (int i = 0; i < shortlist.count; i++) {
      if (shortlist.scores[i] >= floor) {
        Block block = blocks[shortlist.blocks[i]];
        Row row = block.rows()[shortlist.rows[i]];
        double similarity = face(block, shortlist.rows[i]).similarity(probe);
        Candidate candidate = new Candidate(row.person.name, row.sample, similarity);
        people.merge(row.person, candidate, (a, b) -> ORDER.compare(a, b) <= 0 ? a : b);
      }
    }
    return people.values().stream().sorted(ORDER).toList();
  }

  /** Limits a score to the range of {@link FaceEmbedding#similarity}. */
  private static float clamped(float score) {
    return Math.max(-1, Math.min(1, score));
  }

  /** The best persons so far, up to a number, each with the best score. */
  private static final class TopPersons {
    private final Person[] persons;
    private final float[] scores;
    private int count;

    /** The lowest score of them once the number is reached. */
    private float floor = Float.NEGATIVE_INFINITY;

    TopPersons(int wanted) {
      persons = new Person[wanted];
      scores = new float[wanted];
    }

    void offer(Person person, float score) {
      if (score <= floor) {
        return;
      }
      int place = -1;
      int lowest = 0;
      for (int i = 0; i < count; i++) {
        if (persons[i] == person) {
          place = i;
        }
        if (scores[i] < scores[lowest]) {
          lowest = i;
        }
      }
      if (place >= 0) {
        scores[place] = Math.max(scores[place], score);
      } else if (count < persons.length) {
        persons[count] = person;
        scores[count++] = score;
      } else {
        persons[lowest] = person;
        scores[lowest] = score;
      }
      if (count == persons.length) {
        float low = scores[0];
        for (float other : scores) {
          low = Math.min(low, other);
        }
        floor = low;
      }
    }
  }

  /** The rows that may be among the best, with their scores in single precision. */
  private static final class Shortlist {
    private int[] blocks = new int[64];
    private int[] rows = new int[64];
    private float[] scores = new float[64];
    private int count;

    void add(int block, int row, float score) {
      if (count == rows.length) {
        blocks = Arrays.copyOf(blocks, 2 * count);
        rows = Arrays.copyOf(rows, 2 * count);
        scores = Arrays.copyOf(scores, 2 * count);
      }
      blocks[count] = block;
      rows[count] = row;
      scores[count++] = score;
    }
  }
}
