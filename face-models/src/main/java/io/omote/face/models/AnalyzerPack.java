// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import io.omote.face.InterruptedCallException;
import io.omote.face.ModelException;
import io.omote.face.description.AnalyzerModel;
import io.omote.face.models.Manifest.Analyzer;
import io.omote.face.models.Manifest.Entry;
import java.util.List;
import java.util.Locale;

/**
 * The files of one analyzer, and what is known of them. Nothing is fetched before {@link #fetch()}.
 *
 * <pre>{@code
 * LivenessModel liveness = ModelZoo.miniFasNet().fetch();
 * }</pre>
 *
 * <p>Immutable and thread-safe; several threads and processes may fetch the same pack at once.
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
   * The kind of the analyzer.
   *
   * @return the class of its description
   */
  public Class<M> kind() {
    // Packs are given out as AnalyzerPack<?>, or of the kind that the caller named.
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
   * The analyzer, if its files are here. No socket is opened.
   *
   * @return its description, ready for use
   * @throws LicenseNotAcceptedException if the license excludes commercial use and was not accepted
   * @throws ModelNotAvailableException if a file is missing or damaged; the message says how to
   *     fetch it
   * @throws ModelException if files are missing and the store has no folder
   */
  public M model() {
    requireHere(wanted());
    return toModel();
  }

  /**
   * Fetches what is missing and gives the analyzer. What is here and verified is not fetched again;
   * a second call needs no network.
   *
   * @return its description, ready for use
   * @throws LicenseNotAcceptedException if the license excludes commercial use and was not
   *     accepted; nothing was fetched
   * @throws ModelNotAvailableException if something is missing and fetching is switched off
   * @throws ModelDownloadException if no source could be read
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ModelIntegrityException if what came is not what the manifest names
   * @throws ModelException if the folder cannot be used, or the store has none
   */
  public M fetch() {
    return fetch(progress -> {});
  }

  /**
   * Fetches what is missing, says how far it has come, and gives the analyzer.
   *
   * @param listener hears how far it has come
   * @return its description, ready for use
   * @throws LicenseNotAcceptedException if the license excludes commercial use and was not
   *     accepted; nothing was fetched
   * @throws ModelNotAvailableException if something is missing and fetching is switched off
   * @throws ModelDownloadException if no source could be read
   * @throws InterruptedCallException if the thread is interrupted
   * @throws ModelIntegrityException if what came is not what the manifest names
   * @throws ModelException if the folder cannot be used, or the store has none
   */
  public M fetch(FetchListener listener) {
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
