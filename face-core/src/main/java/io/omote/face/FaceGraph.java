// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import io.omote.face.internal.Implementations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A graph of faces with links between similar ones. An index identifies a face. {@link FaceAlbums}
 * groups the faces by person.
 *
 * <p>The threshold is the minimum similarity at which two faces alone are considered one person.
 * Each face is linked to the {@value #NEIGHBORS} faces most similar to it, from 0.84 of the
 * threshold: weaker evidence counts where groups of faces are compared. Choose the threshold by the
 * number of faces ({@link FaceModels#albumPoint}).
 *
 * <p>State the image of each face: two faces of one image show two people.
 *
 * <p>The graph may include faces of people who have a name, and who keep it. It holds no
 * embeddings. Immutable and thread-safe.
 */
public final class FaceGraph {
  /** The largest number of links that start at a face; links from other faces may be added. */
  public static final int NEIGHBORS = 20;

  private final int size;
  private final double threshold;
  private final @Nullable String[] persons;
  private final int[] mates;
  private final int[] starts;
  private final int[] ends;
  private final double[] similarities;

  private FaceGraph(Builder builder) {
    size = builder.size;
    threshold = builder.threshold;
    persons = builder.persons.clone();
    mates = mates(builder.images);
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
        // Each of the two faces may have linked the other.
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

  /** Returns for each face the next one of its image, in circles. */
  private static int[] mates(@Nullable Long[] images) {
    int[] mates = new int[images.length];
    Map<Long, Integer> first = new HashMap<>();
    for (int face = 0; face < images.length; face++) {
      mates[face] = face;
      Integer other = images[face] == null ? null : first.putIfAbsent(images[face], face);
      if (other != null) {
        mates[face] = mates[other];
        mates[other] = face;
      }
    }
    return mates;
  }

  /**
   * Compares all faces with each other, exactly, on one thread per processor. The time grows with
   * the square of the number of faces. Each face must be the only one of its image, because two
   * faces of one image show two people.
   *
   * @param faces embeddings of one model
   * @param threshold the minimum similarity of two faces of one person, in (0, 1]
   * @return the graph of the faces; their indices are those of the list
   * @throws EmbeddingException if the embeddings come from several models
   * @throws IllegalArgumentException if the threshold is outside (0, 1]
   * @throws InterruptedCallException if the thread is interrupted
   */
  public static FaceGraph of(List<FaceEmbedding> faces, double threshold) {
    return of(faces, List.of(), List.of(), threshold);
  }

  /**
   * Compares all faces with each other, as {@link #of(List, double)} does. Faces of one image show
   * different people.
   *
   * @param faces embeddings of one model
   * @param images the image of each face, such as its path: equal for faces of one image
   * @param threshold the minimum similarity of two faces of one person, in (0, 1]
   * @return the graph of the faces; their indices are those of the list
   * @throws EmbeddingException if the embeddings come from several models
   * @throws IllegalArgumentException if the lists differ in length, or the threshold is outside (0,
   *     1]
   * @throws InterruptedCallException if the thread is interrupted
   */
  public static FaceGraph of(List<FaceEmbedding> faces, List<?> images, double threshold) {
    return of(faces, checked(images, faces.size()), List.of(), threshold);
  }

  /**
   * Compares all faces with each other and with the samples of a gallery, whose people keep their
   * names. Faces of one image show different people: at most one of them joins a named person.
   *
   * @param faces embeddings of the gallery's model
   * @param images the image of each face, such as its path: equal for faces of one image
   * @param threshold the minimum similarity of two faces of one person, in (0, 1]
   * @param named the gallery of people who have a name
   * @return the graph of the faces, whose indices are those of the list, and of the samples
   * @throws EmbeddingException if the embeddings come from several models
   * @throws IllegalArgumentException if the lists differ in length, or the threshold is outside (0,
   *     1]
   * @throws GalleryException if the gallery cannot be read
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if the gallery is closed
   */
  public static FaceGraph of(
      List<FaceEmbedding> faces, List<?> images, double threshold, FaceGallery named) {
    return of(faces, checked(images, faces.size()), samples(named), threshold);
  }

  private static List<?> checked(List<?> images, int faces) {
    if (images.size() != faces) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected an image for each of %d faces, found %d",
              faces,
              images.size()));
    }
    return images;
  }

  /**
   * Compares all faces with each other and with the samples of a gallery, whose people keep their
   * names. Each face must be the only one of its image.
   *
   * @param faces embeddings of the gallery's model
   * @param threshold the minimum similarity of two faces of one person, in (0, 1]
   * @param named the gallery of people who have a name
   * @return the graph of the faces, whose indices are those of the list, and of the samples
   * @throws EmbeddingException if the embeddings come from several models
   * @throws IllegalArgumentException if the threshold is outside (0, 1]
   * @throws GalleryException if the gallery cannot be read
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if the gallery is closed
   */
  public static FaceGraph of(List<FaceEmbedding> faces, double threshold, FaceGallery named) {
    return of(faces, List.of(), samples(named), threshold);
  }

  private static List<GalleryEntry> samples(FaceGallery named) {
    List<GalleryEntry> entries = new ArrayList<>();
    named.forEach(entries::add);
    return entries;
  }

  private static FaceGraph of(
      List<FaceEmbedding> faces, List<?> images, List<GalleryEntry> named, double threshold) {
    Builder builder = new Builder(faces.size(), faces.size() + named.size(), threshold);
    Map<Object, Long> numbers = new HashMap<>();
    for (int face = 0; face < images.size(); face++) {
      builder.image(
          face, numbers.computeIfAbsent(images.get(face), image -> (long) numbers.size()));
    }
    List<FaceEmbedding> all = new ArrayList<>(faces);
    for (GalleryEntry entry : named) {
      builder.name(all.size(), entry.person());
      all.add(entry.face());
    }
    Implementations.link(all, NEIGHBORS, threshold, builder);
    return builder.build();
  }

  /**
   * Returns a builder of a graph whose links were found elsewhere, such as on a cluster.
   *
   * @param faces the number of faces
   * @param threshold the minimum similarity of two faces of one person, in (0, 1]
   * @return the builder, without links
   * @throws IllegalArgumentException if the number is negative, or the threshold outside (0, 1]
   */
  public static Builder builder(int faces, double threshold) {
    return new Builder(faces, faces, threshold);
  }

  /**
   * Returns the number of faces, without those of a gallery.
   *
   * @return the number of faces
   */
  public int size() {
    return size;
  }

  /**
   * Returns the number of links.
   *
   * @return the number of linked pairs of faces
   */
  public int links() {
    return ends.length / 2;
  }

  /**
   * Returns the person that a face shows, if that person has a name.
   *
   * @param face the index of the face
   * @return the name, empty for other faces
   */
  Optional<String> person(int face) {
    return Optional.ofNullable(persons[face]);
  }

  /** Returns the minimum similarity of two faces of one person. */
  double threshold() {
    return threshold;
  }

  /** Returns for each face the next one of its image, in circles; itself if it is alone. */
  int[] mates() {
    return mates;
  }

  /** Returns the position of the first link of each face, and finally the number of links. */
  int[] starts() {
    return starts;
  }

  /** Returns the other face of each link. */
  int[] ends() {
    return ends;
  }

  /** Returns the similarity of each link. */
  double[] similarities() {
    return similarities;
  }

  /**
   * Returns a description with the numbers of faces and links.
   *
   * @return the description, without names
   */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "FaceGraph[size=%d, links=%d]", size, links());
  }

  /** A builder of graphs. Not thread-safe. */
  public static final class Builder {
    private static final int FEW = 16;

    private final int size;
    private final @Nullable String[] persons;
    private final @Nullable Long[] images;
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
      this.images = new Long[nodes];
      this.threshold = threshold;
    }

    /**
     * Names the person that a face shows. The face will be in no album, but other faces can join
     * the album of that person.
     *
     * @param face the index of the face
     * @param person the name of the person
     * @return this builder
     * @throws IndexOutOfBoundsException if the index is out of range
     */
    public Builder name(int face, String person) {
      persons[Objects.checkIndex(face, persons.length)] = Objects.requireNonNull(person, "person");
      return this;
    }

    /**
     * States the image of a face. Faces of one image show different people and will be in different
     * albums.
     *
     * @param face the index of the face
     * @param image a number of the image: the same for all of its faces, and for those only
     * @return this builder
     * @throws IndexOutOfBoundsException if the index is out of range
     */
    public Builder image(int face, long image) {
      images[Objects.checkIndex(face, images.length)] = image;
      return this;
    }

    /**
     * Links two faces. Linking a pair again, in either order, has no effect. Link each face to the
     * {@value FaceGraph#NEIGHBORS} most similar ones, from 0.84 of the threshold; weaker links have
     * no effect.
     *
     * @param face the index of one face
     * @param other the index of the other face
     * @param similarity the similarity of the two, in (0, 1]
     * @return this builder
     * @throws IndexOutOfBoundsException if an index is out of range
     * @throws IllegalArgumentException if the two are the same face, or the similarity is outside
     *     (0, 1]
     */
    public Builder link(int face, int other, double similarity) {
      Objects.checkIndex(face, persons.length);
      Objects.checkIndex(other, persons.length);
      if (face == other || !(similarity > 0 && similarity <= 1)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "expected two faces and a similarity in (0, 1], found %d, %d and %s",
                face,
                other,
                similarity));
      }
      if (similarity < Implementations.weakestLink(threshold)) {
        return this;
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
     * Builds the graph.
     *
     * @return the graph
     */
    public FaceGraph build() {
      return new FaceGraph(this);
    }
  }
}
