// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import io.omote.face.description.AnalyzerModel;
import io.omote.face.internal.Implementations;
import java.util.List;
import java.util.Objects;

/**
 * An analyzer of faces that a detector found, such as of their age, pose, quality or liveness. It
 * gives one value for each face.
 *
 * <pre>{@code
 * try (FaceAnalyzer<AgeAndSex> analyzer = FaceAnalyzer.create(AgeAndSexModel.of(file))) {
 *   List<AgeAndSex> guesses = analyzer.analyze(image, detector.detect(image));
 * }
 * }</pre>
 *
 * <p>A face that does not stand upright ({@link Face#turn}) is turned upright for the networks, but
 * not for liveness; results are in pixels of the given image.
 *
 * <p>Thread-safe: concurrent calls give the same results as calls from one thread. A call beyond
 * {@link Builder#maxConcurrentCalls} waits for a turn; the wait ends with {@link BusyException}
 * after {@link Builder#maxWait}, and with {@link InterruptedCallException} on an interrupt.
 *
 * <p>An analyzer holds one or more networks in native memory until the caller closes it. {@link
 * #close} waits for calls in flight; later calls throw {@link ClosedException}.
 *
 * @param <A> the value for a face
 */
public interface FaceAnalyzer<A> extends AutoCloseable {

  /**
   * Analyzes one face.
   *
   * @param image the image
   * @param face a face of the image
   * @return the value for the face
   * @throws AlignmentException if the network needs landmarks, and the face has none or degenerate
   *     ones
   * @throws ModelException if the network fails
   * @throws BusyException if no turn became free within {@link Builder#maxWait}
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this analyzer is closed
   */
  default A analyze(FaceImage image, Face face) {
    return analyze(image, List.of(face)).get(0);
  }

  /**
   * Analyzes several faces of one image. A network that accepts batches runs once per 32 faces;
   * larger batches would cost memory and save no time.
   *
   * @param image the image
   * @param faces faces of the image
   * @return a value for each face, in the order of the faces, an immutable list
   * @throws AlignmentException if the network needs landmarks, and a face has none or degenerate
   *     ones
   * @throws ModelException if the network fails
   * @throws BusyException if no turn became free within {@link Builder#maxWait}
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this analyzer is closed
   */
  List<A> analyze(FaceImage image, List<Face> faces);

  /** Releases the networks after the calls in flight. Closing again has no effect. */
  @Override
  void close();

  /**
   * Opens an analyzer with default options.
   *
   * @param model the description of its files
   * @param <A> the value for a face
   * @return the analyzer; the caller must close it
   * @throws ModelException if a file cannot be loaded or holds another kind of network
   */
  static <A> FaceAnalyzer<A> create(AnalyzerModel<A> model) {
    return builder(model).build();
  }

  /**
   * Returns a builder with default options.
   *
   * @param model the description of its files
   * @param <A> the value for a face
   * @return the builder
   */
  static <A> Builder<A> builder(AnalyzerModel<A> model) {
    return new Builder<>(model);
  }

  /**
   * A builder of analyzers. Not thread-safe.
   *
   * @param <A> the value for a face
   */
  final class Builder<A> extends NetworkBuilder<Builder<A>> {
    private final AnalyzerModel<A> model;

    private Builder(AnalyzerModel<A> model) {
      this.model = Objects.requireNonNull(model, "model");
    }

    @Override
    Builder<A> self() {
      return this;
    }

    /**
     * Opens the analyzer.
     *
     * @return the analyzer; the caller must close it
     * @throws ModelException if a file cannot be loaded or holds another kind of network
     * @throws DeviceUnavailableException if the device cannot be used
     */
    public FaceAnalyzer<A> build() {
      return Implementations.analyzer(model, network());
    }
  }
}
