// SPDX-License-Identifier: Apache-2.0
package io.omote.face.description;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The description of a recognizer of the ArcFace kind, which turns an aligned face into an
 * embedding.
 *
 * <p>Input {@code [N,3,S,S]}, RGB, where S is a multiple of 112 or 128; output {@code [N,D]}.
 * Immutable and thread-safe.
 */
public final class EmbedderModel {

  /**
   * The threshold if none is declared. It is cautious for InsightFace's {@code w600k_r50}, and
   * uncalibrated for any other network.
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
   * Describes a file with the default threshold, and declares nothing else.
   *
   * @param file the network
   * @return its description
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
   * Describes a file on disk with the default threshold, and declares nothing else.
   *
   * @param onnx the ONNX file
   * @return its description
   */
  public static EmbedderModel of(Path onnx) {
    return of(ModelFile.of(onnx));
  }

  /**
   * Returns the file of the network.
   *
   * @return the file
   */
  public ModelFile file() {
    return file;
  }

  /**
   * Returns the declared normalization of pixels.
   *
   * @return the normalization. If it is empty, InsightFace's rule decides: a network with a
   *     subtraction and a multiplication among its first operators normalizes by itself and takes
   *     raw pixels, any other takes {@link Normalization#ARCFACE}. {@link
   *     io.omote.face.FaceEmbedder#normalization()} returns the decision
   */
  public Optional<Normalization> normalization() {
    return normalization;
  }

  /**
   * Returns the declared id that embeddings carry.
   *
   * @return the id. If it is empty, embeddings carry the name of the file without its extension and
   *     the first 12 digits of its SHA-256, as in {@code w600k_r50:4c06341c33c2}; external files
   *     that hold its weights are included, as for {@link ModelFile#of(java.nio.file.Path, String)}
   */
  public Optional<String> modelId() {
    return modelId;
  }

  /**
   * Returns the minimum similarity at which two faces are considered the same person.
   *
   * @return the threshold, in [-1, 1]
   */
  public double threshold() {
    return threshold;
  }

  /**
   * Returns the thresholds of this network whose error rates are known.
   *
   * @return the operating points, an immutable list
   */
  public List<OperatingPoint> operatingPoints() {
    return operatingPoints;
  }

  /**
   * Declares the normalization.
   *
   * @param declared the normalization of pixels
   * @return a copy with this change
   */
  public EmbedderModel withNormalization(Normalization declared) {
    return new EmbedderModel(file, Optional.of(declared), modelId, threshold, operatingPoints);
  }

  /**
   * Declares the id that embeddings carry.
   *
   * @param id the id
   * @return a copy with this change
   * @throws IllegalArgumentException if the id is blank
   */
  public EmbedderModel withModelId(String id) {
    if (id.isBlank()) {
      throw new IllegalArgumentException("expected a model id, found a blank text");
    }
    return new EmbedderModel(file, normalization, Optional.of(id), threshold, operatingPoints);
  }

  /**
   * Declares the threshold.
   *
   * @param similarity the minimum similarity at which two faces are considered the same person, in
   *     [-1, 1]
   * @return a copy with this change
   * @throws IllegalArgumentException if the similarity is outside [-1, 1]
   */
  public EmbedderModel withThreshold(double similarity) {
    Thresholds.check(similarity);
    return new EmbedderModel(file, normalization, modelId, similarity, operatingPoints);
  }

  /**
   * Declares thresholds whose error rates are known.
   *
   * @param points the operating points
   * @return a copy with this change
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
        modelId.orElse("that of the file"),
        threshold);
  }
}
