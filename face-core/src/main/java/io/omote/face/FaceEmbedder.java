// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import io.omote.face.description.EmbedderModel;
import io.omote.face.description.Normalization;
import io.omote.face.internal.Implementations;
import java.util.List;
import java.util.Objects;

/**
 * An embedder of faces. It aligns a face by its landmarks and runs the recognizer, the network that
 * makes embeddings, on the crop.
 *
 * <pre>{@code
 * try (FaceEmbedder embedder = FaceEmbedder.create(models)) {
 *   List<FaceEmbedding> embeddings = embedder.embed(image, detector.detect(image));
 * }
 * }</pre>
 *
 * <p>Thread-safe: concurrent calls give the same results as calls from one thread. A call beyond
 * {@link Builder#maxConcurrentCalls} waits for a turn; the wait ends with {@link BusyException}
 * after {@link Builder#maxWait}, and with {@link InterruptedCallException} on an interrupt.
 *
 * <p>An embedder holds a network in native memory until the caller closes it. {@link #close} waits
 * for calls in flight; later calls throw {@link ClosedException}.
 */
public interface FaceEmbedder extends AutoCloseable {

  /**
   * Embeds one face.
   *
   * @param image the image
   * @param face a face of the image, with landmarks
   * @return the embedding
   * @throws AlignmentException if the face has no landmarks, or degenerate ones
   * @throws ModelException if the network fails
   * @throws BusyException if no turn became free within {@link Builder#maxWait}
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this embedder is closed
   */
  default FaceEmbedding embed(FaceImage image, Face face) {
    return embed(image, List.of(face)).get(0);
  }

  /**
   * Embeds several faces of one image. A network that accepts batches runs once per 32 faces;
   * larger batches would cost memory and save no time.
   *
   * @param image the image
   * @param faces faces of the image, with landmarks
   * @return the embeddings in the order of the faces, an immutable list
   * @throws AlignmentException if a face has no landmarks, or degenerate ones
   * @throws ModelException if the network fails
   * @throws BusyException if no turn became free within {@link Builder#maxWait}
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this embedder is closed
   */
  List<FaceEmbedding> embed(FaceImage image, List<Face> faces);

  /**
   * Cuts a face out of an image, rotated and scaled as the network expects it. The crop is a small
   * image that you can keep, send elsewhere, and embed together with others: {@link
   * #embedAligned(List)} gives the same embedding as {@link #embed(FaceImage, Face)}.
   *
   * @param image the image
   * @param face a face of the image, with landmarks
   * @return the aligned crop, a square of {@link #cropSize} pixels, black where it reaches beyond
   *     the image
   * @throws AlignmentException if the face has no landmarks, or degenerate ones
   * @throws ClosedException if this embedder is closed
   */
  FaceImage align(FaceImage image, Face face);

  /**
   * Embeds an aligned face.
   *
   * @param crop the aligned crop, a square of {@link #cropSize} pixels
   * @return the embedding
   * @throws AlignmentException if the crop has another size
   * @throws ModelException if the network fails
   * @throws BusyException if no turn became free within {@link Builder#maxWait}
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this embedder is closed
   */
  default FaceEmbedding embedAligned(FaceImage crop) {
    return embedAligned(List.of(crop)).get(0);
  }

  /**
   * Embeds aligned faces of any images. A network that accepts batches runs once per 32 faces,
   * which makes better use of a GPU.
   *
   * @param crops the aligned crops, squares of {@link #cropSize} pixels
   * @return the embeddings in the order of the crops, an immutable list
   * @throws AlignmentException if a crop has another size
   * @throws ModelException if the network fails
   * @throws BusyException if no turn became free within {@link Builder#maxWait}
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this embedder is closed
   */
  List<FaceEmbedding> embedAligned(List<FaceImage> crops);

  /**
   * Returns the id of the model, which every embedding carries.
   *
   * @return the id, as in {@code w600k_r50:4c06341c33c2}
   */
  String modelId();

  /**
   * Returns the normalization of pixels in use: the declared one, or the one that the file implies
   * if none is declared.
   *
   * @return the normalization
   */
  Normalization normalization();

  /**
   * Returns the threshold of the model's description.
   *
   * @return the minimum similarity at which two faces are considered the same person, in [-1, 1]
   */
  double threshold();

  /**
   * Returns the side of the square crop that the network expects.
   *
   * @return the side in pixels, usually 112
   */
  int cropSize();

  /** Releases the network after the calls in flight. Closing again has no effect. */
  @Override
  void close();

  /**
   * Opens the embedder of a set of models with default options.
   *
   * @param models the models
   * @return the embedder; the caller must close it
   * @throws ModelException if the file cannot be loaded or holds another kind of network
   */
  static FaceEmbedder create(FaceModels models) {
    return builder(models.embedder()).build();
  }

  /**
   * Returns a builder with default options.
   *
   * @param model the recognizer
   * @return the builder
   */
  static Builder builder(EmbedderModel model) {
    return new Builder(model);
  }

  /** A builder of embedders. Not thread-safe. */
  final class Builder extends NetworkBuilder<Builder> {
    private final EmbedderModel model;

    private Builder(EmbedderModel model) {
      this.model = Objects.requireNonNull(model, "model");
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * Opens the embedder.
     *
     * @return the embedder; the caller must close it
     * @throws ModelException if the file cannot be loaded or holds another kind of network
     * @throws DeviceUnavailableException if the device cannot be used
     */
    public FaceEmbedder build() {
      return Implementations.embedder(model, network());
    }
  }
}
