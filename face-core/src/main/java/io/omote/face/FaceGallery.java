// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import io.omote.face.internal.Implementations;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A gallery of people and samples of their faces. It finds the people most similar to a probe, and
 * decides whether the probe is one of them (identification, 1:N). A gallery holds embeddings of one
 * model.
 *
 * <pre>{@code
 * try (FaceGallery people = FaceGallery.inMemory(embedder.modelId())) {
 *   people.enroll("maya", "passport.jpg", embedding);
 *   List<Candidate> candidates = people.search(probe, 5);
 *   Optional<Candidate> who = people.identify(probe, models.identificationPolicy(0.01));
 * }
 * }</pre>
 *
 * <p>The score of a person is the highest similarity among the samples of that person. Equal scores
 * are ordered by the name of the person, then of the sample. A search finds somebody in any gallery
 * that is not empty; {@link #identify} decides whether the probe is that person. Do not decide by
 * the threshold of a comparison of two faces: every further sample adds a chance of a false match
 * (see {@link IdentificationPolicy}).
 *
 * <p>Thread-safe: a search sees the gallery as it was when the search began, and writes run one
 * after another.
 *
 * <p>Every gallery checks a call in the same order: the arguments ({@code NullPointerException}
 * with the name of the parameter, {@code IllegalArgumentException}), whether the gallery is closed
 * ({@link ClosedException}), whether the thread is interrupted ({@link InterruptedCallException}),
 * and then its contents ({@link EmbeddingException}, {@link GalleryException}).
 *
 * <p>An interrupt loses no data. A call on an interrupted thread, or one that is interrupted while
 * it waits to write, changes nothing and throws {@link InterruptedCallException}. A write that has
 * begun completes and returns; a read that has begun either returns or throws {@link
 * InterruptedCallException}. The thread stays interrupted, and the gallery stays usable.
 *
 * <p>The caller must close a gallery. {@link #close} waits for a write in flight; later calls throw
 * {@link ClosedException}.
 */
public interface FaceGallery extends AutoCloseable {
  /** The largest limit of a search. */
  int MAX_LIMIT = 1000;

  /** The largest number of entries in one call of {@link #enroll(Collection)}. */
  int MAX_BATCH = 100_000;

  /**
   * Returns an empty gallery in memory. It searches exactly, is lost when it is closed, and takes
   * 2.2 kB per sample of 512 components, names included.
   *
   * @param modelId the id of the model whose embeddings the gallery holds
   * @return the gallery
   */
  static FaceGallery inMemory(String modelId) {
    return Implementations.galleryInMemory(modelId);
  }

  /**
   * Returns the id of the model whose embeddings this gallery holds.
   *
   * @return the id
   */
  String modelId();

  /**
   * Adds samples: all of them, or none if this throws. Searches that begin afterwards find them,
   * and a durable gallery has stored them when this returns. A sample that already exists with an
   * equal embedding is skipped, so that you can repeat a batch.
   *
   * @param entries the samples, at most {@value #MAX_BATCH}
   * @throws DuplicateSampleException if a sample already exists with another embedding, or occurs
   *     twice among the entries with different embeddings
   * @throws GalleryException if the samples cannot be stored
   * @throws EmbeddingException if an embedding comes from another model
   * @throws IllegalArgumentException if there are too many entries
   * @throws ClosedException if this gallery is closed
   * @throws InterruptedCallException if the thread is interrupted before it writes
   */
  void enroll(Collection<GalleryEntry> entries);

  /**
   * Adds a sample.
   *
   * @param person the name of the person
   * @param sample the name of the sample, unique for that person, such as a file name
   * @param face the embedding
   * @throws DuplicateSampleException if the sample already exists with another embedding
   * @throws GalleryException if the sample cannot be stored
   * @throws EmbeddingException if the embedding comes from another model
   * @throws IllegalArgumentException if a name is invalid ({@link GalleryEntry#isName})
   * @throws ClosedException if this gallery is closed
   * @throws InterruptedCallException if the thread is interrupted before it writes
   */
  default void enroll(String person, String sample, FaceEmbedding face) {
    enroll(List.of(new GalleryEntry(person, sample, face)));
  }

  /**
   * Finds the people most similar to a probe, regardless of how similar they are.
   *
   * @param probe the face to search for
   * @param limit the largest number of people to return, from 1 to {@value #MAX_LIMIT}
   * @return the people by descending similarity, each once, an immutable list; shorter than the
   *     limit only if the gallery holds fewer people
   * @throws EmbeddingException if the probe comes from another model
   * @throws IllegalArgumentException if the limit is out of range
   * @throws GalleryException if the gallery cannot be read
   * @throws ClosedException if this gallery is closed
   * @throws InterruptedCallException if the thread is interrupted
   */
  List<Candidate> search(FaceEmbedding probe, int limit);

  /**
   * Identifies a probe. The search and the number of samples, for which the policy gives the
   * threshold, belong to the same state of the gallery.
   *
   * @param probe the face to identify
   * @param policy the policy that decides
   * @return the most similar person if the similarity reaches the threshold, otherwise empty
   * @throws EmbeddingException if the probe comes from another model
   * @throws ModelException if the policy supports no threshold for that number of samples, or
   *     belongs to another model
   * @throws GalleryException if the gallery cannot be read
   * @throws ClosedException if this gallery is closed
   * @throws InterruptedCallException if the thread is interrupted
   */
  Optional<Candidate> identify(FaceEmbedding probe, IdentificationPolicy policy);

  /**
   * Removes a sample. The class of a durable gallery documents when the sample is gone from disk.
   *
   * @param person the name of the person, any string
   * @param sample the name of the sample, any string
   * @return whether the sample existed; false for invalid names
   * @throws GalleryException if the sample cannot be removed
   * @throws ClosedException if this gallery is closed
   * @throws InterruptedCallException if the thread is interrupted before it writes
   */
  boolean remove(String person, String sample);

  /**
   * Removes a person with all samples. The class of a durable gallery documents when the samples
   * are gone from disk.
   *
   * @param person the name of the person, any string
   * @return the number of samples removed; 0 for an invalid name
   * @throws GalleryException if the person cannot be removed
   * @throws ClosedException if this gallery is closed
   * @throws InterruptedCallException if the thread is interrupted before it writes
   */
  int removePerson(String person);

  /**
   * Returns the number of samples. A search compares the probe with each of them.
   *
   * @return the number of samples
   * @throws GalleryException if the gallery cannot be read
   * @throws ClosedException if this gallery is closed
   * @throws InterruptedCallException if the thread is interrupted
   */
  int size();

  /**
   * Returns the number of people.
   *
   * @return the number of people
   * @throws GalleryException if the gallery cannot be read
   * @throws ClosedException if this gallery is closed
   * @throws InterruptedCallException if the thread is interrupted
   */
  int persons();

  /**
   * Visits all samples that exist when this is called, such as to export them. The action may call
   * this gallery; its changes are not visited. An exception of the action ends the visit and is
   * passed to the caller.
   *
   * @param action the action, called for each sample in no particular order
   * @throws GalleryException if the gallery cannot be read
   * @throws ClosedException if this gallery is closed
   * @throws InterruptedCallException if the thread is interrupted
   */
  void forEach(Consumer<GalleryEntry> action);

  /**
   * Waits for a write in flight and releases all resources, even on an interrupted thread, which
   * stays interrupted. Closing again has no effect.
   */
  @Override
  void close();
}
