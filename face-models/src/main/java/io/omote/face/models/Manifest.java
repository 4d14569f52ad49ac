// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import io.omote.face.FaceModels;
import io.omote.face.description.AnalyzerModel;
import io.omote.face.description.DetectorModel;
import io.omote.face.description.EmbedderModel;
import io.omote.face.description.ErrorRate;
import io.omote.face.description.ModelFile;
import io.omote.face.description.Normalization;
import io.omote.face.description.OperatingPoint;
import io.omote.face.internal.network.Network;
import io.omote.face.internal.network.Networks;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The description of a pack, read and checked by {@link ManifestReader}. Its components have the
 * names of the properties in JSON. Immutable and thread-safe.
 */
record Manifest(
    String name,
    String description,
    License license,
    List<Archive> archives,
    List<Entry> files,
    @Nullable Detector detector,
    @Nullable Recognizer recognizer,
    @Nullable List<Analyzer> analyzers) {

  record License(String name, URI url, boolean commercialUse, String attribution) {}

  record Archive(String name, URI url, long size, String sha256) {}

  /** A file, and its sources in the order in which they are tried. */
  record Entry(String name, long size, String sha256, String purpose, List<Source> sources) {
    boolean isBundled() {
      return sources.get(0).resource() != null;
    }

    PackFile.Purpose parsedPurpose() {
      return PackFile.Purpose.valueOf(purpose.toUpperCase(Locale.ROOT));
    }

    /** Returns the id of a model in this file. */
    String modelId() {
      String stem = name.substring(0, name.length() - ".onnx".length());
      return String.format(Locale.ROOT, "%s:%s", stem, sha256.substring(0, 12));
    }

    boolean isNeededToCompare() {
      PackFile.Purpose parsed = parsedPurpose();
      return parsed == PackFile.Purpose.DETECTION || parsed == PackFile.Purpose.RECOGNITION;
    }

    PackFile toPackFile() {
      return new PackFile(name, size, sha256, parsedPurpose(), isBundled());
    }
  }

  /** Exactly one of: the address of a file, the name of an archive, a resource of this library. */
  record Source(@Nullable URI url, @Nullable String archive, @Nullable String resource) {}

  record Detector(String family, List<String> files, List<Integer> inputSizes) {}

  record Recognizer(
      String file,
      float mean,
      float scale,
      double threshold,
      boolean thresholdCalibrated,
      String thresholdSource,
      List<Point> operatingPoints) {}

  /** An analyzer, which has one network or several. */
  record Analyzer(String kind, List<String> files) {
    Network<? extends AnalyzerModel<?>> network() {
      return Networks.analyzer(kind).orElseThrow();
    }
  }

  /** The error rates of a threshold. */
  record Point(double threshold, Rate fmr, Rate fnmr, String dataSet) {}

  /** An error rate: measured, with bounds and trials, or published without them. */
  record Rate(double value, @Nullable Double lower, @Nullable Double upper, long trials) {
    ErrorRate toErrorRate() {
      return lower == null || upper == null
          ? ErrorRate.published(value)
          : new ErrorRate(value, lower, upper, trials);
    }
  }

  ModelLicense toLicense() {
    return new ModelLicense(
        license.name(), license.url(), license.commercialUse(), license.attribution());
  }

  Entry entry(String file) {
    return files.stream().filter(e -> e.name().equals(file)).findFirst().orElseThrow();
  }

  Archive archive(String wanted) {
    return archives.stream().filter(a -> a.name().equals(wanted)).findFirst().orElseThrow();
  }

  /** Returns whether the pack can compare faces; otherwise it holds only an analyzer. */
  boolean comparesFaces() {
    return detector != null;
  }

  Detector requiredDetector() {
    return Objects.requireNonNull(detector);
  }

  Recognizer requiredRecognizer() {
    return Objects.requireNonNull(recognizer);
  }

  Normalization normalization() {
    return new Normalization(requiredRecognizer().mean(), requiredRecognizer().scale());
  }

  /** Returns the id of the model, without reading a file. */
  String modelId() {
    return entry(requiredRecognizer().file()).modelId();
  }

  List<OperatingPoint> operatingPoints() {
    return requiredRecognizer().operatingPoints().stream()
        .map(
            point ->
                new OperatingPoint(
                    modelId(),
                    point.threshold(),
                    point.fmr().toErrorRate(),
                    point.fnmr().toErrorRate(),
                    point.dataSet()))
        .toList();
  }

  /** Returns the analyzers, empty if the manifest has no such property. */
  List<Analyzer> knownAnalyzers() {
    return analyzers == null ? List.of() : analyzers;
  }

  List<Entry> entries(Analyzer analyzer) {
    return analyzer.files().stream().map(this::entry).toList();
  }

  AnalyzerModel<?> toModel(Analyzer analyzer, Function<Entry, ModelFile> location) {
    return analyzer.network().describe(entries(analyzer).stream().map(location).toList());
  }

  /**
   * Returns the descriptions of the pack's models.
   *
   * @param location the location of each file
   * @param available which files are available; an analyzer that lacks one is left out
   */
  FaceModels toModels(Function<Entry, ModelFile> location, Predicate<Entry> available) {
    Detector detection = requiredDetector();
    List<ModelFile> parts = detection.files().stream().map(this::entry).map(location).toList();
    DetectorModel model = Networks.detector(detection.family()).orElseThrow().describe(parts);
    EmbedderModel embedder =
        EmbedderModel.of(location.apply(entry(requiredRecognizer().file())))
            .withNormalization(normalization())
            .withModelId(modelId())
            .withThreshold(requiredRecognizer().threshold())
            .withOperatingPoints(operatingPoints());
    return FaceModels.of(model, embedder)
        .withAnalyzers(
            knownAnalyzers().stream()
                .filter(analyzer -> entries(analyzer).stream().allMatch(available))
                .map(analyzer -> toModel(analyzer, location))
                .toList());
  }
}
