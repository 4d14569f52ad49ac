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

/**
 * Files that belong together, and what is known of them: a {@link ModelPack} to compare faces with,
 * or an {@link AnalyzerPack} to look at them.
 *
 * <p>Immutable and thread-safe; several threads and processes may fetch the same pack at once.
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
   * The name of the pack.
   *
   * @return the name, such as {@code buffalo_l}
   */
  public final String name() {
    return manifest.name();
  }

  /**
   * What the pack is.
   *
   * @return one line
   */
  public final String description() {
    return manifest.description();
  }

  /**
   * The license of the weights.
   *
   * @return the license
   */
  public final ModelLicense license() {
    return manifest.toLicense();
  }

  /**
   * The files of the pack, also those that comparing faces does not need.
   *
   * @return the files
   */
  public final List<PackFile> files() {
    return manifest.files().stream().map(Entry::toPackFile).toList();
  }

  /** The files that were asked for, without bundled ones. */
  abstract List<Entry> wanted();

  /**
   * The folder that the pack's files lie in, or will: the store's, or InsightFace's where all files
   * that were asked for are used there.
   *
   * @return an absolute path, which need not exist
   * @throws ModelException if the store has no folder, see {@link ModelStore}
   */
  public final Path directory() {
    return folder.directory(wanted());
  }

  /**
   * Accepts the license. A license that excludes commercial use must be accepted before the first
   * byte is fetched, here or, for operators, by naming the pack in the system property {@code
   * omote.models.acceptLicense} (names separated by commas). Fetching records the acceptance beside
   * the files, and it need not be repeated there.
   *
   * @return the pack with its license accepted
   */
  public abstract Pack acceptLicense();

  /**
   * Whether the license allows use without a question, or was accepted in code, by system property
   * or once before.
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
   * Whether all files that were asked for are here and verified. No socket is opened.
   *
   * @return true if fetching would transfer nothing
   */
  public final boolean isAvailable() {
    return wanted().stream().allMatch(file -> folder.find(file).isPresent());
  }

  final void requireHere(List<Entry> wanted) {
    checkLicense();
    List<Entry> missing = missing(wanted);
    if (!missing.isEmpty()) {
      throw folder.notAvailable(
          missing, String.format(Locale.ROOT, "fetch the pack first, in code by %s", howToFetch()));
    }
  }

  final void fetch(List<Entry> wanted, FetchListener listener) {
    checkLicense();
    List<Entry> missing = missing(wanted);
    if (!missing.isEmpty()) {
      if (settings.offline()) {
        throw folder.notAvailable(
            missing,
            String.format(
                Locale.ROOT,
                "fetching is switched off (%s); switch it on, or place each file by hand",
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
              "expected that the license of the pack %s was accepted, found that it was not: it is '%s' (%s). If you may use it, accept it in code by %s, or by -D%s=%s. Nothing was fetched",
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

  /** The code that fetches the pack. */
  abstract String howToFetch();

  final boolean isHere(Entry file) {
    return file.isBundled() || folder.find(file).isPresent();
  }

  final ModelFile locate(Entry file) {
    return file.isBundled()
        ? ModelZoo.resource(file)
        : ModelFile.of(folder.find(file).orElseGet(() -> folder.path(file)), file.sha256());
  }

  /**
   * Reads and hashes all files of the pack that are here.
   *
   * @return how each was found, also those that comparing faces does not need
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
   * Deletes the pack's files and the record of its license from the store. Files in InsightFace's
   * folder stay. Where nothing is there, nothing happens.
   *
   * @throws ModelException if a file cannot be deleted
   * @throws InterruptedCallException if the thread is interrupted while another one fetches
   */
  public final void delete() {
    folder.delete();
  }

  /**
   * Names the pack.
   *
   * @return a text with the name
   */
  @Override
  public final String toString() {
    return String.format(Locale.ROOT, "%s[%s]", getClass().getSimpleName(), name());
  }
}
