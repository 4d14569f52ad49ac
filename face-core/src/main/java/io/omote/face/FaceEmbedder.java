// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import io.omote.face.description.EmbedderModel;
import io.omote.face.description.Normalization;
import io.omote.face.internal.Implementations;
import io.omote.face.internal.call.GuardedEmbedder;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Makes embeddings of faces.
 *
 * <p>Safe for use by several threads at once, with the same results as from one. It holds a network
 * in native memory: close it when no more embeddings are wanted. A call waits its turn where {@link
 * Builder#maxConcurrentCalls} others are at work. {@link Builder#maxWait} ends the wait with {@link
 * BusyException}, and an interrupt ends it with {@link InterruptedCallException}. {@link #close}
 * waits for calls in flight, whole ones; later calls throw {@link ClosedException}.
 */
public interface FaceEmbedder extends AutoCloseable {

  /**
   * Embeds one face.
   *
   * @param image the image
   * @param face a face of it, with landmarks
   * @return the embedding
   * @throws AlignmentException if the face has no landmarks, or they fix no transform
   * @throws ModelException if the network fails
   * @throws BusyException if no turn came within {@link Builder#maxWait}
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this was closed
   */
  default FaceEmbedding embed(FaceImage image, Face face) {
    return embed(image, List.of(face)).get(0);
  }

  /**
   * Embeds several faces of one image, in one run of the network where it takes several at once (of
   * up to 32 faces: beyond that memory grows and nothing is gained).
   *
   * @param image the image
   * @param faces faces of it, with landmarks
   * @return the embeddings in the order of the faces, an immutable list
   * @throws AlignmentException if a face has no landmarks, or they fix no transform
   * @throws ModelException if the network fails
   * @throws BusyException if no turn came within {@link Builder#maxWait}
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this was closed
   */
  List<FaceEmbedding> embed(FaceImage image, List<Face> faces);

  /**
   * Cuts a face out, turned and scaled as the network takes it: a small image that can be kept,
   * sent elsewhere and embedded with others by {@link #embedAligned(List)}. It gives the embedding
   * that {@link #embed(FaceImage, Face)} gives.
   *
   * @param image the image
   * @param face a face of it, with landmarks
   * @return the aligned crop, a square of {@link #cropSize} pixels, black where it leaves the image
   * @throws AlignmentException if the face has no landmarks, or they fix no transform
   * @throws ClosedException if this was closed
   */
  FaceImage align(FaceImage image, Face face);

  /**
   * Embeds a face that is aligned already.
   *
   * @param crop the aligned crop, of exactly the input size of the network, mostly 112x112
   * @return the embedding
   * @throws AlignmentException if the crop is of another size
   * @throws ModelException if the network fails
   * @throws BusyException if no turn came within {@link Builder#maxWait}
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this was closed
   */
  default FaceEmbedding embedAligned(FaceImage crop) {
    return embedAligned(List.of(crop)).get(0);
  }

  /**
   * Embeds faces that are aligned already, of any images, in one run of the network where it takes
   * several at once (of up to 32 faces). A graphics processor gains by it.
   *
   * @param crops the aligned crops, each of exactly the input size of the network, mostly 112x112
   * @return the embeddings in the order of the crops, an immutable list
   * @throws AlignmentException if a crop is of another size
   * @throws ModelException if the network fails
   * @throws BusyException if no turn came within {@link Builder#maxWait}
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this was closed
   */
  List<FaceEmbedding> embedAligned(List<FaceImage> crops);

  /**
   * The id that embeddings are marked with.
   *
   * @return the id, as in {@code w600k_r50:4c06341c33c2}
   */
  String modelId();

  /**
   * How pixels become the network's input: as declared, or as found in the file where nothing is
   * declared.
   *
   * @return the normalization in use
   */
  Normalization normalization();

  /**
   * The threshold of the description that this was opened with.
   *
   * @return the similarity from which on two faces count as the same person, in [-1, 1]
   */
  double threshold();

  /**
   * The side of the square crop that the network takes.
   *
   * @return the side in pixels, mostly 112
   */
  int cropSize();

  /** Releases the network once the calls in flight are done. Closing again does nothing. */
  @Override
  void close();

  /**
   * Opens the embedder of some models with default options.
   *
   * @param models the models
   * @return the embedder
   * @throws ModelException if the file cannot be loaded, or the file is of another kind
   */
  static FaceEmbedder create(FaceModels models) {
    return builder(models.embedder()).build();
  }

  /**
   * Starts to set the options of an embedder.
   *
   * @param model the recognition network
   * @return the options, with their defaults
   */
  static Builder builder(EmbedderModel model) {
    return new Builder(model);
  }

  /** The options of an embedder. Not thread-safe. */
  final class Builder {
    private final EmbedderModel model;
    private NetworkOptions network = NetworkOptions.defaults();

    private Builder(EmbedderModel model) {
      this.model = Objects.requireNonNull(model, "model");
    }

    /**
     * What the network runs on. The CPU by default.
     *
     * @param where the device
     * @return this
     */
    public Builder device(Device where) {
      network = network.withDevice(where);
      return this;
    }

    /**
     * The number of threads that work on one call. By default that of the processors that the JVM
     * may use.
     *
     * @param count the number of threads, 1 or more
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder threads(int count) {
      network = network.withThreads(count);
      return this;
    }

    /**
     * How many calls work at a time; further ones wait their turn, in the order in which they came.
     * Memory grows with this number, not with that of the callers. By default that of the
     * processors that the JVM may use.
     *
     * @param count the number of calls, 1 or more
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder maxConcurrentCalls(int count) {
      network = network.withMaxConcurrentCalls(count);
      return this;
    }

    /**
     * How long a call waits for its turn at most; then it ends in {@link BusyException}, a web
     * service's 503. Zero: it gets its turn at once or not at all. By default calls wait without a
     * bound.
     *
     * @param longest the longest wait, zero or more
     * @return this
     * @throws IllegalArgumentException if it is negative
     */
    public Builder maxWait(Duration longest) {
      network = network.withMaxWait(longest);
      return this;
    }

    /**
     * Opens the embedder.
     *
     * @return the embedder
     * @throws ModelException if the file cannot be loaded, or the file is of another kind
     * @throws DeviceUnavailableException if the device cannot be used
     */
    public FaceEmbedder build() {
      return new GuardedEmbedder(Implementations.embedder(model, network), network);
    }
  }
}
