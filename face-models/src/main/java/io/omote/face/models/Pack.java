// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import io.omote.face.InterruptedCallException;
import io.omote.face.ModelException;
import io.omote.face.description.ModelFile;
import io.omote.face.models.Manifest.Entry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A set of model files with one license: a {@link ModelPack} to compare faces, or an {@link
 * AnalyzerPack} to analyze them.
 *
 * <p>Immutable and thread-safe. Several threads and processes may fetch the same pack concurrently.
 */
public abstract sealed class Pack permits ModelPack, AnalyzerPack {
  final Manifest manifest;
  final Settings settings;
  final boolean accepted;
  private final PackFolder folder;

  Pack(Manifest manifest, Settings settings, boolean accepted) {
    this.manifest = manifest;
    this.settings = settings;
    this.accepted = accepted;
    this.folder = new PackFolder(manifest, settings);
  }

  static Pack of(Manifest manifest, Settings settings) {
    return manifest.comparesFaces()
        ? new ModelPack(manifest, settings)
        : new AnalyzerPack<>(manifest, settings);
  }

  /**
   * Returns the name of the pack.
   *
   * @return the name, such as {@code buffalo_l}
   */
  public final String name() {
    return manifest.name();
  }

  /**
   * Returns a description of the pack.
   *
   * @return one line of text
   */
  public final String description() {
    return manifest.description();
  }

  /**
   * Returns the license of the weights.
   *
   * @return the license
   */
  public final ModelLicense license() {
    return manifest.toLicense();
  }

  /**
   * Returns the files of the pack.
   *
   * @return all files, also those that are not needed to compare faces
   */
  public final List<PackFile> files() {
    return manifest.files().stream().map(Entry::toPackFile).toList();
  }

  /** Returns the files to fetch, without bundled ones. */
  abstract List<Entry> wanted();

  /**
   * Returns the folder of the pack's files, which need not exist yet. It is a folder of the store,
   * or of InsightFace if that has all files to fetch.
   *
   * @return an absolute path
   * @throws ModelException if the store has no folder, see {@link ModelStore}
   */
  public final Path directory() {
    return folder.directory(wanted());
  }

  /**
   * Returns a copy of the pack whose license is accepted. A license that excludes commercial use
   * must be accepted before the first byte is fetched: here, or by an operator who lists the pack
   * in the system property {@code omote.models.acceptLicense} (names separated by commas). Fetching
   * records the acceptance next to the files, where it remains valid.
   *
   * @return the copy
   */
  public abstract Pack acceptLicense();

  /**
   * Returns whether the pack may be fetched: its license allows commercial use, or was accepted in
   * code, by the system property, or when the pack was fetched before.
   *
   * @return true if the pack may be fetched
   */
  public final boolean isLicenseAccepted() {
    return manifest.license().commercialUse()
        || accepted
        || folder.isAcceptedByProperty()
        || folder.hasAcceptanceRecord();
  }

  /**
   * Returns whether all files to fetch exist and verify. No socket is opened.
   *
   * @return true if a fetch would transfer nothing
   */
  public final boolean isAvailable() {
    return wanted().stream().allMatch(file -> folder.find(file).isPresent());
  }

  final void requireAvailable(List<Entry> wanted) {
    checkLicense();
    List<Entry> missing = missing(wanted);
    if (!missing.isEmpty()) {
      throw folder.notAvailable(
          missing,
          String.format(Locale.ROOT, "Fetch the pack first, in code with %s", howToFetch()));
    }
  }

  final void fetch(List<Entry> wanted, Consumer<FetchProgress> listener) {
    checkLicense();
    List<Entry> missing = missing(wanted);
    if (!missing.isEmpty()) {
      if (settings.offline()) {
        throw folder.notAvailable(
            missing,
            String.format(
                Locale.ROOT,
                "Fetching is switched off (%s): switch it on, or place the files yourself",
                Settings.OFFLINE));
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
          String.format(
              Locale.ROOT,
              "the license of the pack %s has not been accepted: '%s' (%s). If you may use it, accept it in code with %s, or with -D%s=%s. Nothing was fetched",
              name(),
              license.name(),
              license.url(),
              howToFetch(),
              Settings.ACCEPT_LICENSE,
              name()));
    }
  }

  private List<Entry> missing(List<Entry> wanted) {
    return wanted.stream().filter(file -> folder.find(file).isEmpty()).toList();
  }

  /** Returns the code that fetches the pack. */
  abstract String howToFetch();

  final boolean isAvailable(Entry file) {
    return file.isBundled() || folder.find(file).isPresent();
  }

  final ModelFile locate(Entry file) {
    return file.isBundled()
        ? ModelZoo.resource(file)
        : ModelFile.of(folder.find(file).orElseGet(() -> folder.path(file)), file.sha256());
  }

  /**
   * Verifies all files of the pack by reading and hashing them.
   *
   * @return the status of each file, also of those that are not needed to compare faces
   */
  public final List<FileStatus> verify() {
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
   * Deletes the pack's files and the record of its license from the store, if they exist. Files in
   * InsightFace's folder are kept.
   *
   * @throws ModelException if a file cannot be deleted
   * @throws InterruptedCallException if the thread is interrupted while it waits for a fetch
   */
  public final void delete() {
    folder.delete();
  }

  /**
   * Returns a text with the name of the pack.
   *
   * @return the text
   */
  @Override
  public final String toString() {
    return String.format(Locale.ROOT, "%s[%s]", getClass().getSimpleName(), name());
  }
}
