// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import io.omote.face.FaceModels;
import io.omote.face.InterruptedCallException;
import io.omote.face.ModelException;
import io.omote.face.model.AnalyzerModel;
import io.omote.face.model.ModelFile;
import io.omote.face.model.Normalization;
import io.omote.face.model.OperatingPoint;
import io.omote.face.models.Manifest.Analyzer;
import io.omote.face.models.Manifest.Entry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A detector and a recogniser that belong together, and what is known of them: licence, files,
 * threshold. Nothing is fetched before {@link #fetch()}.
 *
 * <p>Immutable and thread-safe; several threads and processes may fetch the same pack at once.
 */
public final class ModelPack {
  private final Manifest manifest;
  private final Settings settings;
  private final PackFolder folder;
  private final boolean accepted;
  private final boolean allFiles;

  ModelPack(Manifest manifest, Settings settings) {
    this(manifest, settings, false, false);
  }

  private ModelPack(Manifest manifest, Settings settings, boolean accepted, boolean allFiles) {
    this.manifest = manifest;
    this.settings = settings;
    this.folder = new PackFolder(manifest, settings);
    this.accepted = accepted;
    this.allFiles = allFiles;
  }

  /**
   * The name of the pack.
   *
   * @return the name, such as {@code buffalo_l}
   */
  public String name() {
    return manifest.name();
  }

  /**
   * What the pack is.
   *
   * @return one line
   */
  public String description() {
    return manifest.description();
  }

  /**
   * The licence of the weights.
   *
   * @return the licence
   */
  public ModelLicense license() {
    return manifest.toLicense();
  }

  /**
   * The files of the pack, also those that comparing faces does not need.
   *
   * @return the files
   */
  public List<PackFile> files() {
    return manifest.files().stream().map(Entry::toPackFile).toList();
  }

  /**
   * The id that embeddings of this pack are marked with.
   *
   * @return the name of the recogniser's file and the first 12 digits of its SHA-256
   */
  public String modelId() {
    return manifest.modelId();
  }

  /**
   * How pixels become the recogniser's input.
   *
   * @return the normalisation
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
    return List.copyOf(manifest.detector().inputSizes());
  }

  /**
   * The default threshold.
   *
   * @return the similarity from which on two faces count as the same person, in [-1, 1]
   */
  public double threshold() {
    return manifest.recogniser().threshold();
  }

  /**
   * Whether anything is known of the errors that the default threshold makes.
   *
   * @return false if it must be calibrated before the answer matters
   */
  public boolean isThresholdCalibrated() {
    return manifest.recogniser().thresholdCalibrated();
  }

  /**
   * Where the default threshold comes from.
   *
   * @return one line
   */
  public String thresholdSource() {
    return manifest.recogniser().thresholdSource();
  }

  /**
   * Thresholds of the recogniser whose error rates are published.
   *
   * @return the operating points, empty where there are none
   */
  public List<OperatingPoint> operatingPoints() {
    return manifest.operatingPoints();
  }

  /**
   * The folder that the pack's files lie in, or will: the store's, or InsightFace's where all files
   * that were asked for are used there.
   *
   * @return an absolute path, which need not exist
   * @throws ModelException if the store has no folder, see {@link ModelStore}
   */
  public Path directory() {
    return folder.directory(wanted());
  }

  /**
   * Accepts the licence. A licence that excludes commercial use must be accepted before the first
   * byte is fetched, here or, for operators, by naming the pack in the system property {@code
   * omote.models.acceptLicense} (names separated by commas). {@link #fetch()} records the
   * acceptance beside the files, and it need not be repeated there.
   *
   * @return the pack with its licence accepted
   */
  public ModelPack acceptLicense() {
    return new ModelPack(manifest, settings, true, allFiles);
  }

  /**
   * Asks for all files of the pack. By default only the detector and the recogniser are fetched.
   *
   * @return the pack with all its files asked for
   */
  public ModelPack withAllFiles() {
    return new ModelPack(manifest, settings, accepted, true);
  }

  private List<Entry> wanted() {
    return manifest.files().stream()
        .filter(file -> !file.isBundled() && (allFiles || file.isNeededToCompare()))
        .toList();
  }

  /**
   * Whether the licence allows use without a question, or was accepted in code, by system property
   * or once before.
   *
   * @return true if the pack may be fetched
   */
  public boolean isLicenseAccepted() {
    return manifest.license().commercialUse()
        || accepted
        || folder.isAcceptedByProperty()
        || folder.hasAcceptanceRecord();
  }

  /**
   * Whether all files that were asked for are here and verified. No socket is opened.
   *
   * @return true if {@link #fetch()} would transfer nothing
   */
  public boolean isAvailable() {
    return wanted().stream().allMatch(file -> folder.find(file).isPresent());
  }

  /**
   * The models, if they are here. No socket is opened.
   *
   * @return the models, ready for use
   * @throws LicenseNotAcceptedException if the licence excludes commercial use and was not accepted
   * @throws ModelNotAvailableException if a file is missing or damaged; the message says how to
   *     fetch it
   * @throws ModelException if files are missing and the store has no folder
   */
  public FaceModels models() {
    requireHere(wanted());
    return toModels();
  }

  private void requireHere(List<Entry> wanted) {
    checkLicense();
    List<Entry> missing = missing(wanted);
    if (!missing.isEmpty()) {
      throw folder.notAvailable(
          missing,
          "fetch the pack first, in code by ModelZoo.get(\"%s\").acceptLicense().fetch()"
              .formatted(name()));
    }
  }

  /**
   * Fetches what is missing and gives the models. What is here and verified is not fetched again; a
   * second call needs no network.
   *
   * @return the models, ready for use
   * @throws LicenseNotAcceptedException if the licence excludes commercial use and was not
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
   * @throws LicenseNotAcceptedException if the licence excludes commercial use and was not
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

  private void fetch(List<Entry> wanted, FetchListener listener) {
    checkLicense();
    List<Entry> missing = missing(wanted);
    if (!missing.isEmpty()) {
      if (settings.offline()) {
        throw folder.notAvailable(
            missing,
            "fetching is switched off (%s); switch it on, or place each file by hand"
                .formatted(Settings.OFFLINE));
      }
      new Fetch(manifest, settings, folder, accepted, new ProgressReporter(name(), listener))
          .run(wanted);
    } else if (!manifest.license().commercialUse()) {
      folder.recordAcceptanceIfPossible(accepted);
    }
  }

  private void checkLicense() {
    if (!isLicenseAccepted()) {
      ModelLicense license = license();
      throw new LicenseNotAcceptedException(
          "expected that the licence of the pack %s was accepted, found that it was not: it is '%s' (%s). If you may use it, accept it in code by ModelZoo.get(\"%s\").acceptLicense().fetch(), or by -D%s=%s. Nothing was fetched"
              .formatted(
                  name(), license.name(), license.url(), name(), Settings.ACCEPT_LICENSE, name()));
    }
  }

  private List<Entry> missing(List<Entry> wanted) {
    return wanted.stream().filter(file -> folder.find(file).isEmpty()).toList();
  }

  private FaceModels toModels() {
    return manifest.toModels(
        this::locate, file -> file.isBundled() || folder.find(file).isPresent());
  }

  private ModelFile locate(Entry file) {
    return file.isBundled()
        ? ModelZoo.resource(file)
        : ModelFile.of(folder.find(file).orElseGet(() -> folder.path(file)), file.sha256());
  }

  /**
   * The kinds of analyzers that the pack has files for, in the order of its manifest.
   *
   * @return the classes of their descriptions, as {@link #fetchAnalyzer} takes them
   */
  public List<Class<?>> analyzers() {
    return manifest.knownAnalyzers().stream()
        .<Class<?>>map(analyzer -> analyzer.family().model())
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
   * @throws LicenseNotAcceptedException if the licence excludes commercial use and was not accepted
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
   * @throws LicenseNotAcceptedException if the licence excludes commercial use and was not
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
   * @throws LicenseNotAcceptedException if the licence excludes commercial use and was not
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
        .filter(analyzer -> analyzer.family().model() == kind)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "expected one of the analyzers of the pack %s, %s, found %s"
                        .formatted(
                            name(),
                            analyzers().stream().map(Class::getSimpleName).toList(),
                            kind.getSimpleName())));
  }

  private List<Entry> filesOf(Analyzer analyzer) {
    return manifest.entries(analyzer).stream().filter(file -> !file.isBundled()).toList();
  }

  /**
   * Reads and hashes all files of the pack that are here.
   *
   * @return how each was found, also those that comparing faces does not need
   */
  public List<FileStatus> verify() {
    List<FileStatus> result = new ArrayList<>();
    for (Entry file : manifest.files()) {
      result.add(
          file.isBundled()
              ? new FileStatus(file.toPackFile(), FileStatus.State.BUNDLED, Optional.empty())
              : folder.verify(file));
    }
    return List.copyOf(result);
  }

  /**
   * Deletes the pack's files and the record of its licence from the store. Files in InsightFace's
   * folder stay. Where nothing is there, nothing happens.
   *
   * @throws ModelException if a file cannot be deleted
   * @throws InterruptedCallException if the thread is interrupted while another one fetches
   */
  public void delete() {
    folder.delete();
  }

  /**
   * Names the pack.
   *
   * @return a text with the name
   */
  @Override
  public String toString() {
    return "ModelPack[" + name() + "]";
  }
}
