// SPDX-License-Identifier: Apache-2.0
package io.omote.face.description;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The description of a recognition network of the ArcFace kind: an aligned face in, an embedding
 * out.
 *
 * <p>Input {@code [N,3,S,S]}, RGB, where S is a multiple of 112 or 128; output {@code [N,D]}.
 * Immutable and thread-safe.
 */
public final class EmbedderModel {

  /**
   * The threshold of a file that states none. It is cautious for InsightFace's {@code w600k_r50},
   * and uncalibrated for anything else.
   */
  public static final double DEFAULT_THRESHOLD = 0.6;

  private final ModelFile file;
  private final Optional<Normalization> normalization;
  private final Optional<String> modelId;
  private final double threshold;
  private final List<OperatingPoint> operatingPoints;

  private EmbedderModel(
      ModelFile file,
      Optional<Normalization> normalization,
      Optional<String> modelId,
      double threshold,
      List<OperatingPoint> operatingPoints) {
    this.file = file;
    this.normalization = normalization;
    this.modelId = modelId;
    this.threshold = threshold;
    this.operatingPoints = operatingPoints;
  }

  /**
   * A file of which nothing else is declared.
   *
   * @param file the network
   * @return its description, with the default threshold
   */
  public static EmbedderModel of(ModelFile file) {
    return new EmbedderModel(
        Objects.requireNonNull(file, "file"),
        Optional.empty(),
        Optional.empty(),
        DEFAULT_THRESHOLD,
        List.of());
  }

  /**
   * A file on disk of which nothing else is declared.
   *
   * @param onnx the ONNX file
   * @return its description, with the default threshold
   */
  public static EmbedderModel of(Path onnx) {
    return of(ModelFile.of(onnx));
  }

  /**
   * The network.
   *
   * @return its file
   */
  public ModelFile file() {
    return file;
  }

  /**
   * How pixels become input.
   *
   * @return what was declared. Where it is empty, InsightFace's rule decides: a network with a
   *     subtraction and a multiplication among its first operators normalizes by itself and takes
   *     raw pixels, any other takes {@link Normalization#ARCFACE}. What was decided is reported by
   *     {@link io.omote.face.FaceEmbedder#normalization()}
   */
  public Optional<Normalization> normalization() {
    return normalization;
  }

  /**
   * What embeddings are marked with.
   *
   * @return what was declared. Where it is empty, it is the name of the file without ending and the
   *     first 12 digits of its SHA-256, as in {@code w600k_r50:4c06341c33c2}; files beside it that
   *     hold weights of it count, as for {@link ModelFile#of(java.nio.file.Path, String)}
   */
  public Optional<String> modelId() {
    return modelId;
  }

  /**
   * The similarity from which on two faces count as the same person.
   *
   * @return the threshold, in [-1, 1]
   */
  public double threshold() {
    return threshold;
  }

  /**
   * Thresholds of this network whose error rates are known.
   *
   * @return the operating points, an immutable list
   */
  public List<OperatingPoint> operatingPoints() {
    return operatingPoints;
  }

  /**
   * Declares the normalization.
   *
   * @param declared how pixels become input
   * @return the changed description
   */
  public EmbedderModel withNormalization(Normalization declared) {
    return new EmbedderModel(file, Optional.of(declared), modelId, threshold, operatingPoints);
  }

  /**
   * Declares the id that embeddings are marked with.
   *
   * @param id the id
   * @return the changed description
   * @throws IllegalArgumentException if it is blank
   */
  public EmbedderModel withModelId(String id) {
    if (id.isBlank()) {
      throw new IllegalArgumentException("expected a model id, found a blank one");
    }
    return new EmbedderModel(file, normalization, Optional.of(id), threshold, operatingPoints);
  }

  /**
   * Declares the threshold.
   *
   * @param similarity the similarity from which on two faces count as the same person, in [-1, 1]
   * @return the changed description
   * @throws IllegalArgumentException if it is outside
   */
  public EmbedderModel withThreshold(double similarity) {
    Thresholds.check(similarity);
    return new EmbedderModel(file, normalization, modelId, similarity, operatingPoints);
  }

  /**
   * Declares thresholds whose error rates are known.
   *
   * @param points the operating points
   * @return the changed description
   */
  public EmbedderModel withOperatingPoints(List<OperatingPoint> points) {
    return new EmbedderModel(file, normalization, modelId, threshold, List.copyOf(points));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EmbedderModel that
        && file.equals(that.file)
        && normalization.equals(that.normalization)
        && modelId.equals(that.modelId)
        && threshold == that.threshold
        && operatingPoints.equals(that.operatingPoints);
  }

  @Override
  public int hashCode() {
    return Objects.hash(file, normalization, modelId, threshold, operatingPoints);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "EmbedderModel[file=%s, modelId=%s, threshold=%s]",
        file,
        modelId.orElse("of the file"),
        threshold);
  }
}
