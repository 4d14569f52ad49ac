// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import io.omote.face.models.FileStatus.State;
import io.omote.face.models.Manifest.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the files of one pack lie. A file has its final name only after it was verified; what is
 * unfinished has a name that ends in {@code .part}.
 *
 * <p>Thread-safe: it has no state but that of the disk.
 */
final class PackFolder {
  private static final Logger log = LoggerFactory.getLogger(PackFolder.class);
  private static final String RECORD = "LICENSE-ACCEPTED.txt";
  private static final String UNFINISHED = ".part";

  private final Manifest manifest;
  private final Settings settings;
  private final Path folder;

  PackFolder(Manifest manifest, Settings settings) {
    this.manifest = manifest;
    this.settings = settings;
    this.folder = settings.directory().resolve(manifest.name());
  }

  /** Where a file lies once it was fetched. */
  Path path(Entry file) {
    return folder.resolve(file.name());
  }

  /** The store's folder, then InsightFace's, which in some packs holds a folder of that name. */
  private List<Path> folders() {
    Path insightFace = settings.insightFace().resolve(manifest.name()).toAbsolutePath();
    return List.of(folder, insightFace, insightFace.resolve(manifest.name()));
  }

  /** A verified file, wherever it lies. */
  Optional<Path> find(Entry file) {
    return folders().stream()
        .map(place -> place.resolve(file.name()))
        .filter(path -> isIntact(path, file, true))
        .findFirst();
  }

  FileStatus verify(Entry file) {
    List<Path> present =
        folders().stream().map(place -> place.resolve(file.name())).filter(Files::exists).toList();
    Optional<Path> intact = present.stream().filter(p -> isIntact(p, file, false)).findFirst();
    State state =
        intact.isPresent() ? State.VERIFIED : present.isEmpty() ? State.MISSING : State.DAMAGED;
    return new FileStatus(file.toPackFile(), state, intact.or(() -> present.stream().findFirst()));
  }

  private static boolean isIntact(Path path, Entry file, boolean useKnownHash) {
    try {
      return Files.isRegularFile(path)
          && Files.size(path) == file.size()
          && file.sha256().equals(useKnownHash ? Hashes.known(path) : Hashes.fresh(path));
    } catch (IOException e) {
      throw new ModelStoreException(
          "expected to read "
              + path
              + ", found that it cannot be read ("
              + e
              + "): check its"
              + " permissions, or delete it",
          e);
    }
  }

  /** InsightFace's folder where it holds all of these files and the store does not. */
  Path directory(List<Entry> files) {
    List<Path> parents =
        files.stream().flatMap(file -> find(file).stream()).map(Path::getParent).toList();
    boolean elsewhere = parents.size() == files.size() && parents.stream().distinct().count() == 1;
    return elsewhere ? parents.get(0) : folder;
  }

  ModelNotAvailableException notAvailable(List<Entry> missing, String advice) {
    return new ModelNotAvailableException(
        "expected the files of the pack "
            + manifest.name()
            + " in "
            + folder
            + ", found that these are missing or damaged: "
            + byHand(missing)
            + ": "
            + advice);
  }

  /** What to put where, for people who place files by hand. */
  String byHand(List<Entry> files) {
    return files.stream()
        .map(file -> path(file) + " (" + file.size() + " bytes, SHA-256 " + file.sha256() + ")")
        .collect(Collectors.joining(", "));
  }

  /** What is done in the folder. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  /**
   * Makes the folder, readable for its owner only, and keeps other threads and processes out of it
   * while something is done there.
   */
  void locked(Work work) {
    try {
      // Beside the folder, so that deleting the folder does not take the lock from who waits.
      Path locks = settings.directory().resolve(".locks");
      createPrivately(locks);
      StoreLock lock =
          StoreLock.take(locks.resolve(manifest.name() + ".lock"), settings.limits().deadline());
      try {
        createPrivately(folder);
        work.run();
      } finally {
        lock.close();
      }
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private static void createPrivately(Path directory) throws IOException {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] attributes =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
            }
            : new FileAttribute<?>[0];
    Files.createDirectories(directory, attributes);
  }

