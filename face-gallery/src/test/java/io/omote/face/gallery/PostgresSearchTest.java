// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.Candidate;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGallery;
import io.omote.face.GalleryEntry;
import io.omote.face.IdentificationPolicy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Searches in which the server's arithmetic or its index would miss somebody. */
@Tag("postgres")
class PostgresSearchTest {
  private PGSimpleDataSource database;

  @BeforeEach
  void connect() throws SQLException {
    database = PostgresServer.emptySchema();
  }

  /** Returns faces that differ only in the last bits of some numbers. */
  private static FaceEmbedding twin(FaceEmbedding face, Random random) {
    float[] numbers = face.toArray();
    for (int i = 0; i < 20; i++) {
      int place = random.nextInt(numbers.length);
      numbers[place] += random.nextInt(-3, 4) * Math.ulp(numbers[place]);
    }
    return FaceEmbedding.ofUnit(Faces.MODEL, face.norm(), numbers);
  }

  /** The server's sums are in single precision, and order these differently. */
  @Test
  void facesThatDifferInTheirLastBits_areOrderedAsInMemory() {
    Random random = new Random(8);
    FaceEmbedding face = Faces.of(1);
    List<GalleryEntry> entries = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      entries.add(new GalleryEntry("twin " + i, "sample", twin(face, random)));
      entries.add(new GalleryEntry("one", "sample " + i, twin(face, random)));
    }
    try (FaceGallery gallery = PostgresGallery.open(database, "staff", Faces.MODEL);
        FaceGallery memory = FaceGallery.inMemory(Faces.MODEL)) {
      gallery.enroll(entries);
      memory.enroll(entries);
      for (int i = 0; i < 20; i++) {
        FaceEmbedding probe = Faces.near(face, i);
        for (int limit : new int[] {1, 5, 101}) {
          assertThat(gallery.search(probe, limit)).isEqualTo(memory.search(probe, limit));
        }
      }
    }
  }

  /** Opens a gallery with a small efSearch, on a server that has to use the index. */
  private PostgresGallery indexed() {
    database.setOptions("-c enable_seqscan=off -c enable_bitmapscan=off -c enable_sort=off");
    return PostgresGallery.open(
        database,
        "staff",
        Faces.MODEL,
        PostgresOptions.defaults().withIndex(PostgresIndex.hnsw(20)));
  }

  private static List<GalleryEntry> crowd(FaceEmbedding probe) {
    List<GalleryEntry> crowd = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      crowd.add(new GalleryEntry("crowd", "sample " + i, Faces.near(probe, i)));
    }
    return crowd;
  }

  @Test
  void graphFullOfOnePerson_hidesNobody() throws SQLException {
    FaceEmbedding probe = Faces.of(1);
    try (PostgresGallery gallery = indexed()) {
      gallery.enroll(crowd(probe));
      gallery.enroll(Faces.entries(100, 130));
      assertFinds(gallery, probe, 7);
      try (Connection host = database.getConnection()) {
        host.setAutoCommit(false);
        assertFinds(gallery.on(host), probe, 7);
      }
    }
  }

  /** Until the next vacuum, the index still has removed samples. */
  @Test
  void graphFullOfRemovedSamples_hidesNobody() throws SQLException {
    FaceEmbedding probe = Faces.of(1);
    try (PostgresGallery gallery = indexed()) {
      PostgresServer.execute(
          database, "ALTER TABLE omote_samples SET (autovacuum_enabled = false)");
      gallery.enroll(crowd(probe));
      gallery.enroll(Faces.entries(100, 130));
      assertThat(gallery.removePerson("crowd")).isEqualTo(300);
      assertFinds(gallery, probe, 6);
      assertThat(gallery.identify(probe, IdentificationPolicy.ofThreshold(-1))).isPresent();
    }
  }

  private static void assertFinds(FaceGallery gallery, FaceEmbedding probe, int persons) {
    for (int limit : new int[] {1, 5, persons, persons + 1, 1000}) {
      List<Candidate> found = gallery.search(probe, limit);
      assertThat(found).hasSize(Math.min(limit, persons));
      assertThat(found).extracting(Candidate::person).doesNotHaveDuplicates();
    }
  }
}
