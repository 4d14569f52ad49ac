// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.web;

import io.omote.face.FaceGallery;
import io.omote.face.IdentificationPoint;
import io.omote.face.IdentificationPolicy;
import io.omote.face.gallery.LuceneGallery;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A gallery to which others may write, in its current state at each query, with the policy that
 * decides who is identified. Thread-safe.
 */
public final class LiveGallery {
  private final FaceGallery gallery;
  private final IdentificationPolicy policy;

  /** Held for reading during a query, so that all of its results come from one state. */
  private final ReentrantReadWriteLock state = new ReentrantReadWriteLock();

  /**
   * Wraps a gallery. The caller must keep it open as long as this is used, and closes it.
   *
   * @param gallery the gallery
   * @param policy the policy that decides who is identified
   */
  public LiveGallery(FaceGallery gallery, IdentificationPolicy policy) {
    this.gallery = gallery;
    this.policy = policy;
  }

  /** Counts and searches a gallery. */
  @FunctionalInterface
  interface Query<A, E extends Exception> {
    A run(FaceGallery gallery) throws E;
  }

  /**
   * Runs a query on the current state of the gallery, which includes all earlier changes.
   *
   * @param query the query
   * @param <A> the type of the result
   * @param <E> the type of the exception that the query throws
   * @return the result
   * @throws E if the query throws it
   * @throws io.omote.face.GalleryException if the gallery cannot be read
   */
  <A, E extends Exception> A query(Query<A, E> query) throws E {
    state.writeLock().lock();
    try {
      // A database always shows its current state.
      if (gallery instanceof LuceneGallery folder) {
        folder.refresh();
      }
      state.readLock().lock();
    } finally {
      state.writeLock().unlock();
    }
    try {
      return query.run(gallery);
    } finally {
      state.readLock().unlock();
    }
  }

  /**
   * Returns the threshold for a size of the gallery.
   *
   * @param samples the number of samples
   * @return the threshold
   * @throws io.omote.face.ModelException if no measurement supports the error rate for this size
   */
  IdentificationPoint at(int samples) {
    return policy.at(gallery.modelId(), samples);
  }
}
