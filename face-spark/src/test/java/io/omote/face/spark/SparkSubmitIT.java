// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the job on distributions of Spark, like a user, on 600 images and some other files. */
@Tag("testdata")
class SparkSubmitIT {
  private static final Pattern DONE = Pattern.compile("(\\d+) of them already in the output");

  /** Texts printed before the first, second and third batch of a start. */
  private static final List<String> MOMENTS =
      List.of("already in the output", "batch 1 of", "batch 2 of");

  /** After this time, something hangs. */
  private static final int MINUTES = 5;

  @TempDir private static Path shared;
  private static Path images;
  private static List<Path> distributions;
  private static Map<String, String> expected;
  private static SparkSession spark;

  @TempDir private Path folder;

  private static String property(String name, String what) {
    String value = System.getProperty(name);
    assumeTrue(
        value != null && !value.isBlank(), "skipped: set %s with -D%s=...".formatted(what, name));
    return value;
  }

  @BeforeAll
  static void prepare() throws Exception {
    Path data = Path.of(property("omote.testdata", "the folder of the reference data"));
    distributions =
        Arrays.stream(property("omote.spark", "folders that .ci/spark made").split(":"))
            .map(Path::of)
            .toList();
    images = Files.createDirectories(shared.resolve("images"));
    try (Stream<Path> files = Files.walk(data.resolve("lfw-dev"))) {
      for (Path file : files.filter(name -> name.toString().endsWith(".jpg")).toList()) {
        Path copy = images.resolve(data.resolve("lfw-dev").relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
    TestImages.addOthers(images);
    expected = PlainFaces.of(images);
    assertThat(expected).hasSize(607);
    spark = LocalSpark.start();
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.stop();
    }
  }

  private static Path distribution(String version) throws IOException {
    for (Path distribution : distributions) {
      if (Files.readString(distribution.resolve("RELEASE")).startsWith("Spark " + version)) {
        return distribution;
      }
    }
    throw new AssertionError("expected Spark %s among %s".formatted(version, distributions));
  }

  private Map<String, String> written(Path output) {
    return PlainFaces.ofRows(spark.read().parquet(output.toString()), images);
  }

  /** Returns the configuration of a storage that fails for a share of the files. */
  private static Map<String, String> failing(String what, double share) {
    return Map.of(
        "spark.hadoop.fs.failing.impl",
        FailingFileSystem.class.getName(),
        "spark.hadoop.fs.failing." + what,
        Double.toString(share),
        "spark.executor.extraClassPath",
        SparkSubmit.TEST_CLASSES.toString());
  }

  private static String failing(Path folder) {
    return "failing://storage" + folder;
  }

  /** One of twenty images cannot be read at first, and one of two executors is killed. */
  @ParameterizedTest
  @ValueSource(strings = {"4.1", "3.5"})
  void transientFailuresAndAKilledExecutor_changeNothing(String version) throws Exception {
    Path log = folder.resolve("log");
    Path output = folder.resolve("faces");

    Process job =
        new SparkSubmit(
                distribution(version),
                "local-cluster[2,1,2048]",
                folder.resolve("work"),
                failing("share", 0.05))
            .start(log, failing(images), output, "--batch", "200");
    awaitText(job, log, "batch 1 of");
    List<ProcessHandle> executors =
        job.descendants()
            .filter(process -> process.info().commandLine().orElse("").contains("ExecutorBackend"))
            .toList();
    assertThat(executors).hasSize(2);
    executors.get(0).destroyForcibly();
    assertThat(text(log)).as("killed in time").doesNotContain("batch 4 of");

    assertThat(job.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
    String said = text(log);
    assertThat(job.exitValue()).as(said).isZero();
    assertThat(said).contains("607 files, 0 of them already in the output");
    assertThat(written(output)).isEqualTo(expected);
  }

  /** One of a hundred images cannot be read: it is named, and the next start finishes it. */
  @ParameterizedTest
  @ValueSource(strings = {"4.1", "3.5"})
  void permanentFailures_arePendingUntilTheStorageIsWell(String version) throws Exception {
    Path output = folder.resolve("faces");
    Path log = folder.resolve("log");

    Process job =
        new SparkSubmit(
                distribution(version), "local[2]", folder.resolve("work"), failing("forever", 0.01))
            .start(log, failing(images), output, "--batch", "400");

    assertThat(job.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
    assertThat(job.exitValue()).as(text(log)).isEqualTo(3);
    Matcher pending = Pattern.compile("(\\d+) files are pending").matcher(text(log));
    assertThat(pending.find()).as(text(log)).isTrue();
    int count = Integer.parseInt(pending.group(1));
    assertThat(count).isBetween(1, 20);
    assertThat(text(log).lines().filter(line -> line.matches("  failing://.*: .+"))).hasSize(count);
    Map<String, String> done = written(output);
    assertThat(done).hasSize(607 - count);
    assertThat(expected).containsAllEntriesOf(done);

    Path secondLog = folder.resolve("log2");
    Process second =
        new SparkSubmit(
                distribution(version), "local[2]", folder.resolve("work"), failing("forever", 0))
            .start(secondLog, failing(images), output);
    assertThat(second.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
    assertThat(second.exitValue()).as(text(secondLog)).isZero();
    assertThat(text(secondLog)).contains((607 - count) + " of them already in the output");
    assertThat(written(output)).isEqualTo(expected);
  }

  @Test
  void jar_hasNothingThatSparkBrings() throws Exception {
    try (JarFile jar = new JarFile(SparkSubmit.jar().toFile())) {
      assertThat(jar.stream().map(JarEntry::getName))
          .contains("io/omote/face/spark/FaceJob.class", "META-INF/LICENSE")
          .noneMatch(
              name ->
                  name.startsWith("org/slf4j/")
                      || name.contains("SLF4JServiceProvider")
                      || name.startsWith("org/apache/spark/")
                      || name.startsWith("scala/"));
    }
  }

  /** Kills the job again and again until it ends on its own. */
  @Test
  void killedJob_resumesWhereItEnded() throws Exception {
    SparkSubmit submit =
        new SparkSubmit(distribution("4.1"), "local[2]", folder.resolve("work"), Map.of());
    Path output = folder.resolve("faces");
    int kills = 0;
    boolean ended = false;
    for (int start = 0; !ended; start++) {
      assertThat(start).as("starts").isLessThan(20);
      Path log = folder.resolve("log" + start);
      Process job = submit.start(log, images, output, "--batch", "200");
      ended = !killWhen(job, log, MOMENTS.get(start % MOMENTS.size()), 300L * (start % 4));
      if (ended) {
        assertThat(job.exitValue()).as(text(log)).isZero();
        Matcher done = DONE.matcher(text(log));
        assertThat(done.find()).isTrue();
        System.out.printf("killed %d times, then %s%n", kills, done.group());
        assertThat(Integer.parseInt(done.group(1))).isPositive();
      } else {
        kills++;
      }
    }

    assertThat(kills).isGreaterThanOrEqualTo(2);
    assertThat(written(output)).isEqualTo(expected);
  }

  /** Kills a process some time after it prints a text, and returns whether it still ran. */
  private static boolean killWhen(Process job, Path log, String said, long millis)
      throws Exception {
    awaitText(job, log, said);
    boolean alive = !job.waitFor(millis, TimeUnit.MILLISECONDS);
    job.destroyForcibly().waitFor();
    return alive;
  }

  private static void awaitText(Process job, Path log, String said) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
    while (job.isAlive() && !text(log).contains(said)) {
      assertThat(System.nanoTime()).as(text(log)).isLessThan(end);
      Thread.sleep(20);
    }
  }

  private static String text(Path log) throws IOException {
    return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
  }
}
