// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.omote.face.ClosedException;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGallery;
import io.omote.face.GalleryEntry;
import io.omote.face.GalleryException;
import io.omote.face.InterruptedCallException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.NIOFSDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class LuceneGalleryTest extends GalleryContract {
  @TempDir private Path temp;

  private Path folder() {
    return temp.resolve("people");
  }

  @Override
  LuceneGallery open() {
    return LuceneGallery.open(folder(), Faces.MODEL);
  }

  private LuceneGallery reader() {
    return LuceneGallery.openReadOnly(folder(), Faces.MODEL);
  }

  @Test
  void folder_canBeReadByItsOwnerOnly() throws IOException {
    assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
    Path empty = Files.createDirectory(temp.resolve("empty"));
    Files.setPosixFilePermissions(empty, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (Path folder : List.of(folder(), empty)) {
      LuceneGallery.open(folder, Faces.MODEL).close();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void modelIdOf_saysWhoseItIs() throws IOException {
    assertThat(LuceneGallery.modelIdOf(folder())).isEmpty();
    open().close();
    assertThat(LuceneGallery.modelIdOf(folder())).contains(Faces.MODEL);
    Files.createDirectory(temp.resolve("empty"));
    assertThat(LuceneGallery.modelIdOf(temp.resolve("empty"))).isEqualTo(Optional.empty());
  }

  @Test
  void open_ofAnotherModel_isRefused() {
    open().close();
    for (Runnable open :
        List.<Runnable>of(
            () -> LuceneGallery.open(folder(), "other"),
            () -> LuceneGallery.openReadOnly(folder(), "other"))) {
      assertThatThrownBy(open::run)
          .isInstanceOf(GalleryException.class)
          .hasMessageContainingAll("model other", "found one of " + Faces.MODEL);
    }
    open().close();
  }

  @Test
  void open_ofSomethingElse_isRefused() throws IOException {
    Path other = Files.createDirectory(temp.resolve("other"));
    Files.writeString(other.resolve("letter.txt"), "dear");
    assertThatThrownBy(() -> LuceneGallery.open(other, Faces.MODEL))
        .isInstanceOf(GalleryException.class)
        .hasMessageContaining("found other files");
    assertThat(GalleryFiles.in(other)).hasSize(1);
    Path file = Files.createFile(temp.resolve("file"));
    assertThatThrownBy(() -> LuceneGallery.open(file, Faces.MODEL))
        .isInstanceOf(GalleryException.class)
        .hasMessageContaining("found a file or a link to nothing");
    Path foreign = temp.resolve("foreign");
    try (NIOFSDirectory directory = new NIOFSDirectory(foreign);
        IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig())) {
      writer.commit();
    }
    assertThatThrownBy(() -> LuceneGallery.open(foreign, Faces.MODEL))
        .isInstanceOf(GalleryException.class)
        .hasMessageContaining("an index of another program");
    assertThatThrownBy(() -> LuceneGallery.openReadOnly(temp.resolve("none"), Faces.MODEL))
        .isInstanceOf(GalleryException.class)
        .hasMessageContaining("does not exist: check the path");
  }

  /** Opening a pipe as the lock file would wait forever. */
  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void lockThatIsNoEmptyFile_isRefused() throws Exception {
    open().close();
    Path lock = folder().resolve("write.lock");
    Files.writeString(lock, "somebody's");
    assertLockIsRefused();
    Files.delete(lock);
    assertThat(new ProcessBuilder("mkfifo", lock.toString()).start().waitFor()).isZero();
    assertLockIsRefused();
    Files.delete(lock);
    open().close();
  }

  private void assertLockIsRefused() {
    assertThatThrownBy(this::open)
        .isInstanceOf(GalleryException.class)
        .hasMessageContaining("expected an empty file")
        .hasMessageContaining("write.lock");
  }

  @Test
  void secondWriter_isRefusedAtOnce_andReadersAreNot() {
    try (LuceneGallery gallery = open()) {
      gallery.enroll(Faces.entries(0, 10));
      assertThatThrownBy(this::open)
          .isInstanceOf(GalleryException.class)
          .hasMessageContaining("locked by another process");
      try (LuceneGallery reader = LuceneGallery.openReadOnly(folder(), Faces.MODEL)) {
        assertThat(reader.size()).isEqualTo(10);
        gallery.enroll(Faces.entries(10, 20));
        assertThat(reader.size()).isEqualTo(10);
        assertThat(reader.refresh()).isTrue();
        assertThat(reader.refresh()).isFalse();
        assertThat(reader.size()).isEqualTo(20);
        gallery.removePerson("person 0");
        assertThat(reader.search(Faces.of(3), 1).get(0).sample()).isEqualTo("sample 3");
        assertThat(reader.refresh()).isTrue();
        assertThat(reader.size()).isEqualTo(15);
        assertThat(reader.search(Faces.of(3), 1).get(0).sample()).isNotEqualTo("sample 3");
        assertThatThrownBy(() -> reader.enroll(Faces.entries(30, 31)))
            .isInstanceOf(GalleryException.class)
            .hasMessageContaining("open for reading only");
        assertThatThrownBy(() -> reader.removePerson("person 1"))
            .isInstanceOf(GalleryException.class);
      }
      assertThat(gallery.size()).isEqualTo(15);
      LuceneGallery closed = LuceneGallery.openReadOnly(folder(), Faces.MODEL);
      closed.close();
      assertThatThrownBy(closed::refresh).isInstanceOf(ClosedException.class);
    }
  }

  @Test
  void moreThanTheLimit_isRefused() {
    try (LuceneGallery gallery = LuceneGallery.open(folder(), Faces.MODEL, 10)) {
      gallery.enroll(Faces.entries(0, 8));
      assertThatThrownBy(() -> gallery.enroll(Faces.entries(8, 11)))
          .isInstanceOf(GalleryException.class)
          .hasMessageContainingAll("at most 10 samples", "8 and 3 more", "PostgresGallery");
      gallery.enroll(Faces.entries(8, 10));
      assertThat(gallery.size()).isEqualTo(10);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LuceneGallery.open(folder(), Faces.MODEL, 0));
  }

  /** A changed byte or a truncated file gives an exception of the gallery, or the samples. */
  @Test
  void damagedFiles_areReported() throws IOException {
    try (LuceneGallery gallery = open()) {
      gallery.enroll(Faces.entries(0, 20));
      gallery.removePerson("person 1");
    }
    Random random = new Random(21);
    int refused = 0;
    int tries = 0;
    for (Path file : GalleryFiles.in(folder())) {
      for (int i = 0; i < 12; i++) {
        Path damaged = temp.resolve("damaged" + tries++);
        Files.createDirectory(damaged);
        for (Path other : GalleryFiles.in(folder())) {
          Files.copy(other, damaged.resolve(other.getFileName()));
        }
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length == 0) {
          continue;
        }
        if (i < 4) {
          bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
        } else {
          bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        Files.write(
            damaged.resolve(file.getFileName()), bytes, StandardOpenOption.TRUNCATE_EXISTING);
        try (LuceneGallery gallery = LuceneGallery.open(damaged, Faces.MODEL)) {
          assertThat(gallery.size()).isEqualTo(15);
        } catch (GalleryException e) {
          assertThat(e.getMessage()).contains(damaged.toString(), ": ");
          refused++;
        }
      }
    }
    assertThat(refused).isGreaterThan(tries / 2);
  }

  /**
   * A name with a changed letter, in a file that can be read to the end all the same: only the
   * checksum of the whole file shows it.
   */
  @Test
  void changedName_isReported() throws IOException {
    try (LuceneGallery gallery = open()) {
      gallery.enroll("Mata Hari", "photo", Faces.of(1));
    }
    int changed =
        changeEach(
            "Mata",
            () -> {
              for (Runnable open : List.<Runnable>of(this::open, this::reader)) {
                assertThatThrownBy(open::run)
                    .isInstanceOf(GalleryException.class)
                    .hasMessageContainingAll("to read the gallery", "checksum");
              }
            });
    // Where it is read, and where a removal looks it up.
    assertThat(changed).isGreaterThan(1);
    try (LuceneGallery gallery = open()) {
      assertThat(gallery.removePerson("Mata Hari")).isOne();
    }
  }

  /** Small parts of a gallery, and parts of some megabytes, are merged, and the merges are kept. */
  @Test
  void manyEnrollments_areFewFiles() throws IOException {
    try (LuceneGallery gallery = open()) {
      for (int i = 0; i < 30; i++) {
        gallery.enroll(Faces.entries(i, i + 1));
        assertThat(parts(folder())).isLessThan(15);
      }
    }
    Random random = new Random(1);
    float[] raw = new float[1 << 15];
    Path wide = temp.resolve("wide");
    try (LuceneGallery gallery = LuceneGallery.open(wide, Faces.MODEL)) {
      for (int i = 0; i < 16; i++) {
        List<GalleryEntry> batch = new ArrayList<>();
        for (int sample = 0; sample < 18; sample++) {
          raw[random.nextInt(raw.length)] = 1;
          batch.add(new GalleryEntry("p" + i, "s" + sample, FaceEmbedding.ofRaw(Faces.MODEL, raw)));
        }
        gallery.enroll(batch);
        assertThat(parts(wide)).isLessThan(15);
      }
    }
  }

  private static long parts(Path folder) throws IOException {
    return GalleryFiles.in(folder).stream().filter(file -> file.toString().endsWith(".si")).count();
  }

  /** Until the reader has read the gallery, each refresh fails. */
  @Test
  void refresh_ofDamagedFiles_isRepeated() throws IOException {
    try (LuceneGallery gallery = open();
        LuceneGallery reader = reader()) {
      gallery.enroll(Faces.entries(0, 5));
      assertThat(reader.refresh()).isTrue();
      gallery.removePerson("person 0");
      gallery.enroll("Mata Hari", "photo", Faces.of(1));
      changeEach(
          "Mata",
          () -> {
            for (int i = 0; i < 2; i++) {
              assertThatThrownBy(reader::refresh)
                  .isInstanceOf(GalleryException.class)
                  .hasMessageContaining("checksum");
              assertThat(content(reader)).isEqualTo(content(Faces.entries(0, 5)));
            }
          });
      assertThat(reader.refresh()).isTrue();
      assertThat(content(reader)).isEqualTo(Map.of("Mata Hari/photo", Faces.of(1)));
      assertThat(reader.refresh()).isFalse();
    }
  }

  /** Changes the first letter of a text for a while, at each of its places in a file. */
  private int changeEach(String text, Runnable check) throws IOException {
    int changed = 0;
    for (Path file : GalleryFiles.in(folder())) {
      byte[] bytes = Files.readAllBytes(file);
      String all = new String(bytes, StandardCharsets.ISO_8859_1);
      for (int at = all.indexOf(text); at >= 0; at = all.indexOf(text, at + 1)) {
        byte[] damaged = bytes.clone();
        damaged[at] ^= 1;
        Files.write(file, damaged);
        check.run();
        changed++;
      }
      Files.write(file, bytes);
    }
    return changed;
  }

  /** A process that got in would remove a person that the first one then enrolls again. */
  @Test
  void lock_isHeldThroughWritesThatAreInterruptedOrFail() throws Exception {
    try (LuceneGallery gallery = LuceneGallery.open(folder(), Faces.MODEL, 12)) {
      gallery.enroll("maya", "a", Faces.of(1));
      gallery.enroll(Faces.entries(0, 10));
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> gallery.enroll("ben", "a", Faces.of(2)))
          .isInstanceOf(InterruptedCallException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertLocked();
      assertThatThrownBy(() -> gallery.enroll(Faces.entries(20, 30)))
          .isInstanceOf(GalleryException.class);
      assertThatThrownBy(() -> gallery.enroll("maya", "a", Faces.of(3)))
          .isInstanceOf(GalleryException.class);
      assertLocked();
      assertThat(RemovingProcess.run(folder(), "maya")).isEqualTo(99);
      gallery.enroll("maya", "b", Faces.of(4));
    }
    assertThat(RemovingProcess.run(folder(), "maya")).isEqualTo(2);
    try (LuceneGallery gallery = open()) {
      assertThat(gallery.persons()).isEqualTo(2);
    }
  }

  private void assertLocked() {
    assertThatThrownBy(this::open)
        .isInstanceOf(GalleryException.class)
        .hasMessageContaining("locked by another process");
  }

  /** On POSIX systems a process loses a lock if it opens and closes the file anywhere. */
  @Test
  void lockThatTheSystemTookAway_doesNotRestoreRemovedPeople() throws Exception {
    try (LuceneGallery gallery = open()) {
      gallery.enroll("maya", "a", Faces.of(1));
      gallery.enroll("ben", "a", Faces.of(2));
      Files.readAllBytes(folder().resolve("write.lock"));
      int removed = RemovingProcess.run(folder(), "maya");
      assumeTrue(removed != 99, "skipped: this system keeps the lock");
      assertThat(removed).isOne();
      gallery.enroll("lea", "a", Faces.of(3));
      assertThat(content(gallery).keySet()).containsExactlyInAnyOrder("ben/a", "lea/a");
      assertThat(GalleryFiles.contain(folder(), Faces.of(1))).isFalse();
    }
    try (LuceneGallery gallery = open()) {
      assertThat(content(gallery).keySet()).containsExactlyInAnyOrder("ben/a", "lea/a");
    }
  }

  @Test
  void lockTakenAway_endsWrites_untilTheGalleryIsOpenedAgain() throws Exception {
    try (LuceneGallery gallery = open()) {
      gallery.enroll("maya", "a", Faces.of(1));
      Files.delete(folder().resolve("write.lock"));
      for (int i = 0; i < 2; i++) {
        assertWritesFail(gallery, "write.lock was removed");
      }
      // Another gallery gets in, and is not disturbed.
      assertThat(RemovingProcess.run(folder(), "maya")).isOne();
      assertWritesFail(gallery, "write.lock was removed");
      assertThat(gallery.search(Faces.of(1), 1)).hasSize(1);
      assertThat(gallery.refresh()).isTrue();
      assertThat(gallery.search(Faces.of(1), 1)).isEmpty();
    }
    try (LuceneGallery gallery = open()) {
      assertThat(gallery.size()).isZero();
      gallery.enroll("maya", "a", Faces.of(1));
    }
  }

  private static void assertWritesFail(LuceneGallery gallery, String message) {
    for (Runnable write :
        List.<Runnable>of(
            () -> gallery.enroll("ben", "a", Faces.of(2)),
            () -> gallery.remove("maya", "a"),
            () -> gallery.removePerson("maya"),
            () -> gallery.removePerson("nobody"))) {
      assertThatThrownBy(write::run)
          .isInstanceOf(GalleryException.class)
          .hasMessageContaining(message);
    }
  }

  @Test
  void folderTakenAway_isReported_byEachWriteAndRefresh() throws IOException {
    try (LuceneGallery gallery = open();
        LuceneGallery reader = reader()) {
      gallery.enroll(Faces.entries(0, 5));
      assertThat(reader.refresh()).isTrue();
      Path away = temp.resolve("away");
      Files.move(folder(), away);
      assertWritesFail(gallery, "removed or replaced");
      assertThatThrownBy(gallery::refresh).isInstanceOf(GalleryException.class);
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(reader::refresh)
            .isInstanceOf(GalleryException.class)
            .hasMessageContaining("to read the gallery");
      }
      assertThat(Files.exists(folder())).isFalse();
      // The samples in memory are still found.
      assertThat(gallery.search(Faces.of(3), 1)).hasSize(1);
      assertThat(reader.search(Faces.of(3), 1)).hasSize(1);
      // Only its files exist, without the last commit.
      Files.createDirectory(folder());
      assertThatThrownBy(reader::refresh).isInstanceOf(GalleryException.class);
      assertWritesFail(gallery, "removed or replaced");
      Files.delete(folder());
      Files.move(away, folder());
      assertThat(reader.refresh()).isFalse();
      gallery.removePerson("person 0");
      assertThat(reader.refresh()).isTrue();
    }
  }

  @Test
  void filesTakenAway_areReported() throws IOException {
    try (LuceneGallery gallery = open()) {
      gallery.enroll(Faces.entries(0, 5));
      Path away = Files.createDirectory(temp.resolve("away"));
      for (Path file : GalleryFiles.in(folder())) {
        Files.move(file, away.resolve(file.getFileName()));
      }
      assertWritesFail(gallery, "to read the gallery");
      assertThat(GalleryFiles.in(folder())).isEmpty();
      assertThat(gallery.search(Faces.of(3), 1)).hasSize(1);
      for (Path file : GalleryFiles.in(away)) {
        Files.move(file, folder().resolve(file.getFileName()));
      }
      gallery.enroll(Faces.entries(5, 10));
      assertThat(gallery.size()).isEqualTo(10);
    }
  }

  /** As many writes as before, so that only the samples differ. */
  @Test
  void folderReplaced_isReported_orTakenOver() throws IOException {
    open().close();
    try (LuceneGallery gallery = open()) {
      gallery.enroll(Faces.entries(0, 5));
    }
    try (LuceneGallery reader = reader()) {
      replace(Faces.MODEL, Faces.entries(5, 10));
      assertThat(reader.refresh()).isTrue();
      assertThat(content(reader)).isEqualTo(content(Faces.entries(5, 10)));
      assertThat(reader.refresh()).isFalse();
      replace("other", List.of());
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(reader::refresh)
            .isInstanceOf(GalleryException.class)
            .hasMessageContainingAll("model " + Faces.MODEL, "found one of other");
      }
    }
  }

  private void replace(String modelId, List<GalleryEntry> entries) throws IOException {
    for (Path file : GalleryFiles.in(folder())) {
      Files.delete(file);
    }
    LuceneGallery.open(folder(), modelId).close();
    try (LuceneGallery gallery = LuceneGallery.open(folder(), modelId)) {
      gallery.enroll(entries);
    }
  }

  @Test
  void writerWhoseFolderIsReplaced_leavesTheOtherAlone() throws Exception {
    try (LuceneGallery gallery = open()) {
      gallery.enroll(Faces.entries(0, 5));
      Path away = temp.resolve("away");
      Files.move(folder(), away);
      Path other = temp.resolve("other");
      try (LuceneGallery another = LuceneGallery.open(other, Faces.MODEL)) {
        another.enroll("maya", "a", Faces.of(1));
      }
      Files.move(other, folder());
      assertWritesFail(gallery, "removed or replaced");
    }
    try (LuceneGallery gallery = open()) {
      assertThat(content(gallery).keySet()).containsExactly("maya/a");
    }
  }

  @Test
  void reader_refusesEachWrite() {
    open().close();
    try (LuceneGallery reader = reader()) {
      assertWritesFail(reader, "open for reading only");
      assertThatThrownBy(() -> reader.enroll(List.of())).isInstanceOf(GalleryException.class);
    }
  }

  @Test
  void opening_onAnInterruptedThread_isRefused_andMakesNothing() {
    for (Runnable open :
        List.<Runnable>of(this::open, this::reader, () -> LuceneGallery.modelIdOf(folder()))) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(open::run).isInstanceOf(InterruptedCallException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(Files.exists(folder())).isFalse();
    open().close();
  }

  /** Includes another path to the same folder. */
  @Test
  void folderOfALink_isTheSame() throws IOException {
    Path real = Files.createDirectory(temp.resolve("real"));
    Files.createSymbolicLink(folder(), real);
    try (LuceneGallery gallery = open()) {
      gallery.enroll(Faces.entries(0, 5));
      assertThatThrownBy(() -> LuceneGallery.open(real, Faces.MODEL))
          .isInstanceOf(GalleryException.class)
          .hasMessageContaining("locked");
    }
    try (LuceneGallery gallery = LuceneGallery.open(real, Faces.MODEL)) {
      assertThat(gallery.size()).isEqualTo(5);
    }
  }

  /** If several threads create a gallery at once, of several models, one gets in. */
  @Test
  void makers_areOne() throws Exception {
    ExecutorService makers = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 20; round++) {
        Path folder = temp.resolve("made" + round);
        CountDownLatch start = new CountDownLatch(1);
        List<Future<String>> made = new ArrayList<>();
        for (int maker = 0; maker < 4; maker++) {
          String model = "model" + maker;
          made.add(
              makers.submit(
                  () -> {
                    start.await();
                    try (LuceneGallery gallery = LuceneGallery.open(folder, model)) {
                      gallery.enroll("a", "a", FaceEmbedding.ofRaw(model, new float[] {1, 2}));
                      return model;
                    } catch (GalleryException e) {
                      assertThat(e.getMessage()).containsAnyOf("locked", "found one of model");
                      return "";
                    }
                  }));
        }
        start.countDown();
        List<String> models = new ArrayList<>();
        for (Future<String> one : made) {
          models.add(one.get());
        }
        models.removeIf(String::isEmpty);
        assertThat(models).hasSize(1);
        assertThat(LuceneGallery.modelIdOf(folder)).contains(models.get(0));
        try (LuceneGallery gallery = LuceneGallery.open(folder, models.get(0))) {
          assertThat(gallery.size()).isOne();
        }
      }
    } finally {
      makers.shutdownNow();
    }
  }

  /** As a process leaves it if it is killed while it creates one. */
  @Test
  void incompleteGallery_isCreatedAgain_andRemainsOfOne_areNot() throws IOException {
    Files.createDirectory(folder());
    Files.createFile(folder().resolve("write.lock"));
    Files.writeString(folder().resolve("pending_segments_1"), "?");
    assertThat(LuceneGallery.modelIdOf(folder())).isEmpty();
    assertThatThrownBy(this::reader).isInstanceOf(GalleryException.class);
    try (LuceneGallery gallery = open()) {
      gallery.enroll(Faces.entries(0, 5));
    }
    List<Path> files = GalleryFiles.in(folder());
    assertThat(files).noneMatch(file -> file.toString().contains("pending"));
    for (Path file : files) {
      if (file.getFileName().toString().startsWith("segments")) {
        Files.delete(file);
      }
    }
    assertThatThrownBy(this::open)
        .isInstanceOf(GalleryException.class)
        .hasMessageContaining("found other files");
  }

  /** A disk of 16 MB, if the test may create one. */
  @Test
  void fullDisk_isReported_andWhatWasCommittedStays() throws Exception {
    Path disk = Files.createDirectory(temp.resolve("disk"));
    assumeTrue(mount(disk, "16m"), "skipped: only root can make a small disk");
    PrintStream before = System.err;
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    try (PrintStream captured = new PrintStream(errors, true, StandardCharsets.UTF_8)) {
      System.setErr(captured);
      Path folder = disk.resolve("people");
      int kept = 0;
      try (LuceneGallery gallery = LuceneGallery.open(folder, Faces.MODEL)) {
        GalleryException full = null;
        while (full == null) {
          try {
            gallery.enroll(Faces.entries(kept, kept + 500));
            kept += 500;
          } catch (GalleryException e) {
            full = e;
          }
        }
        assertThat(full).hasMessageContaining("No space left on device");
        assertThat(gallery.size()).isEqualTo(kept);
        assertThat(gallery.search(Faces.of(3), 1).get(0).sample()).isEqualTo("sample 3");
        assertThatThrownBy(() -> gallery.enroll(Faces.entries(90_000, 95_000)))
            .isInstanceOf(GalleryException.class);
      }
      assertThat(kept).isGreaterThan(1000);
      try (LuceneGallery gallery = LuceneGallery.openReadOnly(folder, Faces.MODEL)) {
        assertThat(gallery.size()).isEqualTo(kept);
      }
      // When there is space again, the same gallery continues.
      assertThat(run("mount", "-o", "remount,size=64m", disk.toString())).isTrue();
      try (LuceneGallery gallery = LuceneGallery.open(folder, Faces.MODEL)) {
        gallery.enroll(Faces.entries(kept, kept + 500));
        assertThat(gallery.size()).isEqualTo(kept + 500);
      }
    } finally {
      System.setErr(before);
      run("umount", disk.toString());
    }
    assertThat(errors.toString(StandardCharsets.UTF_8)).doesNotContain("\tat ");
  }

  /** Creates a small disk, if this machine allows it. */
  static boolean mount(Path disk, String size) throws IOException, InterruptedException {
    return "root".equals(System.getProperty("user.name"))
        && Files.exists(Path.of("/bin/mount"))
        && run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", disk.toString());
  }

  static boolean run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getInputStream().readAllBytes();
    return process.waitFor() == 0;
  }

  @Test
  void toString_namesTheFolderOnly() {
    try (FaceGallery gallery = open()) {
      gallery.enroll("maya", "a", Faces.of(1));
      assertThat(gallery).hasToString("LuceneGallery[" + folder() + "]");
    }
  }
}
