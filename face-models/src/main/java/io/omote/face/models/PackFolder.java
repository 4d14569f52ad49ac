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

  PackFolder(Manifest manifest, Settings settings) {
    this.manifest = manifest;
    this.settings = settings;
  }

  /** Asked for only where it is needed: a store may have no folder, and packs that need none. */
  private Path folder() {
    return settings.requiredDirectory().resolve(manifest.name());
  }

  private Optional<Path> folderIfAny() {
    return settings.directory().map(store -> store.resolve(manifest.name()));
  }

  /** Where a file lies once it was fetched. */
  Path path(Entry file) {
    return folder().resolve(file.name());
  }

  /** The store's folder, then InsightFace's, which in some packs holds a folder of that name. */
  private Stream<Path> folders() {
    Stream<Path> insightFace =
        settings.insightFace().stream()
            .map(place -> place.resolve(manifest.name()).toAbsolutePath())
            .flatMap(place -> Stream.of(place, place.resolve(manifest.name())));
    return Stream.concat(folderIfAny().stream(), insightFace);
  }

  /** A verified file, wherever it lies. */
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

  // File systems also throw what is unchecked, as for one that was closed.
  private static boolean reading(Path path, Callable<Boolean> question) {
    try {
      return question.call();
    } catch (Exception e) {
      Interrupts.check(e, "expected to read " + path);
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected to read %s, found that it cannot be read (%s): check its permissions, or delete it",
              path,
              e),
          e);
    }
  }

  /** InsightFace's folder where it holds all of these files and the store does not. */
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
            "expected the files of the pack %s in %s, found that these are missing or damaged: %s: %s",
            manifest.name(),
            folder(),
            byHand(missing),
            advice));
  }

  /** What to put where, for people who place files by hand. */
  String byHand(List<Entry> files) {
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

  /** Work with files that has no result. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  /**
   * Writes to the folder. What fails there is not a failure of the source that is read from.
   *
   * @throws ModelException if the file system refuses, also by an unchecked exception
   * @throws InterruptedCallException if the thread is interrupted
   */
  <T> T writing(Callable<T> work) {
    try {
      return work.call();
    } catch (Exception e) {
      throw unusable(e);
    }
  }

  /** As {@link #writing}, for what has no result. */
  void write(Work work) {
    writing(
        () -> {
          work.run();
          return true;
        });
  }

  /**
   * Makes the folder, readable for its owner only, and keeps other threads and processes out of it
   * while something is done there.
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
    // Beside the folder, so that deleting the folder does not take the lock from who waits.
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
    String expected = "expected to write to the folder " + folder();
    Interrupts.check(cause, expected);
    return new ModelException(
        String.format(
            Locale.ROOT,
            "%s, found that this is not possible (%s): check permissions and free space, or choose"
                + " another folder by -D%s=... or ModelStore.builder().directory(...)",
            expected,
            cause,
            Settings.DIRECTORY),
        cause);
  }

  /** Deletes what killed downloads left. Only under the lock, where none can be in use. */
  void deleteUnfinished() {
    write(
        () -> {
          try (DirectoryStream<Path> files =
              Files.newDirectoryStream(folder(), ".*" + UNFINISHED)) {
            for (Path file : files) {
              Files.deleteIfExists(file);
            }
          }
        });
  }

  /** An unfinished file of a name that nothing else has, readable for its owner only. */
  Path newUnfinished(String name) {
    return writing(() -> Files.createTempFile(folder(), "." + name + ".", UNFINISHED));
  }

  /** Gives a verified file, already forced to the disk, its final name. */
  void install(Path verified, Entry file) {
    write(
        () -> {
          Files.move(verified, path(file), StandardCopyOption.ATOMIC_MOVE);
          if (isPosix(folder())) {
            // The name, too; only POSIX systems open folders for that.
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

  /** Whether this license was accepted before; the record of another one does not count. */
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
      Interrupts.check(e, "expected to read " + record);
      log.warn("cannot read {}: the license counts as not accepted", record, e);
      return false;
    }
  }

  private String licenseLine() {
    return String.format(
        Locale.ROOT, "License: %s, %s", manifest.license().name(), manifest.license().url());
  }

  /** Notes who accepted the license; called before the first byte is fetched. */
  void recordAcceptance(boolean inCode) {
    if (hasAcceptanceRecord()) {
      return;
    }
    String how =
        inCode ? "by acceptLicense() in code" : "by the system property " + Settings.ACCEPT_LICENSE;
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
    Path unfinished = newUnfinished(RECORD);
    write(
        () -> {
          Files.writeString(unfinished, text);
          Files.move(unfinished, folder().resolve(RECORD), StandardCopyOption.ATOMIC_MOVE);
        });
  }

  /** For files that are here already, perhaps in a folder that cannot be written to. */
  void recordAcceptanceIfPossible(boolean inCode) {
    if (hasAcceptanceRecord()) {
      return;
    }
    try {
      locked(() -> recordAcceptance(inCode));
    } catch (ModelException e) {
      log.warn(
          "the acceptance of the license of {} cannot be recorded and must be repeated",
          manifest.name(),
          e);
    }
  }

  void delete() {
    boolean isThere =
        folderIfAny()
            .filter(folder -> reading(folder, () -> Files.isDirectory(folder)))
            .isPresent();
    if (isThere) {
      locked(() -> write(this::deleteFiles));
    }
  }

  private void deleteFiles() throws IOException {
    deleteUnfinished();
    for (Entry file : manifest.files()) {
      Files.deleteIfExists(path(file));
    }
    Files.deleteIfExists(folder().resolve(RECORD));
    try {
      Files.deleteIfExists(folder());
    } catch (DirectoryNotEmptyException e) {
      log.info("{} holds files of others, which stay", folder());
    }
  }
}
