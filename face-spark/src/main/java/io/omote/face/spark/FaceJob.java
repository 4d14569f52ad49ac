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
 * A program for {@code spark-submit}: from a folder of images to faces and embeddings as Parquet,
 * in the columns of {@link SparkFaces#find}. Images that the output has already are left out before
 * they are read, and it grows batch by batch: a job that is killed loses the batch at work, and
 * starts again where it ended. One job at a time may write to an output. Not thread-safe.
 */
@Command(
    name = "faces",
    mixinStandardHelpOptions = true,
    description = {
      "Finds and embeds the faces of all files in INPUT, and of the folders in it, and writes them as Parquet.",
      "Started again with the same OUTPUT, it goes on where it ended. A changed file, by length or"
          + " modification time, is another image."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all is in the output; the summary counts what could not be read",
      "1:no result, the text says why",
      "2:wrong options"
    })
public final class FaceJob implements Callable<Integer> {
  /** Small enough to be lost, large enough to be worth a job of Spark's. */
  private static final int DEFAULT_BATCH = 10_000;

  /** A task with more images would be long to repeat. */
  private static final int IMAGES_A_TASK = 1000;

  /** So many tasks for each processor even out images that take longer. */
  private static final int TASKS_A_PROCESSOR = 3;

  @Spec private CommandSpec spec;

  @Option(
      names = "--models",
      paramLabel = "NAME|DIR",
      defaultValue = "lite",
      description =
          "pack that was fetched on every machine, or folder that is there; by default the bundled"
              + " pack ${DEFAULT-VALUE}")
  private String models;

  @Option(
      names = "--batch",
      paramLabel = "COUNT",
      description = "images of a batch; by default " + DEFAULT_BATCH)
  private int batch = DEFAULT_BATCH;

  @Parameters(
      index = "0",
      paramLabel = "INPUT",
      description = "folder of images, on any file system that Hadoop knows")
  private String input;

  @Parameters(
      index = "1",
      paramLabel = "OUTPUT",
      description = "folder for the Parquet files, on any such file system")
  private String output;

  /** Made by {@link #main}. */
  FaceJob() {}

  @Override
  public Integer call() {
    if (batch < 1) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "expected 1 image a batch or more, found " + batch);
    }
    SparkSession spark = SparkSession.builder().appName("Omote faces").getOrCreate();
    // Opened here first: what is wrong with the models is said before the cluster works.
    String modelId = ExecutorNetworks.of(models).embedder().modelId();
    deleteLeftovers(spark);
    Dataset<Row> images = SparkFaces.list(spark, input);
    long listed = images.count();
    Dataset<Row> pending =
        withoutDone(spark, images, modelId).persist(StorageLevel.MEMORY_AND_DISK());
    long count = pending.count();
    say("%d files, of which %d are in the output already", listed, listed - count);
    append(spark, pending, count);
    summarize(spark);
    pending.unpersist();
    return ExitCode.OK;
  }

  private Dataset<Row> withoutDone(SparkSession spark, Dataset<Row> images, String modelId) {
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
              "expected an output of the model %s, found one of %s in %s: name another folder, or the same model",
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
   * Hadoop's committer would take what tasks of a killed job had done for work of the next one,
   * which does it again.
   */
  private void deleteLeftovers(SparkSession spark) {
    inOutput(
        spark, files -> files.delete(new Path(output, FileOutputCommitter.PENDING_DIR_NAME), true));
  }

  /** Whether a batch was written: a killed first one leaves an empty folder. */
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
              Locale.ROOT,
              "expected a folder for the output, found %s: %s",
              output,
              e.getMessage()),
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
    int most = spark.sparkContext().defaultParallelism() * TASKS_A_PROCESSOR;
    int tasks = (int) Math.max(most, Math.min(count, batch) / IMAGES_A_TASK);
    for (long number = 0; number < batches; number++) {
      spark
          .sparkContext()
          .setJobDescription(
              String.format(Locale.ROOT, "faces, batch %d of %d", number + 1, batches));
      Dataset<Row> chosen =
          numbered.where(functions.col("batch").equalTo(number)).drop("batch").repartition(tasks);
      SparkFaces.find(chosen, models).write().mode(SaveMode.Append).parquet(output);
      say("batch %d of %d is written", number + 1, batches);
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
   * Runs the job, and ends the process unless all went well.
   *
   * @param args the options; {@code --help} says which
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
