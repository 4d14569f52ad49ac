// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.omote.face.Album;
import io.omote.face.FaceAlbums;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGraph;
import io.omote.face.FaceMatcher;
import io.omote.face.evaluation.ThresholdCounts;
import io.omote.face.evaluation.VerificationScores;
import io.omote.face.models.ModelZoo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All pairs, compared with those of one JVM. */
class SparkPairsTest {
  private static final double[] THRESHOLDS = {0.3, 0.35, 0, 0.6};

  private static final StructType COLUMNS =
      new StructType()
          .add("id", DataTypes.LongType)
          .add("person", DataTypes.StringType)
          .add("embedding", DataTypes.BinaryType);

  private static SparkSession spark;

  /** A face of a person, null if it could not be embedded. */
  private record Somebody(String person, @Nullable FaceEmbedding face) {}

  @BeforeAll
  static void start() {
    spark = LocalSpark.start();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static List<Somebody> crowd(long seed, int size) {
    Random random = new Random(seed);
    List<Somebody> crowd = new ArrayList<>();
    float[] center = new float[64];
    int person = 0;
    while (crowd.size() < size) {
      if (random.nextInt(6) == 0) {
        person++;
        for (int i = 0; i < center.length; i++) {
          center[i] = (float) random.nextGaussian();
        }
      }
      float[] raw = center.clone();
      for (int i = 0; i < raw.length; i++) {
        raw[i] += (float) (0.8 * random.nextGaussian());
      }
      boolean failed = random.nextInt(20) == 0;
      crowd.add(new Somebody("p" + person, failed ? null : FaceEmbedding.ofRaw("model:1", raw)));
    }
    return crowd;
  }

  private static Dataset<Row> rows(List<Somebody> crowd) {
    List<Row> rows = new ArrayList<>();
    for (Somebody somebody : crowd) {
      rows.add(
          RowFactory.create(
              (long) rows.size(),
              somebody.person,
              somebody.face == null ? null : somebody.face.toBytes()));
    }
    return spark.createDataFrame(rows, COLUMNS);
  }

  private static void add(VerificationScores.Builder scores, Somebody a, Somebody b) {
    boolean isMated = a.person.equals(b.person);
    if (a.face == null || b.face == null) {
      scores.addFailure(isMated);
    } else {
      scores.add(isMated, a.face.similarity(b.face));
    }
  }

  private static void assertSame(ThresholdCounts counts, VerificationScores scores) {
    assertThat(counts.matedTrials()).isEqualTo(scores.matedTrials());
    assertThat(counts.nonMatedTrials()).isEqualTo(scores.nonMatedTrials());
    for (double threshold : THRESHOLDS) {
      assertThat(counts.fmr(threshold)).isEqualTo(scores.fmr(threshold));
      assertThat(counts.fnmr(threshold)).isEqualTo(scores.fnmr(threshold));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {20_000, 100, 37, 9})
  void within_countsWhatScoresSay(int facesPerBlock) {
    List<Somebody> crowd = crowd(facesPerBlock, 250);
    VerificationScores.Builder scores = VerificationScores.builder();
    for (int i = 0; i < crowd.size(); i++) {
      for (int j = i + 1; j < crowd.size(); j++) {
        add(scores, crowd.get(i), crowd.get(j));
      }
    }

    assertSame(SparkPairs.within(rows(crowd), facesPerBlock, THRESHOLDS), scores.build());
  }

  @ParameterizedTest
  @ValueSource(ints = {20_000, 60, 11})
  void between_countsWhatScoresSay(int facesPerBlock) {
    List<Somebody> crowd = crowd(facesPerBlock, 250);
    List<Somebody> first = crowd.subList(0, 100);
    List<Somebody> second = crowd.subList(70, 250);
    VerificationScores.Builder scores = VerificationScores.builder();
    first.forEach(a -> second.forEach(b -> add(scores, a, b)));

    assertSame(
        SparkPairs.between(rows(first), rows(second), facesPerBlock, THRESHOLDS), scores.build());
  }

  @Test
  void within_noRows_countsNothing() {
    ThresholdCounts counts = SparkPairs.within(rows(List.of()), 0.5);

    assertThat(counts.matedTrials()).isZero();
    assertThat(counts.nonMatedTrials()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {20_000, 100, 23})
  void neighbors_makeTheGraphOfOneJvm(int facesPerBlock) {
    List<Somebody> crowd = new ArrayList<>(crowd(facesPerBlock, 300));
    // Ties, more than a face may have neighbors.
    for (int copy = 0; copy < 30; copy++) {
      crowd.add(crowd.stream().filter(one -> one.face != null).findFirst().orElseThrow());
    }
    crowd.removeIf(one -> one.face == null);
    FaceGraph expected = FaceGraph.of(crowd.stream().map(Somebody::face).toList(), 0.4);

    Dataset<Row> links = SparkPairs.neighbors(rows(crowd), facesPerBlock, 0.4);

    FaceGraph.Builder graph = FaceGraph.builder(crowd.size(), 0.4);
    for (Iterator<Row> each = links.toLocalIterator(); each.hasNext(); ) {
      Row link = each.next();
      graph.link((int) link.getLong(0), (int) link.getLong(1), link.getDouble(2));
    }
    FaceGraph found = graph.build();
    assertThat(found.links()).isEqualTo(expected.links()).isPositive();
    assertThat(FaceAlbums.of(found).albums()).isEqualTo(FaceAlbums.of(expected).albums());
    assertThat(FaceAlbums.of(found).ungrouped()).isEqualTo(FaceAlbums.of(expected).ungrouped());
  }

  /** Rows of faces in the order of the crowd: two in each image, without the last. */
  private static Dataset<Row> faceRows(List<Somebody> crowd, List<String> images) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < crowd.size(); i++) {
      rows.add(RowFactory.create(images.get(i), i % 2, crowd.get(i).face.toBytes()));
    }
    rows.add(RowFactory.create("empty", null, null));
    Collections.shuffle(rows, new Random(5));
    return spark.createDataFrame(
        rows,
        new StructType()
            .add("path", DataTypes.StringType)
            .add("face", DataTypes.IntegerType)
            .add("embedding", DataTypes.BinaryType));
  }

  @ParameterizedTest
  @ValueSource(ints = {20_000, 37})
  void albums_areThoseOfOneJvm(int facesPerBlock) {
    List<Somebody> crowd = new ArrayList<>(crowd(3, 200));
    crowd.removeIf(one -> one.face == null);
    List<String> images =
        IntStream.range(0, crowd.size()).mapToObj(i -> "image %03d".formatted(i / 2)).toList();
    FaceAlbums expected =
        FaceAlbums.of(FaceGraph.of(crowd.stream().map(Somebody::face).toList(), images, 0.4));

    Dataset<Row> found = SparkPairs.albums(faceRows(crowd, images), facesPerBlock, 0.4);

    Map<String, Integer> albums = new HashMap<>();
    found.collectAsList().forEach(row -> albums.put(row.get(0) + " " + row.get(1), row.getAs(2)));
    assertThat(albums).hasSize(crowd.size());
    Map<String, Integer> wanted = new HashMap<>();
    for (int i = 0; i < crowd.size(); i++) {
      wanted.put(images.get(i) + " " + i % 2, null);
    }
    for (int album = 0; album < expected.albums().size(); album++) {
      for (Album.Proposal face : expected.albums().get(album).faces()) {
        wanted.put(images.get(face.face()) + " " + face.face() % 2, album);
      }
    }
    assertThat(expected.albums()).hasSizeGreaterThan(5);
    assertThat(expected.ungrouped()).isNotEmpty();
    assertThat(albums).isEqualTo(wanted);
  }

  @Test
  void albums_noFaces_areNone() {
    assertThat(SparkPairs.albums(faceRows(List.of(), List.of()), 0.4).count()).isZero();
  }

  @Test
  void albums_twoRowsOfOneFace_areRefused() {
    List<Somebody> crowd = crowd(1, 5);
    crowd.removeIf(one -> one.face == null);
    Dataset<Row> rows = faceRows(crowd.subList(0, 2), List.of("a", "b"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> SparkPairs.albums(rows.union(rows.where("path = 'b'")), 0.4))
        .withMessage(
            "expected one row of each face, found 2 of face 1 of b: take the newest with"
                + " SparkFaces.latest");
  }

  /** Compares all pairs of labeled images, at thresholds from their own scores and others. */
  @Test
  @Tag("testdata")
  void within_ofLabeledImages_countsWhatOneJvmCounts() throws Exception {
    String data = System.getProperty("omote.testdata");
    assumeTrue(
        data != null && !data.isBlank(),
        "skipped: needs the reference data; set its folder with -Domote.testdata=...");
    List<Somebody> people = new ArrayList<>();
    try (FaceMatcher matcher = FaceMatcher.create(ModelZoo.lite());
        Stream<Path> files = Files.walk(Path.of(data, "lfw-dev"))) {
      for (Path file : files.filter(name -> name.toString().endsWith(".jpg")).toList()) {
        people.add(
            new Somebody(
                file.getFileName().toString().replaceAll("_\\d+\\.jpg$", ""),
                matcher.embed(file).orElse(null)));
      }
    }
    VerificationScores.Builder all = VerificationScores.builder();
    for (int i = 0; i < people.size(); i++) {
      for (int j = i + 1; j < people.size(); j++) {
        add(all, people.get(i), people.get(j));
      }
    }
    VerificationScores scores = all.build();
    double[] thresholds =
        DoubleStream.concat(
                DoubleStream.iterate(-1, t -> t <= 1, t -> t + 0.01),
                DoubleStream.of(scores.thresholdAtFmr(1e-3), scores.thresholdAtFmr(1e-4)))
            .toArray();

    ThresholdCounts counts = SparkPairs.within(rows(people), 150, thresholds);

    assertThat(counts.matedTrials()).isEqualTo(300);
    assertThat(counts.nonMatedTrials()).isEqualTo(179_400);
    for (double threshold : thresholds) {
      assertThat(counts.fmr(threshold)).isEqualTo(scores.fmr(threshold));
      assertThat(counts.fnmr(threshold)).isEqualTo(scores.fnmr(threshold));
    }
  }

  @Test
  void invalidArguments_areRefused() {
    Dataset<Row> rows = rows(crowd(1, 5));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> SparkPairs.within(rows.drop("person"), 0.4))
        .withMessage("expected columns named [person, embedding], found [id, embedding]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SparkPairs.between(rows, rows.drop("embedding"), 0.4));
    assertThatIllegalArgumentException().isThrownBy(() -> SparkPairs.within(rows, 1.4));
    assertThatIllegalArgumentException().isThrownBy(() -> SparkPairs.within(rows));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SparkPairs.neighbors(rows.drop("id"), 0.4));
    assertThatIllegalArgumentException().isThrownBy(() -> SparkPairs.neighbors(rows, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SparkPairs.albums(rows, 0.4))
        .withMessage(
            "expected columns named [path, face, embedding], found [id, person, embedding]");
  }

  @Test
  void columnsOfOtherTypes_areRefused_inWords() {
    Dataset<Row> rows = rows(crowd(1, 5));
    Dataset<Row> faces = rows.selectExpr("'a' as path", "cast(id as int) as face", "embedding");

    refused(
        () -> SparkPairs.within(rows.withColumn("person", functions.col("id")), 0.4),
        "expected the column person to be of the type STRING, found BIGINT: cast it");
    refused(
        () -> SparkPairs.between(rows, rows.withColumn("person", functions.col("id")), 0.4),
        "expected the column person to be of the type STRING, found BIGINT: cast it");
    refused(
        () -> SparkPairs.within(rows.withColumn("embedding", functions.expr("array(1f)")), 0.4),
        "expected the column embedding to be of the type BINARY, found ARRAY<FLOAT>: cast it");
    refused(
        () -> SparkPairs.neighbors(rows.withColumn("id", functions.expr("cast(id as int)")), 0.4),
        "expected the column id to be of the type BIGINT, found INT: cast it");
    refused(
        () -> SparkPairs.albums(faces.withColumn("face", functions.expr("1L")), 0.4),
        "expected the column face to be of the type INT, found BIGINT: cast it");
    refused(
        () -> SparkPairs.albums(faces.withColumn("path", functions.expr("1")), 0.4),
        "expected the column path to be of the type STRING, found INT: cast it");
  }

  @Test
  void facesWithoutNames_areRefused_inWords() {
    Dataset<Row> rows = rows(crowd(1, 5));
    long count = rows.where("embedding is not null").count();
    Dataset<Row> faces = rows.selectExpr("'a' as path", "cast(id as int) as face", "embedding");

    String persons = "expected a person in each row with an embedding, found " + count;
    Dataset<Row> nobody = rows.withColumn("person", functions.expr("cast(null as string)"));
    refused(() -> SparkPairs.within(nobody, 0.4), persons);
    refused(() -> SparkPairs.between(nobody, rows, 0.4), persons);
    refused(() -> SparkPairs.between(rows, nobody, 0.4), persons);
    refused(
        () ->
            SparkPairs.neighbors(rows.withColumn("id", functions.expr("cast(null as long)")), 0.4),
        "expected an id in each row with an embedding, found " + count);
    refused(
        () ->
            SparkPairs.albums(
                faces.withColumn("path", functions.expr("cast(null as string)")), 0.4),
        "expected a path and the number of the face in each row with an embedding, found 1");
    refused(
        () -> SparkPairs.albums(faces.withColumn("face", functions.expr("cast(null as int)")), 0.4),
        "expected a path and the number of the face in each row with an embedding, found " + count);
  }

  private static void refused(ThrowingCallable work, String message) {
    assertThatIllegalArgumentException().isThrownBy(work).withMessageStartingWith(message);
  }

  @Test
  void strictWordsOfSql_changeNothing() {
    Dataset<Row> rows = rows(crowd(1, 5));
    ThresholdCounts within = SparkPairs.within(rows, 0.4);
    ThresholdCounts between = SparkPairs.between(rows, rows, 0.4);
    spark.conf().set("spark.sql.ansi.enabled", "true");
    spark.conf().set("spark.sql.ansi.enforceReservedKeywords", "true");
    spark.conf().set("spark.sql.caseSensitive", "true");
    try {
      assertThat(SparkPairs.within(rows, 0.4)).usingRecursiveComparison().isEqualTo(within);
      assertThat(SparkPairs.between(rows, rows, 0.4)).usingRecursiveComparison().isEqualTo(between);
    } finally {
      spark.conf().unset("spark.sql.ansi.enabled");
      spark.conf().unset("spark.sql.ansi.enforceReservedKeywords");
      spark.conf().unset("spark.sql.caseSensitive");
    }
  }
}
