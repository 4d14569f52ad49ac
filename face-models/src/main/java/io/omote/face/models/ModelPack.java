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

/**
 * A detector and a recognizer that belong together, and what is known of them: license, files,
 * threshold. Nothing is fetched before {@link #fetch()}.
 *
 * <p>Immutable and thread-safe; several threads and processes may fetch the same pack at once.
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
   * The id that embeddings of this pack are marked with.
   *
   * @return the name of the recognizer's file and the first 12 digits of its SHA-256
   */
  public String modelId() {
    return manifest.modelId();
  }

  /**
   * How pixels become the recognizer's input.
   *
   * @return the normalization
   */
  public Normalization normalization() {
    return manifest.normalization();
  }

  /**
   * The sizes of the detector's square input by default, one pass each.
   *
   * @return the sides in pixels, empty where the detector has a fixed size
   */
  public List<Integer> detectorInputSizes() {
    return List.copyOf(manifest.requiredDetector().inputSizes());
  }

  /**
   * The default threshold.
   *
   * @return the similarity from which on two faces count as the same person, in [-1, 1]
   */
  public double threshold() {
    return manifest.requiredRecognizer().threshold();
  }

  /**
   * Whether anything is known of the errors that the default threshold makes.
   *
   * @return false if it must be calibrated before the answer matters
   */
  public boolean isThresholdCalibrated() {
    return manifest.requiredRecognizer().thresholdCalibrated();
  }

  /**
   * Where the default threshold comes from.
   *
   * @return one line
   */
  public String thresholdSource() {
    return manifest.requiredRecognizer().thresholdSource();
  }

  /**
   * Thresholds of the recognizer whose error rates are published.
   *
   * @return the operating points, empty where there are none
   */
  public List<OperatingPoint> operatingPoints() {
    return manifest.operatingPoints();
  }

  @Override
  public ModelPack acceptLicense() {
    return new ModelPack(manifest, settings, true, allFiles);
  }

  /**
   * Asks for all files of the pack. By default only the detector and the recognizer are fetched.
   *
   * @return the pack with all its files asked for
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
   * The models, if they are here. No socket is opened.
   *
   * @return the models, ready for use
   * @throws LicenseNotAcceptedException if the license excludes commercial use and was not accepted
   * @throws ModelNotAvailableException if a file is missing or damaged; the message says how to
   *     fetch it
   * @throws ModelException if files are missing and the store has no folder
   */
  public FaceModels models() {
    requireHere(wanted());
    return toModels();
  }

  /**
   * Fetches what is missing and gives the models. What is here and verified is not fetched again; a
   * second call needs no network.
   *
   * @return the models, ready for use
   * @throws LicenseNotAcceptedException if the license excludes commercial use and was not
   *     accepted; nothing was fetched
   * @throws ModelNotAvailableException if something is missing and fetching is switched off
   * @throws ModelDownloadException if no source could be read
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ModelIntegrityException if what came is not what the manifest names
   * @throws ModelException if the folder cannot be used, or the store has none
   */
  public FaceModels fetch() {
    return fetch(progress -> {});
  }

  /**
   * Fetches what is missing, says how far it has come, and gives the models.
   *
   * @param listener hears how far it has come
   * @return the models, ready for use
   * @throws LicenseNotAcceptedException if the license excludes commercial use and was not
   *     accepted; nothing was fetched
   * @throws ModelNotAvailableException if something is missing and fetching is switched off
   * @throws ModelDownloadException if no source could be read
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ModelIntegrityException if what came is not what the manifest names
   * @throws ModelException if the folder cannot be used, or the store has none
   */
  public FaceModels fetch(FetchListener listener) {
    fetch(wanted(), listener);
    return toModels();
  }

  private FaceModels toModels() {
    return manifest.toModels(this::locate, this::isHere);
  }

  @Override
  String howToFetch() {
    return String.format(Locale.ROOT, "ModelZoo.get(\"%s\").acceptLicense().fetch()", name());
  }

  /**
   * The kinds of analyzers that the pack has files for, in the order of its manifest.
   *
   * @return the classes of their descriptions, as {@link #fetchAnalyzer} takes them
   */
  public List<Class<?>> analyzers() {
    return manifest.knownAnalyzers().stream()
        .<Class<?>>map(analyzer -> analyzer.network().description())
        .toList();
  }

  /**
   * An analyzer of the pack, if its files are here. No socket is opened. Those whose files are here
   * are among {@link FaceModels#analyzers()} of {@link #models()}, too.
   *
   * @param kind the class of its description, as in {@code AgeAndSexModel.class}
   * @param <M> the class of its description
   * @return the description, ready for use
   * @throws IllegalArgumentException if the pack has no such analyzer
   * @throws LicenseNotAcceptedException if the license excludes commercial use and was not accepted
   * @throws ModelNotAvailableException if a file is missing or damaged
   * @throws ModelException if files are missing and the store has no folder
   */
  public <M extends AnalyzerModel<?>> M analyzer(Class<M> kind) {
    Analyzer analyzer = require(kind);
    requireHere(filesOf(analyzer));
    return kind.cast(manifest.toModel(analyzer, this::locate));
  }

  /**
   * Fetches the files of one analyzer, and no others: of an archive, only the parts that hold them
   * where the server gives parts.
   *
   * @param kind the class of its description, as in {@code AgeAndSexModel.class}
   * @param <M> the class of its description
   * @return the description, ready for use
   * @throws IllegalArgumentException if the pack has no such analyzer
   * @throws LicenseNotAcceptedException if the license excludes commercial use and was not
   *     accepted; nothing was fetched
   * @throws ModelNotAvailableException if something is missing and fetching is switched off
   * @throws ModelDownloadException if no source could be read
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ModelIntegrityException if what came is not what the manifest names
   * @throws ModelException if the folder cannot be used, or the store has none
   */
  public <M extends AnalyzerModel<?>> M fetchAnalyzer(Class<M> kind) {
    return fetchAnalyzer(kind, progress -> {});
  }

  /**
   * Fetches the files of one analyzer, and no others, and says how far it has come.
   *
   * @param kind the class of its description, as in {@code AgeAndSexModel.class}
   * @param listener hears how far it has come
   * @param <M> the class of its description
   * @return the description, ready for use
   * @throws IllegalArgumentException if the pack has no such analyzer
   * @throws LicenseNotAcceptedException if the license excludes commercial use and was not
   *     accepted; nothing was fetched
   * @throws ModelNotAvailableException if something is missing and fetching is switched off
   * @throws ModelDownloadException if no source could be read
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ModelIntegrityException if what came is not what the manifest names
   * @throws ModelException if the folder cannot be used, or the store has none
   */
  public <M extends AnalyzerModel<?>> M fetchAnalyzer(Class<M> kind, FetchListener listener) {
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
                        "expected one of the analyzers of the pack %s, %s, found %s",
                        name(),
                        analyzers().stream().map(Class::getSimpleName).toList(),
                        kind.getSimpleName())));
  }

  private List<Entry> filesOf(Analyzer analyzer) {
    return manifest.entries(analyzer).stream().filter(file -> !file.isBundled()).toList();
  }
}
