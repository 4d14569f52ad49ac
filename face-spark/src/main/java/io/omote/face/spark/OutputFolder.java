// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.FaceException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.lib.output.FileOutputCommitter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The folder that a job writes to. It belongs to jobs with the same settings: a marker says so, and
 * a lock keeps other jobs out while it is open. What is not rows lies in a subfolder that Spark
 * ignores. Not thread-safe.
 */
final class OutputFolder implements AutoCloseable {
  /** Spark ignores names that start with an underscore. */
  private static final String PRIVATE = "_omote";

  /** The list of pending images. */
  static final String PENDING_LIST = "pending";

  private static final String MARKER = "output.properties";
  private static final String LOCK = "lock";
  private static final String VERSION = "1";

  /**
   * The contents of an output.
   *
   * @param modelId the recognizer
   * @param settings what determines the rows, besides the images, as a text
   * @param rows the columns
   */
  record Contents(String modelId, String settings, StructType rows) {}

  private final SparkSession spark;
  private final Configuration configuration;
  private final FileSystem files;
  private final Path folder;
  private @Nullable JobLock lock;

  private OutputFolder(SparkSession spark, Path folder) throws IOException {
    this.spark = spark;
    this.configuration = spark.sparkContext().hadoopConfiguration();
    this.files = Storage.of(folder, configuration);
    this.folder = files.makeQualified(folder);
  }

  /**
   * Looks at a folder, without changing it.
   *
   * @param name the folder, which need not exist
   * @throws FaceException if it is not accessible, or belongs to somebody else
   */
  static OutputFolder of(SparkSession spark, String name) {
    return Storage.run(
        String.format(Locale.ROOT, "the output %s is not accessible", name),
        () -> {
          OutputFolder output = new OutputFolder(spark, new Path(name));
          if (output.folder.toUri().getPath().contains(":")) {
            throw new IOException("Spark writes nowhere with a colon in the path");
          }
          output.requireOwn();
          return output;
        });
  }

  /**
   * Checks that neither the inputs lie in the output nor the output in an input.
   *
   * @throws FaceException if they overlap
   */
  void requireApartFrom(List<String> inputs) {
    for (String input : inputs) {
      Storage.run(
          String.format(Locale.ROOT, "the input %s is not accessible", input),
          () -> {
            Path in = Storage.canonical(new Path(input), configuration);
            Path out = Storage.canonical(folder, configuration);
            if (Storage.isIn(in, out) || Storage.isIn(out, in)) {
              throw new FaceException(
                  String.format(
                      Locale.ROOT,
                      "expected an output apart from the input, found %s and %s: choose a folder that is not in the other",
                      out,
                      in));
            }
            return null;
          });
    }
  }

  /**
   * Checks that a list of images is not one that this job deletes: of the files of the job itself,
   * only the list of pending images can be given.
   *
   * @throws FaceException if it is
   */
  void requireKept(String list) {
    Storage.run(
        String.format(Locale.ROOT, "the list of images %s is not accessible", list),
        () -> {
          Path file = Storage.canonical(new Path(list), configuration);
          Path own = Storage.canonical(new Path(folder, PRIVATE), configuration);
          if (Storage.isIn(file, own) && !Storage.isIn(file, new Path(own, PENDING_LIST))) {
            throw new FaceException(
                String.format(
                    Locale.ROOT,
                    "expected a list that is not the job's own, found %s: give %s, or the folders of images",
                    file,
                    new Path(own, PENDING_LIST)));
          }
          return null;
        });
  }

  /**
   * Locks the folder, which is created if it is missing, marks it, and removes what a killed job
   * left.
   *
   * @param contents what it shall hold, null if it must have a marker already
   * @param onLoss is run on another thread if another job takes the lock
   * @param say receives what the user should know while it waits
   * @return what it holds
   * @throws FaceException if another job holds the lock, or the folder holds something else
   */
  Contents lock(
      @Nullable Contents contents, JobLock.Timing timing, Runnable onLoss, Consumer<String> say) {
    return Storage.run(
        String.format(Locale.ROOT, "the output %s cannot be written", folder),
        () -> {
          Contents before = marker();
          if (before == null && contents == null) {
            throw new FaceException(
                String.format(
                    Locale.ROOT, "expected the output of a job, found none in %s", folder));
          }
          requireSame(before, contents);
          makeFolder(own(LOCK).getParent());
          String owner =
              JobLock.process() + ", application " + spark.sparkContext().applicationId();
          lock = JobLock.take(own(LOCK), configuration, timing, owner, onLoss, say);
          Contents now = marker();
          requireSame(now, contents);
          if (now == null) {
            requireOwn();
            write(own(MARKER), properties(Objects.requireNonNull(contents)));
          }
          removeLeftovers();
          return now == null ? Objects.requireNonNull(contents) : now;
        });
  }

  private void makeFolder(Path made) throws IOException {
    if (Storage.isLocal(made, configuration)) {
      // Hadoop would not say why it fails.
      try {
        Files.createDirectories(java.nio.file.Path.of(made.toUri().getPath()));
      } catch (FileAlreadyExistsException e) {
        throw new IOException("expected a folder, found a file or a link to nothing", e);
      }
    } else if (!files.mkdirs(made)) {
      throw new IOException(made + " cannot be created");
    }
  }

  /**
   * Checks that the lock is still held.
   *
   * @throws FaceException if it was lost
   */
  void requireLocked() {
    Objects.requireNonNull(lock).requireHeld();
  }

  /** Returns a file or folder of the job itself. */
  Path own(String name) {
    return new Path(new Path(folder, PRIVATE), name);
  }

  Path folder() {
    return folder;
  }

