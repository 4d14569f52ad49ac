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
 * A folder that packs of models are kept in, and the ways to fill it. {@link ModelZoo} uses one
 * with default settings; make one for settings of your own.
 *
 * <p>Folder, mirror and offline switch come from the builder; where it was given none, from the
 * system properties {@code omote.models.directory}, {@code omote.models.mirror} and {@code
 * omote.models.offline}; then from the environment variables {@code OMOTE_MODELS_DIRECTORY}, {@code
 * OMOTE_MODELS_MIRROR} and {@code OMOTE_MODELS_OFFLINE}. The default folder is {@code omote/models}
 * in the platform's cache folder. Where the user has no home and nothing names a folder, only what
 * needs one fails, by {@link ModelException}; the bundled pack needs none.
 *
 * <p>Making one opens no file and no socket. Immutable and thread-safe; several processes may use
 * the same folder at once.
 */
public final class ModelStore {
  private final Settings settings;
  private final Map<String, Manifest> manifests;

  private ModelStore(Settings settings, Map<String, Manifest> manifests) {
    this.settings = settings;
    this.manifests = manifests;
  }

  /**
   * Starts to set the options of a store.
   *
   * @return the options, with their defaults
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * All packs that are known: those of this library, then those registered.
   *
   * @return the packs; whether they are here is another question
   */
  public List<Pack> list() {
    return manifests.values().stream().map(manifest -> Pack.of(manifest, settings)).toList();
  }

  /**
   * A pack to compare faces with, by its name.
   *
   * @param name the name, such as {@code buffalo_l}
   * @return the pack; whether it is here is another question
   * @throws IllegalArgumentException if no such pack is known, or it holds an analyzer alone
   */
  public ModelPack get(String name) {
    if (find(name) instanceof ModelPack pack) {
      return pack;
    }
    throw new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "expected a pack with a detector and a recognizer, one of %s, found '%s', which holds an analyzer alone: ask for it by getAnalyzer",
            list().stream().filter(ModelPack.class::isInstance).map(Pack::name).toList(),
            name));
  }

  /**
   * A pack of an analyzer, by its name.
   *
   * @param name the name, such as {@code minifasnet}
   * @param kind the class of the analyzer's description, such as {@code LivenessModel.class}
   * @param <M> the class of the analyzer's description
   * @return the pack; whether it is here is another question
   * @throws IllegalArgumentException if no such pack is known, or it holds something else
   */
  public <M extends AnalyzerModel<?>> AnalyzerPack<M> getAnalyzer(String name, Class<M> kind) {
    if (find(name) instanceof AnalyzerPack<?> pack && pack.kind() == kind) {
      // Its kind was compared.
      @SuppressWarnings("unchecked")
      AnalyzerPack<M> typed = (AnalyzerPack<M>) pack;
      return typed;
    }
    throw new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "expected a pack that holds a %s alone, found '%s', which does not: analyzers of other packs are fetched by ModelPack.fetchAnalyzer",
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
   * The folder that has one folder a pack.
   *
   * @return an absolute path, which need not exist yet
   * @throws ModelException if nothing says where: no setting, and the user has no home
   */
  public Path directory() {
    return settings.requiredDirectory();
  }

  /**
   * Whether fetching is switched off.
   *
   * @return true if no socket is ever opened
   */
  public boolean isOffline() {
    return settings.offline();
  }

  /** The options of a store. Not thread-safe. */
  public static final class Builder {
    @Nullable Path directory;
    @Nullable Path insightFace;
    @Nullable URI mirror;
    @Nullable Boolean offline;
    HttpLimits limits = HttpLimits.DEFAULT;
    private final List<Manifest> registered = new ArrayList<>();

    private Builder() {}

    /**
     * The folder to keep packs in, one folder each. By default {@code omote/models} in the
     * platform's cache folder.
     *
     * @param folder the folder; it is made when something is fetched
     * @return this
     */
    public Builder directory(Path folder) {
      directory = Objects.requireNonNull(folder, "folder");
      return this;
    }

    /**
     * InsightFace's folder of models, by default {@code .insightface/models} in the user's home.
     * Files in it that verify are used where they are; nothing is ever written there.
     *
     * @param folder the folder; it need not exist
     * @return this
     */
    public Builder insightFaceDirectory(Path folder) {
      insightFace = Objects.requireNonNull(folder, "folder");
      return this;
    }

    /**
     * A server of one's own that is asked in the place of all sources: for {@code PACK/FILE}, then
     * for {@code PACK.zip} where the pack has an archive. Sizes and hashes stay those of the
     * manifests. By default the sources of the manifests are asked.
     *
     * @param base the address that those names are appended to, http or https
     * @return this
     */
    public Builder mirror(URI base) {
      mirror = Objects.requireNonNull(base, "base");
      return this;
    }

    /**
     * Whether fetching is switched off. By default it is not.
     *
     * @param isOffline true if no socket may be opened
     * @return this
     */
    public Builder offline(boolean isOffline) {
      offline = isOffline;
      return this;
    }

    /**
     * Time limits of the network. By default 15 seconds to connect, 30 without a byte, and one hour
     * for all that one fetch transfers.
     *
     * @param connect the longest wait for a connection
     * @param idle the longest wait for an answer or for the next bytes of one
     * @param deadline the longest time for one fetch
     * @return this
     * @throws IllegalArgumentException if one is not positive
     */
    public Builder timeouts(Duration connect, Duration idle, Duration deadline) {
      limits = new HttpLimits(connect, idle, deadline, limits.backOff());
      return this;
    }

    /** The pause before a second attempt, which tests shorten. */
    Builder backOff(Duration pause) {
      limits = new HttpLimits(limits.connect(), limits.idle(), limits.deadline(), pause);
      return this;
    }

    /**
     * Registers a pack of one's own, described by a JSON file as in docs/models.md.
     *
     * @param file the manifest
     * @return this
     * @throws ModelException if it cannot be read or says something impossible
     */
    public Builder manifest(Path file) {
      return manifest(ManifestReader.of(file));
    }

    Builder manifest(Manifest manifest) {
      registered.add(manifest);
      return this;
    }

    /**
     * Makes the store.
     *
     * @return the store
     * @throws ModelException if two packs have the same name, or a system property or an
     *     environment variable has none
     * @throws IllegalArgumentException if the mirror that was given has no meaning
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
