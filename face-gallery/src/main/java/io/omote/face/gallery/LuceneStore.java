// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import io.omote.face.GalleryEntry;
import io.omote.face.GalleryException;
import io.omote.face.internal.search.ExactGallery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.index.StandardDirectoryReader;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.Lock;
import org.apache.lucene.store.NIOFSDirectory;
import org.apache.lucene.util.IOUtils;
import org.jspecify.annotations.Nullable;

/**
 * The samples of a gallery in a folder, as {@linkplain LuceneDocuments documents} of Lucene.
 *
 * <p>It holds the write lock from opening to closing. The id of the last commit shows whether
 * memory is up to date.
 *
 * <p>One thread, which nobody interrupts, uses it at any moment.
 */
final class LuceneStore {
  private final Path folder;
  private final String modelId;
  private final Directory directory;

  /** Null if it is open for reading only. */
  private final @Nullable Lock lock;

  /** The id of the commit that is in memory, null before the first. */
  private byte @Nullable [] known;

  /** True if all files belong to the last commit. A killed process may leave others. */
  private boolean isTidy;

  private LuceneStore(Path folder, String modelId, Directory directory, @Nullable Lock lock) {
    this.folder = folder;
    this.modelId = modelId;
    this.directory = directory;
    this.lock = lock;
  }

  static LuceneStore open(Path folder, String modelId) {
    try {
      LuceneFolder.create(folder);
      return open(folder, modelId, new NIOFSDirectory(folder));
    } catch (IOException | RuntimeException e) {
      throw LuceneFolder.failed(folder, "to open", e);
    }
  }

  /**
   * Opens a store for writing.
   *
   * @param directory the files of the folder, closed if this throws
   */
  static LuceneStore open(Path folder, String modelId, Directory directory) throws IOException {
    Lock lock = null;
    boolean isOpen = false;
    try {
      // A folder with other files in it is refused before anything is written.
      if (LuceneFolder.isNew(folder, modelId, directory)) {
        LuceneFolder.makePrivate(folder);
      }
      LuceneFolder.checkLockFile(folder);
      lock = directory.obtainLock(IndexWriter.WRITE_LOCK_NAME);
      // Another process may have created it in the meantime.
      if (LuceneFolder.isNew(folder, modelId, directory)) {
        create(directory, lock, modelId);
      }
      isOpen = true;
      return new LuceneStore(folder, modelId, directory, lock);
    } finally {
      if (!isOpen) {
        IOUtils.closeWhileHandlingException(lock, directory);
      }
    }
  }

  private static void create(Directory directory, Lock lock, String modelId) throws IOException {
    if (List.of(directory.listAll()).contains(LuceneFolder.UNFINISHED)) {
      directory.deleteFile(LuceneFolder.UNFINISHED);
    }
    LuceneWriter.commit(directory, lock, modelId, OpenMode.CREATE, writer -> {});
  }

  static LuceneStore openReadOnly(Path folder, String modelId) {
    try {
      if (!Files.isDirectory(folder)) {
        throw new GalleryException(
            String.format(
                Locale.ROOT,
                "the folder %s of the gallery does not exist: check the path",
                folder));
      }
      return openReadOnly(folder, modelId, new NIOFSDirectory(folder));
    } catch (IOException | RuntimeException e) {
      throw LuceneFolder.failed(folder, "to open", e);
    }
  }

  /**
   * Opens a store for reading.
   *
   * @param directory the files of the folder, closed if this throws
   */
  static LuceneStore openReadOnly(Path folder, String modelId, Directory directory)
      throws IOException {
    boolean isOpen = false;
    try {
      if (LuceneFolder.isNew(folder, modelId, directory)) {
        throw new GalleryException(
            String.format(
                Locale.ROOT,
                "expected a gallery in %s, found an empty folder: enroll people first",
                folder));
      }
      isOpen = true;
      return new LuceneStore(folder, modelId, directory, null);
    } finally {
      if (!isOpen) {
        IOUtils.closeWhileHandlingException(directory);
      }
    }
  }

  Path folder() {
    return folder;
  }

  private Lock requireLock() {
    if (lock == null) {
      throw new GalleryException(
          String.format(
              Locale.ROOT,
              "the gallery %s is open for reading only: open it with LuceneGallery.open to write",
              folder));
    }
    return lock;
  }

  /** Throws if the store cannot be written to. */
  void checkWritable() {
    try {
      requireLock().ensureValid();
    } catch (IOException | AlreadyClosedException e) {
      throw new GalleryException(
          String.format(
              Locale.ROOT,
              "the gallery %s has lost its lock, because its folder or the file %s was removed or replaced (%s): other processes may write to it now; close this gallery and open it again",
              folder,
              IndexWriter.WRITE_LOCK_NAME,
              e.getMessage()),
          e);
    }
  }

  /**
   * Brings memory up to date with the last commit. If this throws, the next call does it.
   *
   * @param memory receives all samples if they differ from those that it has
   * @return whether they differed
   */
  boolean update(Consumer<ExactGallery.Source> memory) {
    try {
      if (lock != null && !isTidy) {
        LuceneWriter.tidy(directory, lock);
        isTidy = directory.getPendingDeletions().isEmpty();
      }
      if (Arrays.equals(SegmentInfos.readLatestCommit(directory).getId(), known)) {
        return false;
      }
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        SegmentInfos found = ((StandardDirectoryReader) reader).getSegmentInfos();
        LuceneFolder.checkModel(folder, modelId, found);
        memory.accept(batches -> read(reader, batches));
        known = found.getId();
      }
      return true;
    } catch (IOException | RuntimeException e) {
      throw LuceneFolder.failed(folder, "to read", e);
    }
  }

  private void read(DirectoryReader reader, Consumer<List<GalleryEntry>> batches) {
    try {
      LuceneDocuments.read(reader, batches);
    } catch (IOException e) {
      throw LuceneFolder.failed(folder, "to read", e);
    }
  }

  void add(List<GalleryEntry> entries) {
    change(
        writer -> {
          for (GalleryEntry entry : entries) {
            writer.addDocument(LuceneDocuments.of(entry));
          }
        },
        String.format(Locale.ROOT, "to keep %d samples in", entries.size()),
        () -> {});
  }

  void remove(String person, @Nullable String sample) {
    change(
        writer -> {
          writer.deleteDocuments(LuceneDocuments.term(person, sample));
          // A document that is only marked as deleted is still on disk, face and all.
          writer.forceMergeDeletes();
        },
        "to remove samples from",
        this::checkDeleted);
  }

  private void checkDeleted() throws IOException {
    int left = directory.getPendingDeletions().size();
    if (left > 0) {
      throw new IOException(left + " files that cannot be deleted and still have the samples");
    }
  }

  /** A check of the files. */
  private interface Check {
    void run() throws IOException;
  }

  private void change(LuceneWriter.Change change, String what, Check check) {
    isTidy = false;
    try {
      LuceneWriter.commit(directory, requireLock(), modelId, OpenMode.APPEND, change);
      check.run();
      // Set last: if anything above throws, memory reads the commit again.
      known = SegmentInfos.readLatestCommit(directory).getId();
      isTidy = true;
    } catch (IOException | RuntimeException e) {
      throw LuceneFolder.failed(folder, what, e);
    }
  }

  void close() {
    try {
      IOUtils.close(directory, lock);
    } catch (IOException | RuntimeException e) {
      throw LuceneFolder.failed(folder, "to close", e);
    }
  }
}
