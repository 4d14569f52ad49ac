// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.FaceException;
import io.omote.face.internal.files.FileFailure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** The file systems of Hadoop, and Spark's readers of them. Stateless and thread-safe. */
final class Storage {
  private static final Pattern PATTERN = Pattern.compile("[{}\\[\\]*?\\\\]");

  private Storage() {}

  /** Work with files. */
  interface Work<T> {
    T run() throws IOException;
  }

  /**
   * Runs work with files.
   *
   * @param failed a clause that says what failed, such as {@code the output x is not accessible}
   * @throws FaceException if it fails
   */
  static <T> T run(String failed, Work<T> work) {
    try {
      return work.run();
    } catch (FaceException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new FaceException(String.format(Locale.ROOT, "%s: %s", failed, reason(e)), e);
    }
  }

  /** Returns the innermost cause of a failure of Spark, which is that of the storage. */
  static Throwable root(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** Returns the reason of a failure of a file system, in words. */
  static String reason(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ClassNotFoundException) {
        return "the library of its file system is missing: add its jar with --jars or --packages";
      }
    }
    return FileFailure.reason(failure);
  }

  /**
   * Returns the file system of a path; the local one without its files of checksums, because it
   * refuses some names, such as those with a colon, as the names of those would be invalid.
   */
  static FileSystem of(Path path, Configuration configuration) throws IOException {
    FileSystem files = path.getFileSystem(configuration);
    return files instanceof ChecksumFileSystem checked ? checked.getRawFileSystem() : files;
  }

  /** Returns whether no library for a file system is there. */
  static boolean isUnknown(Exception failure) {
    return failure instanceof UnsupportedFileSystemException
        || failure.getCause() instanceof ClassNotFoundException;
  }

  /** Returns whether a path is one of this machine's own file system. */
  static boolean isLocal(Path path, Configuration configuration) throws IOException {
    return path.getFileSystem(configuration) instanceof LocalFileSystem;
  }

  /**
   * Returns the one path of a file or folder that has several: with scheme and authority, without
   * links. It need not exist.
   */
  static Path canonical(Path path, Configuration configuration) throws IOException {
    FileSystem files = path.getFileSystem(configuration);
    Path qualified = files.makeQualified(path);
    Path existing = qualified;
    while (!files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    Path real = real(existing, files);
    String rest = qualified.toUri().getPath().substring(existing.toUri().getPath().length());
    return rest.isEmpty()
        ? real
        : new Path(
            real.toUri().getScheme(),
            real.toUri().getAuthority(),
            real.toUri().getPath() + "/" + rest);
  }

  private static Path real(Path existing, FileSystem files) throws IOException {
    return files instanceof LocalFileSystem
        ? new Path(
            "file", null, java.nio.file.Path.of(existing.toUri().getPath()).toRealPath().toString())
        : files.resolvePath(existing);
  }

  /**
   * Returns a reader of what this library has written. Regardless of the session's settings, a file
   * that cannot be read is a failure: its rows would be missing, and a compaction would delete
   * them.
   */
  static DataFrameReader reader(SparkSession spark, StructType columns) {
    return spark
        .read()
        .schema(columns)
        .option("ignoreCorruptFiles", false)
        .option("ignoreMissingFiles", false);
  }

  /** Returns the text in a small file, null if there is none. */
  static @Nullable String text(FileSystem files, Path file) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try (InputStream in = files.open(file)) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (FileNotFoundException e) {
        // Hadoop's local file system says this also of a file that it may not read. But a file may
        // have come meanwhile.
        if (!files.exists(file)) {
          return null;
        }
        if (attempt == 3) {
          throw e;
        }
      }
    }
  }

  /** Returns the text of a path for Spark's readers, which take some characters as patterns. */
  static String literal(Path path) {
    return PATTERN.matcher(path.toString()).replaceAll("\\\\$0");
  }

  /** Returns whether a canonical path is another one or lies in it. */
  static boolean isIn(Path inner, Path outer) {
    for (Path path = inner; path != null; path = path.getParent()) {
      if (path.equals(outer)) {
        return true;
      }
    }
    return false;
  }
}
