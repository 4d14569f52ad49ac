// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import io.omote.face.internal.Implementations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Faces and the links between those that are alike: each is linked with the {@value #NEIGHBORS}
 * faces that are most like it, as far as they reach a threshold. Faces are called by their index.
 * {@link FaceAlbums} groups them by person.
 *
 * <p>Faces of people who are named already can be among them; they keep their names.
 *
 * <p>Immutable and thread-safe. Holds no embeddings.
 */
public final class FaceGraph {
  /** With how many others a face is linked of its own accord; others may be linked with it, too. */
  public static final int NEIGHBORS = 20;

  private final int size;
  private final @Nullable String[] persons;
  private final int[] starts;
  private final int[] ends;
  private final double[] similarities;

  private FaceGraph(Builder builder) {
    size = builder.size;
    persons = builder.persons.clone();
    starts = new int[persons.length + 1];
    for (int link = 0; link < builder.count; link++) {
      starts[builder.first[link] + 1]++;
      starts[builder.second[link] + 1]++;
    }
    for (int face = 0; face < persons.length; face++) {
      starts[face + 1] += starts[face];
    }
    long[] keyed = new long[2 * builder.count];
    int[] free = starts.clone();
    for (int link = 0; link < builder.count; link++) {
      keyed[free[builder.first[link]]++] = (long) builder.second[link] << Integer.SIZE | link;
      keyed[free[builder.second[link]]++] = (long) builder.first[link] << Integer.SIZE | link;
    }
    int[] allEnds = new int[keyed.length];
    double[] allSimilarities = new double[keyed.length];
    int kept = 0;
    for (int face = 0; face < persons.length; face++) {
      Arrays.sort(keyed, starts[face], starts[face + 1]);
      int from = kept;
      for (int at = starts[face]; at < starts[face + 1]; at++) {
        int end = (int) (keyed[at] >>> Integer.SIZE);
        // Two faces may each have named the other.
        if (kept == from || allEnds[kept - 1] != end) {
          allEnds[kept] = end;
          allSimilarities[kept++] = builder.similarities[(int) keyed[at]];
        }
      }
      starts[face] = from;
    }
    starts[persons.length] = kept;
    ends = Arrays.copyOf(allEnds, kept);
    similarities = Arrays.copyOf(allSimilarities, kept);
  }

  /**
   * Compares all faces with each other, exactly, on as many threads as the JVM has processors. The
   * time grows with the square of their number.
   *
   * @param faces the embeddings of one model
   * @param threshold the least similarity of a link, in (0, 1]
   * @return the graph of the faces, called by their index in the list
   * @throws EmbeddingException if they are of several models
   * @throws IllegalArgumentException if the threshold is outside
   * @throws InterruptedCallException if the thread is interrupted
   */
  public static FaceGraph of(List<FaceEmbedding> faces, double threshold) {
    return of(faces, List.of(), threshold);
  }

  /**
   * Compares all faces with each other and with the samples of a gallery, whose people keep their
   * names.
   *
   * @param faces the embeddings, of the gallery's model
   * @param threshold the least similarity of a link, in (0, 1]
   * @param named people who have names already
   * @return the graph of the faces, called by their index in the list, and of the gallery's samples
   * @throws EmbeddingException if they are of several models
   * @throws IllegalArgumentException if the threshold is outside
   * @throws GalleryException if the gallery cannot be read
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if the gallery was closed
   */
  public static FaceGraph of(List<FaceEmbedding> faces, double threshold, FaceGallery named) {
    List<GalleryEntry> entries = new ArrayList<>();
    named.forEach(entries::add);
    return of(faces, entries, threshold);
  }

  private static FaceGraph of(
      List<FaceEmbedding> faces, List<GalleryEntry> named, double threshold) {
    Builder builder = new Builder(faces.size(), faces.size() + named.size(), threshold);
    List<FaceEmbedding> all = new ArrayList<>(faces);
    for (GalleryEntry entry : named) {
      builder.name(all.size(), entry.person());
      all.add(entry.face());
    }
    Implementations.link(all, NEIGHBORS, threshold, builder);
    return builder.build();
  }

  /**
   * Starts a graph whose links were found elsewhere, such as on a cluster.
   *
   * @param faces how many faces there are
   * @return a graph without links
   * @throws IllegalArgumentException if the number is negative
   */
  public static Builder builder(int faces) {
    return new Builder(faces, faces, Double.MIN_VALUE);
  }

  /**
   * How many faces there are, without those of a gallery.
   *
   * @return their number
   */
  public int size() {
    return size;
  }

  /**
   * How many pairs of faces are linked.
   *
   * @return their number
   */
  public int links() {
    return ends.length / 2;
  }

  /**
   * The person of a face that has a name already.
   *
   * @param face its index
   * @return the name, empty for other faces
   */
  Optional<String> person(int face) {
    return Optional.ofNullable(persons[face]);
  }

  /** For each face where its links start, and at last where all end. */
  int[] starts() {
    return starts;
  }

  /** The other face of each link. */
  int[] ends() {
    return ends;
  }

  /** The similarity of each link. */
  double[] similarities() {
    return similarities;
  }

  /**
   * Says how large it is.
   *
   * @return a text without names
   */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "FaceGraph[size=%d, links=%d]", size, links());
  }

  /** A growing graph. Not thread-safe. */
  public static final class Builder {
    private static final int FEW = 16;

    private final int size;
    private final @Nullable String[] persons;
    private final double threshold;
    private int[] first = new int[FEW];
    private int[] second = new int[FEW];
    private double[] similarities = new double[FEW];
    private int count;

    private Builder(int size, int nodes, double threshold) {
      if (size < 0) {
        throw new IllegalArgumentException("expected 0 faces or more, found " + size);
      }
      if (!(threshold > 0 && threshold <= 1)) {
        throw new IllegalArgumentException(
            "expected a threshold in (0, 1], a raw cosine, found " + threshold);
      }
      this.size = size;
      this.persons = new String[nodes];
      this.threshold = threshold;
    }

    /**
     * Says that a face is that of a person who has a name already. It is in no album, but others
     * may be added to its person's.
     *
     * @param face its index
     * @param person who it is
     * @return this
     * @throws IndexOutOfBoundsException if there is no such face
     */
    public Builder name(int face, String person) {
      persons[Objects.checkIndex(face, persons.length)] = Objects.requireNonNull(person, "person");
      return this;
    }

    /**
     * Links two faces. A pair may be linked again, also the other way round.
     *
     * @param face the index of the one
     * @param other the index of the other
     * @param similarity their similarity, in (0, 1]
     * @return this
     * @throws IndexOutOfBoundsException if there is no such face
     * @throws IllegalArgumentException if it is one face, or the similarity is outside
     */
    public Builder link(int face, int other, double similarity) {
      Objects.checkIndex(face, persons.length);
      Objects.checkIndex(other, persons.length);
      if (face == other || !(similarity >= threshold && similarity <= 1)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "expected two faces and a similarity in (0, 1], found %d, %d and %s",
                face,
                other,
                similarity));
      }
      if (count == first.length) {
        first = Arrays.copyOf(first, 2 * count);
        second = Arrays.copyOf(second, 2 * count);
        similarities = Arrays.copyOf(similarities, 2 * count);
      }
      first[count] = face;
      second[count] = other;
      similarities[count++] = similarity;
      return this;
    }

    /**
     * Ends the graph.
     *
     * @return the graph
     */
    public FaceGraph build() {
      return new FaceGraph(this);
    }
  }
}
