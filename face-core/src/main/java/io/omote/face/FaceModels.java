// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import io.omote.face.description.AnalyzerModel;
import io.omote.face.description.DetectorModel;
import io.omote.face.description.EmbedderModel;
import io.omote.face.description.ErrorRate;
import io.omote.face.description.OperatingPoint;
import io.omote.face.internal.Implementations;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The description of a detector, a recognizer and optional analyzers that are used together: their
 * files and how to run them. Nothing is opened until you open a detector, embedder, analyzer or
 * matcher.
 *
 * <pre>{@code
 * FaceModels models = FaceModels.ofDirectory(Path.of("models/buffalo_l"));
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class FaceModels {
  private final DetectorModel detector;
  private final EmbedderModel embedder;
  private final List<AnalyzerModel<?>> analyzers;

  private FaceModels(
      DetectorModel detector, EmbedderModel embedder, List<AnalyzerModel<?>> analyzers) {
    this.detector = Objects.requireNonNull(detector, "detector");
    this.embedder = Objects.requireNonNull(embedder, "embedder");
    this.analyzers = List.copyOf(analyzers);
  }

  /**
   * Returns models of a detector and a recognizer.
   *
   * @param detector the description of the detector
   * @param embedder the description of the recognizer
   * @return the models, without analyzers
   */
  public static FaceModels of(DetectorModel detector, EmbedderModel embedder) {
    return new FaceModels(detector, embedder, List.of());
  }

  /**
   * Describes two files: a detector, whose kind {@link #detectorOf} recognizes, and an ArcFace
   * recognizer, such as {@code det_10g.onnx} and {@code w600k_r50.onnx} of InsightFace's pack
   * buffalo_l.
   *
   * @param detectorOnnx the detector
   * @param embedderOnnx the recognizer
   * @return the models, with {@link EmbedderModel#DEFAULT_THRESHOLD}
   */
  public static FaceModels of(Path detectorOnnx, Path embedderOnnx) {
    return of(detectorOf(detectorOnnx), EmbedderModel.of(embedderOnnx));
  }

  /**
   * Describes the file of a detector of one network, whose graph says what it is: SCRFD, YuNet or
   * RetinaFace.
   *
   * @param onnx the detector
   * @return its description; that of an SCRFD detector if the file is missing or something else,
   *     which is reported when the detector is opened
   */
  public static DetectorModel detectorOf(Path onnx) {
    return Implementations.detectorOf(onnx);
  }

  /**
   * Describes a folder in InsightFace's layout. Its {@code .onnx} files must include exactly one
   * detector (SCRFD with landmarks, YuNet or RetinaFace) and one ArcFace recognizer, which their
   * graphs identify. Analyzers of one network are included, and a face mesh with the file of its
   * coefficients; other files are ignored. Files that cannot be read as ONNX are skipped with a log
   * message.
   *
   * @param directory the folder
   * @return the models
   * @throws ModelException if the folder cannot be read, or does not contain one of each
   */
  public static FaceModels ofDirectory(Path directory) {
    return Implementations.modelsOf(directory);
  }

  /**
   * Returns the detector.
   *
   * @return the description of the detector
   */
  public DetectorModel detector() {
    return detector;
  }

  /**
   * Returns the recognizer.
   *
   * @return the description of the recognizer
   */
  public EmbedderModel embedder() {
    return embedder;
  }

  /**
   * Replaces the description of the detector.
   *
   * @param changed the new description
   * @return a copy with this change
   */
  public FaceModels withDetector(DetectorModel changed) {
    return new FaceModels(changed, embedder, analyzers);
  }

  /**
   * Replaces the description of the recognizer, as in {@code
   * models.withEmbedder(models.embedder().withThreshold(0.4))}.
   *
   * @param changed the new description
   * @return a copy with this change
   */
  public FaceModels withEmbedder(EmbedderModel changed) {
    return new FaceModels(detector, changed, analyzers);
  }

  /**
   * Returns the analyzers. Comparing faces does not need them.
   *
   * @return the descriptions of the analyzers, an immutable list
   */
  public List<AnalyzerModel<?>> analyzers() {
    return analyzers;
  }

  /**
   * Returns the analyzer of a kind, as in {@code models.analyzer(AgeAndSexModel.class)}.
   *
   * @param kind the class of the description
   * @param <M> the class of the description
   * @return the first analyzer of that kind, or empty
   */
  public <M extends AnalyzerModel<?>> Optional<M> analyzer(Class<M> kind) {
    return analyzers.stream().filter(kind::isInstance).map(kind::cast).findFirst();
  }

  /**
   * Replaces the analyzers.
   *
   * @param changed the descriptions
   * @return a copy with this change
   */
  public FaceModels withAnalyzers(List<? extends AnalyzerModel<?>> changed) {
    return new FaceModels(detector, embedder, List.copyOf(changed));
  }

  /**
   * Returns the thresholds of the recognizer that have known error rates.
   *
   * @return the operating points of {@link #embedder()}, an immutable list
   */
  public List<OperatingPoint> operatingPoints() {
    return embedder.operatingPoints();
  }

  /**
   * Returns the operating point for a false match rate (FMR), as in {@code
   * FaceMatcher.builder(models).operatingPoint(models.atFmr(1e-4))}.
   *
   * @param fmr the largest acceptable false match rate, in (0, 1]
   * @return the operating point with the lowest threshold, among those with at most that rate and
   *     enough trials to support it ({@link ErrorRate#supports})
   * @throws IllegalArgumentException if the rate is outside (0, 1]
   * @throws ModelException if no operating point supports the rate
   */
  public OperatingPoint atFmr(double fmr) {
    if (!(fmr > 0 && fmr <= 1)) {
      throw new IllegalArgumentException("expected a false match rate in (0, 1], found " + fmr);
    }
    return operatingPoints().stream()
        .filter(point -> point.fmr().value() <= fmr && point.fmr().supports(fmr))
        .min(Comparator.comparingDouble(OperatingPoint::threshold))
        .orElseThrow(() -> noneAt(fmr));
  }

  /**
   * Returns a policy that decides identifications by the operating points of these models, as in
   * {@code gallery.identify(probe, models.identificationPolicy(0.01))}.
   *
   * @param fpir the largest acceptable false positive identification rate (FPIR), in (0, 1)
   * @return the policy; it throws when it is used with a gallery for whose size the measurements
   *     cannot support that rate
   * @throws IllegalArgumentException if the rate is outside (0, 1)
   */
  public IdentificationPolicy identificationPolicy(double fpir) {
    return IdentificationPolicy.ofFpir(fpir, operatingPoints());
  }

  /**
   * Returns the threshold for albums of a number of faces, as in {@code FaceGraph.of(embeddings,
   * images, models.albumPoint(embeddings.size()).threshold())}.
   *
   * @param faces the number of faces to compare, with those of a gallery
   * @return the operating point with the lowest threshold, among those with a false match rate of
   *     at most 1e-4 and at most {@link AlbumPoint#MAX_FALSE_LINKS} expected false links of a face;
   *     the strictest one if there is none; {@link AlbumPoint#isSupported} returns whether its
   *     false links are acceptable. Points with a false non-match rate above 10 % are left out,
   *     unless there are no others
   * @throws IllegalArgumentException if the number is negative
   * @throws ModelException if the models have no operating points
   */
  public AlbumPoint albumPoint(int faces) {
    return AlbumPoint.of(operatingPoints(), faces)
        .orElseThrow(
            () ->
                new ModelException(
                    "expected models with operating points, found none: measure one on your own images, or use a fixed threshold"));
  }

  private ModelException noneAt(double fmr) {
    String found =
        operatingPoints().isEmpty()
            ? "no operating point"
            : operatingPoints().stream()
                .map(FaceModels::describe)
                .collect(Collectors.joining("; ", "only ", ""));
    return new ModelException(
        String.format(
            Locale.ROOT,
            "expected an operating point with a false match rate of at most %s and enough trials to support it, found %s: accept a higher rate, or measure an operating point on your own images and set it with FaceMatcher.Builder.operatingPoint",
            fmr,
            found));
  }

  private static String describe(OperatingPoint point) {
    long trials = point.fmr().trials();
    return String.format(
        Locale.ROOT,
        "FMR %.2g at threshold %s (%s)",
        point.fmr().value(),
        point.threshold(),
        trials == 0 ? "published" : trials + " trials");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FaceModels that
        && detector.equals(that.detector)
        && embedder.equals(that.embedder)
        && analyzers.equals(that.analyzers);
  }

  @Override
  public int hashCode() {
    return Objects.hash(detector, embedder, analyzers);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "FaceModels[detector=%s, embedder=%s, analyzers=%s]",
        detector,
        embedder,
        analyzers);
  }
}
