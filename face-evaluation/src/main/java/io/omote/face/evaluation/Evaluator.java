// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceException;
import io.omote.face.FaceImage;
import io.omote.face.FaceMatcher;
import io.omote.face.FaceModels;
import io.omote.face.IdentificationPoint;
import io.omote.face.IdentificationPolicy;
import io.omote.face.ModelException;
import io.omote.face.attribute.FaceQuality;
import io.omote.face.attribute.Liveness;
import io.omote.face.internal.files.ImageFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs evaluations. Images that cannot be read do not end an evaluation; they are counted.
 *
 * <pre>{@code
 * Protocol protocol = Protocol.read(Path.of("lfw/pairs.txt"));
 * try (FaceMatcher matcher = FaceMatcher.create(ModelZoo.lite())) {
 *   var evaluation = Evaluator.create().verification(protocol, matcher);
 *   evaluation.report().print(new PrintWriter(System.out));
 *   evaluation.writeTo(Path.of("result"));
 * }
 * }</pre>
 *
 * <p>An evaluator is immutable and thread-safe. The caller closes the networks it passes in.
 */
public final class Evaluator {
  private final @Nullable String dataSet;
  private final int threads;
  private final @Nullable Work work;
  private final @Nullable ReportOrigin origin;
  private final @Nullable Function<Path, Optional<FaceImage>> cropper;
  private final Runnable onImage;
  private final Consumer<String> onUnreadable;

  /** The folder that keeps embeddings, and the models that make them. */
  private record Work(Path folder, FaceModels models) {
    Work {
      Objects.requireNonNull(folder, "folder");
      Objects.requireNonNull(models, "models");
    }
  }

  private Evaluator(
      @Nullable String dataSet,
      int threads,
      @Nullable Work work,
      @Nullable ReportOrigin origin,
      @Nullable Function<Path, Optional<FaceImage>> cropper,
      Runnable onImage,
      Consumer<String> onUnreadable) {
    this.dataSet = dataSet;
    this.threads = threads;
    this.work = work;
    this.origin = origin;
    this.cropper = cropper;
    this.onImage = onImage;
    this.onUnreadable = onUnreadable;
  }

  /**
   * Returns an evaluator that embeds as many images concurrently as there are processors and keeps
   * nothing on disk.
   *
   * @return the evaluator
   */
  public static Evaluator create() {
    return new Evaluator(
        null,
        Runtime.getRuntime().availableProcessors(),
        null,
        null,
        null,
        () -> {},
        message -> {});
  }

  /**
   * Sets the description of the images, by default the name of their folder or file.
   *
   * @param text the description
   * @return a copy with this change
   */
  public Evaluator withDataSet(String text) {
    return new Evaluator(
        Objects.requireNonNull(text, "text"),
        threads,
        work,
        origin,
        cropper,
        onImage,
        onUnreadable);
  }

