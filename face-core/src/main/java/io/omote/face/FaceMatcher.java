// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import io.omote.face.model.OperatingPoint;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Says whether two pictures show the same person (verification).
 *
 * <p>Safe for use by several threads at once, with the same results as from one. It holds networks
 * in native memory: make one, share it, close it at the end. A call waits its turn where {@link
 * Builder#maxConcurrentCalls} others are at work, before it reads a picture, and an interrupt ends
 * the wait with {@link InterruptedCallException}. {@link #close} waits for calls in flight, whole
 * ones; later calls throw {@link ClosedException}.
 *
 * <p>A picture gives the same embedding by each way in: as a file, as the bytes of a file, as a
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
   * Compares the faces that count of two pictures.
   *
   * @param first one picture
   * @param second the other
   * @return similarity, threshold and decision
   * @throws PictureException if one of the pictures shows no face, or one shows several and {@link
   *     FaceSelection#ONLY} is set; it says which
   * @throws ModelException if a network fails
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this was closed
   */
  FaceMatch compare(FaceImage first, FaceImage second);

  /**
   * Reads two pictures and compares the faces that count.
   *
   * @param first the file of one picture
   * @param second the file of the other
   * @return similarity, threshold and decision
   * @throws PictureException if a file is missing, empty, damaged or cut off, a file is not of a
   *     format that is read, a file exceeds a limit of {@link ImageOptions}, one of the pictures
   *     shows no face, or one shows several and {@link FaceSelection#ONLY} is set; it says which
   * @throws ModelException if a network fails
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this was closed
   */
  FaceMatch compare(Path first, Path second);

  /**
   * Decodes two picture files from memory, as from uploads, and compares the faces that count.
   *
   * @param first the bytes of one file
   * @param second the bytes of the other
   * @return similarity, threshold and decision
   * @throws PictureException if one is empty, damaged or cut off, one is not of a format that is
   *     read, one exceeds a limit of {@link ImageOptions}, one of the pictures shows no face, or
   *     one shows several and {@link FaceSelection#ONLY} is set; it says which
   * @throws ModelException if a network fails
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this was closed
   */
  FaceMatch compare(byte[] first, byte[] second);

  /**
   * Reads two picture files from streams to their ends, the first and then the second, and compares
   * the faces that count. The streams stay open. They are read while the call is one of those at
   * work: where a sender may take its time, read the bytes before.
   *
   * @param first the stream of one file
   * @param second the stream of the other
   * @return similarity, threshold and decision
   * @throws PictureException if a stream fails or its bytes are empty, damaged or cut off, one is
   *     not of a format that is read, one exceeds a limit of {@link ImageOptions}, one of the
   *     pictures shows no face, or one shows several and {@link FaceSelection#ONLY} is set; no more
   *     than the limit is read; it says which
   * @throws ModelException if a network fails
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
   * @param image the picture
   * @return its embedding, empty where there is no face
   * @throws PictureException if there are several and {@link FaceSelection#ONLY} is set
   * @throws ModelException if a network fails
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this was closed
   */
  Optional<FaceEmbedding> embed(FaceImage image);

  /**
   * Reads a picture and embeds the face that counts.
   *
   * @param file the file of the picture
   * @return its embedding, empty where there is no face
   * @throws PictureException if the file is missing, empty, damaged or cut off, the file is not of
   *     a format that is read, the file exceeds a limit of {@link ImageOptions}, or there are
   *     several and {@link FaceSelection#ONLY} is set
   * @throws ModelException if a network fails
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this was closed
   */
  Optional<FaceEmbedding> embed(Path file);

  /**
   * Decodes a picture file from memory and embeds the face that counts.
   *
   * @param encoded the bytes of the file
   * @return its embedding, empty where there is no face
   * @throws PictureException if the bytes are empty, damaged or cut off, they are not of a format
   *     that is read, they exceed a limit of {@link ImageOptions}, or there are several and {@link
   *     FaceSelection#ONLY} is set
   * @throws ModelException if a network fails
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ClosedException if this was closed
   */
  Optional<FaceEmbedding> embed(byte[] encoded);

  /**
   * Reads a picture file from a stream to its end and embeds the face that counts. The stream stays
   * open. It is read while the call is one of those at work: where a sender may take its time, read
   * the bytes before.
   *
   * @param stream the stream
   * @return its embedding, empty where there is no face
   * @throws PictureException if the stream fails or its bytes are empty, damaged or cut off, they
   *     are not of a format that is read, they exceed a limit of {@link ImageOptions}, or there are
   *     several and {@link FaceSelection#ONLY} is set; no more than the limit is read
   * @throws ModelException if a network fails
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
    private MatcherOptions options;

    private Builder(FaceModels models) {
      own =
          new OwnNetworks(
              FaceDetector.builder(models.detector()), FaceEmbedder.builder(models.embedder()));
      shared = null;
      options = MatcherOptions.defaults(models.embedder().threshold());
      // Two pictures side by side take less time than one after the other by twice the threads.
      int processors = Runtime.getRuntime().availableProcessors();
      if (processors > 1) {
        setThreads(own, processors / 2);
        options = options.withPairwise(true);
      }
    }

    private static void setThreads(OwnNetworks networks, int count) {
      networks.detector().threads(count);
      networks.embedder().threads(count);
    }

    private Builder(FaceDetector detector, FaceEmbedder embedder) {
      own = null;
      shared = new OpenNetworks(detector, embedder);
      options = MatcherOptions.defaults(embedder.threshold());
    }

    /** Networks that are still to be opened, by options. */
    private record OwnNetworks(FaceDetector.Builder detector, FaceEmbedder.Builder embedder) {
      /** Both at a time: one is read from disk while the other is made ready. */
      OpenNetworks open() {
        PlatformCall<FaceDetector> opening =
            PlatformCall.start(() -> detector.landmarksRequired().build());
        FaceEmbedder opened;
        try {
          opened = embedder.build();
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

    private OwnNetworks own(String option) {
      if (own == null) {
        throw new IllegalStateException(
            "expected a matcher that opens its networks, to set the %s of them, found one of open networks: set it where they are opened"
                .formatted(option));
      }
      return own;
    }

    /**
     * The similarity from which on two faces count as the same person. By default the model's. Of
     * this and {@link #operatingPoint} the later call counts.
     *
     * @param similarity the threshold, in [-1, 1]
     * @return this
     * @throws IllegalArgumentException if it is outside [-1, 1]
     */
    public Builder threshold(double similarity) {
      options = options.withThreshold(similarity, Optional.empty());
      return this;
    }

    /**
     * Decides by the threshold of an operating point, which must be one of the recognition network
     * in use. Of this and {@link #threshold} the later call counts.
     *
     * @param point the operating point, as from {@link FaceModels#atFmr} or {@code
     *     OperatingPointFile.read}
     * @return this
     */
    public Builder operatingPoint(OperatingPoint point) {
      options = options.withThreshold(point.threshold(), Optional.of(point));
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
     * What is accepted as a picture where a file, its bytes or a stream of them is given.
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
     * Sets options of the detector, as in {@code detection(d -> d.scoreThreshold(0.6f))}.
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
      OwnNetworks networks = own("device");
      networks.detector().device(where);
      networks.embedder().device(where);
      return this;
    }

    /**
     * The number of threads that work on a picture; the two of a comparison follow one another
     * then. By default the processors that the JVM may use are shared: the two pictures of a
     * comparison are embedded side by side, each by half of them, where no other call needs them;
     * with {@link #maxConcurrentCalls} of 1 they follow one another, each by all of them. That is
     * the fastest way to compare. Who only embeds, one picture after the other, is faster with as
     * many threads as processors; who has as many callers as processors, with one.
     *
     * @param count the number of threads, 1 or more
     * @return this
     * @throws IllegalArgumentException if it is not positive
     * @throws IllegalStateException if open networks were given
     */
    public Builder threads(int count) {
      setThreads(own("threads"), count);
      options = options.withPairwise(false);
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
      NetworkOptions checked = NetworkOptions.defaults().withMaxConcurrentCalls(count);
      options = options.withMaxConcurrentCalls(checked.maxConcurrentCalls());
      if (own != null) {
        own.detector().maxConcurrentCalls(count);
        own.embedder().maxConcurrentCalls(count);
        if (options.pairwise()) {
          // With one turn the second picture never finds another, and half would be idle.
          int processors = Runtime.getRuntime().availableProcessors();
          setThreads(own, count == 1 ? processors : processors / 2);
        }
      }
      return this;
    }

    /**
     * Opens the matcher.
     *
     * @return the matcher
     * @throws ModelException if a file cannot be loaded, a file is of another kind, or the detector
     *     gives no landmarks, or the operating point is one of another model
     * @throws DeviceUnavailableException if the device cannot be used
     */
    public FaceMatcher build() {
      if (shared != null) {
        return matcher(shared);
      }
      OpenNetworks opened = Objects.requireNonNull(own).open();
      try {
        return matcher(opened);
      } catch (RuntimeException | Error e) {
        opened.close();
        throw e;
      }
    }

    private FaceMatcher matcher(OpenNetworks networks) {
      options.operatingPoint().ifPresent(point -> requireOwn(point, networks.embedder().modelId()));
      DefaultFaceMatcher matcher =
          new DefaultFaceMatcher(
              networks.detector(), networks.embedder(), networks != shared, options);
      if (options.warmUp()) {
        matcher.warmUp();
      }
      return matcher;
    }

    private static void requireOwn(OperatingPoint point, String modelId) {
      if (!point.modelId().equals(modelId)) {
        throw new ModelException(
            "expected an operating point of the model in use, %s, found one of %s: a threshold of one model says nothing about another; measure one for this model"
                .formatted(modelId, point.modelId()));
      }
    }
  }
}
