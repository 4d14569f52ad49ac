// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import io.omote.face.description.DetectorModel;
import io.omote.face.internal.Implementations;
import io.omote.face.internal.options.DetectorOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * A detector of faces. It gives a box and a score for each face of an image, and five landmarks
 * where the network has them, in pixels of the upright image.
 *
 * <pre>{@code
 * try (FaceDetector detector = FaceDetector.create(models)) {
 *   List<Face> faces = detector.detect(FaceImage.read(Path.of("group.jpg")));
 * }
 * }</pre>
 *
 * <p>Thread-safe: concurrent calls give the same results as calls from one thread. A call beyond
 * {@link Builder#maxConcurrentCalls} waits for a turn; the wait ends with {@link BusyException}
 * after {@link Builder#maxWait}, and with {@link InterruptedCallException} on an interrupt.
 *
 * <p>A detector holds a network in native memory until the caller closes it. {@link #close} waits
 * for calls in flight; later calls throw {@link ClosedException}.
 */
public interface FaceDetector extends AutoCloseable {

  /**
   * Finds the faces of an image.
   *
   * @param image the image
   * @return the faces by descending score, or in the order of the ranking where {@link
   *     Builder#maxFaces} left some out; empty if there is no face; an immutable list
   * @throws ImageException if {@link Orientation#ANY} needs a turned image that does not fit in the
   *     Java heap
   * @throws ModelException if the network fails
   * @throws BusyException if no turn became free within {@link Builder#maxWait}
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this detector is closed
   */
  List<Face> detect(FaceImage image);

  /**
   * Finds the face that counts. With {@link Builder#coarseToFine} this can take a fraction of the
   * time of {@link #detect}.
   *
   * @param image the image
   * @param selection which face of several counts
   * @return the face and the number of faces to choose from; empty if there is no face
   * @throws ImageException if there are several faces and the selection is {@link
   *     FaceSelection#ONLY}, or {@link Orientation#ANY} needs a turned image that does not fit in
   *     the Java heap
   * @throws ModelException if the network fails
   * @throws BusyException if no turn became free within {@link Builder#maxWait}
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this detector is closed
   */
  default Optional<SelectedFace> detectOne(FaceImage image, FaceSelection selection) {
    List<Face> faces = detect(image);
    return selection
        .select(faces, image.width(), image.height())
        .map(face -> new SelectedFace(face, faces.size()));
  }

  /**
   * Returns the positions in which this detector finds faces.
   *
   * @return those of {@link Builder#orientation}; {@link Orientation#UPRIGHT} for other
   *     implementations of this interface, unless they say otherwise
   */
  default Orientation orientation() {
    return Orientation.UPRIGHT;
  }

  /** Releases the network after the calls in flight. Closing again has no effect. */
  @Override
  void close();

  /**
   * Opens the detector of a set of models with default options.
   *
   * @param models the models
   * @return the detector; the caller must close it
   * @throws ModelException if a file cannot be loaded or holds another kind of network
   */
  static FaceDetector create(FaceModels models) {
    return builder(models.detector()).build();
  }

  /**
   * Returns a builder with default options.
   *
   * @param model the detector
   * @return the builder
   */
  static Builder builder(DetectorModel model) {
    return new Builder(model);
  }

  /** A builder of detectors. Not thread-safe. */
  final class Builder extends NetworkBuilder<Builder> {
    private final DetectorModel model;
    private Optional<Float> scoreThreshold = Optional.empty();
    private Optional<Float> iouThreshold = Optional.empty();
    private List<Integer> inputSizes = List.of();
    private Orientation orientation = Orientation.UPRIGHT;
    private boolean coarseToFine;
    private int maxFaces = Integer.MAX_VALUE;
    private FaceSelection ranking = FaceSelection.CENTRAL;

    private Builder(DetectorModel model) {
      this.model = Objects.requireNonNull(model, "model");
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * Sets the minimum score of a face. By default that of the family: 0.5 for SCRFD, 0.7 for YuNet
     * and RetinaFace, 0.65 for UltraLight.
     *
     * @param score the threshold, in [0, 1]
     * @return this builder
     * @throws IllegalArgumentException if the score is outside [0, 1]
     */
    public Builder scoreThreshold(float score) {
      scoreThreshold = Optional.of(fraction(score, "a score"));
      return this;
    }

    /**
     * Sets the overlap, intersection over union, above which the lower of two boxes is dropped. By
     * default that of the family: 0.3 for YuNet, 0.4 for the others.
     *
     * @param overlap the threshold, in [0, 1]
     * @return this builder
     * @throws IllegalArgumentException if the overlap is outside [0, 1]
     */
    public Builder iouThreshold(float overlap) {
      iouThreshold = Optional.of(fraction(overlap, "an overlap"));
      return this;
    }

    private static float fraction(float number, String what) {
      if (!(number >= 0 && number <= 1)) {
        throw new IllegalArgumentException(
            String.format(Locale.ROOT, "expected %s in [0, 1], found %s", what, number));
      }
      return number;
    }

    /**
     * Sets the sizes of the network's square input. The network runs once per size, and one
     * suppression merges the faces of all passes. By default those of the family: 128 and 640 for
     * SCRFD (InsightFace's auto mode: the small pass finds faces that fill the image), 640 for
     * YuNet; for RetinaFace, 320 for images of at most 480 pixels on the longer side, and 640 for
     * larger ones. A file with a fixed size runs at that size, and is refused with any other.
     *
     * @param sides the sides in pixels, multiples of 32 from 32 to 8192
     * @return this builder
     * @throws IllegalArgumentException if there is no side, or a side is not one of these multiples
     */
    public Builder inputSizes(int... sides) {
      if (sides.length == 0) {
        throw new IllegalArgumentException("expected at least one input size, found none");
      }
      for (int side : sides) {
        if (side < 32 || side > 8192 || side % 32 != 0) {
          throw new IllegalArgumentException(
              "expected input sizes that are multiples of 32 from 32 to 8192, found " + side);
        }
      }
      inputSizes = Arrays.stream(sides).boxed().toList();
      return this;
    }

    /**
     * Sets the positions in which faces are found. {@link Orientation#UPRIGHT} by default. {@link
     * Orientation#ANY} contradicts {@link #coarseToFine}, whose first pass is upright.
     *
     * @param positions the positions
     * @return this builder
     */
    public Builder orientation(Orientation positions) {
      orientation = Objects.requireNonNull(positions, "positions");
      return this;
    }

    /**
     * Sets whether {@link FaceDetector#detectOne}, and a matcher, may stop after a first pass at a
     * small size that finds the face well enough. That takes a fraction of the time, but places
     * landmarks less exactly, so that similarities change. Off by default; {@link
     * FaceDetector#detect} is never affected.
     *
     * <p>UltraLight, files with a fixed size, and input sizes of at most 320 (the size of the first
     * pass) do not support it: opening such a detector throws. An image that RetinaFace sees at 320
     * anyway has no first pass.
     *
     * @param allowed true to allow it
     * @return this builder
     */
    public Builder coarseToFine(boolean allowed) {
      coarseToFine = allowed;
      return this;
    }

    /**
     * Sets the largest number of faces to return, and the ranking that chooses and orders them. By
     * default all faces are returned, by descending score.
     *
     * @param count the number of faces, 1 or more
     * @param ranking any selection but {@link FaceSelection#ONLY}
     * @return this builder
     * @throws IllegalArgumentException if the number is not positive, or the selection does not
     *     rank
     */
    public Builder maxFaces(int count, FaceSelection ranking) {
      if (count < 1) {
        throw new IllegalArgumentException("expected 1 face or more, found " + count);
      }
      if (Objects.requireNonNull(ranking, "ranking") == FaceSelection.ONLY) {
        throw new IllegalArgumentException(
            "expected a ranking, found ONLY: use CENTRAL, LARGEST or HIGHEST_SCORE");
      }
      maxFaces = count;
      this.ranking = ranking;
      return this;
    }

    DetectorOptions options() {
      if (coarseToFine && orientation == Orientation.ANY) {
        throw new IllegalStateException(
            "coarseToFine stops after one upright pass, found the orientation ANY: set one of them");
      }
      return new DetectorOptions(
          scoreThreshold,
          iouThreshold,
          inputSizes,
          orientation,
          coarseToFine,
          false,
          maxFaces,
          ranking);
    }

    /**
     * Opens the detector.
     *
     * @return the detector; the caller must close it
     * @throws ModelException if a file cannot be loaded, holds another kind of network, or does not
     *     support the options
     * @throws DeviceUnavailableException if the device cannot be used
     * @throws IllegalStateException if {@link #coarseToFine} and {@link Orientation#ANY} are set
     */
    public FaceDetector build() {
      return Implementations.detector(model, options(), network());
    }
  }
}
