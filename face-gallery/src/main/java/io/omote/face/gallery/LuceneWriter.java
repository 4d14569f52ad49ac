// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import java.io.IOException;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.Lock;
import org.apache.lucene.util.IOUtils;

/**
 * Commits of a gallery's index. Each has an {@link IndexWriter} of its own, which starts from what
 * is on disk and leaves nothing behind if it fails.
 */
final class LuceneWriter {
  private LuceneWriter() {}

  /** A change of the index. */
  interface Change {
    void make(IndexWriter writer) throws IOException;
  }

  /**
   * Makes and commits a change: all of it, or nothing where this throws.
   *
   * @param lock the write lock, which the caller keeps
   */
  static void commit(Directory directory, Lock lock, String modelId, OpenMode mode, Change change)
      throws IOException {
    IndexWriter writer = open(directory, lock, mode);
    try {
      change.make(writer);
      // A merge that the commit starts would not be part of it.
      writer.flush();
      writer.setLiveCommitData(LuceneFolder.commitData(modelId).entrySet());
      writer.commit();
    } catch (Throwable e) {
      // A writer that meets an error from which it cannot recover tries to close itself. If that
      // fails too, for example without memory, closing it here would wait forever. The next writer
      // tidies up.
      if (writer.getTragicException() == null) {
        IOUtils.closeWhileHandlingException(writer);
      }
      throw e;
    }
    writer.close();
  }

  /** Deletes the files that do not belong to the last commit. */
  static void tidy(Directory directory, Lock lock) throws IOException {
    open(directory, lock, OpenMode.APPEND).close();
  }

  private static IndexWriter open(Directory directory, Lock lock, OpenMode mode)
      throws IOException {
    // Half of a removal would be no removal.
    TieredMergePolicy merges = new TieredMergePolicy();
    merges.setForceMergeDeletesPctAllowed(0);
    IndexWriterConfig config = new IndexWriterConfig();
    config.setOpenMode(mode);
    config.setMergePolicy(merges);
    // Merges run in the writing thread: other threads would print stack traces on a full disk.
    config.setMergeScheduler(new SerialMergeScheduler());
    config.setCommitOnClose(false);
    return new IndexWriter(new WriterDirectory(directory, lock), config);
  }

  /** A step of a commit. */
  private interface Step {
    void run() throws IOException;
  }

  /**
   * The view of the directory that an IndexWriter gets. It lends the lock to the writer, which
   * would otherwise release it. After a commit has failed, it deletes nothing more: the commit may
   * be on disk all the same, and needs its files. The next IndexWriter finds out and tidies up.
   */
  private static final class WriterDirectory extends FilterDirectory {
    private final Lock lock;
    private boolean isUnclear;

    WriterDirectory(Directory directory, Lock lock) {
      super(directory);
      this.lock = lock;
    }

    @Override
    public Lock obtainLock(String name) {
      return new Lock() {
        @Override
        public void close() {
          // The store keeps it.
        }

        @Override
        public void ensureValid() throws IOException {
          lock.ensureValid();
        }
      };
    }

    private void commit(Step step) throws IOException {
      boolean isDone = false;
      try {
        step.run();
        isDone = true;
      } finally {
        isUnclear |= !isDone;
      }
    }

    @Override
    public void rename(String source, String dest) throws IOException {
      commit(() -> in.rename(source, dest));
    }

    @Override
    public void syncMetaData() throws IOException {
      commit(in::syncMetaData);
    }

    @Override
    public void deleteFile(String name) throws IOException {
      if (isUnclear) {
        throw new IOException("no file is deleted after a commit has failed");
      }
      in.deleteFile(name);
    }
  }
}
