// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import io.omote.face.description.AnalyzerModel;
import io.omote.face.internal.Implementations;
import io.omote.face.internal.call.GuardedAnalyzer;
import java.util.List;
import java.util.Objects;

/**
 * A network, or several, that looks at faces which a detector found, and says something of each.
 *
 * <p>Safe for use by several threads at once, with the same results as from one. It holds networks
 * in native memory: close it when no more answers are wanted. A call waits its turn where {@link
 * NetworkOptions#maxConcurrentCalls} others are at work. {@link NetworkOptions#maxWait} ends the
 * wait with {@link BusyException}, and an interrupt ends it with {@link InterruptedCallException}.
 * {@link #close} waits for calls in flight, whole ones; later calls throw {@link ClosedException}.
 *
 * <pre>{@code
 * try (FaceAnalyzer<AgeAndSex> analyzer = FaceAnalyzer.create(AgeAndSexModel.of(file))) {
 *   List<AgeAndSex> guesses = analyzer.analyze(image, detector.detect(image));
 * }
 * }</pre>
 *
 * @param <A> what is said of a face
 */
public interface FaceAnalyzer<A> extends AutoCloseable {

  /**
   * Looks at one face.
   *
   * @param image the image
   * @param face a face of it
   * @return what the network says
   * @throws AlignmentException if the network needs landmarks, and the face has none or ones that
   *     fix no transform
   * @throws ModelException if the network fails
   * @throws BusyException if no turn came within {@link NetworkOptions#maxWait}
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this was closed
   */
  default A analyze(FaceImage image, Face face) {
    return analyze(image, List.of(face)).get(0);
  }

  /**
   * Looks at several faces of one image, in one run of the network where it takes several at once
   * (of up to 32 faces: beyond that memory grows and nothing is gained).
   *
   * @param image the image
   * @param faces faces of it
   * @return what the network says of each, in the order of the faces, an immutable list
   * @throws AlignmentException if the network needs landmarks, and a face has none or ones that fix
   *     no transform
   * @throws ModelException if the network fails
   * @throws BusyException if no turn came within {@link NetworkOptions#maxWait}
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this was closed
   */
  List<A> analyze(FaceImage image, List<Face> faces);

  /** Releases the networks once the calls in flight are done. Closing again does nothing. */
  @Override
  void close();

  /**
   * Opens an analyzer with default options.
   *
   * @param model its files
   * @param <A> what is said of a face
   * @return the analyzer
   * @throws ModelException if a file cannot be loaded, or is of another kind
   */
  static <A> FaceAnalyzer<A> create(AnalyzerModel<A> model) {
    return create(model, NetworkOptions.defaults());
  }

  /**
   * Opens an analyzer.
   *
   * @param model its files
   * @param network how they are run
   * @param <A> what is said of a face
   * @return the analyzer
   * @throws ModelException if a file cannot be loaded, or is of another kind
   * @throws DeviceUnavailableException if the device cannot be used
   */
  static <A> FaceAnalyzer<A> create(AnalyzerModel<A> model, NetworkOptions network) {
    return new GuardedAnalyzer<>(
        Implementations.analyzer(
            Objects.requireNonNull(model, "model"), Objects.requireNonNull(network, "network")),
        network);
  }
}
