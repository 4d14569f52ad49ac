// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.FaceException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.lib.output.FileOutputCommitter;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * A program for {@code spark-submit} that finds and embeds the faces in a folder of images, and
 * writes them as Parquet with the columns of {@link SparkFaces#find}. It writes in batches and
 * skips images that the output already contains, without reading them. A job that is killed loses
 * only its current batch and resumes when it is started again. Do not run two jobs with the same
 * output concurrently. Not thread-safe.
 */
@Command(
    name = "faces",
    mixinStandardHelpOptions = true,
    description = {
      "Finds and embeds the faces in all files in INPUT and its subfolders, and writes them as Parquet.",
      "Started again with the same OUTPUT, it resumes where it ended. A file whose length or"
          + " modification time has changed is processed again."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all images are in the output; the summary counts those that could not be read",
      "1:failed; the message says why",
      "2:invalid options"
    })
public final class FaceJob implements Callable<Integer> {
  /** Small enough to lose, large enough for a Spark job. */
  private static final int DEFAULT_BATCH = 10_000;

  /** Repeating a failed task with more images would take long. */
  private static final int IMAGES_PER_TASK = 1000;

  /** Several tasks per processor even out images that take longer. */
  private static final int TASKS_PER_PROCESSOR = 3;

  @Spec private CommandSpec spec;

  @Option(
      names = "--models",
      paramLabel = "NAME|FOLDER",
      defaultValue = "lite",
      description =
          "pack or folder that exists on every machine; by default the bundled pack"
              + " ${DEFAULT-VALUE}")
  private String models;

  @Option(
      names = "--batch",
      paramLabel = "COUNT",
      description = "images per batch; by default " + DEFAULT_BATCH)
  private int batch = DEFAULT_BATCH;

  @Parameters(
      index = "0",
      paramLabel = "INPUT",
      description = "folder of images, on any file system that Hadoop supports")
  private String input;

  @Parameters(
      index = "1",
      paramLabel = "OUTPUT",
      description = "folder for the Parquet files, on any such file system")
  private String output;

  /** Called by {@link #main}. */
  FaceJob() {}

  @Override
  public Integer call() {
    if (batch < 1) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "expected at least 1 image per batch, found " + batch);
    }
    SparkSession spark = SparkSession.builder().appName("Omote faces").getOrCreate();
    // Opened here first, to report problems with the models before the cluster starts to work.
    String modelId = ExecutorNetworks.of(models).embedder().modelId();
    deleteLeftovers(spark);
    Dataset<Row> images = SparkFaces.list(spark, input);
    long listed = images.count();
    Dataset<Row> pending =
        withoutWritten(spark, images, modelId).persist(StorageLevel.MEMORY_AND_DISK());
    long count = pending.count();
    say("%d files, %d of them already in the output", listed, listed - count);
    append(spark, pending, count);
    summarize(spark);
    pending.unpersist();
    return ExitCode.OK;
  }

  private Dataset<Row> withoutWritten(SparkSession spark, Dataset<Row> images, String modelId) {
    if (!exists(spark)) {
      return images;
    }
    Dataset<Row> done = spark.read().schema(SparkFaces.schema()).parquet(output);
    List<String> others =
        done.select(FaceColumns.MODEL).distinct().limit(2).collectAsList().stream()
            .map(row -> row.getString(0))
            .filter(id -> !modelId.equals(id))
            .toList();
    if (!others.isEmpty()) {
      throw new FaceException(
          String.format(
              Locale.ROOT,
              "expected output of the model %s, found output of %s in %s: choose another folder, or the same model",
              modelId,
              others.get(0),
              output));
    }
    Column isSame =
        Stream.of(FaceColumns.PATH, FaceColumns.LENGTH, FaceColumns.MODIFIED)
            .map(column -> images.col(column).eqNullSafe(done.col(column)))
            .reduce(Column::and)
            .orElseThrow();
    return images.join(done, isSame, "left_anti");
  }

  /**
   * Deletes the results of tasks of a killed job. Hadoop's committer would commit them with the
   * next job, which produces them again.
   */
  private void deleteLeftovers(SparkSession spark) {
    inOutput(
        spark, files -> files.delete(new Path(output, FileOutputCommitter.PENDING_DIR_NAME), true));
  }

  /** Returns whether a batch was written; if the first is killed, it leaves an empty folder. */
  private boolean exists(SparkSession spark) {
    return inOutput(
        spark,
        files ->
            files.exists(new Path(output))
                && Arrays.stream(files.listStatus(new Path(output)))
                    .anyMatch(file -> file.getPath().getName().endsWith(".parquet")));
  }

  private boolean inOutput(SparkSession spark, FileTask task) {
    try {
      return task.on(new Path(output).getFileSystem(spark.sparkContext().hadoopConfiguration()));
    } catch (IOException | IllegalArgumentException e) {
      throw new FaceException(
          String.format(
              Locale.ROOT, "the output folder %s is not accessible: %s", output, e.getMessage()),
          e);
    }
  }

  private interface FileTask {
    boolean on(FileSystem files) throws IOException;
  }

  private void append(SparkSession spark, Dataset<Row> pending, long count) {
    long batches = (count + batch - 1) / batch;
    Dataset<Row> numbered =
        pending.withColumn(
            "batch",
            functions.expr(
                String.format(Locale.ROOT, "pmod(xxhash64(path), %d)", Math.max(1, batches))));
    int most = spark.sparkContext().defaultParallelism() * TASKS_PER_PROCESSOR;
    int tasks = (int) Math.max(most, Math.min(count, batch) / IMAGES_PER_TASK);
    for (long number = 0; number < batches; number++) {
      spark
          .sparkContext()
          .setJobDescription(
              String.format(Locale.ROOT, "faces, batch %d of %d", number + 1, batches));
      Dataset<Row> chosen =
          numbered.where(functions.col("batch").equalTo(number)).drop("batch").repartition(tasks);
      SparkFaces.find(chosen, models).write().mode(SaveMode.Append).parquet(output);
      say("batch %d of %d written", number + 1, batches);
    }
    spark.sparkContext().setJobDescription(null);
  }

  private void summarize(SparkSession spark) {
    if (!exists(spark)) {
      return;
    }
    Dataset<Row> written = spark.read().schema(SparkFaces.schema()).parquet(output);
    written
        .groupBy(FaceColumns.STATUS)
        .agg(
            functions.countDistinct(FaceColumns.PATH).as("images"),
            functions.count(FaceColumns.FACE).as("faces"))
        .orderBy(FaceColumns.STATUS)
        .collectAsList()
        .forEach(row -> say("%s: %d images, %d faces", row.get(0), row.get(1), row.get(2)));
  }

  private void say(String pattern, Object... values) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(String.format(Locale.ROOT, pattern, values));
    out.flush();
  }

  /**
   * Runs the job, and ends the process with an exit code if it fails.
   *
   * @param args the options; {@code --help} lists them
   */
  public static void main(String[] args) {
    int exitCode = commandLine().execute(args);
    if (exitCode != ExitCode.OK) {
      System.exit(exitCode);
    }
  }

  static CommandLine commandLine() {
    return new CommandLine(new FaceJob())
        .setExecutionExceptionHandler(
            (e, command, result) -> {
              if (e instanceof FaceException) {
                command.getErr().println(e.getMessage());
                command.getErr().flush();
                return ExitCode.SOFTWARE;
              }
              throw e;
            });
  }
}
