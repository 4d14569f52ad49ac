// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.FaceException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * Replaces the many files of an output by few, which hold the newest rows of each path only. The
 * old files are deleted when the new ones are complete and in their place; if the job is killed in
 * between, the next one resumes there. Until then the output holds rows twice, of which {@link
 * SparkFaces#latest} returns one. Stateless and thread-safe.
 */
final class Compaction {
  /** A size that object stores and Spark read well. */
  private static final long BYTES_PER_FILE = 256L << 20;

  private static final String NEW_FILES = "compacted";
  private static final String OLD_FILES = "compaction";

  private Compaction() {}

  /**
   * Compacts an output.
   *
   * @param columns the columns of the output
   * @return the number of files that there are then
   */
  static int run(SparkSession spark, OutputFolder output, StructType columns) {
    List<FileStatus> old = output.parquetFiles();
    if (old.isEmpty()) {
      return 0;
    }
    long bytes = old.stream().mapToLong(FileStatus::getLen).sum();
    int count = Math.toIntExact(Math.max(1, (bytes + BYTES_PER_FILE - 1) / BYTES_PER_FILE));
    Path target = output.own(NEW_FILES);
    Dataset<Row> rows = output.rows(columns);
    // By the path, so that finding the newest rows of a path needs no other shuffle.
    SparkFaces.latest(rows.repartition(count, functions.col(FaceColumns.PATH)))
        .write()
        .mode("overwrite")
        .parquet(target.toString());
    requireComplete(spark, rows, target, columns);
    output.requireLocked();
    String names =
        old.stream().map(file -> file.getPath().getName()).collect(Collectors.joining("\n"));
    Storage.run(
        "the compaction cannot be recorded",
        () -> {
          output.write(output.own(OLD_FILES), names);
          return null;
        });
    finish(output);
    return output.parquetFiles().size();
  }

  /** Nothing is deleted unless each path of the old files is in the new ones. */
  private static void requireComplete(
      SparkSession spark, Dataset<Row> rows, Path target, StructType columns) {
    long expected = rows.select(FaceColumns.PATH).distinct().count();
    long found =
        Storage.reader(spark, columns)
            .parquet(Storage.literal(target))
            .select(FaceColumns.PATH)
            .distinct()
            .count();
    if (found != expected) {
      throw new FaceException(
          String.format(
              Locale.ROOT,
              "expected %d images in the compacted files, found %d: the output is unchanged; start again",
              expected,
              found));
    }
  }

  /** Does what a compaction has left to do, if there was one. */
  static void finish(OutputFolder output) {
    Storage.run(
        "the compaction cannot be completed",
        () -> {
          FileSystem files = output.files();
          String old = Storage.text(files, output.own(OLD_FILES));
          if (old == null) {
            output.delete(output.own(NEW_FILES)); // incomplete
            return null;
          }
          moveNew(files, output);
          for (String name : old.lines().toList()) {
            output.delete(new Path(output.folder(), name));
          }
          output.delete(output.own(NEW_FILES));
          output.delete(output.own(OLD_FILES));
          return null;
        });
  }

  private static void moveNew(FileSystem files, OutputFolder output) throws IOException {
    Path from = output.own(NEW_FILES);
    if (!files.exists(from)) {
      return;
    }
    List<Path> parts =
        Arrays.stream(files.listStatus(from))
            .filter(OutputFolder::hasRows)
            .map(FileStatus::getPath)
            .toList();
    for (Path part : parts) {
      Path to =
          new Path(
              output.folder(), String.format(Locale.ROOT, "part-%s.parquet", UUID.randomUUID()));
      if (!files.rename(part, to)) {
        throw new IOException("a file cannot be moved to " + to);
      }
    }
  }
}
