// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import io.omote.face.FaceModels;
import io.omote.face.InterruptedCallException;
import io.omote.face.ModelException;
import io.omote.face.description.AnalyzerModel;
import io.omote.face.description.Normalization;
import io.omote.face.description.OperatingPoint;
import io.omote.face.models.Manifest.Analyzer;
import io.omote.face.models.Manifest.Entry;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * A pack with a detector and a recognizer, and their license, files and threshold. Nothing is
 * fetched until you call {@link #fetch()}.
 *
 * <p>Immutable and thread-safe. Several threads and processes may fetch the same pack concurrently.
 */
public final class ModelPack extends Pack {
  private final boolean allFiles;

  ModelPack(Manifest manifest, Settings settings) {
    this(manifest, settings, false, false);
  }

  private ModelPack(Manifest manifest, Settings settings, boolean accepted, boolean allFiles) {
    super(manifest, settings, accepted);
    this.allFiles = allFiles;
  }

  /**
   * Returns the id of the model, which embeddings of this pack carry.
   *
   * @return the name of the recognizer's file and the first 12 digits of its SHA-256
   */
  public String modelId() {
    return manifest.modelId();
  }

  /**
   * Returns the normalization of the recognizer's input.
   *
   * @return the normalization
   */
  public Normalization normalization() {
    return manifest.normalization();
  }

  /**
   * Returns the default sizes of the detector's square input, one for each pass.
   *
   * @return the sides in pixels, empty if the detector's input has a fixed size, or its size
   *     depends on the image
   */
  public List<Integer> detectorInputSizes() {
    return List.copyOf(manifest.requiredDetector().inputSizes());
  }

  /**
   * Returns the default threshold.
   *
   * @return the minimum similarity at which two faces are considered the same person, in [-1, 1]
   */
  public double threshold() {
    return manifest.requiredRecognizer().threshold();
  }

  /**
   * Returns whether anything is known about the error rates of the default threshold.
   *
   * @return false if you should calibrate the threshold before you rely on it
   */
  public boolean isThresholdCalibrated() {
    return manifest.requiredRecognizer().thresholdCalibrated();
  }

  /**
   * Returns the source of the default threshold.
   *
   * @return one line of text
   */
  public String thresholdSource() {
    return manifest.requiredRecognizer().thresholdSource();
  }

  /**
   * Returns the recognizer's thresholds with known error rates.
   *
   * @return the operating points, perhaps none
   */
  public List<OperatingPoint> operatingPoints() {
    return manifest.operatingPoints();
  }

  @Override
  public ModelPack acceptLicense() {
    return new ModelPack(manifest, settings, true, allFiles);
  }

  /**
   * Returns a copy of the pack that fetches all its files. By default, only the detector and the
   * recognizer are fetched.
   *
   * @return the copy
   */
  public ModelPack withAllFiles() {
    return new ModelPack(manifest, settings, accepted, true);
  }

  @Override
  List<Entry> wanted() {
    return manifest.files().stream()
        .filter(file -> !file.isBundled() && (allFiles || file.isNeededToCompare()))
        .toList();
  }

  /**
   * Returns the models if they are available. No socket is opened.
   *
   * @return the models, ready for use
   * @throws LicenseNotAcceptedException if the license excludes commercial use and was not accepted
   * @throws ModelNotAvailableException if a file is missing or damaged; the message says how to
   *     fetch it
   * @throws ModelException if files are missing and the store has no folder
   */
  public FaceModels models() {
    requireAvailable(wanted());
    return toModels();
  }

  /**
   * Fetches the files that are missing and returns the models. Files that exist and verify are not
   * fetched again; a second call needs no network.
   *
   * @return the models, ready for use
   * @throws LicenseNotAcceptedException if the license excludes commercial use and was not
   *     accepted; nothing was fetched
   * @throws ModelNotAvailableException if a file is missing and fetching is switched off
   * @throws ModelDownloadException if a file could not be downloaded from any source
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ModelIntegrityException if a downloaded file differs from the manifest
   * @throws ModelException if the folder cannot be written to, or the store has none
   */
  public FaceModels fetch() {
    return fetch(progress -> {});
  }

  /**
   * Fetches the files that are missing and returns the models. The listener is called in the
   * calling thread, at each change of file or phase and about ten times a second in between. If it
   * throws an exception, the exception is logged, the fetch continues, and the listener is not
   * called again. To cancel a fetch, interrupt its thread.
   *
   * @param listener receives the progress
   * @return the models, ready for use
   * @throws LicenseNotAcceptedException if the license excludes commercial use and was not
   *     accepted; nothing was fetched
   * @throws ModelNotAvailableException if a file is missing and fetching is switched off
   * @throws ModelDownloadException if a file could not be downloaded from any source
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ModelIntegrityException if a downloaded file differs from the manifest
   * @throws ModelException if the folder cannot be written to, or the store has none
   */
  public FaceModels fetch(Consumer<FetchProgress> listener) {
    fetch(wanted(), listener);
    return toModels();
  }

  private FaceModels toModels() {
    return manifest.toModels(this::locate, this::isAvailable);
  }

  @Override
  String howToFetch() {
    return String.format(Locale.ROOT, "ModelZoo.get(\"%s\").acceptLicense().fetch()", name());
  }

  /**
   * Returns the kinds of analyzers that the pack has files for, in the order of its manifest.
   *
   * @return the classes of their descriptions, for {@link #fetchAnalyzer}
   */
  public List<Class<?>> analyzers() {
    return manifest.knownAnalyzers().stream()
        .<Class<?>>map(analyzer -> analyzer.network().description())
        .toList();
  }

  /**
   * Returns an analyzer of the pack if its files are available. No socket is opened. {@link
   * FaceModels#analyzers()} of {@link #models()} has all available ones.
   *
   * @param kind the class of its description, such as {@code AgeAndSexModel.class}
   * @param <M> the class of its description
   * @return the description, ready for use
   * @throws IllegalArgumentException if the pack has no such analyzer
   * @throws LicenseNotAcceptedException if the license excludes commercial use and was not accepted
   * @throws ModelNotAvailableException if a file is missing or damaged
   * @throws ModelException if files are missing and the store has no folder
   */
  public <M extends AnalyzerModel<?>> M analyzer(Class<M> kind) {
    Analyzer analyzer = require(kind);
    requireAvailable(filesOf(analyzer));
    return kind.cast(manifest.toModel(analyzer, this::locate));
  }

  /**
   * Fetches the files of one analyzer and no others. If they are in an archive, and the server
   * supports ranges, only their parts of it are transferred.
   *
   * @param kind the class of its description, such as {@code AgeAndSexModel.class}
   * @param <M> the class of its description
   * @return the description, ready for use
   * @throws IllegalArgumentException if the pack has no such analyzer
   * @throws LicenseNotAcceptedException if the license excludes commercial use and was not
   *     accepted; nothing was fetched
   * @throws ModelNotAvailableException if a file is missing and fetching is switched off
   * @throws ModelDownloadException if a file could not be downloaded from any source
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ModelIntegrityException if a downloaded file differs from the manifest
   * @throws ModelException if the folder cannot be written to, or the store has none
   */
  public <M extends AnalyzerModel<?>> M fetchAnalyzer(Class<M> kind) {
    return fetchAnalyzer(kind, progress -> {});
  }

  /**
   * Fetches the files of one analyzer and no others. The listener is called as in {@link
   * #fetch(Consumer)}.
   *
   * @param kind the class of its description, such as {@code AgeAndSexModel.class}
   * @param listener receives the progress
   * @param <M> the class of its description
   * @return the description, ready for use
   * @throws IllegalArgumentException if the pack has no such analyzer
   * @throws LicenseNotAcceptedException if the license excludes commercial use and was not
   *     accepted; nothing was fetched
   * @throws ModelNotAvailableException if a file is missing and fetching is switched off
   * @throws ModelDownloadException if a file could not be downloaded from any source
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ModelIntegrityException if a downloaded file differs from the manifest
   * @throws ModelException if the folder cannot be written to, or the store has none
   */
  public <M extends AnalyzerModel<?>> M fetchAnalyzer(
      Class<M> kind, Consumer<FetchProgress> listener) {
    Analyzer analyzer = require(kind);
    fetch(filesOf(analyzer), listener);
    return kind.cast(manifest.toModel(analyzer, this::locate));
  }

  private Analyzer require(Class<?> kind) {
    return manifest.knownAnalyzers().stream()
        .filter(analyzer -> analyzer.network().description() == kind)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    String.format(
                        Locale.ROOT,
                        "expected an analyzer of the pack %s, one of %s, found %s",
                        name(),
                        analyzers().stream().map(Class::getSimpleName).toList(),
                        kind.getSimpleName())));
  }

  private List<Entry> filesOf(Analyzer analyzer) {
    return manifest.entries(analyzer).stream().filter(file -> !file.isBundled()).toList();
  }
}
