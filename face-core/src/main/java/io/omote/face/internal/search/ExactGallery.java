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
 * A gallery that is searched in memory, exactly. A store keeps its samples; one in memory has none.
 *
 * <p>Thread-safe: writes run one after the other, each to the store first and then to memory.
 * Searches run on the snapshot that was current when they began.
 */
public final class ExactGallery implements FaceGallery {
  private final String modelId;
  private final Store store;
  private volatile ExactIndex index;
  private final ReentrantLock writes = new ReentrantLock();
  private volatile boolean closed;
  private boolean isReleased;

  /** The samples of a store. */
  @FunctionalInterface
  public interface Source {
    /**
     * Reads all samples.
     *
     * @param batches receives them in batches
     */
    void read(Consumer<List<GalleryEntry>> batches);
  }

  /**
   * A place that keeps the samples of a gallery. Only one thread calls it at any moment. By default
   * it keeps nothing.
   */
  public interface Store {
    /**
     * Runs work on the store. All other methods are called within it.
     *
     * @param work the work
     */
    default void run(Runnable work) {
      work.run();
    }

    /** Throws if the store cannot be written to. */
    default void checkWritable() {}

    /**
     * Brings memory up to date with the store. If this throws, the next call does it.
     *
     * @param memory receives all samples if they differ from those that it has
     * @return whether they differed
     */
    default boolean update(Consumer<Source> memory) {
      return false;
    }

    /**
     * Adds samples. If this throws, the samples are not found, and {@link #update} reads what the
     * store has.
     *
     * @param added the new samples
     * @param size the number of samples that the gallery already has
     */
    default void add(List<GalleryEntry> added, int size) {}

    /**
     * Removes samples.
     *
     * @param person the name of the person
     * @param sample the name of the sample, null for all samples of the person
     */
    default void remove(String person, @Nullable String sample) {}

    /** Releases the store when no write is in flight. Called again only after it threw. */
    default void close() {}
  }

  /**
   * Creates a gallery of what a store has.
   *
   * @param modelId the id of its model
   * @param store the store, which the gallery closes
   */
  public ExactGallery(String modelId, Store store) {
    this.modelId = Objects.requireNonNull(modelId, "modelId");
    this.store = store;
    this.index = new ExactIndex(modelId);
    store.update(this::load);
  }

  /**
   * Creates an empty gallery that is kept in memory only.
   *
   * @param modelId the id of its model
   * @return the gallery
   */
  public static ExactGallery inMemory(String modelId) {
    return new ExactGallery(modelId, new Store() {});
  }

  /** Replaces what is in memory, once the source has been read to its end. */
  private void load(Source source) {
    ExactIndex read = new ExactIndex(modelId);
    source.read(batch -> read.add(read.select(batch), () -> {}));
    index = read;
  }

  /** Runs work on the store while no other is in flight. An interrupt ends the wait. */
  private void exclusively(Runnable work) {
    GalleryChecks.checkOpen(closed);
    try {
      writes.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw GalleryChecks.interrupted(e);
    }
    try {
      GalleryChecks.checkOpen(closed);
      store.run(work);
    } finally {
      writes.unlock();
    }
  }

  private void write(Runnable work) {
    exclusively(
        () -> {
          store.checkWritable();
          store.update(this::load);
          work.run();
        });
  }

  /** Changes the store. A change that failed may have taken effect: then memory follows at once. */
  private void change(Runnable change) {
    try {
      change.run();
    } catch (RuntimeException | Error e) {
      try {
        store.update(this::load);
      } catch (RuntimeException | Error another) {
        e.addSuppressed(another);
      }
      throw e;
    }
  }

  /**
   * Brings memory up to date with the store.
   *
   * @return whether anything changed
   */
  public boolean refresh() {
    boolean[] isChanged = new boolean[1];
    exclusively(() -> isChanged[0] = store.update(this::load));
    return isChanged[0];
  }

  @Override
  public String modelId() {
    return modelId;
  }

  @Override
  public void enroll(Collection<GalleryEntry> entries) {
    List<GalleryEntry> taken = GalleryChecks.batch(entries);
    write(
        () -> {
          ExactIndex now = index;
          List<GalleryEntry> added = now.select(taken);
          now.add(added, () -> change(() -> store.add(added, now.snapshot().size())));
        });
  }

  /** Returns what reads see. */
  private Snapshot snapshot() {
    GalleryChecks.checkOpen(closed);
    GalleryChecks.checkInterrupt();
    return index.snapshot();
  }

  @Override
  public List<Candidate> search(FaceEmbedding probe, int limit) {
    Objects.requireNonNull(probe, "probe");
    GalleryChecks.checkLimit(limit);
    return snapshot().search(probe, limit);
  }

  @Override
  public Optional<Candidate> identify(FaceEmbedding probe, IdentificationPolicy policy) {
    Objects.requireNonNull(probe, "probe");
    Objects.requireNonNull(policy, "policy");
    Snapshot now = snapshot();
    double threshold = policy.at(modelId, now.size()).threshold();
    return now.search(probe, 1).stream()
        .filter(candidate -> candidate.similarity() >= threshold)
        .findFirst();
  }

  @Override
  public boolean remove(String person, String sample) {
    Objects.requireNonNull(person, "person");
    Objects.requireNonNull(sample, "sample");
    return removeAll(person, sample) > 0;
  }

  @Override
  public int removePerson(String person) {
    Objects.requireNonNull(person, "person");
    return removeAll(person, null);
  }

  private int removeAll(String person, @Nullable String sample) {
    int[] count = new int[1];
    write(
        () -> {
          ExactIndex now = index;
          List<Row> removed = now.find(person, sample);
          now.remove(removed, () -> change(() -> store.remove(person, sample)));
          count[0] = removed.size();
        });
    return count[0];
  }

  @Override
  public int size() {
    return snapshot().size();
  }

  @Override
  public int persons() {
    return snapshot().persons();
  }

  @Override
  public void forEach(Consumer<GalleryEntry> action) {
    Objects.requireNonNull(action, "action");
    snapshot().forEach(action);
  }

  @Override
  public void close() {
    writes.lock();
    try {
      closed = true;
      if (!isReleased) {
        store.run(store::close);
        isReleased = true;
      }
    } finally {
      writes.unlock();
    }
  }
}