  /**
   * Sets the number of images to embed concurrently.
   *
   * @param count the number, at least 1
   * @return a copy with this change
   * @throws IllegalArgumentException if the number is not positive
   */
  public Evaluator withThreads(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("expected at least one thread, found " + count);
    }
    return new Evaluator(dataSet, count, work, origin, cropper, onImage, onUnreadable);
  }

  /**
   * Keeps embeddings in a folder, so that a killed evaluation resumes where it stopped. Embeddings
   * are biometric data: only the current user can read the folder; delete it afterwards.
   *
   * @param folder the folder, created if it is missing
   * @param models the models of the matcher; each pair of models has its own file
   * @return a copy with this change
   */
  public Evaluator withWorkFolder(Path folder, FaceModels models) {
    return new Evaluator(
        dataSet, threads, new Work(folder, models), origin, cropper, onImage, onUnreadable);
  }

  /**
   * Sets what reports say about where they come from; by default the version of this library and
   * the time when the evaluation began.
   *
   * @param known the origin
   * @return a copy with this change
   */
  public Evaluator withOrigin(ReportOrigin known) {
    return new Evaluator(
        dataSet,
        threads,
        work,
        Objects.requireNonNull(known, "known"),
        cropper,
        onImage,
        onUnreadable);
  }

  /**
   * Adds the faces of the worst pairs to the web pages of verification and identification. They are
   * faces of people: by default a report names the images only.
   *
   * @param crop returns the face of an image file as it may be shown, empty if none is found; an
   *     exception of this library is shown in its place
   * @return a copy with this change
   */
  public Evaluator withCrops(Function<Path, Optional<FaceImage>> crop) {
    return new Evaluator(
        dataSet,
        threads,
        work,
        origin,
        Objects.requireNonNull(crop, "crop"),
        onImage,
        onUnreadable);
  }

  /**
   * Sets a listener that is called after each image, from several threads.
   *
   * @param listener the listener
   * @return a copy with this change
   */
  public Evaluator withProgress(Runnable listener) {
    return new Evaluator(
        dataSet,
        threads,
        work,
        origin,
        cropper,
        Objects.requireNonNull(listener, "listener"),
        onUnreadable);
  }

  /**
   * Sets a listener that is called with a message for each image that could not be read, in the
   * order of the images, before scores are computed.
   *
   * @param listener the listener
   * @return a copy with this change
   */
  public Evaluator withUnreadable(Consumer<String> listener) {
    return new Evaluator(
        dataSet,
        threads,
        work,
        origin,
        cropper,
        onImage,
        Objects.requireNonNull(listener, "listener"));
  }

  private ReportOrigin origin() {
    return origin == null ? ReportOrigin.now(Clock.systemUTC()) : origin;
  }

  private String dataSet(String name) {
    return dataSet == null ? name : dataSet;
  }

  /**
   * Embeds the images of a protocol.
   *
   * @param protocol the protocol
   * @param matcher the matcher
   * @return the embeddings
   * @throws IllegalArgumentException if the models of the work folder are not those of the matcher
   * @throws FaceException if a network fails, or another process uses the work folder
   * @throws IOException if the work folder cannot be read or written
   */
  public EmbeddedImages embed(Protocol protocol, FaceMatcher matcher) throws IOException {
    if (work != null) {
      EmbeddingStore.requireModel(work.models, matcher.modelId());
    }
    EmbeddedImages images;
    try (EmbeddingStore store =
        work == null ? null : EmbeddingStore.open(work.folder, work.models)) {
      images =
          EmbeddedImages.of(
              protocol,
              file -> ImageFiles.within(file, () -> matcher.embed(file)),
              store,
              threads,
              onImage);
    }
    images.unreadable().forEach(onUnreadable);
    return images;
  }

  private static boolean isComplete(int unreadable, List<String> leftOut) {
    return unreadable == 0 && leftOut.isEmpty();
  }

  /**
   * Evaluates verification: compares the pairs of a protocol.
   *
   * @param protocol the protocol
   * @param matcher the matcher
   * @return the similarities and the error rates of thresholds
   * @throws TooFewTrialsException if there are no mated or no completed non-mated comparisons
   * @throws FaceException as from {@link #embed}
   * @throws IOException as from {@link #embed}
   */
  public Evaluation<VerificationScores, VerificationReport> verification(
      Protocol protocol, FaceMatcher matcher) throws IOException {
    ReportOrigin begun = origin();
    EmbeddedImages images = embed(protocol, matcher);
    long start = System.nanoTime();
    WorstPairs.Collector worst = new WorstPairs.Collector();
    List<VerificationScores> folds = images.compare(worst);
    Duration compared = Duration.ofNanos(System.nanoTime() - start);
    return new Evaluation<>(
        VerificationScores.union(folds),
        VerificationReport.of(
            begun,
            dataSet(protocol.name()),
            matcher.modelId(),
            matcher.threshold(),
            images,
            folds,
            compared),
        isComplete(images.unreadable().size(), protocol.leftOut()),
        worst.build(protocol, cropper),
        images);
  }

  /**
   * Evaluates identification: enrolls some of the people and searches for all of them.
   *
   * @param protocol a protocol with a folder for each person
   * @param matcher the matcher
   * @param policy the policy that sets the threshold for the size of the gallery
   * @param enrolled the number of people in each gallery, null for half of them
   * @param rounds the number of galleries, each with other people, at least 1
   * @return the searches and their error rates
   * @throws IllegalArgumentException if the number of rounds is not positive
   * @throws ProtocolException if the protocol has no folders, or the gallery leaves nobody out
   * @throws TooFewTrialsException if there are no mated or no completed non-mated searches
   * @throws ModelException if no measurement supports the policy at the size of the gallery
   * @throws FaceException as from {@link #embed}
   * @throws IOException as from {@link #embed}
   */
  public Evaluation<IdentificationScores, IdentificationReport> identification(
      Protocol protocol,
      FaceMatcher matcher,
      IdentificationPolicy policy,
      @Nullable Integer enrolled,
      int rounds)
      throws IOException {
    if (protocol.people().isEmpty()) {
      throw new ProtocolException(
          protocol.name() + " does not name people: use a folder with a folder for each person");
    }
    if (rounds < 1) {
      throw new IllegalArgumentException("expected at least one round, found " + rounds);
    }
    int people = (int) protocol.people().stream().distinct().count();
    int size = enrolled == null ? people / 2 : enrolled;
    OpenSet.requireSize(size, people);
    IdentificationPoint point = policy.at(matcher.modelId(), size);
    ReportOrigin begun = origin();
    EmbeddedImages images = embed(protocol, matcher);
    WorstPairs.Collector worst = new WorstPairs.Collector();
    IdentificationScores scores = OpenSet.of(images, matcher.modelId()).search(size, rounds, worst);
    return new Evaluation<>(
        scores,
        IdentificationReport.of(
            begun, dataSet(protocol.name()), matcher.modelId(), people, rounds, point, scores),
        isComplete(images.unreadable().size(), protocol.leftOut()),
        worst.build(protocol, cropper),
        null);
  }

  /**
   * Evaluates liveness: scores the largest face of each presentation, on the calling thread.
   *
   * @param presentations the images
   * @param detector the detector
   * @param analyzer the liveness analyzer
   * @param threshold the threshold to report, in addition to those for given rates; null for none
   * @return the scores and the error rates of thresholds
   * @throws TooFewTrialsException if no live face or no attack has a score
   * @throws FaceException if a network fails
   */
  public Evaluation<PresentationAttackScores, LivenessReport> liveness(
      Presentations presentations,
      FaceDetector detector,
      FaceAnalyzer<Liveness> analyzer,
      @Nullable Double threshold) {
    ReportOrigin begun = origin();
    ScoredPresentations scored = new ScoredPresentations(detector, analyzer);
    PresentationAttackScores scores = scored.score(presentations, onImage, onUnreadable);
    return new Evaluation<>(
        scores,
        LivenessReport.of(
            begun, dataSet(presentations.name()), threshold, scores, scored.unreadable()),
        isComplete(scored.unreadable(), presentations.leftOut()),
        null,
        null);
  }

  /**
   * Evaluates quality measures: degrades four of six images, and discards the mated comparisons of
   * the lowest quality. Besides the given networks, all measured properties are evaluated. Runs on
   * the calling thread.
   *
   * @param protocol the protocol, of which only mated pairs are compared
   * @param detector the detector
   * @param embedder the embedder
   * @param threshold the minimum similarity at which two faces are considered the same person
   * @param networks the quality networks, may be empty
   * @return the characteristic of each quality measure, by its name
   * @throws TooFewTrialsException if there are no completed mated comparisons
   * @throws FaceException if a network fails
   */
  public Evaluation<Map<String, ErrorVersusDiscard>, QualityReport> quality(
      Protocol protocol,
      FaceDetector detector,
      FaceEmbedder embedder,
      double threshold,
      List<? extends FaceAnalyzer<FaceQuality>> networks) {
    ReportOrigin begun = origin();
    GradedImages graded =
        GradedImages.of(
            protocol,
            new GradedImages.Networks(detector, embedder, networks),
            onImage,
            onUnreadable);
    Map<String, ErrorVersusDiscard> scores = graded.compare(protocol);
    return new Evaluation<>(
        scores,
        QualityReport.of(
            begun,
            dataSet(protocol.name()),
            embedder.modelId(),
            threshold,
            protocol,
            graded.unreadable(),
            scores),
        isComplete(graded.unreadable(), protocol.leftOut()),
        null,
        null);
  }
}
