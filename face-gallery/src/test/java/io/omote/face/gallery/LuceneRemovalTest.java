// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.GalleryEntry;
import io.omote.face.GalleryException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.NIOFSDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Neither the names nor the numbers of a removed person are in any file of a folder. */
class LuceneRemovalTest {
  @TempDir private Path temp;

  private Path folder() {
    return temp.resolve("people");
  }

  private LuceneGallery open() {
    return LuceneGallery.open(folder(), Faces.MODEL);
  }

  /** A unique name, which is not the prefix of another. */
  private static GalleryEntry entry(int number) {
    return new GalleryEntry(
        "person <" + number / 5 + ">", "sample <" + number + ">", Faces.of(number));
  }

  private static List<GalleryEntry> entries(int from, int to) {
    List<GalleryEntry> entries = new ArrayList<>();
    for (int i = from; i < to; i++) {
      entries.add(entry(i));
    }
    return entries;
  }

  private void assertThere(List<GalleryEntry> entries) throws IOException {
    for (GalleryEntry entry : entries) {
      assertThat(GalleryFiles.contain(folder(), entry.face())).isTrue();
      assertThat(GalleryFiles.contain(folder(), entry.sample())).isTrue();
    }
  }

  private void assertGone(List<GalleryEntry> entries) throws IOException {
    GalleryFiles.assertNothingOf(folder(), entries);
  }

  /** A share of a segment that Lucene by default leaves until more of it is deleted. */
  @Test
  void oneOfTwoThousand_inOneSegment() throws IOException {
    try (LuceneGallery gallery = open()) {
      gallery.enroll(entries(0, 2000));
      List<GalleryEntry> one = List.of(entry(1003));
      assertThere(one);
      assertThat(gallery.remove("person <200>", "sample <1003>")).isTrue();
      assertGone(one);
      List<GalleryEntry> rest = List.of(entry(1000), entry(1001), entry(1002), entry(1004));
      assertThere(rest);
      assertThat(gallery.removePerson("person <200>")).isEqualTo(4);
      assertGone(rest);
      assertThat(GalleryFiles.contain(folder(), "person <200>")).isFalse();
      assertThat(gallery.size()).isEqualTo(1995);
    }
    try (LuceneGallery gallery = open()) {
      assertThat(gallery.size()).isEqualTo(1995);
    }
  }

  /** One after the other: a removal must not leave what an earlier one marked. */
  @Test
  void onesOfTwoHundred() throws IOException {
    try (LuceneGallery gallery = open()) {
      gallery.enroll(entries(0, 200));
      for (int i = 0; i < 200; i += 37) {
        assertThat(gallery.remove("person <" + i / 5 + ">", "sample <" + i + ">")).isTrue();
        assertGone(List.of(entry(i)));
      }
      assertThat(gallery.removePerson("person <39>")).isEqualTo(5);
      assertGone(entries(195, 200));
    }
  }

  /** A person with samples in segments of several sizes. */
  @Test
  void onesOfSeveralSegments() throws IOException {
    List<GalleryEntry> mata = new ArrayList<>();
    try (LuceneGallery gallery = open()) {
      int from = 0;
      for (int size : new int[] {1000, 300, 40, 5, 1}) {
        List<GalleryEntry> batch = entries(from, from + size);
        GalleryEntry one =
            new GalleryEntry("Mata Hari", "photo <" + size + ">", Faces.of(10_000 + size));
        batch.add(one);
        mata.add(one);
        gallery.enroll(batch);
        from += size;
      }
      assertThere(mata);
      assertThat(gallery.remove("Mata Hari", "photo <300>")).isTrue();
      assertGone(List.of(mata.remove(1)));
      assertThere(mata);
      assertThat(gallery.removePerson("Mata Hari")).isEqualTo(4);
      assertGone(mata);
      assertThat(GalleryFiles.contain(folder(), "Mata Hari")).isFalse();
      assertThat(gallery.size()).isEqualTo(from);
    }
  }

