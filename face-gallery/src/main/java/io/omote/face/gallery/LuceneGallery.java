// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import io.omote.face.Candidate;
import io.omote.face.ClosedException;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGallery;
import io.omote.face.GalleryEntry;
import io.omote.face.GalleryException;
import io.omote.face.IdentificationPolicy;
import io.omote.face.InterruptedCallException;
import io.omote.face.internal.call.PlatformCall;
import io.omote.face.internal.search.ExactGallery;
import io.omote.face.internal.search.GalleryChecks;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A gallery in a folder, stored by Lucene and searched in memory, exactly.
 *
 * <pre>{@code
 * try (LuceneGallery people = LuceneGallery.open(Path.of("people"), embedder.modelId())) {
 *   people.enroll("maya", "passport.jpg", embedding);
 * }
 * }</pre>
 *
 * <p>An open gallery holds all samples in memory: 2.2 kB each for embeddings of 512 numbers, and
 * about as much on disk. When {@link #enroll} or {@link #remove} returns, the change is on disk. If
 * the process dies, the next one finds every finished change, and a change in flight either as a
 * whole or not at all. The same holds if a change fails because the disk fails; the gallery
 * continues from what is on disk as soon as the disk works again. Only its owner can read the
 * folder of a new gallery.
 *
 * <p>A removal rewrites the parts of the store that held the sample: when it returns, no file of
 * the folder has any trace of it. If the removal throws, or the process dies before it is done, the
 * next write or opening deletes the rest. Some systems, such as Windows, may refuse to delete a
 * file that another process is reading. The removal then throws, the sample is no longer found, and
 * a later write deletes the file.
 *
 * <p>Only one process can write. It holds the lock on the file {@code write.lock} from opening to
 * closing, no matter what fails in between. Other processes can read ({@link #openReadOnly}). Leave
 * the lock file alone: if it is deleted, other processes get in, and this gallery refuses to write
 * until you open it again. On POSIX systems, a process also loses the lock if it opens and closes
 * the file anywhere, for example by copying the folder.
 *
 * <p>Each write, refresh, opening and closing uses files on a thread of its own, {@code
 * omote-gallery}, so that an interrupt of the caller does not reach the files. Thread-safe.
 */
public final class LuceneGallery implements FaceGallery {
  /**
   * The maximum number of samples by default. A larger gallery takes more than 0.1 s to search; use
   * a database instead.
   */
  public static final int DEFAULT_MAX_SAMPLES = 1_000_000;

  private final LuceneStore store;
  private final ExactGallery gallery;

  private LuceneGallery(LuceneStore store, ExactGallery gallery) {
    this.store = store;
    this.gallery = gallery;
  }

  /**
   * Opens a gallery, or creates one if the folder is empty or missing.
   *
   * @param folder the folder
   * @param modelId the id of the model whose embeddings it has
   * @return the gallery
   * @throws GalleryException if the gallery belongs to another model, is open for writing
   *     elsewhere, or is damaged; or if the folder holds other files or cannot be used
   * @throws InterruptedCallException if the thread is interrupted
   */
  public static LuceneGallery open(Path folder, String modelId) {
    return open(folder, modelId, DEFAULT_MAX_SAMPLES);
  }

  /**
   * Opens a gallery, or creates one if the folder is empty or missing.
   *
   * @param folder the folder
   * @param modelId the id of the model whose embeddings it has
   * @param maxSamples the maximum number of samples to accept; a gallery that already has more is
   *     read
   * @return the gallery
   * @throws GalleryException if the gallery belongs to another model, is open for writing
   *     elsewhere, or is damaged; or if the folder holds other files or cannot be used
   * @throws InterruptedCallException if the thread is interrupted
   * @throws IllegalArgumentException if the maximum is not positive
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
   * Opens a gallery that another process may write to. It shows the last commit at opening and at
   * each {@link #refresh}. Each write throws {@link GalleryException}.
   *
   * @param folder the folder of a gallery
   * @param modelId the id of the model whose embeddings it has
   * @return the gallery
   * @throws GalleryException if the folder has no gallery, or one that is damaged or belongs to
   *     another model
   * @throws InterruptedCallException if the thread is interrupted
   */
  public static LuceneGallery openReadOnly(Path folder, String modelId) {
    Objects.requireNonNull(folder, "folder");
    Objects.requireNonNull(modelId, "modelId");
    return opened(() -> LuceneStore.openReadOnly(folder, modelId), modelId, DEFAULT_MAX_SAMPLES);
  }

  static LuceneGallery opened(Supplier<LuceneStore> open, String modelId, int maxSamples) {
    GalleryChecks.checkInterrupt();
    return onFiles(
        () -> {
          LuceneStore store = open.get();
          try {
            return new LuceneGallery(
                store, new ExactGallery(modelId, new Samples(store, maxSamples)));
          } catch (RuntimeException | Error e) {
            try {
              store.close();
            } catch (RuntimeException | Error another) {
              e.addSuppressed(another);
            }
            throw e;
          }
        });
  }

  private static <T> T onFiles(Supplier<T> work) {
    return PlatformCall.uninterrupted("omote-gallery", work);
  }

  /** The samples in the store. Files are used on a thread that nobody interrupts. */
  private record Samples(LuceneStore store, int maxSamples) implements ExactGallery.Store {
    @Override
    public void run(Runnable work) {
      onFiles(
          () -> {
            work.run();
            return true;
          });
    }

    @Override
    public void checkWritable() {
      store.checkWritable();
    }

    @Override
    public boolean update(Consumer<ExactGallery.Source> memory) {
      return store.update(memory);
    }

    @Override
    public void add(List<GalleryEntry> added, int size) {
      if (size + added.size() > maxSamples) {
        throw new GalleryException(
            String.format(
                Locale.ROOT,
                "expected at most %d samples in the gallery %s, found %d and %d more: open it with a higher maximum if memory and time allow, or use PostgresGallery with an index",
                maxSamples,
                store.folder(),
                size,
                added.size()));
      }
      store.add(added);
    }

    @Override
    public void remove(String person, @Nullable String sample) {
      store.remove(person, sample);
    }

    @Override
    public void close() {
      store.close();
    }
  }

  /**
   * Returns the model of the gallery in a folder.
   *
   * @param folder the folder
   * @return the id of its model, empty if the folder has no gallery
   * @throws GalleryException if the folder cannot be read, or holds other files
   * @throws InterruptedCallException if the thread is interrupted
   */
  public static Optional<String> modelIdOf(Path folder) {
    Objects.requireNonNull(folder, "folder");
    GalleryChecks.checkInterrupt();
    return onFiles(() -> LuceneFolder.modelIdOf(folder));
  }

  /**
   * Takes over what another process has committed since: all of it, or nothing if this throws; then
   * the next call takes it over. If there was no commit, this reads one small file.
   *
   * @return whether anything changed
   * @throws GalleryException if the gallery cannot be read, or its folder is gone or now has a
   *     gallery of another model
   * @throws ClosedException if this gallery is closed
   * @throws InterruptedCallException if the thread is interrupted before it reads
   */
  public boolean refresh() {
    return gallery.refresh();
  }

  @Override
  public String modelId() {
    return gallery.modelId();
  }

  @Override
  public void enroll(Collection<GalleryEntry> entries) {
    gallery.enroll(entries);
  }

  @Override
  public List<Candidate> search(FaceEmbedding probe, int limit) {
    return gallery.search(probe, limit);
  }

  @Override
  public Optional<Candidate> identify(FaceEmbedding probe, IdentificationPolicy policy) {
    return gallery.identify(probe, policy);
  }

  @Override
  public boolean remove(String person, String sample) {
    return gallery.remove(person, sample);
  }

  @Override
  public int removePerson(String person) {
    return gallery.removePerson(person);
  }

  @Override
  public int size() {
    return gallery.size();
  }

  @Override
  public int persons() {
    return gallery.persons();
  }

  @Override
  public void forEach(Consumer<GalleryEntry> action) {
    gallery.forEach(action);
  }

  @Override
  public void close() {
    gallery.close();
  }

  /**
   * Returns a text that says where the gallery is.
   *
   * @return a text without names of people
   */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "LuceneGallery[%s]", store.folder());
  }
}
