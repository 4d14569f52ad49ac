// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import io.omote.face.ClosedException;
import io.omote.face.GalleryEntry;
import io.omote.face.GalleryException;
import io.omote.face.InterruptedCallException;
import io.omote.face.internal.search.ExactGallery;
import io.omote.face.internal.search.GalleryChecks;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A gallery in a folder, kept by Lucene and searched in memory, exactly.
 *
 * <pre>{@code
 * try (LuceneGallery people = LuceneGallery.open(Path.of("people"), embedder.modelId())) {
 *   people.enroll("maya", "passport.jpg", embedding);
 * }
 * }</pre>
 *
 * <p>All samples are in memory while it is open, 2.2 kB each for 512 numbers, and about as much on
 * disk. What {@link #enroll} and {@link #remove} did is on disk when they return; where a process
 * dies, the next one finds that, and what was in flight as a whole or not at all. Where one of them
 * throws because the disk fails, the same holds, and the gallery goes on with what is on disk once
 * the disk is in order. The folder of a new gallery can be read by its owner only.
 *
 * <p>A removal rewrites the parts of the store that held the sample: when it returns, no file of
 * the folder has anything of it. Where it throws, or the process dies in its midst, the next write
 * or opening deletes what is left. Some systems, such as Windows, may refuse to delete a file that
 * another process reads at that moment; then the removal throws, the sample is found no more, and a
 * later write deletes the file.
 *
 * <p>One process writes at a time: from opening to closing, whatever fails in between, it holds the
 * lock on the file {@code write.lock}. Others may read ({@link #openReadOnly}). That file is to be
 * left alone: once it is deleted, others are let in, and this gallery refuses to write until it is
 * opened again; and on POSIX systems a lock is lost when its own process opens and closes the file
 * anywhere, as in copying the folder.
 *
 * <p>Files are used on threads of their own, {@code omote-gallery}, one for each write, refresh,
 * opening and closing: an interrupt of the caller does not reach them. Safe for use by several
 * threads at once.
 */
@SuppressWarnings("exports")
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
   * @throws InterruptedCallException if the thread is interrupted
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
   * @throws InterruptedCallException if the thread is interrupted
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
   * each {@link #refresh}; each write throws {@link GalleryException}.
   *
   * @param folder the folder of a gallery
   * @param modelId the id of the model whose embeddings it has
   * @return the gallery
   * @throws GalleryException if there is no gallery, or it is of another model or damaged
   * @throws InterruptedCallException if the thread is interrupted
   */
  public static LuceneGallery openReadOnly(Path folder, String modelId) {
    Objects.requireNonNull(folder, "folder");
    Objects.requireNonNull(modelId, "modelId");
    return opened(() -> LuceneStore.openReadOnly(folder, modelId), modelId, DEFAULT_MAX_SAMPLES);
  }

  static LuceneGallery opened(Supplier<LuceneStore> open, String modelId, int maxSamples) {
    GalleryChecks.checkInterrupt();
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
   * @throws InterruptedCallException if the thread is interrupted
   */
  public static Optional<String> modelIdOf(Path folder) {
    Objects.requireNonNull(folder, "folder");
    GalleryChecks.checkInterrupt();
    return StoreThread.call(() -> LuceneStore.modelIdOf(folder));
  }

  /**
   * Takes over what another process committed since: all of it, or nothing where this throws; then
   * the next call does it. Where there was no commit, this reads one small file.
   *
   * @return whether there was anything
   * @throws GalleryException if the gallery cannot be read, or its folder is gone or has a gallery
   *     of another model now
   * @throws ClosedException if this was closed
   * @throws InterruptedCallException if the thread is interrupted before it reads
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
          String.format(
              Locale.ROOT,
              "expected at most %d samples in the gallery %s, found %d and %d more: open it with a higher limit if memory and time allow, or use PostgresGallery with an index",
              maxSamples,
              store.folder(),
              size(),
              added.size()));
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
    return String.format(Locale.ROOT, "LuceneGallery[%s]", store.folder());
  }
}
