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

/**
 * What every gallery refuses, in the same words. Stateless and thread-safe.
 *
 * @hidden
 */
public final class GalleryChecks {
  private GalleryChecks() {}

  /**
   * Takes the entries of a call; refuses too many.
   *
   * @param entries of one call
   * @return a copy, which nobody changes while it is written
   */
  public static List<GalleryEntry> batch(Collection<GalleryEntry> entries) {
    Objects.requireNonNull(entries, "entries");
    if (entries.size() > FaceGallery.MAX_BATCH) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected at most %d entries in one call, found %d: divide them",
              FaceGallery.MAX_BATCH,
              entries.size()));
    }
    List<GalleryEntry> batch = new ArrayList<>(entries);
    batch.forEach(entry -> Objects.requireNonNull(entry, "entries"));
    return batch;
  }

  /**
   * Refuses a limit.
   *
   * @param limit of a search
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
   * Refuses an embedding of another model.
   *
   * @param face the embedding
   * @param modelId the gallery's model
   * @param dimension that of the gallery's embeddings, 0 where there is none yet
   */
  public static void checkModel(FaceEmbedding face, String modelId, int dimension) {
    if (!face.modelId().equals(modelId) || (dimension > 0 && face.dimension() != dimension)) {
      throw new EmbeddingException(
          String.format(
              Locale.ROOT,
              "expected an embedding of the gallery's model %s%s, found one of %s (%d): embed the face with the gallery's model",
              modelId,
              dimension > 0 ? String.format(Locale.ROOT, " (%d)", dimension) : "",
              face.modelId(),
              face.dimension()));
    }
  }

  /**
   * The refusal of a name that another embedding has.
   *
   * @param person who it is
   * @param sample the name
   * @return the exception
   */
  public static GalleryException duplicate(String person, String sample) {
    return new DuplicateSampleException(
        String.format(
            Locale.ROOT,
            "expected a new name for a sample, found '%s' of '%s' with another embedding: name the sample otherwise, or remove the other one first",
            sample,
            person));
  }

  /**
   * Refuses a closed gallery.
   *
   * @param closed whether it was closed
   */
  public static void checkOpen(boolean closed) {
    if (closed) {
      throw new ClosedException("expected an open gallery, found that it was closed: open it anew");
    }
  }

  /**
   * Refuses a call on an interrupted thread. Called before a gallery is read or written to, after
   * {@link #checkOpen}.
   */
  public static void checkInterrupt() {
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted(null);
    }
  }

  /**
   * The answer to a call that was interrupted before it changed anything. The thread is, or has to
   * be made, interrupted.
   *
   * @param cause what ended the call, null where it had not begun
   * @return the exception
   */
  public static InterruptedCallException interrupted(@Nullable Throwable cause) {
    return new InterruptedCallException(
        "expected to use the gallery, found an interrupt of the calling thread: nothing was changed; end what was asked to end",
        cause);
  }
}