  ModelStoreException unusable(IOException cause) {
    return new ModelStoreException(
        "expected to write to the folder "
            + folder
            + ", found that this is not possible ("
            + cause
            + "): check permissions and free space, or choose another folder by -D"
            + Settings.DIRECTORY
            + "=... or ModelStore.builder().directory(...)",
        cause);
  }

  /** Deletes what killed downloads left. Only under the lock, where none can be in use. */
  void deleteUnfinished() {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, ".*" + UNFINISHED)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /** An unfinished file of a name that nothing else has, readable for its owner only. */
  Path newUnfinished(String name) {
    try {
      return Files.createTempFile(folder, "." + name + ".", UNFINISHED);
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /** Gives a verified file, already forced to the disk, its final name. */
  void install(Path verified, Entry file) {
    try {
      Files.move(verified, path(file), StandardCopyOption.ATOMIC_MOVE);
      if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
        // The name, too; only POSIX systems open folders for that.
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
          channel.force(true);
        }
      }
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  boolean isAcceptedByProperty() {
    String names = System.getProperty(Settings.ACCEPT_LICENSE, "");
    return Arrays.asList(names.trim().split("\\s*,\\s*")).contains(manifest.name());
  }

  /** Whether this licence was accepted before; the record of another one does not count. */
  boolean hasAcceptanceRecord() {
    Path record = folder.resolve(RECORD);
    try {
      return Files.isRegularFile(record) && Files.readAllLines(record).contains(licenseLine());
    } catch (IOException | UncheckedIOException e) {
      log.warn("cannot read {}: the licence counts as not accepted", record, e);
      return false;
    }
  }

  private String licenseLine() {
    return "Licence: " + manifest.license().name() + ", " + manifest.license().url();
  }

  /** Notes who accepted the licence; called before the first byte is fetched. */
  void recordAcceptance(boolean inCode) throws IOException {
    if (hasAcceptanceRecord()) {
      return;
    }
    String how =
        inCode ? "by acceptLicense() in code" : "by the system property " + Settings.ACCEPT_LICENSE;
    String text =
        String.join(
            System.lineSeparator(),
            "The licence of the pack " + manifest.name() + " was accepted " + how + ".",
            licenseLine(),
            "Commercial use: " + (manifest.license().commercialUse() ? "yes" : "no"),
            "Attribution: " + manifest.license().attribution(),
            "Accepted: " + Instant.now().truncatedTo(ChronoUnit.SECONDS),
            "");
    Path unfinished = newUnfinished(RECORD);
    Files.writeString(unfinished, text);
    Files.move(unfinished, folder.resolve(RECORD), StandardCopyOption.ATOMIC_MOVE);
  }

  /** For files that are here already, perhaps in a folder that cannot be written to. */
  void recordAcceptanceIfPossible(boolean inCode) {
    if (hasAcceptanceRecord()) {
      return;
    }
    try {
      locked(() -> recordAcceptance(inCode));
    } catch (ModelStoreException e) {
      log.warn(
          "the acceptance of the licence of {} cannot be recorded in {} and must be repeated",
          manifest.name(),
          folder,
          e);
    }
  }

  void delete() {
    if (Files.isDirectory(folder)) {
      locked(this::deleteFiles);
    }
  }

  private void deleteFiles() throws IOException {
    deleteUnfinished();
    for (Entry file : manifest.files()) {
      Files.deleteIfExists(path(file));
    }
    Files.deleteIfExists(folder.resolve(RECORD));
    try {
      Files.deleteIfExists(folder);
    } catch (DirectoryNotEmptyException e) {
      log.info("{} holds files of others, which stay", folder);
    }
  }
}
