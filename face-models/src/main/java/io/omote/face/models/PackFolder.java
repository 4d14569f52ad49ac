// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import io.omote.face.FaceException;
import io.omote.face.InterruptedCallException;
import io.omote.face.ModelException;
import io.omote.face.models.FileStatus.State;
import io.omote.face.models.Manifest.Entry;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
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
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of one pack. A file gets its final name only after it was verified; the name of a
 * temporary file ends in {@code .part}.
 *
 * <p>Thread-safe: all its state is on the disk.
 */
final class PackFolder {
  private static final Logger log = LoggerFactory.getLogger(PackFolder.class);
  private static final String RECORD = "LICENSE-ACCEPTED.txt";
  private static final String TEMPORARY = ".part";

  private final Manifest manifest;
  private final Settings settings;

  PackFolder(Manifest manifest, Settings settings) {
    this.manifest = manifest;
    this.settings = settings;
  }

  /** Returns the folder. Called only if it is needed, because a store may have none. */
  private Path folder() {
    return settings.requiredDirectory().resolve(manifest.name());
  }

  private Optional<Path> folderIfAny() {
    return settings.directory().map(store -> store.resolve(manifest.name()));
  }

  /** Returns the path of a file in the store. */
  Path path(Entry file) {
    return folder().resolve(file.name());
  }

  /** Returns the store's folder, then InsightFace's, where some packs are nested twice. */
  private Stream<Path> folders() {
    Stream<Path> insightFace =
        settings.insightFace().stream()
            .map(place -> place.resolve(manifest.name()).toAbsolutePath())
            .flatMap(place -> Stream.of(place, place.resolve(manifest.name())));
    return Stream.concat(folderIfAny().stream(), insightFace);
  }

  /** Returns the path of a file that verifies, in any of the folders. */
  Optional<Path> find(Entry file) {
    return folders()
        .map(place -> place.resolve(file.name()))
        .filter(path -> isIntact(path, file, true))
        .findFirst();
  }

  FileStatus verify(Entry file) {
    List<Path> present =
        folders()
            .map(place -> place.resolve(file.name()))
            .filter(path -> reading(path, () -> Files.exists(path)))
            .toList();
    Optional<Path> intact = present.stream().filter(p -> isIntact(p, file, false)).findFirst();
    State state =
        intact.isPresent() ? State.VERIFIED : present.isEmpty() ? State.MISSING : State.DAMAGED;
    return new FileStatus(file.toPackFile(), state, intact.or(() -> present.stream().findFirst()));
  }

  private static boolean isIntact(Path path, Entry file, boolean useKnownHash) {
    return reading(
        path,
        () ->
            Files.isRegularFile(path)
                && Files.size(path) == file.size()
                && file.sha256().equals(useKnownHash ? Hashes.known(path) : Hashes.fresh(path)));
  }

