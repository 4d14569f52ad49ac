// SPDX-License-Identifier: Apache-2.0
package io.omote.face.galleries;

import io.omote.face.FaceEmbedding;
import io.omote.face.FaceException;
import io.omote.face.GalleryEntry;
import io.omote.face.GalleryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.store.NIOFSDirectory;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * The samples of a gallery as documents of Lucene, one each: person and sample as terms to remove
 * by, and with the embedding's binary form as values to read. Used by one thread at a time.
 */
final class LuceneStore {
  private static final String MODEL = "omote.model";
  private static final String VERSION = "omote.version";
  private static final String CURRENT_VERSION = "1";

  private static final String KEY = "key";
  private static final String PERSON = "person";
  private static final String SAMPLE = "sample";
  private static final String FACE = "face";

  /** What is read at a time: all at once would be in memory twice. */
  private static final int READ_AT_A_TIME = 1000;

  private final Path folder;
  private final String modelId;
  private final boolean readOnly;
  private final Directory directory;
  private @Nullable IndexWriter writer;
  private @Nullable DirectoryReader reader;

  private LuceneStore(Path folder, String modelId, boolean readOnly, Directory directory) {
    this.folder = folder;
    this.modelId = modelId;
    this.readOnly = readOnly;
    this.directory = directory;
  }

  static LuceneStore open(Path folder, String modelId) {
    return opened(folder, modelId, false);
  }

  static LuceneStore openReadOnly(Path folder, String modelId) {
    return opened(folder, modelId, true);
  }

  private static LuceneStore opened(Path folder, String modelId, boolean readOnly) {
    try {
      if (!readOnly) {
        Files.createDirectories(folder);
      } else if (!Files.isDirectory(folder)) {
        throw new GalleryException(
            "expected a gallery in %s, found no folder: check the path".formatted(folder));
      }
      LuceneStore store = new LuceneStore(folder, modelId, readOnly, new NIOFSDirectory(folder));
      try {
        store.start();
        return store;
      } catch (IOException | RuntimeException e) {
        store.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      throw failed(folder, "to open", e);
    }
  }

  private void start() throws IOException {
    boolean isNew = check();
    if (isNew && readOnly) {
      throw new GalleryException(
          "expected a gallery in %s, found an empty folder: enrol somebody first"
              .formatted(folder));
    }
    if (isNew) {
      makePrivate(folder);
    }
    if (!readOnly) {
      openWriter();
    }
    if (isNew) {
      commit();
    }
    reader = DirectoryReader.open(directory);
  }

  static Optional<String> modelIdOf(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Directory directory = new NIOFSDirectory(folder)) {
      return DirectoryReader.indexExists(directory)
          ? Optional.of(modelIdOf(folder, directory))
          : Optional.empty();
    } catch (IOException | RuntimeException e) {
      throw failed(folder, "to open", e);
    }
  }

  private static String modelIdOf(Path folder, Directory directory) throws IOException {
    Map<String, String> data = SegmentInfos.readLatestCommit(directory).getUserData();
    String version = data.get(VERSION);
    if (version == null) {
      throw new GalleryException(
          "expected a gallery in %s, found an index of another program: name another folder"
              .formatted(folder));
    }
    if (!version.equals(CURRENT_VERSION)) {
      throw new GalleryException(
          "expected a gallery of version %s in %s, found version %s: it was written by another version of this library"
              .formatted(CURRENT_VERSION, folder, version));
    }
    return data.get(MODEL);
  }