  FileSystem files() {
    return files;
  }

  /** Returns the rows, with some of their columns; empty if there are none yet. */
  Dataset<Row> rows(StructType columns) {
    return parquetFiles().isEmpty()
        ? spark.createDataFrame(List.of(), columns)
        : Storage.reader(spark, columns).parquet(Storage.literal(folder));
  }

  /** Returns the files that hold the rows. */
  List<FileStatus> parquetFiles() {
    return Storage.run(
        String.format(Locale.ROOT, "the output %s cannot be listed", folder),
        () -> Arrays.stream(files.listStatus(folder)).filter(OutputFolder::hasRows).toList());
  }

  /** Returns whether something in a folder is a file that Spark reads as rows. */
  static boolean hasRows(FileStatus file) {
    String name = file.getPath().getName();
    return file.isFile() && name.endsWith(".parquet") && !FolderEntries.isHidden(name);
  }

  /** Deletes a folder of the job itself. */
  void deleteOwn(String name) {
    Storage.run(
        String.format(Locale.ROOT, "%s cannot be deleted", own(name)),
        () -> {
          delete(own(name));
          return null;
        });
  }

  /** Renames a folder of the job itself, to a name that is free. */
  void renameOwn(String from, String to) {
    Storage.run(
        String.format(Locale.ROOT, "%s cannot be renamed to %s", own(from), to),
        () -> {
          if (!files.rename(own(from), own(to))) {
            throw new IOException("the storage gives no reason");
          }
          return null;
        });
  }

  /** Deletes a file or a folder with its content, if it exists; some storages fail silently. */
  void delete(Path path) throws IOException {
    // With its checksum, which Spark writes on local disks.
    if (!path.getFileSystem(configuration).delete(path, true) && files.exists(path)) {
      throw new IOException(path.getName() + " cannot be deleted: access is denied");
    }
  }

  /**
   * Deletes the results of tasks of a killed job. Hadoop's committer would commit them with the
   * next job, which produces them again.
   */
  private void removeLeftovers() throws IOException {
    delete(new Path(folder, FileOutputCommitter.PENDING_DIR_NAME));
  }

  private void requireOwn() throws IOException {
    FileStatus[] found;
    try {
      if (!files.getFileStatus(folder).isDirectory()) {
        throw new FaceException(
            String.format(
                Locale.ROOT, "expected a folder for the output, found the file %s", folder));
      }
      found = files.listStatus(folder);
    } catch (FileNotFoundException e) {
      return;
    }
    if (marker() != null) {
      return;
    }
    List<String> foreign = new ArrayList<>();
    for (FileStatus file : found) {
      String name = file.getPath().getName();
      if (!(name.equals(PRIVATE) && file.isDirectory())) {
        foreign.add(name);
      }
    }
    if (!foreign.isEmpty()) {
      throw new FaceException(
          String.format(
              Locale.ROOT,
              "expected a new or empty folder, or the output of a job, found %d other files or folders in %s: choose another folder",
              foreign.size(),
              folder));
    }
  }

  private void requireSame(@Nullable Contents found, @Nullable Contents expected) {
    if (found == null || expected == null || found.equals(expected)) {
      return;
    }
    boolean isModel = !found.modelId.equals(expected.modelId);
    boolean isSettings = !found.settings.equals(expected.settings);
    String what = isModel ? "model" : isSettings ? "settings" : "columns";
    throw new FaceException(
        String.format(
            Locale.ROOT,
            "expected output of the %s %s, found output of %s in %s: choose another folder, or the same %s",
            what,
            isModel ? expected.modelId : isSettings ? expected.settings : names(expected),
            isModel ? found.modelId : isSettings ? found.settings : names(found),
            folder,
            what));
  }

  private static String names(Contents contents) {
    return String.join(", ", contents.rows.fieldNames());
  }

  /** Returns what the marker says, null if there is none. */
  private @Nullable Contents marker() throws IOException {
    String text = Storage.text(files, own(MARKER));
    if (text == null) {
      return null;
    }
    try {
      Properties read = new Properties();
      read.load(new StringReader(text));
      requireVersion(Objects.requireNonNull(read.getProperty("version")));
      return new Contents(
          read.getProperty("modelId", ""),
          read.getProperty("settings", ""),
          (StructType) DataType.fromJson(read.getProperty("rows", "")));
    } catch (FaceException e) {
      throw e;
    } catch (Exception e) { // also those that Scala does not declare
      throw new FaceException(
          String.format(
              Locale.ROOT,
              "expected a readable marker of the output, found a damaged %s: put it back from a copy, or choose another folder",
              own(MARKER)),
          e);
    }
  }

  private void requireVersion(String version) {
    if (!version.equals(VERSION)) {
      throw new FaceException(
          String.format(
              Locale.ROOT,
              "expected output of version %s, found version '%s' in %s: use the version of Omote that wrote it, or another folder",
              VERSION,
              version,
              folder));
    }
  }

  private static String properties(Contents contents) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("version", VERSION);
    properties.setProperty("modelId", contents.modelId);
    properties.setProperty("settings", contents.settings);
    properties.setProperty("rows", contents.rows.json());
    StringWriter text = new StringWriter();
    properties.store(text, null);
    return text.toString();
  }

  /** Writes a file, which appears when it is complete. */
  void write(Path file, String text) throws IOException {
    Path incomplete = new Path(file.getParent(), file.getName() + ".incomplete");
    try (OutputStream out = files.create(incomplete, true)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    if (!files.rename(incomplete, file)) {
      throw new IOException("it cannot be renamed to " + file.getName());
    }
  }

  @Override
  public void close() {
    if (lock != null) {
      lock.close();
    }
  }
}
