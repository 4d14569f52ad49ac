// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.web;

import io.omote.face.FaceGallery;
import io.omote.face.IdentificationPoint;
import io.omote.face.IdentificationPolicy;
import io.omote.face.gallery.LuceneGallery;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Whom to look for: the people of a gallery to which others may write meanwhile, as they are at
 * each look. Safe for use by several threads at once.
 */
public final class KnownPeople {
  private final FaceGallery gallery;
  private final IdentificationPolicy policy;

  /** Held to read by whoever counts and searches, so that both are of one state. */
  private final ReentrantReadWriteLock state = new ReentrantReadWriteLock();

  /**
   * Names a gallery. It stays the caller's, and must stay open as long as this is used.
   *
   * @param gallery the gallery
   * @param policy who counts as found
   */
  public KnownPeople(FaceGallery gallery, IdentificationPolicy policy) {
    this.gallery = gallery;
    this.policy = policy;
  }

  /** Counts and searches. */
  @FunctionalInterface
  interface Look<A, E extends Exception> {
    A at(FaceGallery gallery) throws E;
  }

  /**
   * Looks at the gallery as it is now: who was removed before is not in it, who was enrolled is.
   *
   * @param look counts and searches
   * @param <A> what the look gives
   * @param <E> what the look throws
   * @return what the look gave
   * @throws E if the look does
   * @throws io.omote.face.GalleryException if the gallery cannot be read
   */
  <A, E extends Exception> A now(Look<A, E> look) throws E {
    state.writeLock().lock();
    try {
      // A database answers from what it has now, without being asked to.
      if (gallery instanceof LuceneGallery folder) {
        folder.refresh();
      }
      state.readLock().lock();
    } finally {
      state.writeLock().unlock();
    }
    try {
      return look.at(gallery);
    } finally {
      state.readLock().unlock();
    }
  }

  /**
   * Decides from which similarity on somebody is found.
   *
   * @param samples how many samples the gallery has
   * @return the threshold
   * @throws io.omote.face.ModelException if no measurement supports the wanted rate for so many
   */
  IdentificationPoint at(int samples) {
    return policy.at(gallery.modelId(), samples);
  }
}
