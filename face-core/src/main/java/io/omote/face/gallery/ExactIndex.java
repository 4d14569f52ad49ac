// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import io.omote.face.FaceEmbedding;
import io.omote.face.GalleryEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a gallery has in memory. One thread at a time may write, which the caller sees to; {@link
 * #snapshot} may be called by any.
 */
final class ExactIndex {
  /** So few are not worth moving the others. */
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

  /** Of some entries those that are not here yet; refuses what cannot be here. */
  List<GalleryEntry> select(Collection<GalleryEntry> entries) {
    Map<List<String>, FaceEmbedding> batch = new HashMap<>();
    List<GalleryEntry> added = new ArrayList<>();
    int dimension = snapshot.dimension();
    for (GalleryEntry entry : entries) {
      FaceEmbedding face = entry.face();
      Requests.checkModel(face, modelId, dimension);
      dimension = face.dimension();
      Row row = find(entry.person(), entry.sample());
      FaceEmbedding known =
          row != null
              ? face(row)
              : batch.putIfAbsent(List.of(entry.person(), entry.sample()), face);
      if (known == null) {
        added.add(entry);
      } else if (!known.equals(face)) {
        throw Requests.duplicate(entry.person(), entry.sample());
      }
    }
    return added;
  }

  private @Nullable Row find(String person, String sample) {
    Person known = people.get(person);
    return known == null ? null : known.find(sample);
  }

  private FaceEmbedding face(Row row) {
    int full = Columns.places(snapshot.dimension());
    return snapshot.face(snapshot.blocks()[row.position / full], row.position % full);
  }

  /** Adds entries that {@link #select} gave. */
  void add(List<GalleryEntry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    int dimension = entries.get(0).face().dimension();
    List<Block> blocks = new ArrayList<>(Arrays.asList(snapshot.blocks()));
    for (GalleryEntry entry : entries) {
      Person person = people.computeIfAbsent(entry.person(), Person::new);
      Row row = new Row(person, entry.sample());
      append(blocks, row, entry.face().toArray(), entry.face().norm());
      person.add(row);
      size++;
    }
    publish(dimension, blocks);
  }

  private static void append(List<Block> blocks, Row row, float[] vector, float norm) {
    if (blocks.isEmpty() || blocks.get(blocks.size() - 1).isFull()) {
      blocks.add(Block.empty(vector.length));
    }
    int last = blocks.size() - 1;
    row.position = last * Columns.places(vector.length) + blocks.get(last).count();
    blocks.set(last, blocks.get(last).with(row, vector, norm));
  }

  private void publish(int dimension, List<Block> blocks) {
    snapshot = new Snapshot(modelId, dimension, blocks.toArray(Block[]::new), size, people.size());
  }

  boolean contains(String person, String sample) {
    return find(person, sample) != null;
  }

  int count(String person) {
    Person known = people.get(person);
    return known == null ? 0 : known.samples().size();
  }

  void remove(String person, String sample) {
    remove(List.of(Objects.requireNonNull(find(person, sample))));
  }

  void removePerson(String person) {
    remove(List.copyOf(people.get(person).samples()));
  }

  private void remove(List<Row> removed) {
    int dimension = snapshot.dimension();
    int full = Columns.places(dimension);
    List<Block> blocks = new ArrayList<>(Arrays.asList(snapshot.blocks()));
    for (Row row : removed) {
      int block = row.position / full;
      blocks.set(block, blocks.get(block).without(row.position % full));
      row.person.remove(row);
      size--;
      if (row.person.samples().isEmpty()) {
        people.remove(row.person.name);
      }
    }
    int places = blocks.stream().mapToInt(Block::count).sum();
    int dead = places - size;
    publish(dimension, dead > FEW_DEAD && dead > size ? compacted(blocks) : blocks);
  }

  /** Only the living, in new places: snapshots that are in use keep the old ones. */
  private static List<Block> compacted(List<Block> blocks) {
    List<Block> living = new ArrayList<>();
    for (Block block : blocks) {
      for (int row = 0; row < block.count(); row++) {
        if (!block.isDead(row)) {
          append(living, block.rows()[row], block.columns().vector(row), block.norms()[row]);
        }
      }
    }
    return living;
  }

  /** Puts others in the place of all entries. */
  void replace(Collection<GalleryEntry> entries) {
    ExactIndex other = new ExactIndex(modelId);
    other.add(other.select(entries));
    people.clear();
    people.putAll(other.people);
    size = other.size;
    snapshot = other.snapshot;
  }
}
