// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.FaceException;
import io.omote.face.Orientation;
import io.omote.face.internal.files.FileFailure;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * A program for {@code spark-submit} that finds and embeds the faces in folders of images, and
 * writes them as Parquet with the columns of {@link SparkFaces#find}. It writes in batches and
 * skips images that the output already contains, without reading them. A job that is killed loses
 * only its current batch and resumes when it is started again. Images that the storage does not
 * deliver are not written: they are pending, and the next start tries them again. Not thread-safe.
 */
@Command(
    name = "faces",
    mixinStandardHelpOptions = true,
    customSynopsis = {
      "faces [OPTIONS] INPUT... OUTPUT",
      "faces [OPTIONS] --list=FILE OUTPUT",
      "faces --compact OUTPUT"
    },
    description = {
      "",
      "Finds and embeds the faces in all files in each INPUT and its subfolders, and writes them as Parquet.",
      "Started again with the same OUTPUT, it resumes where it ended. A file whose length or"
          + " modification time has changed is processed again."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all images are in the output; the summary counts those that are damaged or no images",
      "1:failed; the message says why",
      "2:invalid options",
      "3:some images are pending, because a storage did not deliver or store them: start again"
    })
public final class FaceJob implements Callable<Integer> {
  private static final int PENDING = 3;

  /** Small enough to lose, large enough for a Spark job. */
  private static final int DEFAULT_BATCH = 10_000;

  /** Pending images are tried once more, when the storage has had some time. */
  private static final int ROUNDS = 2;

  private static final int NAMED = 20;

  private static final String LIST = "list";
  private static final String BATCHES = "batches";
  private static final String PENDING_NEW = "pending.incomplete";
  private static final String BATCH = "omoteBatch";

  /** The property of Spark's jobs that describes them. */
  private static final String DESCRIPTION = "spark.job.description";

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  @Spec private CommandSpec spec;

  @Option(
      names = "--models",
      paramLabel = "NAME|FOLDER",
      defaultValue = "lite",
      description =
          "pack, folder that exists on every machine, or archive given to spark-submit; by default"
              + " the bundled pack ${DEFAULT-VALUE}")
  private String models;

  @Option(
      names = "--analyzers",
      paramLabel = "NAME",
      split = ",",
      description = "analyzers, each of which adds a column")
  private List<String> analyzers = new ArrayList<>();

  @Option(
      names = "--orientation",
      paramLabel = "POSITIONS",
      description = "upright, or any: find faces in any position, in four times the time")
  private Orientation orientation = Orientation.UPRIGHT;

  @Option(
      names = "--no-vector",
      description = "leave out the column of numbers, which doubles the size of the output")
  private boolean withoutVector;

  @Option(
      names = "--batch",
      paramLabel = "COUNT",
      description = "images per batch; by default " + DEFAULT_BATCH)
  private int batch = DEFAULT_BATCH;

  @Option(
      names = "--list",
      paramLabel = "FILE",
      description =
          "images to process instead of those in INPUT: Parquet with a column path, or text with a path per line")
  private String list;

  @Option(
      names = "--compact",
      description =
          "rewrite OUTPUT as few files with the newest rows of each path, and do nothing else")
  private boolean compact;

  @Parameters(
      arity = "1..*",
      paramLabel = "FOLDER",
      description =
          "INPUT, folders of images, and OUTPUT, the folder for the Parquet files; on any file systems that Hadoop supports")
  private List<String> folders;

  private SparkSession spark;
  private OutputFolder output;

  /** Called by {@link #main}. */
  FaceJob() {}

  @Override
  public Integer call() {
    requireOptions();
    spark = SparkSession.builder().appName("Omote faces").getOrCreate();
    try {
      return run();
    } catch (FaceException | ParameterException e) {
      throw e;
    } catch (Exception e) { // Spark throws checked exceptions that it does not declare
      throw failure(e);
    } finally {
      spark.sparkContext().clearJobGroup();
    }
  }

  private int run() {
    List<String> inputs = folders.subList(0, folders.size() - 1);
    String target = folders.get(folders.size() - 1);
    if (compact) {
      return compact(target);
    }
    FaceTransformer transformer = transformer();
    // Opened here first, to report problems with the models before the cluster starts to work.
    String modelId = transformer.open();
    Listing.requireListable(spark, inputs);
    Dataset<Row> given = list == null ? null : SparkFaces.readList(spark, list);
    StructType columns =
        transformer.transformSchema(given == null ? FaceColumns.LISTED : given.schema());
    OutputFolder.Contents contents =
        new OutputFolder.Contents(
            modelId,
            transformer.settingsText() + "; detector=" + ModelSource.detectorId(models),
            columns);
    output = OutputFolder.of(spark, target);
    output.requireApartFrom(inputs);
    if (list != null) {
      output.requireKept(list);
    }
    try (OutputFolder locked = output) {
      lock(contents);
      Compaction.finish(locked);
      return process(transformer, inputs, given);
    }
  }

  private void requireOptions() {
    CommandLine command = spec.commandLine();
    if (batch < 1) {
      throw new ParameterException(command, "expected at least 1 image per batch, found " + batch);
    }
    boolean needsInput = list == null && !compact;
    if (needsInput && folders.size() < 2) {
      throw new ParameterException(
          command, "expected INPUT and OUTPUT, found only '" + folders.get(0) + "'");
    }
    if (!needsInput && folders.size() > 1) {
      throw new ParameterException(
          command,
          String.format(
              Locale.ROOT,
              "expected only OUTPUT beside %s, found also '%s'",
              compact ? "--compact" : "--list",
              folders.get(0)));
    }
    if (compact && list != null) {
      throw new ParameterException(command, "expected --compact or --list, found both");
    }
  }

  private FaceTransformer transformer() {
    try {
      return new FaceTransformer()
          .setModels(models)
          .setAnalyzers(analyzers.toArray(String[]::new))
          .setOrientation(orientation)
          .setVector(!withoutVector);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private OutputFolder.Contents lock(OutputFolder.@Nullable Contents contents) {
    SparkContext context = spark.sparkContext();
    String group = "omote-" + UUID.randomUUID();
    context.setJobGroup(group, "faces", false);
    return output.lock(
        contents, JobLock.Timing.DEFAULT, () -> context.cancelJobGroup(group), this::say);
  }

  private int compact(String target) {
    output = OutputFolder.of(spark, target);
    try (OutputFolder locked = output) {
      OutputFolder.Contents contents = lock(null);
      describe("compaction");
      Compaction.finish(locked);
      int before = locked.parquetFiles().size();
      int after = Compaction.run(spark, locked, contents.rows());
      say("%d files, %d before", after, before);
      return ExitCode.OK;
    }
  }

  private int process(
      FaceTransformer transformer, List<String> inputs, @Nullable Dataset<Row> given) {
    output.deleteOwn(LIST);
    output.deleteOwn(BATCHES);
    describe("list of images");
    Dataset<Row> listed = list(inputs, given);
    FaceMetrics metrics = FaceMetrics.register(spark.sparkContext());
    String failure = null;
    int exitCode = ExitCode.OK;
    boolean isDone = false;
    for (int round = 0; !isDone; round++) {
      Dataset<Row> pending = pending(listed).persist(StorageLevel.DISK_ONLY());
      // Always given back, because Spark takes what another data set of the same plan has kept.
      try {
        long left = pending.count();
        if (round == 0) {
          long count = listed.count();
          say("%d files, %d of them already in the output", count, count - left);
        }
        if (left == 0) {
          output.deleteOwn(OutputFolder.PENDING_LIST);
          isDone = true;
        } else if (round == ROUNDS || failure != null) {
          exitCode = report(pending, left, metrics.samples(), failure);
          isDone = true;
        } else {
          failure = append(transformer, pending.where("problem is null"), metrics, round);
        }
      } finally {
        pending.unpersist();
      }
    }
    summarize();
    output.deleteOwn(LIST);
    output.deleteOwn(BATCHES);
    return exitCode;
  }

  /** Writes the list of images, which all rounds must agree on, and returns it. */
  private Dataset<Row> list(List<String> inputs, @Nullable Dataset<Row> given) {
    Path target = output.own(LIST);
    if (given == null) {
      return Listing.write(spark, inputs, target.toString());
    }
    given.write().parquet(target.toString());
    return Storage.reader(spark, given.schema()).parquet(Storage.literal(target));
  }

  /** Returns the images that the output does not contain. */
  private Dataset<Row> pending(Dataset<Row> listed) {
    Dataset<Row> done = output.rows(FaceColumns.IMAGES);
    Column isSame =
        Stream.of(FaceColumns.PATH, FaceColumns.LENGTH, FaceColumns.MODIFIED)
            .map(column -> listed.col(column).eqNullSafe(done.col(column)))
            .reduce(Column::and)
            .orElseThrow();
    return listed.join(done, isSame, "left_anti");
  }

  /**
   * Finds the faces of images, batch by batch.
   *
   * @return why a batch could not be written, null if all were
   */
  private @Nullable String append(
      FaceTransformer transformer, Dataset<Row> images, FaceMetrics metrics, int round) {
    long count = images.count();
    long batches = (count + batch - 1) / batch;
    if (batches == 0) {
      return null;
    }
    describe("batches");
    // By a number that differs between starts: images that fail must not keep others from their
    // turn.
    long seed = Instant.now().toEpochMilli();
    Column number =
        functions.pmod(
            functions.xxhash64(functions.col(FaceColumns.PATH), functions.lit(seed)),
            functions.lit(batches));
    Path folder = output.own(BATCHES);
    // Not left to the writer, which keeps the batches of the first round if the session says so.
    output.deleteOwn(BATCHES);
    String batchColumn = FaceColumns.free(BATCH, images.columns());
    images
        .withColumn(batchColumn, number)
        .repartition(functions.col(batchColumn))
        .write()
        .partitionBy(batchColumn)
        .parquet(folder.toString());
    List<Path> parts =
        Storage.run(
            "the batches cannot be listed",
            () ->
                Arrays.stream(output.files().listStatus(folder))
                    .filter(FileStatus::isDirectory)
                    .map(FileStatus::getPath)
                    .toList());
    int tasks = Listing.tasksOfImages(spark, Math.min(count, batch));
    for (int part = 0; part < parts.size(); part++) {
      String name =
          String.format(
              Locale.ROOT,
              "%sbatch %d of %d",
              round == 0 ? "" : "second round, ",
              part + 1,
              parts.size());
      describe(name);
      output.requireLocked();
      try {
        Dataset<Row> chosen =
            Storage.reader(spark, images.schema()).parquet(Storage.literal(parts.get(part)));
        transformer
            .transform(chosen.repartition(tasks), metrics)
            .where(functions.col(FaceColumns.STATUS).notEqual(FaceColumns.UNREADABLE))
            .write()
            .mode(SaveMode.Append)
            .parquet(output.folder().toString());
      } catch (Exception e) { // Spark throws checked exceptions that it does not declare
        output.requireLocked();
        throwIfOwn(e);
        return String.format(Locale.ROOT, "%s could not be written: %s", name, reason(e));
      }
      say("%s written", name);
    }
    return null;
  }

  private void describe(String what) {
    spark.sparkContext().setJobDescription("faces, " + what);
  }

  /** Returns why the job failed, in words. */
  private FaceException failure(Exception failure) {
    throwIfOwn(failure);
    if (spark.sparkContext().isStopped()) {
      return new FaceException(
          "the job ended before it was done, because Spark was stopped: start it again", failure);
    }
    if (failure instanceof IllegalArgumentException) {
      return new FaceException(failure.getMessage(), failure); // such as a name of a column
    }
    String step = spark.sparkContext().getLocalProperty(DESCRIPTION);
    return new FaceException(
        String.format(
            Locale.ROOT,
            "the job failed%s: %s",
            step == null ? "" : " (" + step + ")",
            reason(failure)),
        failure);
  }

  /** Throws the exception of this library that made a job of Spark fail, such as missing models. */
  private static void throwIfOwn(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof FaceException said) {
        throw new FaceException(said.getMessage(), failure);
      }
    }
  }

  /** Returns the innermost reason, which is that of the storage. */
  private static String reason(Throwable failure) {
    String text = FileFailure.reason(Storage.root(failure));
    return text.lines().findFirst().orElse(text);
  }

  private void summarize() {
    StructType columns =
        FaceColumns.IMAGES
            .add(FaceColumns.STATUS, DataTypes.StringType)
            .add(FaceColumns.FACE, DataTypes.IntegerType)
            .add(FaceColumns.PROCESSED, DataTypes.TimestampType);
    describe("summary");
    SparkFaces.latest(output.rows(columns))
        .groupBy(FaceColumns.STATUS)
        .agg(
            functions.countDistinct(FaceColumns.PATH).as("images"),
            functions.count(FaceColumns.FACE).as("faces"))
        .orderBy(FaceColumns.STATUS)
        .collectAsList()
        .forEach(row -> say("%s: %d images, %d faces", row.get(0), row.get(1), row.get(2)));
  }

  /** Prints the first pending images, and leaves a list of all. */
  private int report(
      Dataset<Row> pending, long count, List<String> samples, @Nullable String failure) {
    describe("pending images");
    Path target = output.own(OutputFolder.PENDING_LIST);
    // The one before is kept until this one is complete: it may be the only list of its images.
    output.deleteOwn(PENDING_NEW);
    pending.write().parquet(output.own(PENDING_NEW).toString());
    output.deleteOwn(OutputFolder.PENDING_LIST);
    output.renameOwn(PENDING_NEW, OutputFolder.PENDING_LIST);
    if (failure != null) {
      say("%s", failure);
    }
    say("%d files are pending; the list of them is in %s", count, target);
    Storage.reader(spark, pending.schema())
        .parquet(Storage.literal(target))
        .limit(NAMED)
        .collectAsList()
        .forEach(
            row -> {
              String path = row.getAs(FaceColumns.PATH);
              String problem = row.getAs(FaceColumns.PROBLEM);
              say("  %s", problem == null ? sample(path, samples) : path + ": " + problem);
            });
    if (count > NAMED) {
      say("  and %d more", count - NAMED);
    }
    return PENDING;
  }

  /** Returns a path with the reason of its last failure, if that is known. */
  private static String sample(String path, List<String> samples) {
    return samples.stream()
        .filter(text -> text.startsWith(path + ": "))
        .reduce((first, last) -> last)
        .orElse(path);
  }

  private void say(String pattern, Object... values) {
    say(String.format(Locale.ROOT, pattern, values));
  }

  private void say(String line) {
    PrintWriter out = spec.commandLine().getOut();
    // A name may contain line breaks and other characters that control a terminal.
    out.println(CONTROL.matcher(line).replaceAll("?"));
    out.flush();
  }

  /**
   * Runs the job, and ends the process with an exit code if it fails.
   *
   * @param args the options; {@code --help} lists them
   */
  public static void main(String[] args) {
    // Spark writes the numbers in names of files in the digits of the locale.
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    FaceJob job = new FaceJob();
    int exitCode = commandLine(job).execute(args);
    if (job.spark != null) {
      job.spark.stop(); // its threads would keep the process alive on some clusters
    }
    if (exitCode != ExitCode.OK) {
      System.exit(exitCode);
    }
  }

  static CommandLine commandLine(FaceJob job) {
    return new CommandLine(job)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (e, command, result) -> {
              if (e instanceof FaceException) {
                command.getErr().println(CONTROL.matcher(e.getMessage()).replaceAll("?"));
                command.getErr().flush();
                return ExitCode.SOFTWARE;
              }
              throw e;
            });
  }
}
