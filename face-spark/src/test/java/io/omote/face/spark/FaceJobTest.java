// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class FaceJobTest {
  private static SparkSession spark;

  @TempDir private Path folder;

  private record Run(int exitCode, List<String> out, String err) {}

  @BeforeAll
  static void start() {
    spark = LocalSpark.start();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static Run run(Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        FaceJob.commandLine(new FaceJob())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err));
    int exitCode =
        command.execute(Arrays.stream(args).map(Object::toString).toArray(String[]::new));
    return new Run(exitCode, out.toString().lines().toList(), err.toString());
  }

  private Path images() throws Exception {
    Path images = Files.createDirectories(folder.resolve("images"));
    TestImages.addSamples(images);
    TestImages.addOthers(images);
    return images;
  }

  private static Dataset<Row> output(Path output) {
    return spark.read().parquet(Storage.literal(new org.apache.hadoop.fs.Path(output.toUri())));
  }

  private static Map<String, String> latest(Path output, Path images) {
    return PlainFaces.ofRows(SparkFaces.latest(output(output)), images);
  }

  private static List<String> tree(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.map(file -> folder.relativize(file).toString()).sorted().toList();
    }
  }

  @Test
  void job_writesWhatOneJvmSays_andResumes() throws Exception {
    Path images = images();
    Path output = folder.resolve("faces");

    Run run = run(images, output, "--batch", "3");

    assertThat(run.exitCode).as(run.err).isZero();
    assertThat(run.out.get(0)).isEqualTo("10 files, 0 of them already in the output");
    assertThat(run.out)
        .contains("OK: 3 images, 3 faces", "DAMAGED: 3 images, 0 faces")
        .anyMatch(line -> line.matches("batch 2 of \\d written"));
    assertThat(PlainFaces.ofRows(output(output), images)).isEqualTo(PlainFaces.of(images));
    assertThat(tree(output.resolve("_omote"))).containsExactly("", "output.properties");

    Files.copy(images.resolve("astronaut.png"), images.resolve("one more.png"));
    Files.setLastModifiedTime(images.resolve("black.png"), FileTime.fromMillis(1_700_000_000_123L));
    Run again = run(images, output);

    assertThat(again.exitCode).as(again.err).isZero();
    assertThat(again.out.get(0)).isEqualTo("11 files, 9 of them already in the output");
    assertThat(again.out).contains("NO_FACE: 1 images, 0 faces");
    Dataset<Row> rows = output(output);
    assertThat(rows.count()).isEqualTo(12);
    assertThat(rows.where("path like '%/black.png'").count()).isEqualTo(2);
    Run third = run(images, output);
    assertThat(third.out.get(0)).isEqualTo("11 files, 11 of them already in the output");
    assertThat(output(output).count()).isEqualTo(12);
  }

  /** A name with a colon is no relative path of Hadoop, and has no file of checksums. */
  @Test
  void namesThatHadoopMistakes_areProcessed() throws Exception {
    Path images = images();
    for (String name :
        new String[] {
          "10:30.png", "a:b/c.png", "{x}*[y]?.png", "100%25.png", "\u5F35 \u5049.png"
        }) {
      Files.createDirectories(images.resolve(name).getParent());
      Files.copy(images.resolve("astronaut.png"), images.resolve(name));
    }
    Path output = folder.resolve("faces {of} [2026]*?");

    Run run = run(images, output);

    assertThat(run.exitCode).as(run.err).isZero();
    assertThat(run.out).contains("OK: 8 images, 8 faces");
    assertThat(PlainFaces.ofRows(output(output), images)).isEqualTo(PlainFaces.of(images));
  }

  @Test
  void changedImage_countsOnce_alsoWhenCompacted() throws Exception {
    Path images = images();
    Path output = folder.resolve("faces");
    assertThat(run(images, output, "--batch", "3").exitCode).isZero();
    Path changed = images.resolve("black.png");
    Files.copy(images.resolve("astronaut.png"), changed, StandardCopyOption.REPLACE_EXISTING);
    // Put back from a copy, it is older than before.
    Files.setLastModifiedTime(changed, FileTime.fromMillis(1_500_000_000_000L));
    assertThat(run(images, output, "--batch", "3").exitCode).isZero();
    Map<String, String> expected = PlainFaces.of(images);
    assertThat(latest(output, images)).isEqualTo(expected);
    int before = parquet(output).size();

    Run run = run("--compact", output);

    assertThat(run.exitCode).as(run.err).isZero();
    assertThat(run.out).containsExactly("1 files, %d before".formatted(before));
    assertThat(parquet(output)).hasSize(1);
    assertThat(PlainFaces.ofRows(output(output), images)).isEqualTo(expected);
    assertThat(output(output).columns()).isEqualTo(SparkFaces.schema().fieldNames());
    assertThat(tree(output.resolve("_omote"))).containsExactly("", "output.properties");
    assertThat(run(images, output).out.get(0))
        .isEqualTo("10 files, 10 of them already in the output");
  }

  private static List<Path> parquet(Path output) throws IOException {
    try (Stream<Path> files = Files.list(output)) {
      return files.filter(file -> file.toString().endsWith(".parquet")).toList();
    }
  }

  /** A compaction that ended between any two of its steps is completed by the next job. */
  @Test
  void killedCompaction_isCompleted() throws Exception {
    Path images = images();
    Path output = folder.resolve("faces");
    assertThat(run(images, output, "--batch", "3").exitCode).isZero();
    Map<String, String> expected = PlainFaces.of(images);
    Path own = output.resolve("_omote");
    Path whole = folder.resolve("whole");
    Dataset<Row> rows = SparkFaces.latest(output(output));
    rows.repartition(2).write().parquet(whole.toString());
    List<Path> old = parquet(output);

    // Before its record: the new files may be incomplete.
    Files.createDirectories(own.resolve("compacted"));
    Files.copy(parquet(whole).get(0), own.resolve("compacted/part-1.parquet"));
    assertThat(run(images, output).exitCode).isZero();
    assertThat(own.resolve("compacted")).doesNotExist();
    assertThat(PlainFaces.ofRows(output(output), images)).isEqualTo(expected);

    // After its record: one new file has moved, one old file is deleted.
    Files.createDirectories(own.resolve("compacted"));
    Files.copy(parquet(whole).get(0), output.resolve("part-moved.parquet"));
    Files.copy(parquet(whole).get(1), own.resolve("compacted/part-2.parquet"));
    Files.writeString(
        own.resolve("compaction"),
        old.stream().map(file -> file.getFileName().toString()).collect(Collectors.joining("\n")));
    assertThat(latest(output, images)).isEqualTo(expected);
    Files.delete(old.get(0));
    Run run = run(images, output);
    assertThat(run.exitCode).as(run.err).isZero();
    assertThat(run.out.get(0)).isEqualTo("10 files, 10 of them already in the output");
    assertThat(parquet(output)).hasSize(2).doesNotContainAnyElementsOf(old);
    assertThat(PlainFaces.ofRows(output(output), images)).isEqualTo(expected);
    assertThat(tree(own)).containsExactly("", "output.properties");
  }

  @Test
  void list_isProcessedInstead_andKeepsItsColumns() throws Exception {
    Path images = images();
    Path output = folder.resolve("faces");
    Path list = folder.resolve("people.parquet");
    spark
        .createDataFrame(
            List.of(
                RowFactory.create(images + "/astronaut.png", "collins"),
                RowFactory.create(images + "/gone.png", "nobody")),
            new StructType().add("path", "string").add("person", "string"))
        .write()
        .parquet(list.toString());

    Run run = run("--list", list, output);

    assertThat(run.exitCode).as(run.err).isEqualTo(3);
    assertThat(run.out.get(0)).isEqualTo("2 files, 0 of them already in the output");
    assertThat(run.out)
        .anyMatch(line -> line.matches("1 files are pending; the list of them is in .*/pending"))
        .anyMatch(line -> line.matches("  .*/gone.png: .*it does not exist.*"));
    assertThat(output(output).select("person", "status").collectAsList())
        .containsExactly(RowFactory.create("collins", "OK"));

    Files.createDirectory(output.resolve("_omote/list"));
    Files.copy(parquet(list).get(0), output.resolve("_omote/list/1.parquet"));
    assertThat(run("--list", output.resolve("_omote/list"), output).err)
        .startsWith("expected a list that is not the job's own, found ");
    assertThat(output.resolve("_omote/list/1.parquet")).exists();

    Files.copy(images.resolve("astronaut.png"), images.resolve("gone.png"));
    Run again = run("--list", output.resolve("_omote/pending"), output);

    assertThat(again.exitCode).as(again.err).isZero();
    assertThat(output(output).where("person = 'nobody' and status = 'OK'").count()).isEqualTo(1);
    assertThat(output.resolve("_omote/pending")).doesNotExist();
    // Other columns would not fit the output.
    assertThat(run(images, output).err).startsWith("expected output of the columns ");
  }

  /** The job adds columns for a while, and drops them. */
  @Test
  void ownColumnsOfAnyName_areKept_alsoWhenCompacted() throws Exception {
    Path images = images();
    Path output = folder.resolve("faces");
    Path list = folder.resolve("list");
    String[] own = {"omoteBatch", "omote_rank", "Omote_Lookup", "a.b", "s p;=`"};
    StructType columns = new StructType().add("path", "string");
    for (String name : own) {
      columns = columns.add(name, "string");
    }
    spark
        .createDataFrame(
            List.of(RowFactory.create(images + "/astronaut.png", "1", "2", "3", "4", "5")), columns)
        .write()
        .parquet(list.toString());

    Run run = run("--list", list, output);

    assertThat(run.exitCode).as(run.err).isZero();
    assertThat(lastColumns(output, own.length)).containsExactly("1", "2", "3", "4", "5");
    Run compaction = run("--compact", output);
    assertThat(compaction.exitCode).as(compaction.err).isZero();
    assertThat(output(output).columns()).endsWith(own);
    assertThat(lastColumns(output, own.length)).containsExactly("1", "2", "3", "4", "5");
  }

  private static List<Object> lastColumns(Path output, int count) {
    Row row = output(output).first();
    return IntStream.range(row.size() - count, row.size()).mapToObj(row::get).toList();
  }

  @Test
  void ownColumnsThatCollide_areReported() throws Exception {
    Path list = folder.resolve("list");
    spark.sql("select 'x' as path, 1 as status").write().parquet(list.toString());

    Run run = run("--list", list, folder.resolve("faces"));

    assertThat(run.exitCode).isEqualTo(1);
    assertThat(run.err.lines())
        .containsExactly(
            "expected own columns with other names than those of faces and of each other, found"
                + " 'status': rename it");
  }

  /** What Spark says is a page of traces. */
  @Test
  void damagedOutput_isReportedInOneLine_andKept() throws Exception {
    Path images = images();
    Path output = folder.resolve("faces");
    assertThat(run(images, output, "--batch", "3").exitCode).isZero();
    Path damaged = parquet(output).get(0);
    Files.delete(output.resolve("." + damaged.getFileName() + ".crc"));
    Files.write(damaged, Arrays.copyOf(Files.readAllBytes(damaged), 300));
    List<Path> before = parquet(output);

    // With it, Spark reads what it can: a compaction must not delete the rest.
    spark.conf().set("spark.sql.files.ignoreCorruptFiles", "true");
    try {
      for (Run run : List.of(run(images, output), run("--compact", output))) {
        assertThat(run.exitCode).isEqualTo(1);
        assertThat(run.err.lines()).hasSize(1);
        assertThat(run.err)
            .startsWith("the job failed (faces, ")
            .contains(damaged.getFileName().toString())
            .doesNotContain("Exception");
      }
    } finally {
      spark.conf().unset("spark.sql.files.ignoreCorruptFiles");
    }
    assertThat(parquet(output)).isEqualTo(before);
  }

  /** Spark writes them on local disks, and they would be as many as the files were. */
  @Test
  void compaction_leavesNoChecksums() throws Exception {
    Path images = images();
    Path output = folder.resolve("faces");
    assertThat(run(images, output, "--batch", "3").exitCode).isZero();

    assertThat(run("--compact", output).exitCode).isZero();

    List<String> checksums = tree(output).stream().filter(name -> name.endsWith(".crc")).toList();
    assertThat(checksums).hasSizeLessThanOrEqualTo(2); // of the file, and of _SUCCESS
  }

  /** The batches of the second round are not added to those of the first. */
  @Test
  void sessionThatKeepsPartitions_processesEachImageOnce() throws Exception {
    Path images = images();
    Path output = folder.resolve("faces");
    Configuration configuration = spark.sparkContext().hadoopConfiguration();
    configuration.set("fs.failing.impl", FailingFileSystem.class.getName());
    configuration.set("fs.failing.share", "0.6");
    configuration.set("fs.failing.times", "4");
    spark.conf().set("spark.sql.sources.partitionOverwriteMode", "dynamic");
    try {
      Run run = run("failing://" + UUID.randomUUID() + images, output, "--batch", "2");

      assertThat(run.exitCode).as(run.err).isZero();
      assertThat(run.out)
          .filteredOn(line -> line.contains("batch 1 of"))
          .as("one of each round")
          .hasSize(2);
    } finally {
      spark.conf().unset("spark.sql.sources.partitionOverwriteMode");
      configuration.unset("fs.failing.share");
      configuration.unset("fs.failing.times");
    }
    assertThat(output(output).groupBy("path").count().where("count > 1").collectAsList()).isEmpty();
  }

  /** It may be the only list of its images. */
  @Test
  void pendingList_staysUntilTheNextIsComplete() throws Exception {
    Path images = images();
    Files.createSymbolicLink(images.resolve("link.png"), folder.resolve("nothing"));
    Path output = folder.resolve("faces");
    assertThat(run(images, output).exitCode).isEqualTo(3);
    Path own = output.resolve("_omote");
    Files.createDirectories(own.resolve("pending.incomplete/x")); // of a job that was killed

    Run run = run("--list", own.resolve("pending"), output);

    assertThat(run.exitCode).as(run.err).isEqualTo(3);
    assertThat(spark.read().parquet(own.resolve("pending").toString()).count()).isEqualTo(1);
    assertThat(own.resolve("pending.incomplete")).doesNotExist();
  }

  /** Finished tasks of a killed job must not be committed by the next job. */
  @Test
  void leftoversOfAKilledJob_areNotTaken() throws Exception {
    Path images = images();
    Path output = folder.resolve("faces");
    assertThat(run(images, output).exitCode).isZero();
    Path task =
        Files.createDirectories(
            output.resolve("_temporary/0/task_202611270000001234567890123456789_0001_m_000000"));
    try (Stream<Path> files = Files.list(output)) {
      for (Path file : files.filter(name -> name.toString().endsWith(".parquet")).toList()) {
        Files.copy(file, task.resolve("left-" + file.getFileName()));
      }
    }
    Files.copy(images.resolve("astronaut.png"), images.resolve("one more.png"));

    Run run = run(images, output);

    assertThat(run.exitCode).as(run.err).isZero();
    assertThat(PlainFaces.ofRows(output(output), images)).isEqualTo(PlainFaces.of(images));
  }

  @Test
  void otherSettings_areRefused() throws Exception {
    Path images = images();
    Path output = folder.resolve("faces");
    assertThat(run(images, output).exitCode).isZero();

    Run run = run(images, output, "--orientation", "any");

    assertThat(run.exitCode).isEqualTo(1);
    assertThat(run.err).startsWith("expected output of the settings ").contains("ANY");
    assertThat(run(images, output, "--no-vector").err).startsWith("expected output of the ");
    assertThat(tree(output.resolve("_omote"))).containsExactly("", "output.properties");
  }

  /** Before anything is written or deleted. */
  @Test
  void foreignOutput_isUntouched() throws Exception {
    Path images = images();
    Path output = folder.resolve("faces");
    assertThat(run(images, output).exitCode).isZero();
    Files.createDirectories(output.resolve("_temporary/0"));
    Path foreign = Files.createDirectories(folder.resolve("foreign/_temporary/0"));
    List<String> before = tree(folder);

    assertThat(run(folder.resolve("mistyped"), output).exitCode).isEqualTo(1);
    assertThat(run(images, folder.resolve("foreign")).exitCode).isEqualTo(1);
    assertThat(run(images, images).exitCode).isEqualTo(1);
    assertThat(run(images, images.resolve("faces")).exitCode).isEqualTo(1);
    assertThat(run(folder, output).exitCode).isEqualTo(1);
    assertThat(run("--compact", images).exitCode).isEqualTo(1);
    assertThat(run("--compact", folder.resolve("none")).exitCode).isEqualTo(1);
    assertThat(run("--list", folder.resolve("none"), output).exitCode).isEqualTo(1);

    assertThat(tree(folder)).isEqualTo(before);
    assertThat(foreign).exists();
  }

  @Test
  void invalidOptions_areReported() throws Exception {
    Path output = folder.resolve("faces");
    Path images = images();

    assertThat(run(folder.resolve("none"), output).err).startsWith("the folder of images ");
    assertThat(run(images, output, "--models", "none").err)
        .startsWith("expected the name of a pack");
    assertThat(run(folder, output, "--batch", "0").exitCode).isEqualTo(2);
    assertThat(run(folder, output, "--orientation", "left").exitCode).isEqualTo(2);
    assertThat(run(folder, output, "--list", "x").exitCode).isEqualTo(2);
    assertThat(run(folder, output, "--compact").exitCode).isEqualTo(2);
    assertThat(run(output, "--compact", "--list", "x").exitCode).isEqualTo(2);
    assertThat(run(images, "nosuchscheme:///x").err)
        .startsWith("the output nosuchscheme:///x is not accessible: ");
    assertThat(run(images, "s3a://bucket/x").err)
        .startsWith("the output s3a://bucket/x is not accessible: the library of its file")
        .contains("add its jar with --jars or --packages");
    assertThat(run(images, folder.resolve("a:b")).err)
        .endsWith("Spark writes nowhere with a colon in the path\n");
    assertThat(run(folder).exitCode).isEqualTo(2);
    assertThat(run("--help").out).anyMatch(line -> line.contains("--batch=COUNT"));
    assertThat(output).doesNotExist();
  }

  @Test
  void emptyFolder_hasNoBatches() throws Exception {
    Path empty = Files.createDirectories(folder.resolve("empty"));

    Run run = run(empty, folder.resolve("faces"));

    assertThat(run.exitCode).as(run.err).isZero();
    assertThat(run.out).containsExactly("0 files, 0 of them already in the output");
  }
}
