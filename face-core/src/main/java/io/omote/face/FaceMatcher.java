// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import io.omote.face.description.OperatingPoint;
import io.omote.face.internal.Implementations;
import io.omote.face.internal.options.MatcherOptions;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A matcher of faces. It decides whether two images show the same person (verification, 1:1). If an
 * image shows several faces, one of them counts: the central one, unless {@link Builder#selection}
 * says otherwise.
 *
 * <pre>{@code
 * try (FaceMatcher matcher = FaceMatcher.create(models)) {
 *   FaceMatch match = matcher.compare(Path.of("maya_1.jpg"), Path.of("maya_3.jpg"));
 *   System.out.println(match.similarity() + " " + match.isSamePerson());
 * }
 * }</pre>
 *
 * <p>An image gives the same embedding as a file, as the bytes of that file, as a stream of them,
 * and as a {@link FaceImage} that was read from it with the same {@link ImageOptions}.
 *
 * <p>Thread-safe: concurrent calls give the same results as calls from one thread. Open one matcher
 * and share it. A call beyond {@link Builder#maxConcurrentCalls} waits for a turn before it reads
 * an image; the wait ends with {@link BusyException} after {@link Builder#maxWait}, and with {@link
 * InterruptedCallException} on an interrupt.
 *
 * <p>A matcher that opened its networks holds them in native memory until the caller closes it.
 * {@link #close} waits for calls in flight; later calls throw {@link ClosedException}.
 */
public interface FaceMatcher extends AutoCloseable {

  /**
   * Compares the faces that count in two images.
   *
   * @param first the first image
   * @param second the second image
   * @return the similarity, the threshold and the decision
   * @throws ImageException if an image shows no face, or several and the selection is {@link
   *     FaceSelection#ONLY}; {@link ImageException#position} identifies the image
   * @throws ModelException if a network fails
   * @throws BusyException if no turn became free within {@link Builder#maxWait}
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this matcher is closed
   */
  FaceMatch compare(FaceImage first, FaceImage second);

  /**
   * Reads two images and compares the faces that count.
   *
   * @param first the file of the first image
   * @param second the file of the second image
   * @return the similarity, the threshold and the decision
   * @throws ImageException if an image cannot be read, shows no face, or shows several and the
   *     selection is {@link FaceSelection#ONLY}; {@link ImageException#position} identifies the
   *     image
   * @throws ModelException if a network fails
   * @throws BusyException if no turn became free within {@link Builder#maxWait}
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this matcher is closed
   */
  FaceMatch compare(Path first, Path second);

  /**
   * Decodes two image files from memory, such as uploads, and compares the faces that count.
   *
   * @param first the bytes of the first file
   * @param second the bytes of the second file
   * @return the similarity, the threshold and the decision
   * @throws ImageException if an image cannot be read, shows no face, or shows several and the
   *     selection is {@link FaceSelection#ONLY}; {@link ImageException#position} identifies the
   *     image
   * @throws ModelException if a network fails
   * @throws BusyException if no turn became free within {@link Builder#maxWait}
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this matcher is closed
   */
  FaceMatch compare(byte[] first, byte[] second);

  /**
   * Reads two image files from streams to their ends, the first and then the second, and compares
   * the faces that count. It reads no more than {@link ImageOptions#maxBytes} of each, and leaves
   * them open. The call holds its turn while it reads: if a sender may be slow, read the bytes
   * first.
   *
   * @param first the stream of the first file
   * @param second the stream of the second file
   * @return the similarity, the threshold and the decision
   * @throws ImageException if an image cannot be read, shows no face, or shows several and the
   *     selection is {@link FaceSelection#ONLY}; {@link ImageException#position} identifies the
   *     image
   * @throws ModelException if a network fails
   * @throws BusyException if no turn became free within {@link Builder#maxWait}
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this matcher is closed
   */
  FaceMatch compare(InputStream first, InputStream second);

  /**
   * Compares two embeddings. No network runs.
   *
   * @param first an embedding of this matcher's model
   * @param second another embedding of this matcher's model
   * @return the similarity, the threshold and the decision
   * @throws EmbeddingException if an embedding comes from another model, to which the threshold
   *     does not apply
   * @throws ClosedException if this matcher is closed
   */
  FaceMatch compare(FaceEmbedding first, FaceEmbedding second);

  /**
   * Embeds the face that counts in an image.
   *
   * @param image the image
   * @return the embedding, empty if there is no face in the positions in which the detector looks
   *     ({@link FaceDetector#orientation})
   * @throws ImageException if there are several faces and the selection is {@link
   *     FaceSelection#ONLY}
   * @throws ModelException if a network fails
   * @throws BusyException if no turn became free within {@link Builder#maxWait}
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this matcher is closed
   */
  Optional<FaceEmbedding> embed(FaceImage image);

  /**
   * Reads an image and embeds the face that counts.
   *
   * @param file the file of the image
   * @return the embedding, empty if there is no face in the positions in which the detector looks
   *     ({@link FaceDetector#orientation})
   * @throws ImageException if the image cannot be read, or shows several faces and the selection is
   *     {@link FaceSelection#ONLY}
   * @throws ModelException if a network fails
   * @throws BusyException if no turn became free within {@link Builder#maxWait}
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this matcher is closed
   */
  Optional<FaceEmbedding> embed(Path file);

  /**
   * Decodes an image file from memory and embeds the face that counts.
   *
   * @param encoded the bytes of the file
   * @return the embedding, empty if there is no face in the positions in which the detector looks
   *     ({@link FaceDetector#orientation})
   * @throws ImageException if the image cannot be read, or shows several faces and the selection is
   *     {@link FaceSelection#ONLY}
   * @throws ModelException if a network fails
   * @throws BusyException if no turn became free within {@link Builder#maxWait}
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this matcher is closed
   */
  Optional<FaceEmbedding> embed(byte[] encoded);

  /**
   * Reads an image file from a stream to its end and embeds the face that counts. It reads no more
   * than {@link ImageOptions#maxBytes}, and leaves the stream open. The call holds its turn while
   * it reads: if a sender may be slow, read the bytes first.
   *
   * @param stream the stream of the file
   * @return the embedding, empty if there is no face in the positions in which the detector looks
   *     ({@link FaceDetector#orientation})
   * @throws ImageException if the image cannot be read, or shows several faces and the selection is
   *     {@link FaceSelection#ONLY}
   * @throws ModelException if a network fails
   * @throws BusyException if no turn became free within {@link Builder#maxWait}
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this matcher is closed
   */
  Optional<FaceEmbedding> embed(InputStream stream);

  /**
   * Returns the minimum similarity at which two faces are considered the same person.
   *
   * @return the threshold, in [-1, 1]
   */
  double threshold();

  /**
   * Returns the id of the recognizer, to which the threshold belongs.
   *
   * @return the id, as in {@code w600k_r50:4c06341c33c2}
   */
  String modelId();

  /**
   * Waits for the calls in flight and releases the networks that this matcher opened. Closing again
   * has no effect.
   */
  @Override
  void close();

  /**
   * Opens a matcher with default options.
   *
   * @param models the models
   * @return the matcher; the caller must close it
   * @throws ModelException if a file cannot be loaded or holds another kind of network, or the
   *     detector gives no landmarks
   */
  static FaceMatcher create(FaceModels models) {
    return builder(models).build();
  }

  /**
   * Returns a matcher of an open detector and an open embedder, with default options. It decides by
   * the embedder's threshold. It does not close the two, and both must stay open while it is in
   * use. If the detector gives no landmarks, calls throw {@link AlignmentException}.
   *
   * @param detector a detector that gives landmarks
   * @param embedder an embedder
   * @return the matcher
   */
  static FaceMatcher of(FaceDetector detector, FaceEmbedder embedder) {
    return builder(detector, embedder).build();
  }

  /**
   * Returns a builder of a matcher that opens its own networks, and closes them.
   *
   * @param models the models
   * @return the builder, with default options
   */
  static Builder builder(FaceModels models) {
    FaceDetector.Builder detection = FaceDetector.builder(models.detector());
    return new Builder(
        detection,
        options ->
            Implementations.matcher(models, detection.options(), detection.network(), options));
  }

  /**
   * Returns a builder of a matcher of an open detector and an open embedder, as {@link #of} makes
   * it. The options of the networks were set when they were opened, and cannot be set again here.
   *
   * @param detector a detector that gives landmarks
   * @param embedder an embedder
   * @return the builder, with default options
   */
  static Builder builder(FaceDetector detector, FaceEmbedder embedder) {
    Objects.requireNonNull(detector, "detector");
    Objects.requireNonNull(embedder, "embedder");
    return new Builder(null, options -> Implementations.matcher(detector, embedder, options));
  }

  /**
   * A builder of matchers. Options may be set in any order; {@link #build} refuses those that
   * contradict each other. Not thread-safe.
   *
   * <p>The options of both networks, such as {@link #maxConcurrentCalls} and {@link #maxWait}, are
   * also those of the calls of the matcher itself. Networks that were opened elsewhere keep their
   * own limits, and calls of the matcher wait for both.
   */
  final class Builder extends NetworkBuilder<Builder> {
    private final FaceDetector.@Nullable Builder detection;
    private final Function<MatcherOptions, FaceMatcher> opener;
    private Optional<Double> threshold = Optional.empty();
    private Optional<OperatingPoint> operatingPoint = Optional.empty();
    private FaceSelection selection = FaceSelection.CENTRAL;
    private ImageOptions imageOptions = ImageOptions.defaults();
    private boolean warmUp;

    private Builder(
        FaceDetector.@Nullable Builder detection, Function<MatcherOptions, FaceMatcher> opener) {
      this.detection = detection;
      this.opener = opener;
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * Sets the minimum similarity at which two faces are considered the same person. By default
     * that of the model. Contradicts {@link #operatingPoint}.
     *
     * @param similarity the threshold, in [-1, 1]
     * @return this builder
     * @throws IllegalArgumentException if the threshold is outside [-1, 1]
     */
    public Builder threshold(double similarity) {
      threshold = Optional.of(Checks.threshold(similarity));
      return this;
    }

    /**
     * Sets the operating point whose threshold decides. It must belong to the recognizer in use.
     * Contradicts {@link #threshold}.
     *
     * @param point the operating point, as from {@link FaceModels#atFmr} or {@code
     *     OperatingPointFile.read}
     * @return this builder
     */
    public Builder operatingPoint(OperatingPoint point) {
      operatingPoint = Optional.of(point);
      return this;
    }

    /**
     * Sets which face of several counts. {@link FaceSelection#CENTRAL} by default.
     *
     * @param selection the selection
     * @return this builder
     */
    public Builder selection(FaceSelection selection) {
      this.selection = Objects.requireNonNull(selection, "selection");
      return this;
    }

    /**
     * Sets the limits for images that the matcher reads itself: files, their bytes, and streams.
     *
     * @param options the limits
     * @return this builder
     */
    public Builder imageOptions(ImageOptions options) {
      imageOptions = Objects.requireNonNull(options, "options");
      return this;
    }

    /**
     * Sets whether both networks run once when the matcher opens, so that the first comparison
     * takes no longer than later ones. Off by default.
     *
     * @param run true to run them
     * @return this builder
     */
    public Builder warmUp(boolean run) {
      warmUp = run;
      return this;
    }

    /**
     * Sets options of the detector, as in {@code detection(d -> d.scoreThreshold(0.6f))}. The
     * device, threads, concurrent calls and maximum wait that are set here take precedence over
     * those set for both networks.
     *
     * @param settings the action that sets the options
     * @return this builder
     * @throws IllegalStateException if this is a builder of open networks
     */
    public Builder detection(Consumer<FaceDetector.Builder> settings) {
      settings.accept(requireOwn("detection"));
      return this;
    }

    /**
     * Sets the device that both networks run on. The CPU by default.
     *
     * @param device the device
     * @return this builder
     * @throws IllegalStateException if this is a builder of open networks
     */
    @Override
    public Builder device(Device device) {
      requireOwn("device");
      return super.device(device);
    }

    /**
     * Sets the number of threads that work on one image. The two images of a comparison are then
     * embedded in turn.
     *
     * <p>By default the two images are embedded in parallel, each by half of the processors that
     * the JVM may use, if no other call needs them; this is the fastest way to compare. With {@link
     * #maxConcurrentCalls} of 1 or {@link #maxWait} of zero they are embedded in turn, each by all
     * processors.
     *
     * <p>If you only embed, one image at a time, use as many threads as there are processors. If
     * there are as many callers as processors, use one thread.
     *
     * @param count the number of threads, 1 or more
     * @return this builder
     * @throws IllegalArgumentException if the number is not positive
     * @throws IllegalStateException if this is a builder of open networks
     */
    @Override
    public Builder threads(int count) {
      requireOwn("threads");
      return super.threads(count);
    }

    private FaceDetector.Builder requireOwn(String option) {
      if (detection == null) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT,
                "the %s of open networks cannot be set here: set it where they are opened",
                option));
      }
      return detection;
    }

    MatcherOptions options() {
      return new MatcherOptions(
          threshold, operatingPoint, selection, imageOptions, warmUp, network());
    }

    /**
     * Opens the matcher.
     *
     * @return the matcher; the caller must close it
     * @throws ModelException if a file cannot be loaded or holds another kind of network, the
     *     detector gives no landmarks, or the operating point belongs to another model
     * @throws DeviceUnavailableException if the device cannot be used
     * @throws IllegalStateException if options contradict each other: a threshold and an operating
     *     point, {@link FaceSelection#ONLY} and {@code maxFaces(1)} in {@link #detection}, or
     *     {@link Orientation#ANY} and {@code coarseToFine} in it
     */
    public FaceMatcher build() {
      if (threshold.isPresent() && operatingPoint.isPresent()) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT,
                "expected a threshold or an operating point, found the threshold %s and an operating point of %s: set one of them",
                threshold.get(),
                operatingPoint.get().threshold()));
      }
      if (selection == FaceSelection.ONLY
          && detection != null
          && detection.options().maxFaces() == 1) {
        throw new IllegalStateException(
            "the selection ONLY needs a detector that reports several faces, found maxFaces of 1: leave maxFaces unset, or choose another selection");
      }
      return opener.apply(options());
    }
  }
}
