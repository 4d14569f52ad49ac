// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import io.omote.face.description.EmbedderModel;
import io.omote.face.description.OperatingPoint;
import io.omote.face.internal.Implementations;
import io.omote.face.internal.call.GuardedEmbedder;
import io.omote.face.internal.call.PlatformCall;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Says whether two images show the same person (verification).
 *
 * <p>Safe for use by several threads at once, with the same results as from one. It holds networks
 * in native memory: make one, share it, close it at the end. A call waits its turn where {@link
 * Builder#maxConcurrentCalls} others are at work, before it reads an image. {@link Builder#maxWait}
 * ends the wait with {@link BusyException}, and an interrupt ends it with {@link
 * InterruptedCallException}. {@link #close} waits for calls in flight, whole ones; later calls
 * throw {@link ClosedException}.
 *
 * <p>An image gives the same embedding by each way in: as a file, as the bytes of a file, as a
 * stream of them, or as a {@link FaceImage} that was read from it with the same {@link
 * ImageOptions}.
 *
 * <pre>{@code
 * try (FaceMatcher matcher = FaceMatcher.create(models)) {
 *   FaceMatch match = matcher.compare(Path.of("maya_1.jpg"), Path.of("maya_3.jpg"));
 *   System.out.println(match.similarity() + " " + match.isSamePerson());
 * }
 * }</pre>
 */
public interface FaceMatcher extends AutoCloseable {

  /**
   * Compares the faces that count of two images.
   *
   * @param first one image
   * @param second the other
   * @return similarity, threshold and decision
   * @throws ImageException if one of the images shows no face, or one shows several and {@link
   *     FaceSelection#ONLY} is set; it says which
   * @throws ModelException if a network fails
   * @throws BusyException if no turn came within {@link Builder#maxWait}
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this was closed
   */
  FaceMatch compare(FaceImage first, FaceImage second);

  /**
   * Reads two images and compares the faces that count.
   *
   * @param first the file of one image
   * @param second the file of the other
   * @return similarity, threshold and decision
   * @throws ImageException if a file is missing, empty, damaged or cut off, a file is not of a
   *     format that is read, a file exceeds a limit of {@link ImageOptions}, one of the images
   *     shows no face, or one shows several and {@link FaceSelection#ONLY} is set; it says which
   * @throws ModelException if a network fails
   * @throws BusyException if no turn came within {@link Builder#maxWait}
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this was closed
   */
  FaceMatch compare(Path first, Path second);

  /**
   * Decodes two image files from memory, as from uploads, and compares the faces that count.
   *
   * @param first the bytes of one file
   * @param second the bytes of the other
   * @return similarity, threshold and decision
   * @throws ImageException if one is empty, damaged or cut off, one is not of a format that is
   *     read, one exceeds a limit of {@link ImageOptions}, one of the images shows no face, or one
   *     shows several and {@link FaceSelection#ONLY} is set; it says which
   * @throws ModelException if a network fails
   * @throws BusyException if no turn came within {@link Builder#maxWait}
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this was closed
   */
  FaceMatch compare(byte[] first, byte[] second);

  /**
   * Reads two image files from streams to their ends, the first and then the second, and compares
   * the faces that count. The streams stay open. They are read while the call is one of those at
   * work: where a sender may take its time, read the bytes before.
   *
   * @param first the stream of one file
   * @param second the stream of the other
   * @return similarity, threshold and decision
   * @throws ImageException if a stream fails or its bytes are empty, damaged or cut off, one is not
   *     of a format that is read, one exceeds a limit of {@link ImageOptions}, one of the images
   *     shows no face, or one shows several and {@link FaceSelection#ONLY} is set; no more than the
   *     limit is read; it says which
   * @throws ModelException if a network fails
   * @throws BusyException if no turn came within {@link Builder#maxWait}
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this was closed
   */
  FaceMatch compare(InputStream first, InputStream second);

  /**
   * Compares two embeddings. No network runs.
   *
   * @param first one embedding, of this matcher's model
   * @param second the other, of this matcher's model
   * @return similarity, threshold and decision
   * @throws EmbeddingException if one of them is of another model, to which the threshold would not
   *     apply
   * @throws ClosedException if this was closed
   */
  FaceMatch compare(FaceEmbedding first, FaceEmbedding second);

  /**
   * Embeds the face that counts.
   *
   * @param image the image
   * @return its embedding, empty where there is no face
   * @throws ImageException if there are several and {@link FaceSelection#ONLY} is set
   * @throws ModelException if a network fails
   * @throws BusyException if no turn came within {@link Builder#maxWait}
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this was closed
   */
  Optional<FaceEmbedding> embed(FaceImage image);

  /**
   * Reads an image and embeds the face that counts.
   *
   * @param file the file of the image
   * @return its embedding, empty where there is no face
   * @throws ImageException if the file is missing, empty, damaged or cut off, the file is not of a
   *     format that is read, the file exceeds a limit of {@link ImageOptions}, or there are several
   *     and {@link FaceSelection#ONLY} is set
   * @throws ModelException if a network fails
   * @throws BusyException if no turn came within {@link Builder#maxWait}
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this was closed
   */
  Optional<FaceEmbedding> embed(Path file);

  /**
   * Decodes an image file from memory and embeds the face that counts.
   *
   * @param encoded the bytes of the file
   * @return its embedding, empty where there is no face
   * @throws ImageException if the bytes are empty, damaged or cut off, they are not of a format
   *     that is read, they exceed a limit of {@link ImageOptions}, or there are several and {@link
   *     FaceSelection#ONLY} is set
   * @throws ModelException if a network fails
   * @throws BusyException if no turn came within {@link Builder#maxWait}
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this was closed
   */
  Optional<FaceEmbedding> embed(byte[] encoded);

  /**
   * Reads an image file from a stream to its end and embeds the face that counts. The stream stays
   * open. It is read while the call is one of those at work: where a sender may take its time, read
   * the bytes before.
   *
   * @param stream the stream
   * @return its embedding, empty where there is no face
   * @throws ImageException if the stream fails or its bytes are empty, damaged or cut off, they are
   *     not of a format that is read, they exceed a limit of {@link ImageOptions}, or there are
   *     several and {@link FaceSelection#ONLY} is set; no more than the limit is read
   * @throws ModelException if a network fails
   * @throws BusyException if no turn came within {@link Builder#maxWait}
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this was closed
   */
  Optional<FaceEmbedding> embed(InputStream stream);

  /**
   * The similarity from which on two faces count as the same person.
   *
   * @return the threshold, in [-1, 1]
   */
  double threshold();

  /**
   * The id of the recognition network, to which the threshold belongs.
   *
   * @return the id, as in {@code w600k_r50:4c06341c33c2}
   */
  String modelId();

  /** Releases the networks once the calls in flight are done. Closing again does nothing. */
  @Override
  void close();

  /**
   * Opens a matcher with default options.
   *
   * @param models the models
   * @return the matcher
   * @throws ModelException if a file cannot be loaded, or a file is of another kind, or the
   *     detector gives no landmarks
   */
  static FaceMatcher create(FaceModels models) {
    return builder(models).build();
  }

  /**
   * Makes a matcher of a detector and an embedder that are open and used elsewhere too, with
   * default options. It decides by the embedder's threshold, and does not close them: they must
   * stay open as long as it is used. Where the detector gives no landmarks, calls end in {@link
   * AlignmentException}.
   *
   * @param detector finds faces, with landmarks
   * @param embedder embeds them
   * @return the matcher
   */
  static FaceMatcher of(FaceDetector detector, FaceEmbedder embedder) {
    return builder(detector, embedder).build();
  }

  /**
   * Starts to set the options of a matcher of a detector and an embedder that are open and used
   * elsewhere too. Options of the networks themselves were set where these were opened.
   *
   * @param detector finds faces, with landmarks
   * @param embedder embeds them
   * @return the options, with their defaults
   * @see #of
   */
  static Builder builder(FaceDetector detector, FaceEmbedder embedder) {
    return new Builder(detector, embedder);
  }

  /**
   * Starts to set the options of a matcher that opens its own networks, and closes them.
   *
   * @param models the models
   * @return the options, with their defaults
   */
  static Builder builder(FaceModels models) {
    return new Builder(models);
  }

  /** The options of a matcher. Not thread-safe. */
  final class Builder {
    private final @Nullable OwnNetworks own;
    private final @Nullable OpenNetworks shared;
    private MatcherOptions options = MatcherOptions.defaults();

    private Builder(FaceModels models) {
      own = new OwnNetworks(FaceDetector.builder(models.detector()), models.embedder());
      shared = null;
    }

    private Builder(FaceDetector detector, FaceEmbedder embedder) {
      own = null;
      shared = new OpenNetworks(detector, embedder);
    }

    /** Networks that are still to be opened, and what was set for the detector alone. */
    private record OwnNetworks(FaceDetector.Builder detector, EmbedderModel embedder) {
      /** Both at a time: one is read from disk while the other is made ready. */
      OpenNetworks open(Plan plan) {
        PlatformCall<FaceDetector> opening =
            PlatformCall.start(() -> detector.buildForMatcher(plan.detection()));
        FaceEmbedder opened;
        try {
          opened =
              new GuardedEmbedder(
                  Implementations.embedder(embedder, plan.embedding()), plan.embedding());
        } catch (RuntimeException | Error e) {
          opening.join().close();
          throw e;
        }
        try {
          return new OpenNetworks(opening.join(), opened);
        } catch (RuntimeException | Error e) {
          opened.close();
          throw e;
        }
      }
    }

    private record OpenNetworks(FaceDetector detector, FaceEmbedder embedder) {
      OpenNetworks {
        Objects.requireNonNull(detector, "detector");
        Objects.requireNonNull(embedder, "embedder");
      }

      void close() {
        try (detector) {
          embedder.close();
        }
      }
    }

    /**
     * What follows from all options together, in whatever order they were set.
     *
     * @param detection how the detector is run
     * @param embedding how the recognition network is run
     * @param parallel whether two images may be embedded at a time
     */
    record Plan(NetworkOptions detection, NetworkOptions embedding, boolean parallel) {}

    Plan plan() {
      NetworkOptions both = options.network();
      NetworkOptions ofDetector = Objects.requireNonNull(own).detector().network();
      boolean parallel =
          both.canShareThreads() && both.canLendTurns() && ofDetector.or(both).canLendTurns();
      NetworkOptions embedding = both.shared(parallel);
      return new Plan(ofDetector.or(embedding), embedding, parallel);
    }

    MatcherOptions options() {
      return options;
    }

    DetectorOptions detectorOptions() {
      return Objects.requireNonNull(own).detector().options();
    }

    private OwnNetworks own(String option) {
      if (own == null) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT,
                "expected a matcher that opens its networks, to set the %s of them, found one of open networks: set it where they are opened",
                option));
      }
      return own;
    }

    /**
     * The minimum similarity at which two faces are considered the same person. By default the
     * model's. Set this or {@link #operatingPoint}: both are refused by {@link #build}.
     *
     * @param similarity the threshold, in [-1, 1]
     * @return this
     * @throws IllegalArgumentException if it is outside [-1, 1]
     */
    public Builder threshold(double similarity) {
      options = options.withThreshold(similarity);
      return this;
    }

    /**
     * Decides by the threshold of an operating point, which must be one of the recognition network
     * in use. Set this or {@link #threshold}: both are refused by {@link #build}.
     *
     * @param point the operating point, as from {@link FaceModels#atFmr} or {@code
     *     OperatingPointFile.read}
     * @return this
     */
    public Builder operatingPoint(OperatingPoint point) {
      options = options.withOperatingPoint(point);
      return this;
    }

    /**
     * Which face of several counts. {@link FaceSelection#CENTRAL} by default.
     *
     * @param which the selection
     * @return this
     */
    public Builder selection(FaceSelection which) {
      options = options.withSelection(Objects.requireNonNull(which, "which"));
      return this;
    }

    /**
     * What is accepted as an image where a file, its bytes or a stream of them is given.
     *
     * @param accepted limits and leniency
     * @return this
     */
    public Builder imageOptions(ImageOptions accepted) {
      options = options.withImageOptions(Objects.requireNonNull(accepted, "accepted"));
      return this;
    }

    /**
     * Whether both networks run once while the matcher is opened, so that the first comparison
     * takes no longer than later ones. Off by default.
     *
     * @param run true to run them
     * @return this
     */
    public Builder warmUp(boolean run) {
      options = options.withWarmUp(run);
      return this;
    }

    /**
     * Sets options of the detector, as in {@code detection(d -> d.scoreThreshold(0.6f))}. What is
     * set here of the device, threads, calls and waiting counts for the detector, whatever is set
     * for both networks, before or afterwards.
     *
     * @param settings what to set
     * @return this
     * @throws IllegalStateException if open networks were given
     */
    public Builder detection(Consumer<FaceDetector.Builder> settings) {
      settings.accept(own("detection").detector());
      return this;
    }

    /**
     * What both networks run on. The CPU by default.
     *
     * @param where the device
     * @return this
     * @throws IllegalStateException if open networks were given
     */
    public Builder device(Device where) {
      own("device");
      options = options.withNetwork(options.network().withDevice(where));
      return this;
    }

    /**
     * The number of threads that work on an image; the two of a comparison follow one another then.
     * By default the processors that the JVM may use are shared: the two images of a comparison are
     * embedded side by side, each by half of them, where no other call needs them; with {@link
     * #maxConcurrentCalls} of 1 or {@link #maxWait} of zero they follow one another, each by all of
     * them. That is the fastest way to compare. If you only embed, one image at a time, use as many
     * threads as processors; with as many callers as processors, use one.
     *
     * @param count the number of threads, 1 or more
     * @return this
     * @throws IllegalArgumentException if it is not positive
     * @throws IllegalStateException if open networks were given
     */
    public Builder threads(int count) {
      own("threads");
      options = options.withNetwork(options.network().withThreads(count));
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
      options = options.withNetwork(options.network().withMaxConcurrentCalls(count));
      return this;
    }

    /**
     * How long a call waits for its turn at most; then it ends in {@link BusyException}, a web
     * service's 503. It has read nothing by then, unless it waits for a detector that lets fewer
     * calls work than the matcher. Zero: it gets its turn at once or not at all. By default calls
     * wait without a bound. Open networks that were given wait for turns of their own, as long as
     * was set where they were opened.
     *
     * @param longest the longest wait, zero or more
     * @return this
     * @throws IllegalArgumentException if it is negative
     */
    public Builder maxWait(Duration longest) {
      options = options.withNetwork(options.network().withMaxWait(longest));
      return this;
    }

    /**
     * Opens the matcher. The order in which options were set does not matter.
     *
     * @return the matcher
     * @throws ModelException if a file cannot be loaded, a file is of another kind, or the detector
     *     gives no landmarks, or the operating point is one of another model
     * @throws DeviceUnavailableException if the device cannot be used
     * @throws IllegalStateException if options contradict one another: a threshold and an operating
     *     point, or {@link FaceSelection#ONLY} and a detector that returns one face of several
     */
    public FaceMatcher build() {
      checkContradictions();
      if (shared != null) {
        return matcher(shared, false);
      }
      Plan plan = plan();
      OpenNetworks opened = Objects.requireNonNull(own).open(plan);
      try {
        return matcher(opened, plan.parallel());
      } catch (RuntimeException | Error e) {
        opened.close();
        throw e;
      }
    }

    private void checkContradictions() {
      if (options.threshold().isPresent() && options.operatingPoint().isPresent()) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT,
                "expected a threshold or an operating point, found the threshold %s and an operating point of %s: set one of them",
                options.threshold().get(),
                options.operatingPoint().get().threshold()));
      }
      if (options.selection() == FaceSelection.ONLY
          && own != null
          && detectorOptions().isOneFace()) {
        throw new IllegalStateException(
            "expected with the selection ONLY a detector that tells of several faces, found maxFaces of 1: leave maxFaces off, or choose another selection");
      }
    }

    private FaceMatcher matcher(OpenNetworks networks, boolean parallel) {
      options.operatingPoint().ifPresent(point -> requireOwn(point, networks.embedder().modelId()));
      DefaultFaceMatcher matcher =
          new DefaultFaceMatcher(
              networks.detector(), networks.embedder(), networks != shared, parallel, options);
      if (options.warmUp()) {
        matcher.warmUp();
      }
      return matcher;
    }

    private static void requireOwn(OperatingPoint point, String modelId) {
      if (!point.modelId().equals(modelId)) {
        throw new ModelException(
            String.format(
                Locale.ROOT,
                "expected an operating point of the model in use, %s, found one of %s: a threshold of one model says nothing about another; measure one for this model",
                modelId,
                point.modelId()));
      }
    }
  }
}
