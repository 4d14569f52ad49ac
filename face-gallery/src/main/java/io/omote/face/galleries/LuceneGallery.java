// SPDX-License-Identifier: Apache-2.0
package io.omote.face.galleries;

import io.omote.face.GalleryEntry;
import io.omote.face.GalleryException;
import io.omote.face.gallery.ExactGallery;
import io.omote.face.gallery.Requests;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A gallery in a folder, kept by Lucene and searched in memory, exactly.
 *
 * <pre>{@code
 * try (LuceneGallery people = LuceneGallery.open(Path.of("people"), embedder.modelId())) {
 *   people.enrol("maya", "passport.jpg", embedding);
 * }
 * }</pre>
 *
 * <p>All samples are in memory while it is open, 2.2 kB each for 512 numbers, and about as much on
 * disk. What {@link #enrol} and {@link #remove} did is on disk when they return; where a process
 * dies, the last of them that returned is what the next one finds. A removal rewrites the parts of
 * the store that held the sample, so that nothing of it is left. The folder of a new gallery can be
 * read by its owner only.
 *
 * <p>One process writes at a time; others may read ({@link #openReadOnly}). Safe for use by several
 * threads at once.
 */
public final class LuceneGallery extends ExactGallery {
  /**
   * The most samples by default: beyond, a search takes longer than 0.1 s, and a database is
   * better.
   */
  public static final int DEFAULT_MAX_SAMPLES = 1_000_000;

  private final LuceneStore store;
  private final int maxSamples;

  private LuceneGallery(LuceneStore store, String modelId, int maxSamples) {
    super(modelId);
    this.store = store;
    this.maxSamples = maxSamples;
  }

  /**
   * Opens a gallery, or makes one where the folder is empty or not there.
   *
   * @param folder the folder
   * @param modelId the id of the model whose embeddings it has
   * @return the gallery
   * @throws GalleryException if the gallery is of another model, open for writing elsewhere, or
   *     damaged, or the folder is something else or cannot be used
   */
  public static LuceneGallery open(Path folder, String modelId) {
    return open(folder, modelId, DEFAULT_MAX_SAMPLES);
  }

  /**
   * Opens a gallery, or makes one where the folder is empty or not there.
   *
   * @param folder the folder
   * @param modelId the id of the model whose embeddings it has
   * @param maxSamples the most samples to take; more that are there are read
   * @return the gallery
   * @throws GalleryException if the gallery is of another model, open for writing elsewhere, or
   *     damaged, or the folder is something else or cannot be used
   * @throws IllegalArgumentException if the number is not positive
   */
  public static LuceneGallery open(Path folder, String modelId, int maxSamples) {
    Objects.requireNonNull(folder, "folder");
    Objects.requireNonNull(modelId, "modelId");
    if (maxSamples < 1) {
      throw new IllegalArgumentException(
          "expected a positive number of samples, found " + maxSamples);
    }
    return opened(() -> LuceneStore.open(folder, modelId), modelId, maxSamples);
  }

  /**
   * Opens a gallery that another process may write to. It has what was committed last, now and at
   * each {@link #refresh}; writes are refused.
   *
   * @param folder the folder of a gallery
   * @param modelId the id of the model whose embeddings it has
   * @return the gallery
   * @throws GalleryException if there is no gallery, or it is of another model or damaged
   */
  public static LuceneGallery openReadOnly(Path folder, String modelId) {
    Objects.requireNonNull(folder, "folder");
    Objects.requireNonNull(modelId, "modelId");
    return opened(() -> LuceneStore.openReadOnly(folder, modelId), modelId, DEFAULT_MAX_SAMPLES);
  }

  static LuceneGallery opened(Supplier<LuceneStore> open, String modelId, int maxSamples) {
    Requests.checkInterrupt();
    return StoreThread.call(
        () -> {
          LuceneStore store = open.get();
          try {
            LuceneGallery gallery = new LuceneGallery(store, modelId, maxSamples);
            store.update(gallery::load);
            return gallery;
          } catch (RuntimeException | Error e) {
            also(e, store::close);
            throw e;
          }
        });
  }

  /** Does what follows a failure, and adds its own failure. */
  private static void also(Throwable failure, Runnable what) {
    try {
      what.run();
    } catch (RuntimeException | Error e) {
      failure.addSuppressed(e);
    }
  }

  /**
   * The model of a gallery that is there.
   *
   * @param folder the folder
   * @return the id of its model, empty where the folder has no gallery
   * @throws GalleryException if the folder cannot be read, or is something else
   */
  public static Optional<String> modelIdOf(Path folder) {
    Objects.requireNonNull(folder, "folder");
    Requests.checkInterrupt();
    return StoreThread.call(() -> LuceneStore.modelIdOf(folder));
  }

  /**
   * Takes over what another process committed since.
   *
   * @return whether there was anything
   * @throws GalleryException if the gallery cannot be read
   * @throws io.omote.face.ClosedException if this was closed
   */
  public boolean refresh() {
    boolean[] isChanged = new boolean[1];
    exclusively(() -> isChanged[0] = store.update(this::load));
    return isChanged[0];
  }

  @Override
  protected void onStore(Runnable work) {
    StoreThread.call(
        () -> {
          work.run();
          return true;
        });
  }

  @Override
  protected void prepare() {
    store.checkWritable();
    store.update(this::load);
  }

  @Override
  protected void store(List<GalleryEntry> added) {
    if (size() + added.size() > maxSamples) {
      throw new GalleryException(
          "expected at most %d samples in the gallery %s, found %d and %d more: open it with a higher limit if memory and time allow, or use PostgresGallery with an index"
              .formatted(maxSamples, store.folder(), size(), added.size()));
    }
    write(() -> store.write(added));
  }

  @Override
  protected void erase(String person, @Nullable String sample) {
    write(() -> store.erase(person, sample));
  }

  /** A commit that failed may have been one after all: then memory takes it over at once. */
  private void write(Runnable change) {
    try {
      change.run();
    } catch (RuntimeException | Error e) {
      also(e, () -> store.update(this::load));
      throw e;
    }
  }

  @Override
  protected void release() {
    store.close();
  }

  /**
   * Says where it is.
   *
   * @return a text without names of people
   */
  @Override
  public String toString() {
    return "LuceneGallery[%s]".formatted(store.folder());
  }
}
