// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.search;

import io.omote.face.FaceEmbedding;
import io.omote.face.GalleryEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The samples of a gallery in memory. The caller makes sure that only one thread writes at any
 * moment; any thread may call {@link #snapshot}. A write that fails, even for lack of memory,
 * changes nothing.
 */
final class ExactIndex {
  /** The number of removed rows below which moving the others is not worth it. */
  private static final int FEW_DEAD = 1024;

  private final String modelId;
  private final Map<String, Person> people = new HashMap<>();
  private int size;
  private volatile Snapshot snapshot;

  ExactIndex(String modelId) {
    this.modelId = modelId;
    this.snapshot = new Snapshot(modelId, 0, new Block[0], 0, 0);
  }

  Snapshot snapshot() {
    return snapshot;
  }

  /** Returns the entries that are new. Throws if one cannot be added. */
  List<GalleryEntry> select(Collection<GalleryEntry> entries) {
    Map<List<String>, FaceEmbedding> batch = new HashMap<>();
    List<GalleryEntry> added = new ArrayList<>();
    int dimension = snapshot.dimension();
    for (GalleryEntry entry : entries) {
      FaceEmbedding face = entry.face();
      GalleryChecks.checkModel(face, modelId, dimension);
      dimension = face.dimension();
      List<Row> row = find(entry.person(), entry.sample());
      FaceEmbedding known =
          !row.isEmpty()
              ? face(row.get(0))
              : batch.putIfAbsent(List.of(entry.person(), entry.sample()), face);
      if (known == null) {
        added.add(entry);
      } else if (!known.equals(face)) {
        throw GalleryChecks.duplicate(entry.person(), entry.sample());
      }
    }
    return added;
  }

  /** Returns all samples of a person, or the one of a name; empty if there are none. */
  List<Row> find(String person, @Nullable String sample) {
    Person known = people.get(person);
    if (known == null) {
      return List.of();
    }
    if (sample == null) {
      return List.copyOf(known.samples());
    }
    Row row = known.find(sample);
    return row == null ? List.of() : List.of(row);
  }

  private FaceEmbedding face(Row row) {
    int full = TransposedVectors.places(snapshot.dimension());
    return snapshot.face(snapshot.blocks()[row.position / full], row.position % full);
  }

  /**
   * Adds entries that {@link #select} returned: all of them, or none if this throws.
   *
   * @param entries the entries
   * @param keep writes them to the store. Called when nothing else can fail anymore: everything
   *     that allocates memory is done before
   */
  void add(List<GalleryEntry> entries, Runnable keep) {
    if (entries.isEmpty()) {
      return;
    }
    int dimension = entries.get(0).face().dimension();
    List<Row> added = new ArrayList<>(entries.size());
    boolean isKept = false;
    try {
      List<Block> blocks = new ArrayList<>(Arrays.asList(snapshot.blocks()));
      for (GalleryEntry entry : entries) {
        Person person = people.computeIfAbsent(entry.person(), Person::new);
        Row row = new Row(person, entry.sample());
        row.position = append(blocks, row, entry.face().toArray(), entry.face().norm());
        person.add(row);
        added.add(row);
      }
      Snapshot next = snapshot(dimension, blocks, size + added.size(), people.size());
      keep.run();
      isKept = true;
      size += added.size();
      snapshot = next;
    } finally {
      if (!isKept) {
        added.forEach(row -> row.person.remove(row));
        people.values().removeIf(person -> person.samples().isEmpty());
      }
    }
  }

  /** Appends a row and returns its position. */
  private static int append(List<Block> blocks, Row row, float[] vector, float norm) {
    if (blocks.isEmpty() || blocks.get(blocks.size() - 1).isFull()) {
      blocks.add(Block.empty(vector.length));
    }
    int last = blocks.size() - 1;
    int position = last * TransposedVectors.places(vector.length) + blocks.get(last).count();
    blocks.set(last, blocks.get(last).with(row, vector, norm));
    return position;
  }

  private Snapshot snapshot(int dimension, List<Block> blocks, int samples, int persons) {
    return new Snapshot(modelId, dimension, blocks.toArray(Block[]::new), samples, persons);
  }

  /**
   * Removes samples: all of them, or none if this throws.
   *
   * @param removed the rows that {@link #find} returned
   * @param erase removes them from the store. Called when nothing else can fail anymore
   */
  void remove(List<Row> removed, Runnable erase) {
    if (removed.isEmpty()) {
      return;
    }
    Person person = removed.get(0).person;
    int dimension = snapshot.dimension();
    int full = TransposedVectors.places(dimension);
    List<Block> blocks = new ArrayList<>(Arrays.asList(snapshot.blocks()));
    for (Row row : removed) {
      int block = row.position / full;
      blocks.set(block, blocks.get(block).without(row.position % full));
    }
    int left = size - removed.size();
    int dead = blocks.stream().mapToInt(Block::count).sum() - left;
    boolean isCompacted = dead > FEW_DEAD && dead > left;
    List<Block> living = isCompacted ? compacted(blocks) : blocks;
    boolean isGone = removed.size() == person.samples().size();
    Snapshot next = snapshot(dimension, living, left, people.size() - (isGone ? 1 : 0));
    erase.run();
    size = left;
    snapshot = next;
    removed.forEach(person::remove);
    if (isGone) {
      people.remove(person.name);
    }
    if (isCompacted) {
      place(living);
    }
  }

  /** Copies the live rows to new blocks: snapshots in use keep the old ones. */
  private static List<Block> compacted(List<Block> blocks) {
    List<Block> living = new ArrayList<>();
    for (Block block : blocks) {
      for (int row = 0; row < block.count(); row++) {
        if (!block.isDead(row)) {
          append(living, block.rows()[row], block.vectors().vector(row), block.norms()[row]);
        }
      }
    }
    return living;
  }

  /** Sets the positions of rows in blocks of which all but the last are full. */
  private static void place(List<Block> blocks) {
    int position = 0;
    for (Block block : blocks) {
      for (int row = 0; row < block.count(); row++) {
        block.rows()[row].position = position++;
      }
    }
  }
}
