// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import io.omote.face.description.DetectorModel;
import io.omote.face.internal.Implementations;
import io.omote.face.internal.call.GuardedDetector;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Finds the faces of an image.
 *
 * <p>Safe for use by several threads at once, with the same results as from one. It holds a network
 * in native memory: close it when no more faces are wanted. A call waits its turn where {@link
 * Builder#maxConcurrentCalls} others are at work. {@link Builder#maxWait} ends the wait with {@link
 * BusyException}, and an interrupt ends it with {@link InterruptedCallException}. {@link #close}
 * waits for calls in flight, whole ones; later calls throw {@link ClosedException}.
 *
 * <pre>{@code
 * try (FaceDetector detector = FaceDetector.create(models)) {
 *   List<Face> faces = detector.detect(FaceImage.read(Path.of("group.jpg")));
 * }
 * }</pre>
 */
public interface FaceDetector extends AutoCloseable {

  /**
   * Finds the faces.
   *
   * @param image the image
   * @return the faces by descending score, or in the order of the ranking where a maximum number is
   *     set; empty where there is none; an immutable list
   * @throws ModelException if the network fails
   * @throws BusyException if no turn came within {@link Builder#maxWait}
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this was closed
   */
  List<Face> detect(FaceImage image);

  /**
   * Finds the face that counts, which can take less than finding all: where the network's input
   * size is free, a first pass at a small size decides if it finds the face well enough.
   *
   * @param image the image
   * @param selection which face of several counts
   * @return the face and how many there are, empty where there is none
   * @throws ImageException if there are several and {@link FaceSelection#ONLY} is asked for
   * @throws ModelException if the network fails
   * @throws BusyException if no turn came within {@link Builder#maxWait}
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this was closed
   */
  default Optional<SelectedFace> detectOne(FaceImage image, FaceSelection selection) {
    List<Face> faces = detect(image);
    return selection
        .select(faces, image.width(), image.height())
        .map(face -> new SelectedFace(face, faces.size()));
  }

  /** Releases the network once the calls in flight are done. Closing again does nothing. */
  @Override
  void close();

  /**
   * Opens the detector of some models with default options.
   *
   * @param models the models
   * @return the detector
   * @throws ModelException if a file cannot be loaded, or a file is of another kind
   */
  static FaceDetector create(FaceModels models) {
    return builder(models.detector()).build();
  }

  /**
   * Starts to set the options of a detector.
   *
   * @param model the detector's files
   * @return the options, with their defaults
   */
  static Builder builder(DetectorModel model) {
    return new Builder(model);
  }

  /** The options of a detector. Not thread-safe. */
  final class Builder {
    private final DetectorModel model;
    private DetectorOptions options = DetectorOptions.DEFAULTS;
    private NetworkOptions network = NetworkOptions.defaults();

    private Builder(DetectorModel model) {
      this.model = Objects.requireNonNull(model, "model");
    }

    /**
     * The score from which on a face counts. By default that of the family: 0.5 for SCRFD, 0.7 for
     * YuNet, 0.65 for UltraLight.
     *
     * @param score the threshold, in [0, 1]
     * @return this
     * @throws IllegalArgumentException if it is outside [0, 1]
     */
    public Builder scoreThreshold(float score) {
      options = options.withScoreThreshold(score);
      return this;
    }

    /**
     * The overlap, intersection over union, above which the lower of two boxes is dropped. By
     * default that of the family: 0.3 for YuNet, 0.4 for the others.
     *
     * @param overlap the threshold, in [0, 1]
     * @return this
     * @throws IllegalArgumentException if it is outside [0, 1]
     */
    public Builder iouThreshold(float overlap) {
      options = options.withIouThreshold(overlap);
      return this;
    }

    /**
     * The sizes of the network's square input, one pass each; the faces of all passes are merged by
     * one suppression. By default those of the family: 128 and 640 for SCRFD (InsightFace's auto
     * mode: the small pass finds faces that fill the image), 640 for YuNet. A file whose size is
     * fixed runs at its own, and is refused if others were asked for.
     *
     * @param sides the sides in pixels, multiples of 32 from 32 to 8192
     * @return this
     * @throws IllegalArgumentException if there is none, or one is not such a multiple
     */
    public Builder inputSizes(int... sides) {
      options = options.withInputSizes(sides);
      return this;
    }

    /**
     * Whether a first pass at a small size may decide where one face is wanted ({@link
     * FaceDetector#detectOne}, and through it a matcher), if it finds the face well enough. That
     * takes a fraction of the time, and places landmarks less exactly, which moves similarities.
     * Off by default; {@link FaceDetector#detect} is never affected. A detector that cannot have it
     * is refused: UltraLight, files of a fixed size, and input sizes of at most 320, the size of
     * the first pass.
     *
     * @param allowed true to allow it
     * @return this
     */
    public Builder coarseToFine(boolean allowed) {
      options = options.withCoarseToFine(allowed);
      return this;
    }

    /**
     * The largest number of faces to return, and which faces those are; the result is in that
     * order. By default all are returned by descending score.
     *
     * @param count the number of faces, 1 or more
     * @param by the ranking, anything but {@link FaceSelection#ONLY}
     * @return this
     * @throws IllegalArgumentException if the number is not positive or the ranking does not rank
     */
    public Builder maxFaces(int count, FaceSelection by) {
      options = options.withMaxFaces(count, by);
      return this;
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
     * Opens the detector.
     *
     * @return the detector
     * @throws ModelException if a file cannot be loaded, or a file is of another kind, or cannot
     *     have the options asked for
     * @throws DeviceUnavailableException if the device cannot be used
     */
    public FaceDetector build() {
      return new GuardedDetector(Implementations.detector(model, options, network), network);
    }

    /** Opens it for a matcher, which needs landmarks. */
    FaceDetector buildForMatcher(NetworkOptions resolved) {
      return new GuardedDetector(
          Implementations.detector(model, options.withLandmarksRequired(), resolved), resolved);
    }

    DetectorOptions options() {
      return options;
    }

    /** What was set of the network, the rest by default. */
    NetworkOptions network() {
      return network;
    }
  }
}