  /** The last sample of all, and of a segment. */
  @Test
  void all() throws IOException {
    try (LuceneGallery gallery = open()) {
      gallery.enroll(entries(0, 5));
      gallery.enroll(entries(5, 10));
      for (int person = 0; person < 2; person++) {
        assertThat(gallery.removePerson("person <" + person + ">")).isEqualTo(5);
        assertGone(entries(0, 5 * person + 5));
      }
      assertThat(GalleryFiles.contain(folder(), "person <")).isFalse();
    }
    try (LuceneGallery gallery = open()) {
      assertThat(gallery.size()).isZero();
    }
  }

  /** An open reader, which was opened or refreshed before. */
  @Test
  void whileOthersRead() throws IOException {
    try (LuceneGallery gallery = open()) {
      gallery.enroll(entries(0, 300));
      try (LuceneGallery reader = LuceneGallery.openReadOnly(folder(), Faces.MODEL);
          LuceneGallery another = LuceneGallery.openReadOnly(folder(), Faces.MODEL)) {
        gallery.enroll(entries(300, 600));
        assertThat(another.refresh()).isTrue();
        gallery.removePerson("person <7>");
        assertGone(entries(35, 40));
        assertThat(reader.size()).isEqualTo(300);
        assertThat(reader.refresh()).isTrue();
        assertThat(another.refresh()).isTrue();
        assertThat(reader.size()).isEqualTo(595);
        assertThat(another.size()).isEqualTo(595);
        gallery.remove("person <8>", "sample <41>");
        assertGone(List.of(entry(41)));
      }
    }
  }

  /** A face that replaces another, under its name. */
  @Test
  void enrolledAgain() throws IOException {
    try (LuceneGallery gallery = open()) {
      gallery.enroll(entries(0, 300));
      assertThat(gallery.remove("person <1>", "sample <5>")).isTrue();
      gallery.enroll("person <1>", "sample <5>", Faces.of(9999));
      assertThat(GalleryFiles.contain(folder(), Faces.of(5))).isFalse();
      assertThat(GalleryFiles.contain(folder(), Faces.of(9999))).isTrue();
    }
  }

  /** Deletes nothing that others have open, as Windows does, and reports it as FSDirectory does. */
  private static final class Held extends FilterDirectory {
    private final Set<String> pending = new HashSet<>();
    boolean isHeld;

    Held(Directory directory) {
      super(directory);
    }

    @Override
    public String[] listAll() throws IOException {
      return Stream.of(in.listAll()).filter(name -> !pending.contains(name)).toArray(String[]::new);
    }

    @Override
    public void deleteFile(String name) throws IOException {
      if (isHeld) {
        pending.add(name);
      } else {
        in.deleteFile(name);
      }
    }

    @Override
    public Set<String> getPendingDeletions() throws IOException {
      if (!isHeld) {
        for (String name : pending) {
          in.deleteFile(name);
        }
        pending.clear();
      }
      return Set.copyOf(pending);
    }
  }

  @Test
  void whileFilesCannotBeDeleted_isNoRemoval_untilTheyCan() throws IOException {
    open().close();
    Held files = new Held(new NIOFSDirectory(folder()));
    try (LuceneGallery gallery = LuceneFailureTest.open(folder(), LuceneStore::open, files)) {
      gallery.enroll(entries(0, 300));
      files.isHeld = true;
      assertThatThrownBy(() -> gallery.removePerson("person <7>"))
          .isInstanceOf(GalleryException.class)
          .hasMessageContainingAll("to remove samples", "cannot be deleted");
      assertThere(entries(35, 40));
      // It is no longer found, and not there.
      assertThat(gallery.size()).isEqualTo(295);
      assertThat(gallery.removePerson("person <7>")).isZero();
      files.isHeld = false;
      assertThat(gallery.removePerson("person <7>")).isZero();
      assertGone(entries(35, 40));
      gallery.enroll(entries(35, 40));
      assertThat(gallery.size()).isEqualTo(300);
    }
  }
}
