// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import io.omote.face.ModelException;
import io.omote.face.description.AnalyzerModel;
import io.omote.face.internal.http.HttpLimits;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A folder of model packs, with the settings for fetching them. {@link ModelZoo} uses a store with
 * default settings; build one to change them.
 *
 * <p>The folder, the mirror and the offline switch are taken from the builder; then from the system
 * properties {@code omote.models.directory}, {@code omote.models.mirror} and {@code
 * omote.models.offline}; then from the environment variables {@code OMOTE_MODELS_DIRECTORY}, {@code
 * OMOTE_MODELS_MIRROR} and {@code OMOTE_MODELS_OFFLINE}. The default folder is {@code omote/models}
 * in the platform's cache folder. If the user has no home and no folder is set, only operations
 * that need the folder throw {@link ModelException}; the bundled pack works without it.
 *
 * <p>Building a store opens no file and no socket. Immutable and thread-safe. Several processes may
 * use the same folder concurrently.
 */
public final class ModelStore {
  private final Settings settings;
  private final Map<String, Manifest> manifests;

  private ModelStore(Settings settings, Map<String, Manifest> manifests) {
    this.settings = settings;
    this.manifests = manifests;
  }

  /**
   * Returns a builder with the default options.
   *
   * @return the builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns all known packs: those of this library, then registered ones.
   *
   * @return the packs, available or not
   */
  public List<Pack> list() {
    return manifests.values().stream().map(manifest -> Pack.of(manifest, settings)).toList();
  }

  /**
   * Returns the pack of this name, which compares faces.
   *
   * @param name the name, such as {@code buffalo_l}
   * @return the pack, available or not
   * @throws IllegalArgumentException if there is no such pack, or it holds only an analyzer
   */
  public ModelPack get(String name) {
    if (find(name) instanceof ModelPack pack) {
      return pack;
    }
    throw new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "expected a pack with a detector and a recognizer, one of %s, found '%s', which holds only an analyzer: call getAnalyzer",
            list().stream().filter(ModelPack.class::isInstance).map(Pack::name).toList(),
            name));
  }

  /**
   * Returns the pack of this name, which holds only an analyzer.
   *
   * @param name the name, such as {@code minifasnet}
   * @param kind the class of the analyzer's description, such as {@code LivenessModel.class}
   * @param <M> the class of the analyzer's description
   * @return the pack, available or not
   * @throws IllegalArgumentException if there is no such pack, or it holds something else
   */
  public <M extends AnalyzerModel<?>> AnalyzerPack<M> getAnalyzer(String name, Class<M> kind) {
    if (find(name) instanceof AnalyzerPack<?> pack && pack.kind() == kind) {
      // Checked by the comparison of the kinds.
      @SuppressWarnings("unchecked")
      AnalyzerPack<M> typed = (AnalyzerPack<M>) pack;
      return typed;
    }
    throw new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "expected a pack that holds only a %s, found '%s': to fetch an analyzer of a larger pack, call ModelPack.fetchAnalyzer",
            kind.getSimpleName(),
            name));
  }

  private Pack find(String name) {
    Manifest manifest = manifests.get(Objects.requireNonNull(name, "name"));
    if (manifest == null) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected the name of a pack, one of %s, found '%s'",
              manifests.keySet(),
              name));
    }
    return Pack.of(manifest, settings);
  }

  /**
   * Returns the folder of the store, which has one subfolder per pack and need not exist yet.
   *
   * @return an absolute path
   * @throws ModelException if no folder is set and the user has no home
   */
  public Path directory() {
    return settings.requiredDirectory();
  }

  /**
   * Returns whether fetching is switched off.
   *
   * @return true if no socket is ever opened
   */
  public boolean isOffline() {
    return settings.offline();
  }

  /** A builder of stores. Not thread-safe. */
  public static final class Builder {
    @Nullable Path directory;
    @Nullable Path insightFace;
    @Nullable URI mirror;
    @Nullable Boolean offline;
    HttpLimits limits = HttpLimits.defaults();
    private final List<Manifest> registered = new ArrayList<>();

    private Builder() {}

    /**
     * Sets the folder of the store, which has one subfolder per pack. The default is {@code
     * omote/models} in the platform's cache folder.
     *
     * @param folder the folder; it is created by the first fetch
     * @return this
     */
    public Builder directory(Path folder) {
      directory = Objects.requireNonNull(folder, "folder");
      return this;
    }

    /**
     * Sets InsightFace's folder of models. Files in it that verify are used in place; nothing is
     * ever written there. The default is {@code .insightface/models} in the user's home.
     *
     * @param folder the folder; it need not exist
     * @return this
     */
    public Builder insightFaceDirectory(Path folder) {
      insightFace = Objects.requireNonNull(folder, "folder");
      return this;
    }

    /**
     * Sets a mirror, a server to use instead of all sources of the manifests. It is asked for
     * {@code PACK/FILE}, then for {@code PACK.zip} if the pack has an archive. Sizes and hashes are
     * still those of the manifests. By default, there is no mirror.
     *
     * @param base the http or https address to which those names are appended
     * @return this
     */
    public Builder mirror(URI base) {
      mirror = Objects.requireNonNull(base, "base");
      return this;
    }

    /**
     * Sets whether fetching is switched off. The default is false.
     *
     * @param isOffline true if no socket may be opened
     * @return this
     */
    public Builder offline(boolean isOffline) {
      offline = isOffline;
      return this;
    }

    /**
     * Sets how long to wait for a connection. The default is 15 seconds.
     *
     * @param limit the longest wait
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder connectTimeout(Duration limit) {
      limits = limits.withConnect(limit);
      return this;
    }

    /**
     * Sets how long to wait for a response, or for its next bytes. The default is 30 seconds.
     *
     * @param limit the longest wait
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder idleTimeout(Duration limit) {
      limits = limits.withIdle(limit);
      return this;
    }

    /**
     * Sets how long one fetch may take, with all its files and attempts. The default is one hour.
     *
     * @param limit the longest time
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder fetchTimeout(Duration limit) {
      limits = limits.withDeadline(limit);
      return this;
    }

    /** Sets the pause before a second attempt. Tests shorten it. */
    Builder backOff(Duration pause) {
      limits = limits.withBackOff(pause);
      return this;
    }

    /**
     * Registers a pack described by your own manifest, a JSON file as in docs/models.md.
     *
     * @param file the manifest
     * @return this
     * @throws ModelException if it cannot be read or is invalid
     */
    public Builder manifest(Path file) {
      return manifest(ManifestReader.of(file));
    }

    Builder manifest(Manifest manifest) {
      registered.add(manifest);
      return this;
    }

    /**
     * Builds the store.
     *
     * @return the store
     * @throws ModelException if two packs have the same name, or a system property or an
     *     environment variable is invalid
     * @throws IllegalArgumentException if the mirror is not an http or https address
     */
    public ModelStore build() {
      Map<String, Manifest> manifests = new LinkedHashMap<>(ModelZoo.bundledManifests());
      for (Manifest manifest : registered) {
        if (manifests.putIfAbsent(manifest.name(), manifest) != null) {
          throw ManifestReader.nameInUse(manifest.name());
        }
      }
      return new ModelStore(Settings.resolve(this, Settings.Sources.PROCESS), manifests);
    }
  }
}
