// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import io.omote.face.FaceException;
import io.omote.face.GalleryException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexFileNames;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.store.NIOFSDirectory;

/** Checks of the folder of a gallery before it is used: its files, permissions and model. */
final class LuceneFolder {
  private static final String MODEL = "omote.model";
  private static final String VERSION = "omote.version";
  private static final String CURRENT_VERSION = "1";

  /** The file that a gallery leaves if its creation is cut short. It holds no sample. */
  static final String UNFINISHED = IndexFileNames.PENDING_SEGMENTS + "_1";

  private LuceneFolder() {}

  /** Creates the folder if it is missing. */
  static void create(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
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

  /** Lets only the owner read the folder. Called while it is empty. */
  static void makePrivate(Path folder) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(folder, PosixFileAttributeView.class);
    if (view != null) {
      try {
        view.setPermissions(PosixFilePermissions.fromString("rwx------"));
      } catch (FileSystemException e) {
        throw new GalleryException(
            String.format(
                Locale.ROOT,
                "the permissions of the folder %s could not be changed: use a folder that you own, such as a new one inside it",
                folder),
            e);
      }
    }
  }

  /**
   * Throws if the lock file is not an empty file. Opening a pipe would wait forever, and Lucene
   * considers a lock lost if its file has content.
   */
  static void checkLockFile(Path folder) throws IOException {
    Path file = folder.resolve(IndexWriter.WRITE_LOCK_NAME);
    if (Files.exists(file) && (!Files.isRegularFile(file) || Files.size(file) > 0)) {
      throw new GalleryException(
          String.format(
              Locale.ROOT,
              "expected an empty file %s, found something else in its place: delete it while no process has the gallery open",
              file));
    }
  }

  /** Returns whether there is no gallery yet. Throws if there is anything but one of the model. */
  static boolean isNew(Path folder, String modelId, Directory directory) throws IOException {
    if (!DirectoryReader.indexExists(directory)) {
      boolean isEmpty =
          Stream.of(directory.listAll())
              .allMatch(
                  name -> name.equals(IndexWriter.WRITE_LOCK_NAME) || name.equals(UNFINISHED));
      if (isEmpty) {
        return true;
      }
      // Another process may have created it in the meantime.
      if (!DirectoryReader.indexExists(directory)) {
        throw new GalleryException(
            String.format(
                Locale.ROOT,
                "expected a gallery or an empty folder in %s, found other files: name another folder",
                folder));
      }
    }
    checkModel(folder, modelId, SegmentInfos.readLatestCommit(directory));
    return false;
  }

  /** Throws if a commit belongs to a gallery of another model. */
  static void checkModel(Path folder, String modelId, SegmentInfos commit) {
    String found = modelIdOf(folder, commit);
    if (!found.equals(modelId)) {
      throw new GalleryException(
          String.format(
              Locale.ROOT,
              "expected a gallery of the model %s in %s, found one of %s: use that model, or embed all images again into another folder",
              modelId,
              folder,
              found));
    }
  }

  static Optional<String> modelIdOf(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Directory directory = new NIOFSDirectory(folder)) {
      return DirectoryReader.indexExists(directory)
          ? Optional.of(modelIdOf(folder, SegmentInfos.readLatestCommit(directory)))
          : Optional.empty();
    } catch (IOException | RuntimeException e) {
      throw failed(folder, "to open", e);
    }
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
              "expected a gallery of version %s in %s, found version %s: use the version of this library that wrote it",
              CURRENT_VERSION,
              folder,
              version));
    }
    return data.get(MODEL);
  }

  /** Returns the metadata of the gallery that each commit stores. */
  static Map<String, String> commitData(String modelId) {
    return Map.of(MODEL, modelId, VERSION, CURRENT_VERSION);
  }

  /** Returns an error of Lucene or the disk as an exception of the gallery. */
  static FaceException failed(Path folder, String what, Exception cause) {
    if (cause instanceof GalleryException known) {
      return known;
    }
    if (cause instanceof LockObtainFailedException) {
      return new GalleryException(
          String.format(
              Locale.ROOT,
              "the gallery %s is locked by another process, or is already open in this one: close it there, or use LuceneGallery.openReadOnly",
              folder),
          cause);
    }
    return new GalleryException(
        String.format(
            Locale.ROOT,
            "failed %s the gallery %s (%s): check disk space, permissions and the disk; earlier commits are unchanged, and a damaged gallery must be restored from a copy",
            what,
            folder,
            cause),
        cause);
  }
}
