// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import io.omote.face.InterruptedCallException;
import io.omote.face.ModelException;
import io.omote.face.description.AnalyzerModel;
import io.omote.face.models.Manifest.Analyzer;
import io.omote.face.models.Manifest.Entry;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * A pack with one analyzer, and its license and files. Nothing is fetched until you call {@link
 * #fetch()}.
 *
 * <pre>{@code
 * LivenessModel liveness = ModelZoo.miniFasNet().fetch();
 * }</pre>
 *
 * <p>Immutable and thread-safe. Several threads and processes may fetch the same pack concurrently.
 *
 * @param <M> the class of the analyzer's description
 */
public final class AnalyzerPack<M extends AnalyzerModel<?>> extends Pack {
  AnalyzerPack(Manifest manifest, Settings settings) {
    this(manifest, settings, false);
  }

  private AnalyzerPack(Manifest manifest, Settings settings, boolean accepted) {
    super(manifest, settings, accepted);
  }

  /**
   * Returns the kind of the analyzer.
   *
   * @return the class of its description
   */
  public Class<M> kind() {
    // Callers have an AnalyzerPack<?>, or one of the kind that they asked for.
    @SuppressWarnings("unchecked")
    Class<M> kind = (Class<M>) analyzer().network().description();
    return kind;
  }

  private Analyzer analyzer() {
    return manifest.knownAnalyzers().get(0);
  }

  @Override
  List<Entry> wanted() {
    return manifest.files().stream().filter(file -> !file.isBundled()).toList();
  }

  @Override
  public AnalyzerPack<M> acceptLicense() {
    return new AnalyzerPack<>(manifest, settings, true);
  }

  /**
   * Returns the analyzer if its files are available. No socket is opened.
   *
   * @return the description, ready for use
   * @throws LicenseNotAcceptedException if the license excludes commercial use and was not accepted
   * @throws ModelNotAvailableException if a file is missing or damaged; the message says how to
   *     fetch it
   * @throws ModelException if files are missing and the store has no folder
   */
  public M model() {
    requireAvailable(wanted());
    return toModel();
  }

  /**
   * Fetches the files that are missing and returns the analyzer. Files that exist and verify are
   * not fetched again; a second call needs no network.
   *
   * @return the description, ready for use
   * @throws LicenseNotAcceptedException if the license excludes commercial use and was not
   *     accepted; nothing was fetched
   * @throws ModelNotAvailableException if a file is missing and fetching is switched off
   * @throws ModelDownloadException if a file could not be downloaded from any source
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ModelIntegrityException if a downloaded file differs from the manifest
   * @throws ModelException if the folder cannot be written to, or the store has none
   */
  public M fetch() {
    return fetch(progress -> {});
  }

  /**
   * Fetches the files that are missing and returns the analyzer. The listener is called in the
   * calling thread, at each change of file or phase and about ten times a second in between. If it
   * throws an exception, the exception is logged, the fetch continues, and the listener is not
   * called again. To cancel a fetch, interrupt its thread.
   *
   * @param listener receives the progress
   * @return the description, ready for use
   * @throws LicenseNotAcceptedException if the license excludes commercial use and was not
   *     accepted; nothing was fetched
   * @throws ModelNotAvailableException if a file is missing and fetching is switched off
   * @throws ModelDownloadException if a file could not be downloaded from any source
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ModelIntegrityException if a downloaded file differs from the manifest
   * @throws ModelException if the folder cannot be written to, or the store has none
   */
  public M fetch(Consumer<FetchProgress> listener) {
    fetch(wanted(), listener);
    return toModel();
  }

  private M toModel() {
    return kind().cast(manifest.toModel(analyzer(), this::locate));
  }

  @Override
  String howToFetch() {
    return String.format(
        Locale.ROOT,
        "ModelZoo.getAnalyzer(\"%s\", %s.class).acceptLicense().fetch()",
        name(),
        kind().getSimpleName());
  }
}
