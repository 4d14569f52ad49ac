// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** The entries of one folder, one after the other. Not thread-safe. */
interface FolderEntries extends Closeable {
  /** Returns whether {@link #next} may be called. */
  boolean hasNext() throws IOException;

  /**
   * Returns the next entry.
   *
   * @return a row of {@link ListingRows}; null for an entry that is left out
   */
  @Nullable Row next() throws IOException;

  /**
   * Opens a folder.
   *
   * @param folder a row of the kind {@code REST}
   */
  static FolderEntries open(Row folder, Configuration configuration) throws IOException {
    return LocalFolder.isAddress(ListingRows.path(folder))
        ? LocalFolder.open(folder)
        : HadoopFolder.open(folder, configuration);
  }

  /** Returns the path of a folder as Hadoop writes it. */
  static String readable(String address) {
    return LocalFolder.isAddress(address)
        ? LocalFolder.hadoopPath(LocalFolder.path(address))
        : address;
  }

  /** Returns whether a file or folder is skipped, as everywhere in Spark. */
  static boolean isHidden(String name) {
    return name.startsWith(".") || name.startsWith("_");
  }

  /**
   * A folder of a file system of Hadoop.
   *
   * @param statuses what the folder contains
   */
  record HadoopFolder(RemoteIterator<FileStatus> statuses) implements FolderEntries {
    static HadoopFolder open(Row folder, Configuration configuration) throws IOException {
      Path path = new Path(ListingRows.path(folder));
      // FileSystem.listFiles would ask for the blocks of every file.
      return new HadoopFolder(path.getFileSystem(configuration).listStatusIterator(path));
    }

    @Override
    public boolean hasNext() throws IOException {
      return statuses.hasNext();
    }

    @Override
    public @Nullable Row next() throws IOException {
      FileStatus status = statuses.next();
      String path = status.getPath().toString();
      if (isHidden(status.getPath().getName())) {
        return null;
      }
      if (!leadsBack(status.getPath())) {
        return ListingRows.problem(
            path, 0, "its name cannot be written as a path of Hadoop: rename it");
      }
      if (status.isSymlink()) {
        return ListingRows.problem(
            path, 0, "it is a link, which is followed in local folders only: list its target");
      }
      return status.isDirectory()
          ? ListingRows.of(ListingRows.Kind.REST, path, null, 0)
          : ListingRows.file(path, null, 0, status.getModificationTime(), status.getLen());
    }

    private static boolean leadsBack(Path path) {
      try {
        return new Path(path.toString()).equals(path);
      } catch (IllegalArgumentException e) {
        return false;
      }
    }

    @Override
    public void close() {
      if (statuses instanceof Closeable open) {
        try {
          open.close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }
}
