// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import io.omote.face.description.AnalyzerModel;
import io.omote.face.description.DetectorModel;
import io.omote.face.description.EmbedderModel;
import io.omote.face.description.ErrorRate;
import io.omote.face.description.OperatingPoint;
import io.omote.face.description.ScrfdModel;
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
 * A detector and an embedder that are used together: their files and what is needed to use them.
 * Nothing is opened before a detector, embedder or matcher is made.
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
   * A detector and a recognition network.
   *
   * @param detector the description of the detector
   * @param embedder the description of the recognition network
   * @return the two
   */
  public static FaceModels of(DetectorModel detector, EmbedderModel embedder) {
    return new FaceModels(detector, embedder, List.of());
  }

  /**
   * Files of one's own: an SCRFD detector and an ArcFace network, such as {@code det_10g.onnx} and
   * {@code w600k_r50.onnx} of InsightFace's pack buffalo_l.
   *
   * @param detectorOnnx the detector
   * @param embedderOnnx the recognition network
   * @return their description, with {@link EmbedderModel#DEFAULT_THRESHOLD}
   */
  public static FaceModels of(Path detectorOnnx, Path embedderOnnx) {
    return of(ScrfdModel.of(detectorOnnx), EmbedderModel.of(embedderOnnx));
  }

  /**
   * A folder in InsightFace's layout: among its {@code .onnx} files are exactly one detector (SCRFD
   * with landmarks, or YuNet) and one ArcFace network, told apart by their graphs. Analyzers of one
   * network that lie beside them are found, too; other files do not count. Those that cannot be
   * read as ONNX are left out with a line in the log.
   *
   * @param directory the folder
   * @return the description of the files
   * @throws ModelException if the folder cannot be read, or it does not hold one of each
   */
  public static FaceModels ofDirectory(Path directory) {
    return Implementations.modelsOf(directory);
  }

  /**
   * The detector.
   *
   * @return its description
   */
  public DetectorModel detector() {
    return detector;
  }

  /**
   * The recognition network.
   *
   * @return its description
   */
  public EmbedderModel embedder() {
    return embedder;
  }

  /**
   * Exchanges the description of the detector.
   *
   * @param changed the new description
   * @return the changed models
   */
  public FaceModels withDetector(DetectorModel changed) {
    return new FaceModels(changed, embedder, analyzers);
  }

  /**
   * Exchanges the description of the recognition network, as in {@code
   * models.withEmbedder(models.embedder().withThreshold(0.4))}.
   *
   * @param changed the new description
   * @return the changed models
   */
  public FaceModels withEmbedder(EmbedderModel changed) {
    return new FaceModels(detector, changed, analyzers);
  }

  /**
   * Analyzers that come with the two. Comparing faces does not need them.
   *
   * @return their descriptions, an immutable list, empty where there are none
   */
  public List<AnalyzerModel<?>> analyzers() {
    return analyzers;
  }

  /**
   * The analyzer of a kind, as in {@code models.analyzer(AgeAndSexModel.class)}.
   *
   * @param kind the class of its description
   * @param <M> the class of its description
   * @return the first of that kind, empty where there is none
   */
  public <M extends AnalyzerModel<?>> Optional<M> analyzer(Class<M> kind) {
    return analyzers.stream().filter(kind::isInstance).map(kind::cast).findFirst();
  }

  /**
   * Exchanges the analyzers.
   *
   * @param changed the descriptions
   * @return the changed models
   */
  public FaceModels withAnalyzers(List<? extends AnalyzerModel<?>> changed) {
    return new FaceModels(detector, embedder, List.copyOf(changed));
  }

  /**
   * Thresholds of the recognition network whose error rates are known.
   *
   * @return the operating points of {@link #embedder()}, an immutable list
   */
  public List<OperatingPoint> operatingPoints() {
    return embedder.operatingPoints();
  }

  /**
   * The operating point for a wanted false match rate, as in {@code
   * FaceMatcher.builder(models).operatingPoint(models.atFmr(1e-4))}.
   *
   * @param fmr the largest false match rate wanted, in (0, 1]
   * @return of the operating points whose rate is at most that, and was measured with enough trials
   *     to speak of it ({@link ErrorRate#supports}), the one with the lowest threshold
   * @throws IllegalArgumentException if the rate is outside (0, 1]
   * @throws ModelException if there is none
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
   * Decides identifications with these models' operating points, as in {@code
   * gallery.identify(probe, models.identificationPolicy(0.01))}.
   *
   * @param fpir the largest false positive identification rate wanted, in (0, 1)
   * @return the policy; what it cannot support, it refuses when it is asked for a threshold
   * @throws IllegalArgumentException if the rate is outside
   */
  public IdentificationPolicy identificationPolicy(double fpir) {
    return IdentificationPolicy.ofFpir(fpir, operatingPoints());
  }

  private ModelException noneAt(double fmr) {
    String found =
        operatingPoints().isEmpty()
            ? "none at all"
            : operatingPoints().stream()
                .map(FaceModels::describe)
                .collect(Collectors.joining("; ", "only ", ""));
    return new ModelException(
        String.format(
            Locale.ROOT,
            "expected an operating point with a false match rate of at most %s and enough trials to speak of it, found %s: ask for a higher rate, or measure one on images of your own and set it with FaceMatcher.Builder.operatingPoint",
            fmr,
            found));
  }

  private static String describe(OperatingPoint point) {
    long trials = point.fmr().trials();
    return String.format(
        Locale.ROOT,
        "FMR %s at threshold %s (%s)",
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
