// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
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
        FaceJob.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
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
    return spark.read().parquet(output.toString());
  }

  @Test
  void job_writesWhatOneJvmSays_andResumes() throws Exception {
    Path images = images();
    Path output = folder.resolve("faces");

    Run run = run(images, output, "--batch", "3");

    assertThat(run.exitCode).as(run.err).isZero();
    assertThat(run.out.get(0)).isEqualTo("10 files, 0 of them already in the output");
    assertThat(run.out)
        .contains("batch 4 of 4 written", "OK: 3 images, 3 faces", "DAMAGED: 3 images, 0 faces");
    assertThat(PlainFaces.ofRows(output(output), images)).isEqualTo(PlainFaces.of(images));

    Files.copy(images.resolve("astronaut.png"), images.resolve("one more.png"));
    Files.setLastModifiedTime(images.resolve("black.png"), FileTime.fromMillis(1_700_000_000_123L));
    Run again = run(images, output);

    assertThat(again.exitCode).as(again.err).isZero();
    assertThat(again.out.get(0)).isEqualTo("11 files, 9 of them already in the output");
    Dataset<Row> rows = output(output);
    assertThat(rows.count()).isEqualTo(12);
    assertThat(rows.where("path like '%/black.png'").count()).isEqualTo(2);
    Run third = run(images, output);
    assertThat(third.out.get(0)).isEqualTo("11 files, 11 of them already in the output");
    assertThat(output(output).count()).isEqualTo(12);
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
  void outputOfAnotherModel_isRefused() throws Exception {
    Path images = images();
    Path output = folder.resolve("faces");
    assertThat(run(images, output).exitCode).isZero();
    Path other = folder.resolve("other");
    output(output)
        .withColumn("modelId", functions.lit("another:123"))
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(other.toString());

    Run run = run(images, other);

    assertThat(run.exitCode).isEqualTo(1);
    assertThat(run.err)
        .startsWith("expected output of the model ")
        .contains("found output of another:123");
  }

  @Test
  void invalidOptions_areReported() throws Exception {
    Path output = folder.resolve("faces");

    assertThat(run(folder.resolve("none"), output).err).startsWith("the folder of images ");
    assertThat(run(folder, output, "--models", "none").err)
        .startsWith("expected the name of a pack or a folder that exists on every machine");
    assertThat(run(folder, output, "--batch", "0").exitCode).isEqualTo(2);
    assertThat(run(folder, "nosuchscheme:///x").err)
        .startsWith("the output folder nosuchscheme:///x is not accessible: ");
    assertThat(run(folder).exitCode).isEqualTo(2);
    assertThat(run("--help").out).anyMatch(line -> line.contains("--batch=COUNT"));
  }

  @Test
  void emptyFolder_hasNoBatches() throws Exception {
    Path empty = Files.createDirectories(folder.resolve("empty"));

    Run run = run(empty, folder.resolve("faces"));

    assertThat(run.exitCode).as(run.err).isZero();
    assertThat(run.out).containsExactly("0 files, 0 of them already in the output");
  }
}