  // File systems also throw unchecked exceptions, for example if they were closed.
  private static boolean reading(Path path, Callable<Boolean> question) {
    try {
      return question.call();
    } catch (Exception e) {
      Interrupts.check(e, "reading " + path);
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "%s could not be read (%s): check its permissions, or delete it",
              path,
              e),
          e);
    }
  }

  /** Returns the one folder that holds all of these files, by default the store's. */
  Path directory(List<Entry> files) {
    List<Path> parents =
        files.stream().flatMap(file -> find(file).stream()).map(Path::getParent).toList();
    boolean elsewhere = parents.size() == files.size() && parents.stream().distinct().count() == 1;
    return elsewhere ? parents.get(0) : folder();
  }

  ModelNotAvailableException notAvailable(List<Entry> missing, String advice) {
    return new ModelNotAvailableException(
        String.format(
            Locale.ROOT,
            "files of the pack %s are missing or damaged: %s. %s",
            manifest.name(),
            toPlace(missing),
            advice));
  }

  /** Describes paths and contents of files, for users who place them themselves. */
  String toPlace(List<Entry> files) {
    return files.stream()
        .map(
            file ->
                String.format(
                    Locale.ROOT,
                    "%s (%s bytes, SHA-256 %s)",
                    path(file),
                    file.size(),
                    file.sha256()))
        .collect(Collectors.joining(", "));
  }

  /** Work with files that returns nothing. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  /**
   * Writes to the folder. Its failures are told apart from those of the source of a download.
   *
   * @throws ModelException if the file system throws any exception
   * @throws InterruptedCallException if the thread is interrupted
   */
  <T> T writing(Callable<T> work) {
    try {
      return work.call();
    } catch (Exception e) {
      throw unusable(e);
    }
  }

  /** Does the same as {@link #writing}, for work that returns nothing. */
  void write(Work work) {
    writing(
        () -> {
          work.run();
          return true;
        });
  }

  /**
   * Creates the folder, readable for its owner only, and runs some work under a lock that excludes
   * other threads and processes.
   */
  void locked(Runnable work) {
    StoreLock lock = writing(this::lock);
    try {
      write(() -> createPrivately(folder()));
      work.run();
    } finally {
      write(lock::close);
    }
  }

  private StoreLock lock() throws IOException {
    // Outside the folder, so that deleting the folder does not delete a lock that others wait for.
    Path locks = settings.requiredDirectory().resolve(".locks");
    createPrivately(locks);
    return StoreLock.take(locks.resolve(manifest.name() + ".lock"), settings.limits().deadline());
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static void createPrivately(Path directory) throws IOException {
    FileAttribute<?>[] attributes =
        isPosix(directory)
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
            }
            : new FileAttribute<?>[0];
    Files.createDirectories(directory, attributes);
  }

  private FaceException unusable(Exception cause) {
    if (cause instanceof FaceException known) {
      return known;
    }
    Interrupts.check(cause, "writing to the folder " + folder());
    return new ModelException(
        String.format(
            Locale.ROOT,
            "the folder %s could not be written to (%s): check permissions and free space, or choose"
                + " another folder with -D%s=... or ModelStore.builder().directory(...)",
            folder(),
            cause,
            Settings.DIRECTORY),
        cause);
  }

  /**
   * Deletes temporary files of killed downloads. Call it under the lock, when no temporary file is
   * in use.
   */
  void deleteTemporary() {
    write(
        () -> {
          try (DirectoryStream<Path> files = Files.newDirectoryStream(folder(), ".*" + TEMPORARY)) {
            for (Path file : files) {
              Files.deleteIfExists(file);
            }
          }
        });
  }

  /** Creates a temporary file with a unique name, readable for its owner only. */
  Path newTemporary(String name) {
    return writing(() -> Files.createTempFile(folder(), "." + name + ".", TEMPORARY));
  }

  /** Gives its final name to a file that was verified and forced to the disk. */
  void install(Path verified, Entry file) {
    write(
        () -> {
          Files.move(verified, path(file), StandardCopyOption.ATOMIC_MOVE);
          if (isPosix(folder())) {
            // Forces the name to the disk, too; only POSIX systems open folders for that.
            try (FileChannel channel = FileChannel.open(folder(), StandardOpenOption.READ)) {
              channel.force(true);
            }
          }
        });
  }

  boolean isAcceptedByProperty() {
    String names = System.getProperty(Settings.ACCEPT_LICENSE, "");
    return Arrays.asList(names.trim().split("\\s*,\\s*")).contains(manifest.name());
  }

  /** Returns whether this license was accepted before; the record of another one does not count. */
  boolean hasAcceptanceRecord() {
    return folderIfAny()
        .map(folder -> folder.resolve(RECORD))
        .filter(this::isAcceptance)
        .isPresent();
  }

  private boolean isAcceptance(Path record) {
    try {
      return Files.isRegularFile(record) && Files.readAllLines(record).contains(licenseLine());
    } catch (IOException | RuntimeException e) {
      Interrupts.check(e, "reading " + record);
      log.warn("{} could not be read: the license counts as not accepted", record, e);
      return false;
    }
  }

  private String licenseLine() {
    return String.format(
        Locale.ROOT, "License: %s, %s", manifest.license().name(), manifest.license().url());
  }

  /** Records that the license was accepted. Called before the first byte is fetched. */
  void recordAcceptance(boolean inCode) {
    if (hasAcceptanceRecord()) {
      return;
    }
    String how =
        inCode
            ? "in code, by acceptLicense()"
            : "by the system property " + Settings.ACCEPT_LICENSE;
    String text =
        String.join(
            System.lineSeparator(),
            String.format(
                Locale.ROOT, "The license of the pack %s was accepted %s.", manifest.name(), how),
            licenseLine(),
            "Commercial use: " + (manifest.license().commercialUse() ? "yes" : "no"),
            "Attribution: " + manifest.license().attribution(),
            "Accepted: " + Instant.now().truncatedTo(ChronoUnit.SECONDS),
            "");
    Path temporary = newTemporary(RECORD);
    write(
        () -> {
          Files.writeString(temporary, text);
          Files.move(temporary, folder().resolve(RECORD), StandardCopyOption.ATOMIC_MOVE);
        });
  }

  /** Records the acceptance for files that exist already, if the folder is writable. */
  void recordAcceptanceIfPossible(boolean inCode) {
    if (hasAcceptanceRecord()) {
      return;
    }
    try {
      locked(() -> recordAcceptance(inCode));
    } catch (ModelException e) {
      log.warn(
          "the acceptance of the license of {} could not be recorded: accept it again next time",
          manifest.name(),
          e);
    }
  }

  void delete() {
    boolean exists =
        folderIfAny()
            .filter(folder -> reading(folder, () -> Files.isDirectory(folder)))
            .isPresent();
    if (exists) {
      locked(() -> write(this::deleteFiles));
    }
  }

  private void deleteFiles() throws IOException {
    deleteTemporary();
    for (Entry file : manifest.files()) {
      Files.deleteIfExists(path(file));
    }
    Files.deleteIfExists(folder().resolve(RECORD));
    try {
      Files.deleteIfExists(folder());
    } catch (DirectoryNotEmptyException e) {
      log.info("{} contains other files, so it was kept", folder());
    }
  }
}
