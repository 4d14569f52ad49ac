// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.search;

import io.omote.face.Candidate;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGallery;
import io.omote.face.GalleryEntry;
import io.omote.face.IdentificationPolicy;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A gallery that is searched in memory, exactly. Those that last say how they keep what is in it.
 *
 * <p>Thread-safe: writes are made one after the other, to the store first and then to memory;
 * searches run on the snapshot that was there when they began.
 *
 * @hidden
 */
public abstract class ExactGallery implements FaceGallery {
  private final String modelId;
  private volatile ExactIndex index;
  private final ReentrantLock writes = new ReentrantLock();
  private volatile boolean closed;
  private boolean isReleased;

  /**
   * Makes an empty gallery.
   *
   * @param modelId the id of its model
   */
  protected ExactGallery(String modelId) {
    this.modelId = Objects.requireNonNull(modelId, "modelId");
    this.index = new ExactIndex(modelId);
  }

  /**
   * Does work on the store. Called by one thread at a time, for all that follows.
   *
   * @param work what to do
   */
  protected void onStore(Runnable work) {
    work.run();
  }

  /**
   * Comes before each write: refuses it, or brings memory to what is kept ({@link #load}) where the
   * two may differ.
   */
  protected void prepare() {}

  /**
   * Keeps samples that are new, before they are found.
   *
   * @param added the samples; all of them are kept when this returns. Where it throws, none is
   *     found, and {@link #prepare} of the next write sees to it that this is true
   */
  protected abstract void store(List<GalleryEntry> added);

  /**
   * Removes samples from what is kept, while they are still found.
   *
   * @param person who it is
   * @param sample which face of that person, null for all
   */
  protected abstract void erase(String person, @Nullable String sample);

  /** Releases the store, when no write is in flight. Called again only where it threw. */
  protected abstract void release();

  /** What a store has. */
  @FunctionalInterface
  public interface Source {
    /**
     * Reads all samples.
     *
     * @param batches takes them, some at a time
     */
    void read(Consumer<List<GalleryEntry>> batches);
  }

  /**
   * Puts what a store has in the place of what is here, once it was read to the end.
   *
   * @param source the store
   */
  protected final void load(Source source) {
    ExactIndex read = new ExactIndex(modelId);
    source.read(batch -> read.add(read.select(batch), () -> {}));
    index = read;
  }

  /**
   * Does work on the store alone, while no other is in flight. An interrupt ends the wait for its
   * turn.
   *
   * @param work what to do
   */
  protected final void exclusively(Runnable work) {
    GalleryChecks.checkOpen(closed);
    try {
      writes.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw GalleryChecks.interrupted(e);
    }
    try {
      GalleryChecks.checkOpen(closed);
      onStore(work);
    } finally {
      writes.unlock();
    }
  }

  @Override
  public final String modelId() {
    return modelId;
  }

  @Override
  public final void enroll(Collection<GalleryEntry> entries) {
    List<GalleryEntry> taken = GalleryChecks.batch(entries);
    exclusively(
        () -> {
          prepare();
          ExactIndex now = index;
          List<GalleryEntry> added = now.select(taken);
          now.add(added, () -> store(added));
        });
  }

  /** What reads see. */
  private Snapshot snapshot() {
    GalleryChecks.checkOpen(closed);
    GalleryChecks.checkInterrupt();
    return index.snapshot();
  }

  @Override
  public final List<Candidate> search(FaceEmbedding probe, int limit) {
    Objects.requireNonNull(probe, "probe");
    GalleryChecks.checkLimit(limit);
    return snapshot().search(probe, limit);
  }

  @Override
  public final Optional<Candidate> identify(FaceEmbedding probe, IdentificationPolicy policy) {
    Objects.requireNonNull(probe, "probe");
    Objects.requireNonNull(policy, "policy");
    Snapshot now = snapshot();
    double threshold = policy.at(modelId, now.size()).threshold();
    return now.search(probe, 1).stream()
        .filter(candidate -> candidate.similarity() >= threshold)
        .findFirst();
  }

  @Override
  public final boolean remove(String person, String sample) {
    Objects.requireNonNull(person, "person");
    Objects.requireNonNull(sample, "sample");
    return removeAll(person, sample) > 0;
  }

  @Override
  public final int removePerson(String person) {
    Objects.requireNonNull(person, "person");
    return removeAll(person, null);
  }

  private int removeAll(String person, @Nullable String sample) {
    int[] count = new int[1];
    exclusively(
        () -> {
          prepare();
          ExactIndex now = index;
          List<Row> removed = now.find(person, sample);
          now.remove(removed, () -> erase(person, sample));
          count[0] = removed.size();
        });
    return count[0];
  }

  @Override
  public final int size() {
    return snapshot().size();
  }

  @Override
  public final int persons() {
    return snapshot().persons();
  }

  @Override
  public final void forEach(Consumer<GalleryEntry> action) {
    Objects.requireNonNull(action, "action");
    snapshot().forEach(action);
  }

  @Override
  public final void close() {
    writes.lock();
    try {
      closed = true;
      if (!isReleased) {
        onStore(this::release);
        isReleased = true;
      }
    } finally {
      writes.unlock();
    }
  }
}