  /** While it is empty. */
  private static void makePrivate(Path folder) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(folder, PosixFileAttributeView.class);
    if (view != null) {
      view.setPermissions(PosixFilePermissions.fromString("rwx------"));
    }
  }

  /** Whether there is nothing yet; refuses what is no gallery of this model. */
  private boolean check() throws IOException {
    if (DirectoryReader.indexExists(directory)) {
      String found = modelIdOf(folder, directory);
      if (!found.equals(modelId)) {
        throw new GalleryException(
            "expected a gallery of the model %s in %s, found one of %s: use that model, or embed all pictures anew into another folder"
                .formatted(modelId, folder, found));
      }
      return false;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        if (!file.getFileName().toString().equals(IndexWriter.WRITE_LOCK_NAME)) {
          throw new GalleryException(
              "expected a gallery or an empty folder in %s, found other files: name another folder"
                  .formatted(folder));
        }
      }
    }
    return true;
  }

  private IndexWriter openWriter() throws IOException {
    IndexWriter open = writer;
    if (open == null) {
      // Half of a removal would be no removal.
      TieredMergePolicy merges = new TieredMergePolicy();
      merges.setForceMergeDeletesPctAllowed(0);
      IndexWriterConfig config = new IndexWriterConfig();
      config.setMergePolicy(merges);
      // In the thread that writes: others would print stack traces where a disk is full.
      config.setMergeScheduler(new SerialMergeScheduler());
      config.setCommitOnClose(false);
      open = new IndexWriter(directory, config);
      writer = open;
    }
    return open;
  }

  private void commit() throws IOException {
    IndexWriter open = openWriter();
    open.setLiveCommitData(Map.of(MODEL, modelId, VERSION, CURRENT_VERSION).entrySet());
    open.commit();
  }

  Path folder() {
    return folder;
  }

  /** Gives all samples of the last commit, some at a time. */
  void read(Consumer<Collection<GalleryEntry>> action) {
    DirectoryReader current = reader;
    if (current == null) {
      return;
    }
    try {
      for (LeafReaderContext context : current.leaves()) {
        read(context.reader(), action);
      }
    } catch (IOException e) {
      throw failed(folder, "to read", e);
    }
  }

  private static void read(LeafReader leaf, Consumer<Collection<GalleryEntry>> action)
      throws IOException {
    // Lucene itself verifies whole files only when it merges them.
    ((CodecReader) leaf).checkIntegrity();
    Bits live = leaf.getLiveDocs();
    BinaryDocValues people = values(leaf, PERSON);
    BinaryDocValues samples = values(leaf, SAMPLE);
    BinaryDocValues faces = values(leaf, FACE);
    List<GalleryEntry> entries = new ArrayList<>();
    for (int at = 0; at < leaf.maxDoc(); at++) {
      if (live != null && !live.get(at)) {
        continue;
      }
      entries.add(
          new GalleryEntry(
              value(people, at).utf8ToString(),
              value(samples, at).utf8ToString(),
              FaceEmbedding.fromBytes(bytes(value(faces, at)))));
      if (entries.size() == READ_AT_A_TIME) {
        action.accept(entries);
        entries = new ArrayList<>();
      }
    }
    action.accept(entries);
  }

  private static BinaryDocValues values(LeafReader leaf, String field) throws IOException {
    BinaryDocValues values = leaf.getBinaryDocValues(field);
    if (values == null) {
      throw new IOException("no values of " + field);
    }
    return values;
  }

  private static BytesRef value(BinaryDocValues values, int document) throws IOException {
    if (!values.advanceExact(document)) {
      throw new IOException("a document without a value");
    }
    return values.binaryValue();
  }

  private static byte[] bytes(BytesRef ref) {
    return Arrays.copyOfRange(ref.bytes, ref.offset, ref.offset + ref.length);
  }

  /** Gives all samples again if there was a commit since. */
  boolean refresh(Consumer<Collection<GalleryEntry>> action) {
    try {
      DirectoryReader current = reader;
      DirectoryReader changed = current == null ? null : DirectoryReader.openIfChanged(current);
      if (changed == null) {
        return false;
      }
      current.close();
      reader = changed;
      List<GalleryEntry> all = new ArrayList<>();
      read(all::addAll);
      action.accept(all);
      return true;
    } catch (IOException e) {
      throw failed(folder, "to read", e);
    }
  }

  void write(List<GalleryEntry> entries) {
    change(
        open -> {
          for (GalleryEntry entry : entries) {
            // An update, because a commit that failed may have been one after all.
            open.updateDocument(key(entry.person(), entry.sample()), document(entry));
          }
        },
        "to keep %d samples in".formatted(entries.size()));
  }

  private static Document document(GalleryEntry entry) {
    Document document = new Document();
    document.add(new StringField(KEY, key(entry.person(), entry.sample()).bytes(), Field.Store.NO));
    document.add(new StringField(PERSON, entry.person(), Field.Store.NO));
    document.add(new BinaryDocValuesField(PERSON, new BytesRef(entry.person())));
    document.add(new BinaryDocValuesField(SAMPLE, new BytesRef(entry.sample())));
    document.add(new BinaryDocValuesField(FACE, new BytesRef(entry.face().toBytes())));
    return document;
  }

  /** Names have no control characters, so that a zero divides them. */
  private static Term key(String person, String sample) {
    return new Term(KEY, new BytesRef((person + '\0' + sample).getBytes(StandardCharsets.UTF_8)));
  }

  void erase(String person, @Nullable String sample) {
    change(
        open -> {
          open.deleteDocuments(sample == null ? new Term(PERSON, person) : key(person, sample));
          // Marked as deleted, a face would still be on disk.
          open.forceMergeDeletes();
        },
        "to remove samples from");
  }

  /** A change of the index. */
  private interface Change {
    void make(IndexWriter writer) throws IOException;
  }

  private void change(Change change, String what) {
    if (readOnly) {
      throw new GalleryException(
          "expected a gallery that is open for writing, found %s open for reading only: open it with LuceneGallery.open"
              .formatted(folder));
    }
    try {
      // What nobody reads any more can be deleted.
      closeReader();
      change.make(openWriter());
      commit();
    } catch (IOException | RuntimeException e) {
      rollBack(e);
      throw failed(folder, what, e);
    }
  }

  private void rollBack(Exception cause) {
    IndexWriter open = writer;
    writer = null;
    if (open != null) {
      try {
        open.rollback();
      } catch (IOException | RuntimeException e) {
        cause.addSuppressed(e);
      }
    }
  }

  private void closeReader() throws IOException {
    DirectoryReader open = reader;
    reader = null;
    if (open != null) {
      open.close();
    }
  }

  void close() {
    try {
      closeReader();
      IndexWriter open = writer;
      writer = null;
      if (open != null) {
        open.close();
      }
      directory.close();
    } catch (IOException | RuntimeException e) {
      throw failed(folder, "to close", e);
    }
  }

  /** What reading threw, as the gallery's own exception. */
  RuntimeException damaged(RuntimeException cause) {
    return failed(folder, "to read", cause);
  }

  private static FaceException failed(Path folder, String what, Exception cause) {
    if (cause instanceof GalleryException known) {
      return known;
    }
    if (cause instanceof LockObtainFailedException) {
      return new GalleryException(
          "expected to write to the gallery %s, found it locked by another process or another gallery of this one: close that, or use LuceneGallery.openReadOnly"
              .formatted(folder),
          cause);
    }
    return new GalleryException(
        "expected %s the gallery %s, found %s: check space, permissions and disk; what was committed before is unchanged, and a damaged gallery is put back from a copy"
            .formatted(what, folder, cause),
        cause);
  }
}
