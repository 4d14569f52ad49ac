// SPDX-License-Identifier: Apache-2.0
package io.omote.face.galleries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.omote.face.ClosedException;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGallery;
import io.omote.face.GalleryEntry;
import io.omote.face.GalleryException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.NIOFSDirectory;
import org.junit.jupiter.api.Test;
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

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
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
    assertThat(files(other)).hasSize(1);
    Path file = Files.createFile(temp.resolve("file"));
    assertThatThrownBy(() -> LuceneGallery.open(file, Faces.MODEL))
        .isInstanceOf(GalleryException.class);
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
        .hasMessageContaining("found no folder");
  }

  @Test
  void secondWriter_isRefusedAtOnce_andReadersAreNot() {
    try (LuceneGallery gallery = open()) {
      gallery.enrol(Faces.entries(0, 10));
      assertThatThrownBy(this::open)
          .isInstanceOf(GalleryException.class)
          .hasMessageContaining("locked by another process");
      try (LuceneGallery reader = LuceneGallery.openReadOnly(folder(), Faces.MODEL)) {
        assertThat(reader.size()).isEqualTo(10);
        gallery.enrol(Faces.entries(10, 20));
        assertThat(reader.size()).isEqualTo(10);
        assertThat(reader.refresh()).isTrue();
        assertThat(reader.refresh()).isFalse();
        assertThat(reader.size()).isEqualTo(20);
        gallery.removePerson("person 0");
        assertThat(reader.search(Faces.of(3), 1).get(0).sample()).isEqualTo("sample 3");
        assertThat(reader.refresh()).isTrue();
        assertThat(reader.size()).isEqualTo(15);
        assertThat(reader.search(Faces.of(3), 1).get(0).sample()).isNotEqualTo("sample 3");
        assertThatThrownBy(() -> reader.enrol(Faces.entries(30, 31)))
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
      gallery.enrol(Faces.entries(0, 8));
      assertThatThrownBy(() -> gallery.enrol(Faces.entries(8, 11)))
          .isInstanceOf(GalleryException.class)
          .hasMessageContainingAll("at most 10 samples", "8 and 3 more", "PostgresGallery");
      gallery.enrol(Faces.entries(8, 10));
      assertThat(gallery.size()).isEqualTo(10);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LuceneGallery.open(folder(), Faces.MODEL, 0));
  }

  /** Neither the name nor the numbers of who was removed are in any file. */
  @Test
  void removal_leavesNothingOnDisk() throws IOException {
    FaceEmbedding face = Faces.of(4711);
    ByteBuffer numbers = ByteBuffer.allocate(Float.BYTES * 8);
    for (int i = 0; i < 8; i++) {
      numbers.putFloat(face.toArray()[i]);
    }
    try (LuceneGallery gallery = open()) {
      gallery.enrol(Faces.entries(0, 50));
      gallery.enrol("Mata Hari", "passport photo", face);
      gallery.enrol("Mata Hari", "second photo", Faces.of(4712));
      gallery.enrol(Faces.entries(50, 100));
      assertThat(contains("Mata Hari".getBytes(StandardCharsets.UTF_8))).isTrue();
      assertThat(contains(numbers.array())).isTrue();
      assertThat(gallery.remove("Mata Hari", "passport photo")).isTrue();
      assertThat(contains(numbers.array())).isFalse();
      assertThat(contains("passport photo".getBytes(StandardCharsets.UTF_8))).isFalse();
      assertThat(gallery.removePerson("Mata Hari")).isOne();
      assertThat(contains("Mata Hari".getBytes(StandardCharsets.UTF_8))).isFalse();
      assertThat(gallery.size()).isEqualTo(100);
    }
    try (LuceneGallery gallery = open()) {
      assertThat(gallery.size()).isEqualTo(100);
    }
  }

  private boolean contains(byte[] wanted) throws IOException {
    String text = new String(wanted, StandardCharsets.ISO_8859_1);
    for (Path file : files(folder())) {
      if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) {
        return true;
      }
    }
    return false;
  }

  /** Any byte of any file changed, or the file cut off: a gallery's exception, or the samples. */
  @Test
  void damagedFiles_areSaid() throws IOException {
    try (LuceneGallery gallery = open()) {
      gallery.enrol(Faces.entries(0, 20));
      gallery.removePerson("person 1");
    }
    Random random = new Random(21);
    int refused = 0;
    int tries = 0;
    for (Path file : files(folder())) {
      for (int i = 0; i < 12; i++) {
        Path damaged = temp.resolve("damaged" + tries++);
        Files.createDirectory(damaged);
        for (Path other : files(folder())) {
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
          assertThat(e.getMessage()).contains("expected", "found");
          refused++;
        }
      }
    }
    assertThat(refused).isGreaterThan(tries / 2);
  }

  @Test
  void folderTakenAway_isSaid() throws IOException {
    try (LuceneGallery gallery = open()) {
      gallery.enrol(Faces.entries(0, 5));
      for (Path file : files(folder())) {
        if (!file.getFileName().toString().equals("write.lock")) {
          Files.move(
              file,
              Files.createDirectories(temp.resolve("away")).resolve(file.getFileName()),
              StandardCopyOption.REPLACE_EXISTING);
        }
      }
      assertThatThrownBy(
              () -> {
                gallery.removePerson("person 0");
                gallery.enrol(Faces.entries(5, 10));
              })
          .isInstanceOf(GalleryException.class);
      // What is in memory is still found.
      assertThat(gallery.search(Faces.of(3), 1)).hasSize(1);
    }
  }

  /** A disk of 16 MB, where a test may make one. */
  @Test
  void fullDisk_isSaid_andWhatWasCommittedStays() throws Exception {
    assumeTrue(
        "root".equals(System.getProperty("user.name")) && Files.exists(Path.of("/bin/mount")),
        "skipped: only root can make a small disk");
    Path disk = Files.createDirectory(temp.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", disk.toString()),
        "skipped: this machine mounts no tmpfs");
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
            gallery.enrol(Faces.entries(kept, kept + 500));
            kept += 500;
          } catch (GalleryException e) {
            full = e;
          }
        }
        assertThat(full).hasMessageContaining("No space left on device");
        assertThat(gallery.size()).isEqualTo(kept);
        assertThat(gallery.search(Faces.of(3), 1).get(0).sample()).isEqualTo("sample 3");
        assertThatThrownBy(() -> gallery.enrol(Faces.entries(90_000, 95_000)))
            .isInstanceOf(GalleryException.class);
      }
      assertThat(kept).isGreaterThan(1000);
      try (LuceneGallery gallery = LuceneGallery.openReadOnly(folder, Faces.MODEL)) {
        assertThat(gallery.size()).isEqualTo(kept);
      }
      // With room again the same gallery goes on.
      assertThat(run("mount", "-o", "remount,size=64m", disk.toString())).isTrue();
      try (LuceneGallery gallery = LuceneGallery.open(folder, Faces.MODEL)) {
        gallery.enrol(Faces.entries(kept, kept + 500));
        assertThat(gallery.size()).isEqualTo(kept + 500);
      }
    } finally {
      System.setErr(before);
      run("umount", disk.toString());
    }
    assertThat(errors.toString(StandardCharsets.UTF_8)).doesNotContain("\tat ");
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getInputStream().readAllBytes();
    return process.waitFor() == 0;
  }

  /** A process that dies in the midst of writing leaves all that it was told was kept. */
  @Test
  void killedWriter_losesNothingThatItWasToldWasKept() throws Exception {
    Random random = new Random(9);
    int known = 0;
    for (int i = 0; i < 20; i++) {
      Path said = temp.resolve("said" + i);
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx128m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  WriterProcess.class.getName(),
                  folder().toString())
              .redirectOutput(said.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      int lines = 2 + random.nextInt(6);
      while (linesOf(said).size() < lines) {
        assertThat(process.isAlive()).isTrue();
        Thread.sleep(5);
      }
      Thread.sleep(random.nextInt(30));
      process.destroyForcibly();
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
      List<String> all = linesOf(said);
      int kept = Integer.parseInt(all.get(all.size() - 1));
      try (LuceneGallery gallery = open()) {
        assertThat(gallery.size()).isGreaterThanOrEqualTo(kept).isGreaterThanOrEqualTo(known);
        assertThat(gallery.size() % WriterProcess.BATCH).isZero();
        known = gallery.size();
        List<GalleryEntry> found = new ArrayList<>();
        gallery.forEach(found::add);
        for (GalleryEntry entry : found) {
          int number = Integer.parseInt(entry.sample().substring("sample ".length()));
          assertThat(number).isLessThan(known);
          assertThat(entry.face()).isEqualTo(Faces.of(number));
        }
      }
    }
    assertThat(known).isPositive();
  }

  /** The last line may be cut off. */
  private static List<String> linesOf(Path file) throws IOException {
    String text = Files.readString(file);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }

  @Test
  void toString_namesTheFolderOnly() {
    try (FaceGallery gallery = open()) {
      gallery.enrol("maya", "a", Faces.of(1));
      assertThat(gallery).hasToString("LuceneGallery[" + folder() + "]");
    }
  }
}
