// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.search;

import io.omote.face.ClosedException;
import io.omote.face.DuplicateSampleException;
import io.omote.face.EmbeddingException;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGallery;
import io.omote.face.GalleryEntry;
import io.omote.face.GalleryException;
import io.omote.face.InterruptedCallException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Checks that all galleries share, so that their messages agree. Stateless and thread-safe. */
public final class GalleryChecks {
  private GalleryChecks() {}

  /**
   * Copies the entries of one call, so that nobody changes them while they are written.
   *
   * @param entries the entries
   * @return the copy
   * @throws IllegalArgumentException if there are too many
   */
  public static List<GalleryEntry> batch(Collection<GalleryEntry> entries) {
    Objects.requireNonNull(entries, "entries");
    if (entries.size() > FaceGallery.MAX_BATCH) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected at most %d entries in one call, found %d: split them into several calls",
              FaceGallery.MAX_BATCH,
              entries.size()));
    }
    List<GalleryEntry> batch = new ArrayList<>(entries);
    batch.forEach(entry -> Objects.requireNonNull(entry, "entries"));
    return batch;
  }

  /**
   * Checks the limit of a search.
   *
   * @param limit the limit
   * @throws IllegalArgumentException if it is out of range
   */
  public static void checkLimit(int limit) {
    if (limit < 1 || limit > FaceGallery.MAX_LIMIT) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected a limit from 1 to %d, found %d",
              FaceGallery.MAX_LIMIT,
              limit));
    }
  }

  /**
   * Checks that an embedding comes from the gallery's model.
   *
   * @param face the embedding
   * @param modelId the gallery's model
   * @param dimension the dimension of the gallery's embeddings, 0 if it has none yet
   * @throws EmbeddingException if it comes from another model
   */
  public static void checkModel(FaceEmbedding face, String modelId, int dimension) {
    if (!face.modelId().equals(modelId) || (dimension > 0 && face.dimension() != dimension)) {
      throw new EmbeddingException(
          String.format(
              Locale.ROOT,
              "expected an embedding of the gallery's model %s%s, found one of %s (%d): embed the face with that model",
              modelId,
              dimension > 0 ? String.format(Locale.ROOT, " (%d)", dimension) : "",
              face.modelId(),
              face.dimension()));
    }
  }

  /**
   * Returns the exception for a name that belongs to another embedding.
   *
   * @param person the name of the person
   * @param sample the name of the sample
   * @return the exception
   */
  public static GalleryException duplicate(String person, String sample) {
    return new DuplicateSampleException(
        String.format(
            Locale.ROOT,
            "the sample '%s' of '%s' exists already with another embedding: use another name, or remove that sample first",
            sample,
            person));
  }

  /**
   * Checks that a gallery is open.
   *
   * @param closed whether it is closed
   * @throws ClosedException if it is
   */
  public static void checkOpen(boolean closed) {
    if (closed) {
      throw new ClosedException("the gallery is closed: open a new one");
    }
  }

  /**
   * Checks that the calling thread is not interrupted. Called before a gallery is read or written,
   * after {@link #checkOpen}.
   *
   * @throws InterruptedCallException if it is
   */
  public static void checkInterrupt() {
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted(null);
    }
  }

  /**
   * Returns the exception for a call that was interrupted before it changed anything. The caller
   * makes sure that the thread stays interrupted.
   *
   * @param cause the exception that ended the call, null if it had not begun
   * @return the exception
   */
  public static InterruptedCallException interrupted(@Nullable Throwable cause) {
    return new InterruptedCallException(
        "the calling thread was interrupted, and nothing was changed: stop the work of this thread",
        cause);
  }
}
