// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import io.omote.face.FaceEmbedding;
import io.omote.face.FaceException;
import io.omote.face.GalleryEntry;
import io.omote.face.GalleryException;
import io.omote.face.internal.search.ExactGallery;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexFileNames;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.StandardDirectoryReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.Lock;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.store.NIOFSDirectory;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.IOUtils;
import org.jspecify.annotations.Nullable;

/**
 * The samples of a gallery as documents of Lucene, one each: person and sample as terms to remove
 * by, and with the embedding's binary form as values to read.
 *
 * <p>The write lock is held from opening to closing. Each write has an {@link IndexWriter} of its
 * own, which begins with what is on disk and leaves nothing of a write that failed; and knows by
 * the commit's id whether memory has what is there.
 *
 * <p>Used by one thread at a time, which nobody interrupts ({@link StoreThread}).
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

  /** What is left of a gallery whose making was cut short; no sample is in it. */
  private static final String UNBORN = IndexFileNames.PENDING_SEGMENTS + "_1";

  private final Path folder;
  private final String modelId;
  private final Directory directory;

  /** Null for reading only. */
  private final @Nullable Lock lock;

  /** The id of the commit that is in memory, null before the first. */
  private byte @Nullable [] known;

  /** Whether all files belong to the last commit. What a killed process left may not. */
  private boolean isTidy;

  private LuceneStore(Path folder, String modelId, Directory directory, @Nullable Lock lock) {
    this.folder = folder;
    this.modelId = modelId;
    this.directory = directory;
    this.lock = lock;
  }

  static LuceneStore open(Path folder, String modelId) {
    try {
      if (!Files.isDirectory(folder)) {
        make(folder);
      }
      return open(folder, modelId, new NIOFSDirectory(folder));
    } catch (IOException | RuntimeException e) {
      throw failed(folder, "to open", e);
    }
  }

  private static void make(Path folder) throws IOException {
    try {
      Files.createDirectories(folder);
    } catch (FileAlreadyExistsException e) {
      throw new GalleryException(
          String.format(
              Locale.ROOT,
              "expected a folder for the gallery %s, found a file or a link to nothing: name another folder",
              folder),
          e);
    }
  }

  /**
   * Opens a store for writing.
   *
   * @param directory the files of the folder, closed where this throws
   */
  static LuceneStore open(Path folder, String modelId, Directory directory) throws IOException {
    Lock lock = null;
    boolean isOpen = false;
    try {
      // What is something else is refused before anything is written.
      if (isNew(folder, modelId, directory)) {
        makePrivate(folder);
      }
      checkLockFile(folder);
      lock = directory.obtainLock(IndexWriter.WRITE_LOCK_NAME);
      LuceneStore store = new LuceneStore(folder, modelId, directory, lock);
      // Another process may have made it since.
      if (isNew(folder, modelId, directory)) {
        store.create();
      }
      isOpen = true;
      return store;
    } finally {
      if (!isOpen) {
        IOUtils.closeWhileHandlingException(lock, directory);
      }
    }
  }

  static LuceneStore openReadOnly(Path folder, String modelId) {
    try {
      if (!Files.isDirectory(folder)) {
        throw new GalleryException(
            String.format(
                Locale.ROOT, "expected a gallery in %s, found no folder: check the path", folder));
      }
      return openReadOnly(folder, modelId, new NIOFSDirectory(folder));
    } catch (IOException | RuntimeException e) {
      throw failed(folder, "to open", e);
    }
  }

  /**
   * Opens a store for reading.
   *
   * @param directory the files of the folder, closed where this throws
   */
  static LuceneStore openReadOnly(Path folder, String modelId, Directory directory)
      throws IOException {
    boolean isOpen = false;
    try {
      if (isNew(folder, modelId, directory)) {
        throw new GalleryException(
            String.format(
                Locale.ROOT,
                "expected a gallery in %s, found an empty folder: enroll somebody first",
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
    return modelIdOf(folder, SegmentInfos.readLatestCommit(directory));
  }

  private static String modelIdOf(Path folder, SegmentInfos commit) {
    Map<String, String> data = commit.getUserData();
    String version = data.get(VERSION);
    if (version == null) {
      throw new GalleryException(
          String.format(
              Locale.ROOT,
              "expected a gallery in %s, found an index of another program: name another folder",
              folder));
    }
    if (!version.equals(CURRENT_VERSION)) {
      throw new GalleryException(
          String.format(
              Locale.ROOT,
              "expected a gallery of version %s in %s, found version %s: it was written by another version of this library",
              CURRENT_VERSION,
              folder,
              version));
    }
    return data.get(MODEL);
  }

  /** While it is empty. */
  private static void makePrivate(Path folder) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(folder, PosixFileAttributeView.class);
    if (view != null) {
      try {
        view.setPermissions(PosixFilePermissions.fromString("rwx------"));
      } catch (FileSystemException e) {
        throw new GalleryException(
            String.format(
                Locale.ROOT,
                "expected a folder for the gallery %s that is this user's, found one whose permissions cannot be changed: name a folder inside it",
                folder),
            e);
      }
    }
  }

  /**
   * Opening a pipe would wait for ever, and a lock on a file with content is taken for a lost one.
   */
  private static void checkLockFile(Path folder) throws IOException {
    Path file = folder.resolve(IndexWriter.WRITE_LOCK_NAME);
    if (Files.exists(file) && (!Files.isRegularFile(file) || Files.size(file) > 0)) {
      throw new GalleryException(
          String.format(
              Locale.ROOT,
              "expected an empty file %s, found something else in its place: delete it while no process has the gallery open",
              file));
    }
  }

  /** Whether there is nothing yet; refuses what is no gallery of this model. */
  private static boolean isNew(Path folder, String modelId, Directory directory)
      throws IOException {
    if (!DirectoryReader.indexExists(directory)) {
      boolean isEmpty =
          Stream.of(directory.listAll())
              .allMatch(name -> name.equals(IndexWriter.WRITE_LOCK_NAME) || name.equals(UNBORN));
      if (isEmpty) {
        return true;
      }
      // Unless another process has made it since.
      if (!DirectoryReader.indexExists(directory)) {
        throw new GalleryException(
            String.format(
                Locale.ROOT,
                "expected a gallery or an empty folder in %s, found other files: name another folder",
                folder));
      }
    }
    checkModel(folder, modelId, modelIdOf(folder, directory));
    return false;
  }

  private static void checkModel(Path folder, String modelId, String found) {
    if (!found.equals(modelId)) {
      throw new GalleryException(
          String.format(
              Locale.ROOT,
              "expected a gallery of the model %s in %s, found one of %s: use that model, or embed all images anew into another folder",
              modelId,
              folder,
              found));
    }
  }

  private void create() throws IOException {
    if (List.of(directory.listAll()).contains(UNBORN)) {
      directory.deleteFile(UNBORN);
    }
    write(IndexWriterConfig.OpenMode.CREATE, writer -> {});
  }

  private IndexWriter writer(IndexWriterConfig.OpenMode mode) throws IOException {
    // Half of a removal would be no removal.
    TieredMergePolicy merges = new TieredMergePolicy();
    merges.setForceMergeDeletesPctAllowed(0);
    IndexWriterConfig config = new IndexWriterConfig();
    config.setOpenMode(mode);
    config.setMergePolicy(merges);
    // In the thread that writes: others would print stack traces where a disk is full.
    config.setMergeScheduler(new SerialMergeScheduler());
    config.setCommitOnClose(false);
    return new IndexWriter(new WriterDirectory(directory, held()), config);
  }

  private void write(IndexWriterConfig.OpenMode mode, Change change) throws IOException {
    IndexWriter writer = writer(mode);
    try {
      change.make(writer);
      commit(writer);
    } catch (Throwable e) {
      // One that has met what it cannot recover from has tried to close itself. Where that failed,
      // too, as without memory, it would wait for the end of that for ever. The next one tidies up.
      if (writer.getTragicException() == null) {
        IOUtils.closeWhileHandlingException(writer);
      }
      throw e;
    }
    writer.close();
  }

  private void commit(IndexWriter writer) throws IOException {
    // What the merges of a commit make would not be part of it.
    writer.flush();
    writer.setLiveCommitData(Map.of(MODEL, modelId, VERSION, CURRENT_VERSION).entrySet());
    writer.commit();
  }

  /** What is done with files. */
  private interface Step {
    void go() throws IOException;
  }

  /**
   * What an IndexWriter sees of the directory. It is lent the lock, because it gives back what it
   * is given when it ends. And it deletes nothing more once a commit has failed: the commit may be
   * on disk all the same, and needs its files. Another IndexWriter finds out, and tidies up.
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
          // It is the store's.
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
        step.go();
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
        throw new IOException("expected a commit that ended, found one that failed");
      }
      in.deleteFile(name);
    }
  }

  Path folder() {
    return folder;
  }

  private Lock held() {
    if (lock == null) {
      throw new GalleryException(
          String.format(
              Locale.ROOT,
              "expected a gallery that is open for writing, found %s open for reading only: open it with LuceneGallery.open",
              folder));
    }
    return lock;
  }

  /** Refuses writes where there can be none. */
  void checkWritable() {
    try {
      held().ensureValid();
    } catch (IOException | AlreadyClosedException e) {
      throw new GalleryException(
          String.format(
              Locale.ROOT,
              "expected to hold the lock of the gallery %s, found that its folder or its file %s was taken away or replaced (%s): others may write there now; close this gallery and open it again",
              folder,
              IndexWriter.WRITE_LOCK_NAME,
              e.getMessage()),
          e);
    }
  }

  /**
   * Brings memory to the last commit. Where this throws, the next call does it.
   *
   * @param memory takes all samples if they are others than before
   * @return whether they were
   */
  boolean update(Consumer<ExactGallery.Source> memory) {
    try {
      if (lock != null && !isTidy) {
        // An IndexWriter deletes what does not belong to the last commit.
        writer(IndexWriterConfig.OpenMode.APPEND).close();
        isTidy = directory.getPendingDeletions().isEmpty();
      }
      if (Arrays.equals(SegmentInfos.readLatestCommit(directory).getId(), known)) {
        return false;
      }
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        SegmentInfos found = ((StandardDirectoryReader) reader).getSegmentInfos();
        checkModel(folder, modelId, modelIdOf(folder, found));
        memory.accept(batches -> read(reader, batches));
        known = found.getId();
      }
      return true;
    } catch (IOException | RuntimeException e) {
      throw failed(folder, "to read", e);
    }
  }

  private void read(DirectoryReader reader, Consumer<List<GalleryEntry>> batches) {
    try {
      for (LeafReaderContext context : reader.leaves()) {
        read(context.reader(), batches);
      }
    } catch (IOException e) {
      throw failed(folder, "to read", e);
    }
  }

  private static void read(LeafReader leaf, Consumer<List<GalleryEntry>> batches)
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
        batches.accept(entries);
        entries = new ArrayList<>();
      }
    }
    batches.accept(entries);
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

  void write(List<GalleryEntry> entries) {
    change(
        open -> {
          for (GalleryEntry entry : entries) {
            open.addDocument(document(entry));
          }
        },
        () -> {},
        String.format(Locale.ROOT, "to keep %d samples in", entries.size()));
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
        this::checkDeleted,
        "to remove samples from");
  }

  private void checkDeleted() throws IOException {
    int left = directory.getPendingDeletions().size();
    if (left > 0) {
      throw new IOException(left + " files that cannot be deleted and still have the samples");
    }
  }

  /** A change of the index. */
  private interface Change {
    void make(IndexWriter writer) throws IOException;
  }

  private void change(Change change, Step afterwards, String what) {
    isTidy = false;
    try {
      write(IndexWriterConfig.OpenMode.APPEND, change);
      afterwards.go();
      // Only now is memory to follow: what throws before is read again.
      known = SegmentInfos.readLatestCommit(directory).getId();
      isTidy = true;
    } catch (IOException | RuntimeException e) {
      throw failed(folder, what, e);
    }
  }

  void close() {
    try {
      IOUtils.close(directory, lock);
    } catch (IOException | RuntimeException e) {
      throw failed(folder, "to close", e);
    }
  }

  /** What failed underneath, as the gallery's own exception. */
  static FaceException failed(Path folder, String what, Exception cause) {
    if (cause instanceof GalleryException known) {
      return known;
    }
    if (cause instanceof LockObtainFailedException) {
      return new GalleryException(
          String.format(
              Locale.ROOT,
              "expected to write to the gallery %s, found it locked by another process or another gallery of this one: close that, or use LuceneGallery.openReadOnly",
              folder),
          cause);
    }
    return new GalleryException(
        String.format(
            Locale.ROOT,
            "expected %s the gallery %s, found %s: check space, permissions and disk; what was committed before is unchanged, and a damaged gallery is put back from a copy",
            what,
            folder,
            cause),
        cause);
  }
}
