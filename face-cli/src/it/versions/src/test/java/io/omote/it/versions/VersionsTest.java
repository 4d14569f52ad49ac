// SPDX-License-Identifier: Apache-2.0
package io.omote.it.versions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.engine.Engine;
import ai.djl.onnxruntime.engine.OrtEngineProvider;
import ai.onnxruntime.OrtEnvironment;
import com.google.gson.Gson;
import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGallery;
import io.omote.face.FaceImage;
import io.omote.face.FaceMatch;
import io.omote.face.FaceMatcher;
import io.omote.face.FaceModels;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.description.Landmarks68Model2D;
import io.omote.face.gallery.LuceneGallery;
import io.omote.face.gallery.PostgresGallery;
import io.omote.face.gallery.PostgresOptions;
import io.omote.face.models.ModelZoo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.index.IndexWriter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;

/**
 * What applications do most, with other versions of the libraries than Omote was built with. The
 * answers must be the same with all.
 */
class VersionsTest {
  private static final Path SAMPLES = Path.of(System.getProperty("samples"));
  private static final Path PNG = SAMPLES.resolve("astronaut.png");
  private static final Path RENDITION = SAMPLES.resolve("astronaut_rendition.jpg");
  private static final Path OTHER = SAMPLES.resolve("grace_hopper.jpg");
  private static final FaceModels MODELS = ModelZoo.lite();

  /** Also by the oldest versions: each run leaves the folder to the next one. */
  private static final Path GALLERY = Path.of("target", "gallery");

  @AfterAll
  static void nothingWasLogged() throws Exception {
    assertThat(Path.of(System.getProperty("org.slf4j.simpleLogger.logFile"))).isEmptyFile();
  }

  /** The jar that a class comes from. */
  private static String jar(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath())
        .getFileName()
        .toString();
  }

  private static String named(String artifact, String version) {
    return artifact + "-" + System.getProperty(version) + ".jar";
  }

  @Test
  void classPath_hasTheVersionsOfThisRun() {
    assertThat(jar(Engine.class)).isEqualTo(named("api", "djl.version"));
    assertThat(jar(OrtEngineProvider.class)).isEqualTo(named("onnxruntime-engine", "djl.version"));
    assertThat(jar(OrtEnvironment.class)).isEqualTo(named("onnxruntime", "onnxruntime.version"));
    assertThat(jar(Gson.class)).isEqualTo(named("gson", "gson.version"));
    assertThat(jar(Logger.class)).isEqualTo(named("slf4j-api", "slf4j.version"));
    assertThat(jar(IndexWriter.class)).isEqualTo(named("lucene-core", "lucene.version"));
    assertThat(jar(PGSimpleDataSource.class)).isEqualTo(named("postgresql", "postgresql.version"));
  }

  @Test
  void compare() {
    try (FaceMatcher matcher = FaceMatcher.create(MODELS)) {
      FaceMatch mated = matcher.compare(PNG, RENDITION);
      assertThat(mated.isSamePerson()).isTrue();
      assertThat(mated.similarity()).isCloseTo(0.952802, within(1e-6));
      FaceMatch nonMated = matcher.compare(PNG, OTHER);
      assertThat(nonMated.isSamePerson()).isFalse();
      assertThat(nonMated.similarity()).isCloseTo(0.151661, within(1e-6));
    }
  }

  @Test
  void analyze() {
    FaceImage image = FaceImage.read(OTHER);
    try (FaceDetector detector = FaceDetector.create(MODELS);
        FaceAnalyzer<DenseLandmarks> analyzer =
            FaceAnalyzer.create(MODELS.analyzer(Landmarks68Model2D.class).orElseThrow())) {
      List<DenseLandmarks> landmarks = analyzer.analyze(image, detector.detect(image));
      assertThat(landmarks).hasSize(1);
      assertThat(landmarks.get(0).size()).isEqualTo(68);
    }
  }

  @Test
  void galleryInAFolder() {
    boolean isNew = !Files.exists(GALLERY);
    try (FaceMatcher matcher = FaceMatcher.create(MODELS)) {
      if (isNew) {
        try (FaceGallery gallery = LuceneGallery.open(GALLERY, matcher.modelId())) {
          enrollBoth(gallery, matcher);
        }
      }
      try (FaceGallery gallery = LuceneGallery.open(GALLERY, matcher.modelId())) {
        assertKnown(gallery, matcher);
        gallery.enroll("later", "third", matcher.embed(RENDITION).orElseThrow());
        assertThat(gallery.remove("later", "third")).isTrue();
      }
    }
  }

  @Test
  void galleryInPostgres() throws Exception {
    String url = System.getProperty("omote.postgres");
    assumeTrue(
        url != null && !url.isBlank(),
        "skipped: needs PostgreSQL with pgvector; give its JDBC URL as -Domote.postgres=...");
    PGSimpleDataSource database = new PGSimpleDataSource();
    database.setUrl(url);
    PostgresOptions options = PostgresOptions.defaults().withSchema("omote_it_versions");
    run(database, "CREATE EXTENSION IF NOT EXISTS vector SCHEMA public");
    run(database, "DROP SCHEMA IF EXISTS omote_it_versions CASCADE");
    run(database, "CREATE SCHEMA omote_it_versions");
    try (FaceMatcher matcher = FaceMatcher.create(MODELS);
        FaceGallery gallery = PostgresGallery.open(database, "staff", matcher.modelId(), options)) {
      enrollBoth(gallery, matcher);
      assertKnown(gallery, matcher);
    } finally {
      run(database, "DROP SCHEMA omote_it_versions CASCADE");
    }
  }

  private static void run(PGSimpleDataSource database, String sql) throws Exception {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void enrollBoth(FaceGallery gallery, FaceMatcher matcher) {
    gallery.enroll("astronaut", "first", matcher.embed(PNG).orElseThrow());
    gallery.enroll("admiral", "second", matcher.embed(OTHER).orElseThrow());
  }

  private static void assertKnown(FaceGallery gallery, FaceMatcher matcher) {
    FaceEmbedding probe = matcher.embed(RENDITION).orElseThrow();
    assertThat(gallery.search(probe, 2))
        .extracting(candidate -> candidate.person())
        .containsExactly("astronaut", "admiral");
    assertThat(gallery.identify(probe, MODELS.identificationPolicy(0.01)))
        .isEqualTo(Optional.of(gallery.search(probe, 1).get(0)));
  }
}
