// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

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
  private final ExactIndex index;
  private final ReentrantLock writes = new ReentrantLock();
  private volatile boolean closed;

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
   * Keeps samples that are new. Called by one thread at a time, before they are found.
   *
   * @param added the samples; all of them are kept when this returns, none where it throws
   */
  protected abstract void store(List<GalleryEntry> added);

  /**
   * Removes samples from what is kept. Called by one thread at a time, while they are still found.
   *
   * @param person who it is
   * @param sample which face of that person, null for all
   */
  protected abstract void erase(String person, @Nullable String sample);

  /** Releases the store. Called once, when no write is in flight. */
  protected abstract void release();

  /**
   * Takes over what the store has, before the gallery is given out.
   *
   * @param entries the samples
   */
  protected final void load(Collection<GalleryEntry> entries) {
    index.add(index.select(entries));
  }

  /**
   * Puts what a store has now in the place of what is here, for stores that others write to.
   *
   * @param entries all samples
   */
  protected final void replace(Collection<GalleryEntry> entries) {
    index.replace(entries);
  }

  /**
   * Runs a write of the store alone, while no other one is in flight. An interrupt ends the wait
   * for its turn.
   *
   * @param write what to do
   */
  protected final void exclusively(Runnable write) {
    Requests.checkOpen(closed);
    try {
      writes.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Requests.interrupted(e);
    }
    try {
      Requests.checkOpen(closed);
      write.run();
    } finally {
      writes.unlock();
    }
  }

  @Override
  public final String modelId() {
    return modelId;
  }

  @Override
  public final void enrol(Collection<GalleryEntry> entries) {
    List<GalleryEntry> taken = Requests.batch(entries);
    exclusively(
        () -> {
          List<GalleryEntry> added = index.select(taken);
          if (!added.isEmpty()) {
            store(added);
            index.add(added);
          }
        });
  }

  /** What reads see. */
  private Snapshot snapshot() {
    Requests.checkOpen(closed);
    Requests.checkInterrupt();
    return index.snapshot();
  }

  @Override
  public final List<Candidate> search(FaceEmbedding probe, int limit) {
    Objects.requireNonNull(probe, "probe");
    Requests.checkLimit(limit);
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
    boolean[] found = new boolean[1];
    exclusively(
        () -> {
          found[0] = index.contains(person, sample);
          if (found[0]) {
            erase(person, sample);
            index.remove(person, sample);
          }
        });
    return found[0];
  }

  @Override
  public final int removePerson(String person) {
    Objects.requireNonNull(person, "person");
    int[] count = new int[1];
    exclusively(
        () -> {
          count[0] = index.count(person);
          if (count[0] > 0) {
            erase(person, null);
            index.removePerson(person);
          }
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
      if (!closed) {
        closed = true;
        release();
      }
    } finally {
      writes.unlock();
    }
  }
}
