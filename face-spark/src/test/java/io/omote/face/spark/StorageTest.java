// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.FaceException;
import io.omote.face.FaceImage;
import io.omote.face.ImageException;
import io.omote.face.ImageOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a storage does wrong is not said of images. */
class StorageTest {
  private static final ImageOptions OPTIONS = ImageOptions.defaults();

  private static SparkSession spark;
  private static int authorities;

  @TempDir private Path folder;
  private String authority;

  @BeforeAll
  static void start() {
    spark = LocalSpark.start();
    FailingFileSystem.register(spark.sparkContext().hadoopConfiguration());
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @AfterEach
  void forget() {
    Configuration configuration = spark.sparkContext().hadoopConfiguration();
    configuration.getPropsWithPrefix("fs.failing.").keySet().stream()
        .filter(name -> !name.equals("impl"))
        .forEach(name -> configuration.unset("fs.failing." + name));
  }

  /** Sets pairs of names and values, for a file system of its own. */
  private void failing(Object... settings) {
    authority = "storage" + authorities++;
    for (int i = 0; i < settings.length; i += 2) {
      spark
          .sparkContext()
          .hadoopConfiguration()
          .set("fs.failing." + settings[i], String.valueOf(settings[i + 1]));
    }
  }

  /** Returns the files of the folder as images on the failing storage. */
  private Dataset<Row> images(int partitions) throws Exception {
    List<String> paths = new ArrayList<>();
    try (var files = Files.walk(folder)) {
      files
          .filter(Files::isRegularFile)
          .sorted()
          .forEach(file -> paths.add("failing://" + authority + file));
    }
    return spark.createDataset(paths, Encoders.STRING()).toDF("path").coalesce(partitions);
  }

  private static Map<String, Long> statuses(Dataset<Row> rows) {
    Map<String, Long> statuses = new TreeMap<>();
    rows.select("status")
        .as(Encoders.STRING())
        .collectAsList()
        .forEach(status -> statuses.merge(status, 1L, Long::sum));
    return statuses;
  }

  @ParameterizedTest
  @ValueSource(strings = {"open", "middle", "short", "runtime", "close"})
  void failureOfEachFileOnce_isRepeated(String how) throws Exception {
    TestImages.addSamples(folder);
    failing("share", 1, "how", how);
    FaceMetrics metrics = FaceMetrics.register(spark.sparkContext());

    Dataset<Row> rows = new FaceTransformer().transform(images(1), metrics);

    assertThat(PlainFaces.ofRows(rows, folder)).isEqualTo(PlainFaces.of(folder)).hasSize(3);
    assertThat(metrics.repeatedReads()).isEqualTo(how.equals("close") ? 0 : 3);
    assertThat(metrics.unreadable()).isZero();
    assertThat(metrics.faces()).isEqualTo(3);
    assertThat(FailingFileSystem.opens(authority)).isEqualTo(how.equals("close") ? 3 : 6);
  }

  @ParameterizedTest
  @CsvSource({
    "open, Connection reset by peer, 9",
    "middle, Premature end, 9",
    "disk, the disk reports an error, 9",
    "short, the stream ended after, 9",
    "runtime, Connection pool shut down, 9",
    "denied, access is denied, 3",
    "missing, No such file, 3"
  })
  void failureForEver_isUnreadable(String how, String words, int opens) throws Exception {
    TestImages.addSamples(folder);
    failing("forever", 1, "how", how);
    FaceMetrics metrics = FaceMetrics.register(spark.sparkContext());

    List<Row> rows = new FaceTransformer().transform(images(1), metrics).collectAsList();

    assertThat(rows)
        .hasSize(3)
        .allSatisfy(
            row -> {
              assertThat(row.<String>getAs("status")).isEqualTo("UNREADABLE");
              assertThat(row.<String>getAs("problem"))
                  .startsWith("expected an image that the storage delivers, found a failure (")
                  .contains(words)
                  .doesNotContain("Exception");
              assertThat(row.<Integer>getAs("width")).isNull();
            });
    assertThat(FailingFileSystem.opens(authority)).isEqualTo(opens);
    assertThat(metrics.unreadable()).isEqualTo(3);
    assertThat(metrics.images()).isEqualTo(3);
    assertThat(metrics.samples()).hasSize(3).allSatisfy(text -> assertThat(text).contains(words));
  }

  @Test
  void streamThatEndsEarly_isNoticedWithLengthsToo() throws Exception {
    TestImages.addSamples(folder);
    failing("share", 1, "how", "short");
    Dataset<Row> listed = images(1).withColumn("length", functions.lit(1_000L));

    // The listed length is old: what counts is the length of the file now.
    Dataset<Row> rows = SparkFaces.find(listed, "lite");

    assertThat(PlainFaces.ofRows(rows, folder)).isEqualTo(PlainFaces.of(folder));
  }

  @Test
  void fileThatShrank_isWhatIsThereNow() throws Exception {
    TestImages.addSamples(folder);
    failing();
    Dataset<Row> listed = images(1).withColumn("length", functions.lit(9_000_000L));

    assertThat(PlainFaces.ofRows(SparkFaces.find(listed, "lite"), folder))
        .isEqualTo(PlainFaces.of(folder));
  }

  @Test
  void manyFilesThatFailOnce_areNotAStorageThatIsDown() throws Exception {
    TestImages.addBlack(folder, 70);
    failing("share", 1);

    assertThat(statuses(SparkFaces.find(images(1), "lite"))).isEqualTo(Map.of("NO_FACE", 70L));
  }

  @Test
  void manyFilesThatAlwaysFail_areUnreadable_othersAreNot() throws Exception {
    TestImages.addBlack(folder, 70);
    failing("forever", 0.6);

    Map<String, Long> statuses = statuses(SparkFaces.find(images(1), "lite"));

    assertThat(statuses).containsOnlyKeys("NO_FACE", "UNREADABLE");
    assertThat(statuses.get("UNREADABLE")).isGreaterThan(20);
    assertThat(statuses.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(70);
  }

  @Test
  void storageThatGoesDown_inTheLastAttempt_isGivenUp() throws Exception {
    TestImages.addBlack(folder, 100);
    failing("after", 30);

    List<Row> rows = SparkFaces.find(images(1), "lite").collectAsList();

    Map<String, Integer> counts = new HashMap<>();
    rows.forEach(row -> counts.merge(row.getAs("status"), 1, Integer::sum));
    assertThat(counts).isEqualTo(Map.of("NO_FACE", 30, "UNREADABLE", 70));
    // Twenty failures, and two looks whether another file can be read.
    assertThat(FailingFileSystem.opens(authority)).isEqualTo(52);
    assertThat(rows.get(rows.size() - 1).<String>getAs("problem")).startsWith("expected ");
  }

  @Test
  void storageThatIsDown_leavesOthersAlone() throws Exception {
    TestImages.addBlack(folder, 30);
    failing("after", 0);
    Dataset<Row> images =
        images(1)
            .union(images(1).selectExpr("regexp_replace(path, 'failing://[^/]*', 'file:')"))
            .coalesce(1);

    assertThat(statuses(SparkFaces.find(images, "lite")))
        .isEqualTo(Map.of("UNREADABLE", 30L, "NO_FACE", 30L));
    assertThat(FailingFileSystem.opens(authority)).isEqualTo(22);
  }

  @Test
  void storageThatIsDown_beforeTheLastAttempt_failsTheTask() throws Exception {
    TestImages.addBlack(folder, 25);
    failing("after", 0);
    FaceTask rows =
        task(new ImageStorage(spark.sparkContext().hadoopConfiguration(), OPTIONS), true);

    assertThatThrownBy(rows::hasNext)
        .isInstanceOf(FaceException.class)
        .hasMessageStartingWith(
            "expected a storage that answers, found 20 reads in succession that failed")
        .hasMessageContaining("Connection reset by peer");
  }

  /** Returns the work on the images of the folder outside of Spark. */
  private FaceTask task(ImageStorage storage, boolean mayFail) throws Exception {
    FaceSettings settings = new FaceTransformer().settings();
    ImageColumns columns = ImageColumns.of(new StructType().add("path", "string"));
    return new FaceTask(
        images(1).collectAsList().iterator(),
        columns,
        new FaceRows(settings, columns, ExecutorNetworks.of(settings), false),
        storage,
        OPTIONS,
        FaceMetrics.register(spark.sparkContext()),
        mayFail);
  }

  @ParameterizedTest
  @CsvSource({"1, NO_FACE, 4", "9, UNREADABLE, 5"})
  void lackOfMemory_isRepeated_andNotSaidOfTheImage(int times, String status, int reads)
      throws Exception {
    TestImages.addBlack(folder, 3);
    failing();
    AtomicInteger lacking = new AtomicInteger(times);
    AtomicInteger all = new AtomicInteger();
    FaceTask task =
        task(
            new ImageStorage(spark.sparkContext().hadoopConfiguration(), OPTIONS) {
              @Override
              FaceImage read(String path, @Nullable Long length) {
                all.incrementAndGet();
                if (path.endsWith("black001.png") && lacking.getAndDecrement() > 0) {
                  throw new ImageException(
                      ImageException.Reason.TOO_LARGE,
                      "memory",
                      "too little",
                      "wait",
                      new OutOfMemoryError());
                }
                return super.read(path, length);
              }
            },
            false);

    List<Row> rows = new ArrayList<>();
    task.forEachRemaining(rows::add);

    assertThat(rows.stream().map(row -> row.getString(3)))
        .containsExactly("NO_FACE", "NO_FACE", status);
    assertThat(rows.get(2).getString(0)).endsWith("black001.png");
    assertThat(all).hasValue(reads);
  }

  @Test
  void schemeWithoutLibrary_saysWhatIsMissing_andIsNotRepeated() {
    // As of s3a:, which Hadoop knows by name only.
    spark.sparkContext().hadoopConfiguration().set("fs.absent.impl", "org.example.Absent");
    Dataset<Row> images = spark.range(3).selectExpr("concat('absent://a/', id) as path");
    FaceMetrics metrics = FaceMetrics.register(spark.sparkContext());

    List<Row> rows = new FaceTransformer().transform(images, metrics).collectAsList();

    assertThat(rows)
        .hasSize(3)
        .allSatisfy(
            row ->
                assertThat(row.<String>getAs("problem"))
                    .contains("(the library of its file system is missing)")
                    .endsWith(
                        "add the jar of the file system with --jars or --packages, or correct the path"));
    assertThat(metrics.repeatedReads()).isZero();
    assertThatThrownBy(() -> SparkFaces.list(spark, "absent://a/b"))
        .isInstanceOf(FaceException.class)
        .hasMessageContaining("the library of its file system is missing");
  }

  @Test
  void schemeWithoutFileSystem_isUnreadable_andSaysWhatIsMissing() {
    Dataset<Row> images = spark.range(30).selectExpr("concat('nosuch://a/', id) as path");

    List<Row> rows = SparkFaces.find(images.coalesce(1), "lite").collectAsList();

    assertThat(rows)
        .hasSize(30)
        .allSatisfy(row -> assertThat(row.<String>getAs("status")).isEqualTo("UNREADABLE"));
    assertThat(rows.get(0).<String>getAs("problem"))
        .contains("nosuch")
        .endsWith("add the jar of the file system with --jars or --packages, or correct the path");
  }

  @Test
  void pathsThatHadoopRefuses_areDone() throws Exception {
    TestImages.addSamples(folder);
    Files.copy(folder.resolve("astronaut.png"), folder.resolve("at 10:30.png"));
    Files.copy(folder.resolve("astronaut.png"), folder.resolve("10:30.png"));
    Dataset<Row> images =
        spark
            .createDataset(
                Arrays.asList(
                    null,
                    "",
                    "/a\0b.png",
                    "10:30.png",
                    folder + "/10:30.png",
                    "file:" + folder + "/at 10:30.png"),
                Encoders.STRING())
            .toDF("path");

    Map<String, String> statuses = new HashMap<>();
    for (Row row : SparkFaces.find(images, "lite").collectAsList()) {
      statuses.put(row.getAs("path"), row.getAs("status"));
      if (row.<String>getAs("status").equals("INVALID_PATH")) {
        assertThat(row.<String>getAs("problem"))
            .startsWith("expected a path that Hadoop can handle, found ");
      }
    }

    assertThat(statuses)
        .hasSize(6)
        .containsEntry(null, "INVALID_PATH")
        .containsEntry("/a\0b.png", "INVALID_PATH")
        .containsEntry("", "INVALID_PATH")
        .containsEntry("10:30.png", "INVALID_PATH")
        .containsEntry(folder + "/10:30.png", "OK")
        .containsEntry("file:" + folder + "/at 10:30.png", "OK");
  }

  @Test
  void rowsWithAProblem_areNotRead() throws Exception {
    TestImages.addSamples(folder);
    failing();
    Dataset<Row> images =
        images(1)
            .withColumn(
                "problem",
                functions.expr("if(path like '%astronaut.png', 'the name cannot be read', null)"));

    List<Row> rows = SparkFaces.find(images, "lite").collectAsList();

    assertThat(FailingFileSystem.opens(authority)).isEqualTo(2);
    assertThat(rows)
        .filteredOn(row -> row.getAs("status").equals("UNREADABLE"))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.<String>getAs("problem")).isEqualTo("the name cannot be read");
              assertThat(row.<String>getAs("path")).endsWith("astronaut.png");
            });
  }

  /** Spark does not interrupt threads by default: the pause ends on its own. */
  @Test
  void killedTask_endsInThePause_withoutRows() throws Exception {
    TestImages.addBlack(folder, 5);
    failing("forever", 1);
    Dataset<Row> rows = SparkFaces.find(images(1), "lite");
    CompletableFuture<List<Row>> job =
        CompletableFuture.supplyAsync(
            () -> {
              spark.sparkContext().setJobGroup("to be killed", "", false);
              return rows.collectAsList();
            },
            task -> new Thread(task).start());
    while (FailingFileSystem.opens(authority) < 10) {
      Thread.sleep(10);
    }
    spark.sparkContext().cancelJobGroup("to be killed");

    assertThatThrownBy(() -> job.get(20, TimeUnit.SECONDS)).hasMessageContaining("cancelled");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
    while (spark.sparkContext().statusTracker().getExecutorInfos()[0].numRunningTasks() > 0) {
      assertThat(System.nanoTime()).as("the task ends within two seconds").isLessThan(end);
      Thread.sleep(10);
    }
    assertThat(FailingFileSystem.opens(authority)).isEqualTo(10);
  }

  @Test
  void attempts_areThoseOfTheMaster() {
    assertThat(TaskAttempts.allowed("local", 4)).isEqualTo(1);
    assertThat(TaskAttempts.allowed("local[2]", 4)).isEqualTo(1);
    assertThat(TaskAttempts.allowed("local[*]", 4)).isEqualTo(1);
    assertThat(TaskAttempts.allowed("local[2, 3]", 4)).isEqualTo(3);
    assertThat(TaskAttempts.allowed("local-cluster[2,1,1024]", 4)).isEqualTo(4);
    assertThat(TaskAttempts.allowed("spark://host:7077", 8)).isEqualTo(8);
  }
}
