// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import io.omote.face.internal.Implementations;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * People and samples of their faces, searched for the person of another face (identification, 1:N).
 * A gallery belongs to one model, as embeddings do.
 *
 * <pre>{@code
 * try (FaceGallery people = FaceGallery.inMemory(embedder.modelId())) {
 *   people.enroll("maya", "passport.jpg", embedding);
 *   List<Candidate> candidates = people.search(probe, 5);
 *   Optional<Candidate> who = people.identify(probe, models.identificationPolicy(0.01));
 * }
 * }</pre>
 *
 * <p>The score of a person is the best of the samples; persons of one score come in the order of
 * their names, and so do samples. A search says who is most alike, which somebody always is: {@link
 * #identify} decides whether that is anybody at all. The threshold of a comparison of two faces
 * must not: with the number of samples the chances of a false match add up ({@link
 * IdentificationPolicy}).
 *
 * <p>All galleries check a call in one order: the arguments by themselves ({@code
 * NullPointerException} with the name of the parameter, {@code IllegalArgumentException}), whether
 * the gallery is closed ({@link ClosedException}), whether the thread is interrupted ({@link
 * InterruptedCallException}), and then what the gallery has ({@link EmbeddingException}, {@link
 * GalleryException}).
 *
 * <p>An interrupt loses nothing. A call on an interrupted thread changes nothing and throws {@link
 * InterruptedCallException}, and so does one that is interrupted while it waits for its turn to
 * write; a write that has begun is finished and returns, and a read that has begun answers or
 * throws {@link InterruptedCallException}. The thread stays interrupted, and the gallery works for
 * the next call.
 *
 * <p>Safe for use by several threads at once: searches see the gallery as it was when they began,
 * and writes wait for each other. {@link #close} waits for a write in flight; later calls throw
 * {@link ClosedException}.
 */
public interface FaceGallery extends AutoCloseable {
  /** The most persons that a search can be asked for. */
  int MAX_LIMIT = 1000;

  /** The most entries of one call of {@link #enroll(Collection)}. */
  int MAX_BATCH = 100_000;

  /**
   * A gallery in memory: exact, and gone when it is closed. It takes 2.2 kB for a sample of 512
   * numbers with its names.
   *
   * @param modelId the id of the model whose embeddings it takes
   * @return an empty gallery
   */
  static FaceGallery inMemory(String modelId) {
    return Implementations.galleryInMemory(modelId);
  }

  /**
   * The id of the model whose embeddings this takes.
   *
   * @return the id
   */
  String modelId();

  /**
   * Adds samples: all, or none where this throws. They are found by searches that begin afterwards,
   * and where the gallery lasts they last when this returns. A sample that is there already with
   * the very same embedding is left as it is, so that a batch can be repeated.
   *
   * @param entries the samples, at most {@value #MAX_BATCH}
   * @throws DuplicateSampleException if a sample is there already with another embedding, or twice
   *     among the entries with two
   * @throws GalleryException if they cannot be kept
   * @throws EmbeddingException if an embedding is of another model
   * @throws IllegalArgumentException if there are too many entries
   * @throws ClosedException if this was closed
   * @throws InterruptedCallException if the thread is interrupted before it writes
   */
  void enroll(Collection<GalleryEntry> entries);

  /**
   * Adds a sample.
   *
   * @param person who it is
   * @param sample which face of that person, such as the name of a file
   * @param face the embedding
   * @throws DuplicateSampleException if that sample is there already with another embedding
   * @throws GalleryException if it cannot be kept
   * @throws EmbeddingException if the embedding is of another model
   * @throws IllegalArgumentException if a name is invalid ({@link GalleryEntry#isName})
   * @throws ClosedException if this was closed
   * @throws InterruptedCallException if the thread is interrupted before it writes
   */
  default void enroll(String person, String sample, FaceEmbedding face) {
    enroll(List.of(new GalleryEntry(person, sample, face)));
  }

  /**
   * The persons who are most like a face, whatever their similarity.
   *
   * @param probe the face
   * @param limit the most persons to give, from 1 to {@value #MAX_LIMIT}
   * @return the persons by descending similarity, each once, an immutable list; shorter than asked
   *     for only where the gallery has fewer
   * @throws EmbeddingException if the probe is of another model
   * @throws IllegalArgumentException if the limit is outside
   * @throws GalleryException if the gallery cannot be read
   * @throws ClosedException if this was closed
   * @throws InterruptedCallException if the thread is interrupted
   */
  List<Candidate> search(FaceEmbedding probe, int limit);

  /**
   * The person of a face, if it is anybody in this gallery.
   *
   * @param probe the face
   * @param policy what decides
   * @return the most similar person, if the similarity reaches the threshold that the policy gives
   *     for the number of samples; both are of one moment
   * @throws EmbeddingException if the probe is of another model
   * @throws ModelException if the policy can give no threshold for so many samples, or is of
   *     another model
   * @throws GalleryException if the gallery cannot be read
   * @throws ClosedException if this was closed
   * @throws InterruptedCallException if the thread is interrupted
   */
  Optional<Candidate> identify(FaceEmbedding probe, IdentificationPolicy policy);

  /**
   * Removes a sample. Where the gallery lasts, its class says when nothing of it is left on disk.
   *
   * @param person who it is, any string
   * @param sample which face of that person, any string
   * @return whether it was there; false for what can be no name
   * @throws GalleryException if it cannot be removed
   * @throws ClosedException if this was closed
   * @throws InterruptedCallException if the thread is interrupted before it writes
   */
  boolean remove(String person, String sample);

  /**
   * Removes a person with all samples. Where the gallery lasts, its class says when nothing of them
   * is left on disk.
   *
   * @param person who it is, any string
   * @return how many samples were there; 0 for what can be no name
   * @throws GalleryException if they cannot be removed
   * @throws ClosedException if this was closed
   * @throws InterruptedCallException if the thread is interrupted before it writes
   */
  int removePerson(String person);

  /**
   * How many samples there are: what a probe is compared with.
   *
   * @return their number
   * @throws GalleryException if the gallery cannot be read
   * @throws ClosedException if this was closed
   * @throws InterruptedCallException if the thread is interrupted
   */
  int size();

  /**
   * How many persons there are.
   *
   * @return their number
   * @throws GalleryException if the gallery cannot be read
   * @throws ClosedException if this was closed
   * @throws InterruptedCallException if the thread is interrupted
   */
  int persons();

  /**
   * Visits all samples as they were when this was called, to export them or to embed them anew. The
   * action may call this gallery; what it changes is not visited. What it throws ends the visit and
   * reaches the caller as it is.
   *
   * @param action is called for each, in no order
   * @throws GalleryException if the gallery cannot be read
   * @throws ClosedException if this was closed
   * @throws InterruptedCallException if the thread is interrupted
   */
  void forEach(Consumer<GalleryEntry> action);

  /**
   * Waits for a write in flight and releases what is held, also on an interrupted thread, which
   * stays interrupted. Closing again does nothing.
   */
  @Override
  void close();
}
