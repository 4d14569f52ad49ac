// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.FaceEmbedding;
import io.omote.face.FaceException;
import io.omote.face.ImageException;
import java.io.IOException;
import java.sql.Timestamp;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Finds and embeds the faces of images on Apache Spark.
 *
 * <pre>{@code
 * Dataset<Row> images = SparkFaces.list(spark, "hdfs:///archive");
 * Dataset<Row> faces = SparkFaces.find(images, "lite");
 * faces.write().parquet("hdfs:///faces");
 * }</pre>
 *
 * <p>Networks are opened once in each executor, and each task runs them on the processors that it
 * has. Nothing is fetched: models other than the bundled ones must be on every machine.
 *
 * <p>Stateless and thread-safe.
 */
public final class SparkFaces {
  private SparkFaces() {}

  /**
   * Lists all files in folders and the folders in them, by the driver: empty ones, too, which
   * Spark's source of binary files leaves out. Names that begin with a dot or an underscore are
   * left out, as everywhere in Spark.
   *
   * @param spark the session
   * @param folders the folders, on any file system that Hadoop knows
   * @return rows of {@code path}, {@code modificationTime} and {@code length}
   * @throws FaceException if a folder cannot be listed
   */
  public static Dataset<Row> list(SparkSession spark, String... folders) {
    Configuration configuration = spark.sparkContext().hadoopConfiguration();
    List<Row> files = new ArrayList<>();
    for (String folder : folders) {
      try {
        list(new Path(folder), configuration, files);
      } catch (IOException | IllegalArgumentException e) {
        throw new FaceException(
            String.format(
                Locale.ROOT,
                "expected a folder of images that can be listed, found %s: %s",
                folder,
                e.getMessage()),
            e);
      }
    }
    return spark.createDataFrame(files, FaceColumns.IMAGES);
  }

  /**
   * Folder by folder: {@code FileSystem.listFiles} asks for the permissions of every file, which a
   * local file system does by a process for each.
   */
  private static void list(Path root, Configuration configuration, List<Row> files)
      throws IOException {
    FileSystem system = root.getFileSystem(configuration);
    Deque<Path> folders = new ArrayDeque<>(List.of(root));
    while (!folders.isEmpty()) {
      RemoteIterator<FileStatus> statuses = system.listStatusIterator(folders.pop());
      while (statuses.hasNext()) {
        FileStatus status = statuses.next();
        String name = status.getPath().getName();
        if (name.startsWith(".") || name.startsWith("_")) {
          continue;
        }
        if (status.isDirectory()) {
          folders.push(status.getPath());
        } else {
          files.add(
              RowFactory.create(
                  status.getPath().toString(),
                  new Timestamp(status.getModificationTime()),
                  status.getLen()));
        }
      }
    }
  }

  /**
   * Finds and embeds all faces.
   *
   * <p>An image gives a row for each of its faces, or one that says why it has none:
   *
   * <ul>
   *   <li>{@code path}, {@code modificationTime}, {@code length}: as they were given, null where
   *       they were not
   *   <li>{@code status}: {@code OK}; {@code NO_FACE}; {@code NOT_ALIGNED} for a face whose
   *       landmarks are none; or what is wrong with the image, by the names of {@link
   *       ImageException.Reason}
   *   <li>{@code problem}: the same in words, null where nothing is wrong
   *   <li>{@code face}: the number of the face in the image, from 0, by descending score
   *   <li>{@code box}: {@code left}, {@code top}, {@code right}, {@code bottom}, and {@code
   *       landmarks}: five of {@code x} and {@code y}, in pixels of the upright image
   *   <li>{@code score}: the detector's
   *   <li>{@code embedding}: by {@link FaceEmbedding#toBytes}
   *   <li>{@code modelId}: the id of the recognition network
   * </ul>
   *
   * @param images rows with {@code path}, on any file system that Hadoop knows, and {@code
   *     modificationTime} and {@code length} where they are known; with {@code content} files are
   *     not read again
   * @param models the name of a pack, or a folder in InsightFace's layout that is on every machine
   * @return the faces
   * @throws IllegalArgumentException if there is no column of paths
   */
  public static Dataset<Row> find(Dataset<Row> images, String models) {
    List<String> columns = Arrays.asList(images.columns());
    if (!columns.contains(FaceColumns.PATH)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "expected a column %s, found %s", FaceColumns.PATH, columns));
    }
    ImageRows reader =
        new ImageRows(
            models,
            columns,
            new SerializableConfiguration(
                images.sparkSession().sparkContext().hadoopConfiguration()));
    return images.mapPartitions(reader, Encoders.row(FaceColumns.SCHEMA));
  }

  /**
   * The columns of what {@link #find} gives.
   *
   * @return their names and types
   */
  public static StructType schema() {
    return FaceColumns.SCHEMA;
  }
}
