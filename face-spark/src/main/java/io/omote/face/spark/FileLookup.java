// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.internal.files.FileFailure;
import io.omote.face.internal.files.FileNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.attribute.BasicFileAttributes;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the time and the length of files, on an executor. Sent there by Java serialization; each
 * task has its own copy, and calls it from one thread.
 */
final class FileLookup implements UDF1<String, Row> {
  private static final long serialVersionUID = 1L;

  /** The time in milliseconds, and the problem if the file cannot be read. */
  static final StructType RESULT =
      new StructType()
          .add(ListingRows.MODIFIED, DataTypes.LongType)
          .add(ListingRows.LENGTH, DataTypes.LongType)
          .add(ListingRows.PROBLEM, DataTypes.StringType);

  private static final String FOLDER = "expected a file, found a folder: list it instead";

  private static final String LOST =
      "the name lost characters: it is not UTF-8, or was written in another locale";

  private final SerializableConfiguration configuration;

  private transient @Nullable Attempts attempts;

  FileLookup(SerializableConfiguration configuration) {
    this.configuration = configuration;
  }

  @Override
  public Row call(@Nullable String path) {
    Path file;
    try {
      file = new Path(path); // which refuses null
    } catch (IllegalArgumentException e) {
      return RowFactory.create(null, null, null); // reading it reports the problem
    }
    if (attempts == null) {
      attempts = new Attempts();
    }
    while (true) {
      CurrentTask.stopIfKilled();
      try {
        Row found = found(file);
        attempts.succeeded();
        return found;
      } catch (IOException | RuntimeException e) { // connectors to storages throw both
        if (!attempts.isWorthAnother(e)) {
          return problem(FileNames.loss(path).isPresent() ? LOST : reason(e));
        }
      }
    }
  }

  private static String reason(Exception failure) {
    return failure instanceof InvalidPathException
        ? "the name cannot be written in this locale: set LC_ALL=C.UTF-8"
        : FileFailure.reason(failure);
  }

  private Row found(Path file) throws IOException {
    FileSystem system = file.getFileSystem(configuration.value());
    Path qualified = system.makeQualified(file);
    if (LocalFolder.isAddress(qualified.toString())) {
      return local(LocalFolder.nio(qualified));
    }
    FileStatus status = system.getFileStatus(qualified);
    return status.isDirectory()
        ? problem(FOLDER)
        : RowFactory.create(status.getModificationTime(), status.getLen(), null);
  }

  private static Row local(java.nio.file.Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    if (attributes.isDirectory()) {
      return problem(FOLDER);
    }
    return attributes.isRegularFile()
        ? RowFactory.create(attributes.lastModifiedTime().toMillis(), attributes.size(), null)
        : problem("it is a pipe or a device");
  }

  private static Row problem(String problem) {
    return RowFactory.create(null, null, problem);
  }
}
