// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.FaceEmbedding;
import io.omote.face.GalleryEntry;
import io.omote.face.GalleryException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.Lock;
import org.apache.lucene.store.NIOFSDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disk failures, at any moment and of any kind. */
class LuceneFailureTest {
  /** One of this number of operations fails, each time another one; 1 for all. */
  private static final int STRIDE = Integer.getInteger("omote.gallery.stride", 13);

  private static final List<GalleryEntry> BEFORE = Faces.entries(0, 60);
  private static final List<GalleryEntry> MORE = Faces.entries(100, 140);

  @TempDir private Path temp;

  private int folders;

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectory(to);
    for (Path file : GalleryFiles.in(from)) {
      Files.copy(file, to.resolve(file.getFileName()));
    }
  }

  private Path filled() throws IOException {
    Path filled = temp.resolve("filled");
    if (!Files.exists(filled)) {
      try (LuceneGallery gallery = LuceneGallery.open(filled, Faces.MODEL)) {
        gallery.enroll(BEFORE.subList(0, 50));
        gallery.enroll(BEFORE.subList(50, 60));
      }
    }
    Path folder = temp.resolve("people" + folders++);
    copy(filled, folder);
    return folder;
  }

  /** A way to open a store. */
  interface Opening {
    LuceneStore of(Path folder, String modelId, Directory directory) throws IOException;
  }

  /** Opens a gallery in a folder whose files fail when a test says so. */
  static LuceneGallery open(Path folder, Opening opening, Directory files) {
    return LuceneGallery.opened(
        () -> {
          try {
            return opening.of(folder, Faces.MODEL, files);
          } catch (IOException | RuntimeException e) {
            throw LuceneFolder.failed(folder, "to open", e);
          }
        },
        Faces.MODEL,
        LuceneGallery.DEFAULT_MAX_SAMPLES);
  }

  private static FailingDirectory files(Path folder) throws IOException {
    return new FailingDirectory(new NIOFSDirectory(folder));
  }

  private static Map<String, FaceEmbedding> onDisk(Path folder) {
    try (LuceneGallery gallery = LuceneGallery.openReadOnly(folder, Faces.MODEL)) {
      return GalleryContract.content(gallery);
    }
  }

  /** The failures of this test. */
  private record Failure(boolean forGood, boolean afterwards, Supplier<Throwable> thrown) {}

  private static final List<Failure> FAILURES =
      List.of(
          new Failure(false, false, () -> new IOException("of a test")),
          new Failure(false, true, () -> new IOException("of a test")),
          new Failure(true, false, () -> new IOException("No space left on device")),
          new Failure(true, true, () -> new FileAlreadyExistsException("of a test")),
          new Failure(false, false, () -> new SecurityException("of a test")),
          new Failure(false, true, () -> new OutOfMemoryError("of a test")),
          new Failure(true, false, () -> new OutOfMemoryError("of a test")));

  /** Makes a change fail at each of its operations, in every way. */
  private void fail(Consumer<LuceneGallery> change, Map<String, FaceEmbedding> after, Check check)
      throws IOException {
    int tried = 0;
    for (Failure failure : FAILURES) {
      boolean hasFailed = true;
      for (int at = tried++ % STRIDE; hasFailed; at += STRIDE) {
        hasFailed = failAt(at, failure, change, after, check);
      }
    }
  }

  /** A check of a folder. */
  private interface Check {
    void of(Path folder) throws IOException;
  }

  private boolean failAt(
      int at,
      Failure failure,
      Consumer<LuceneGallery> change,
      Map<String, FaceEmbedding> after,
      Check check)
      throws IOException {
    Path folder = filled();
    FailingDirectory files = files(folder);
    boolean hasFailed;
    try (LuceneGallery gallery = open(folder, LuceneStore::open, files)) {
      Map<String, FaceEmbedding> before = GalleryContract.content(gallery);
      files.failAt(at, failure.forGood(), failure.afterwards(), failure.thrown());
      Throwable thrown = null;
      try {
        change.accept(gallery);
      } catch (GalleryException | OutOfMemoryError e) {
        thrown = e;
      }
      assertThat(GalleryContract.content(gallery)).isIn(before, after);
      if (thrown == null) {
        assertThat(GalleryContract.content(gallery)).isEqualTo(after);
      }
      hasFailed = files.repair();
      // No matter what happened, nobody else got in.
      assertThatThrownBy(() -> LuceneGallery.open(folder, Faces.MODEL))
          .isInstanceOf(GalleryException.class)
          .hasMessageContaining("locked");
      // Memory agrees with the disk at once, or as soon as the disk can be read again.
      boolean isBehind = gallery.refresh();
      if (!failure.forGood() && hasFailed && thrown != null) {
        assertThat(isBehind).isFalse();
      }
      assertThat(onDisk(folder)).isEqualTo(GalleryContract.content(gallery)).isIn(before, after);
      if (thrown == null || GalleryContract.content(gallery).equals(after)) {
        check.of(folder);
      }
      // When the disk works again, the same gallery continues.
      change.accept(gallery);
      assertThat(GalleryContract.content(gallery)).isEqualTo(after);
      assertThat(gallery.refresh()).isFalse();
      check.of(folder);
    }
    assertThat(onDisk(folder)).isEqualTo(after);
    return hasFailed;
  }

  @Test
  void enrollment() throws IOException {
    Map<String, FaceEmbedding> after = GalleryContract.content(BEFORE);
    after.putAll(GalleryContract.content(MORE));
    fail(gallery -> gallery.enroll(MORE), after, folder -> {});
  }

  @Test
  void removal() throws IOException {
    Map<String, FaceEmbedding> after = GalleryContract.content(BEFORE);
    after.keySet().removeIf(name -> name.startsWith("person 7/"));
    fail(
        gallery -> gallery.removePerson("person 7"),
        after,
        folder -> GalleryFiles.assertNothingOf(folder, BEFORE.subList(35, 40)));
  }

  @Test
  void removalOfOne() throws IOException {
    Map<String, FaceEmbedding> after = GalleryContract.content(BEFORE);
    after.remove("person 11/sample 57");
    fail(
        gallery -> gallery.remove("person 11", "sample 57"),
        after,
        folder -> GalleryFiles.assertNothingOf(folder, BEFORE.subList(57, 58)));
  }

  /** Nothing of a failed batch remains in a file. */
  @Test
  void enrollmentThatFailed_leavesNothing() throws IOException {
    int refused = 0;
    boolean hasFailed = true;
    for (int at = 3; hasFailed; at += STRIDE) {
      Path folder = filled();
      FailingDirectory files = files(folder);
      try (LuceneGallery gallery = open(folder, LuceneStore::open, files)) {
        files.failAt(at, false, false, () -> new IOException("of a test"));
        try {
          gallery.enroll(MORE);
        } catch (GalleryException e) {
          refused++;
        }
        hasFailed = files.repair();
        if (gallery.size() == BEFORE.size()) {
          GalleryFiles.assertNothingOf(folder, MORE);
        }
      }
    }
    assertThat(refused).isPositive();
  }

  /** Used if there are fewer operations. */
  private static int few() {
    return (STRIDE + 3) / 4;
  }

  /** A gallery whose creation fails can be created afterwards. */
  @Test
  void making() throws IOException {
    for (Failure failure : FAILURES) {
      boolean hasFailed = true;
      for (int at = folders % 3; hasFailed; at += few()) {
        Path folder = temp.resolve("new" + folders++);
        FailingDirectory files = files(folder);
        files.failAt(at, failure.forGood(), failure.afterwards(), failure.thrown());
        try (LuceneGallery gallery = open(folder, LuceneStore::open, files)) {
          assertThat(gallery.size()).isZero();
        } catch (GalleryException | OutOfMemoryError e) {
          assertThat(e).hasStackTraceContaining("open");
        }
        hasFailed = files.repair();
        try (LuceneGallery gallery = LuceneGallery.open(folder, Faces.MODEL)) {
          gallery.enroll(MORE);
        }
        assertThat(onDisk(folder)).hasSize(40);
      }
    }
  }

  /**
   * Another process creates a gallery of another model between the check of the folder and the
   * lock.
   */
  @Test
  void makingWhatAnotherMade_isRefused() throws IOException {
    Path folder = temp.resolve("made");
    Directory files =
        new FilterDirectory(new NIOFSDirectory(folder)) {
          @Override
          public Lock obtainLock(String name) throws IOException {
            LuceneGallery.open(folder, "other").close();
            return in.obtainLock(name);
          }
        };
    assertThatThrownBy(() -> open(folder, LuceneStore::open, files))
        .isInstanceOf(GalleryException.class)
        .hasMessageContaining("found one of other");
    assertThat(LuceneGallery.modelIdOf(folder)).contains("other");
    // The lock is not held.
    LuceneGallery.open(folder, "other").close();
  }

  /** An existing gallery releases the lock if opening it fails. */
  @Test
  void opening() throws IOException {
    for (Failure failure : FAILURES) {
      boolean hasFailed = true;
      for (int at = folders % 3; hasFailed; at += few()) {
        Path folder = filled();
        FailingDirectory files = files(folder);
        files.failAt(at, failure.forGood(), failure.afterwards(), failure.thrown());
        try (LuceneGallery gallery = open(folder, LuceneStore::open, files)) {
          assertThat(gallery.size()).isEqualTo(60);
        } catch (GalleryException | OutOfMemoryError e) {
          assertThat(e).hasStackTraceContaining("open");
        }
        hasFailed = files.repair();
        try (LuceneGallery gallery = LuceneGallery.open(folder, Faces.MODEL)) {
          assertThat(gallery.size()).isEqualTo(60);
        }
      }
    }
  }

  /** The next refresh repeats a failed one: it never reports that nothing changed. */
  @Test
  void refresh() throws IOException {
    for (Failure failure : FAILURES) {
      boolean hasFailed = true;
      for (int at = folders % 3; hasFailed; at += few()) {
        Path folder = filled();
        FailingDirectory files = files(folder);
        try (LuceneGallery reader = open(folder, LuceneStore::openReadOnly, files)) {
          try (LuceneGallery writer = LuceneGallery.open(folder, Faces.MODEL)) {
            writer.removePerson("person 7");
          }
          files.failAt(at, failure.forGood(), failure.afterwards(), failure.thrown());
          boolean hasThrown = false;
          try {
            assertThat(reader.refresh()).isTrue();
          } catch (GalleryException | OutOfMemoryError e) {
            hasThrown = true;
            if (failure.forGood()) {
              assertThatThrownBy(reader::refresh).isInstanceOf(e.getClass());
            }
          }
          hasFailed = files.repair();
          if (hasThrown) {
            assertThat(reader.size()).isEqualTo(60);
            assertThat(reader.refresh()).isTrue();
          }
          assertThat(reader.size()).isEqualTo(55);
          assertThat(reader.refresh()).isFalse();
        }
      }
    }
  }
}
