// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.FaceEmbedding;
import io.omote.face.FaceException;
import io.omote.face.FaceSelection;
import io.omote.face.ImageException;
import java.io.IOException;
import java.sql.Timestamp;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Finds and embeds the faces of images on Apache Spark.
 *
 * <pre>{@code
 * Dataset<Row> images = SparkFaces.list(spark, "hdfs:///archive");
 * Dataset<Row> faces = SparkFaces.find(images, "lite");
 * faces.write().parquet("hdfs:///faces");
 * }</pre>
 *
 * <p>Each executor opens the networks once, and each task runs them on its own processors. Nothing
 * is fetched: models other than the bundled ones must exist on every machine.
 *
 * <p>Stateless and thread-safe.
 */
public final class SparkFaces {
  private SparkFaces() {}

  /**
   * Lists all files in folders and their subfolders, on the driver. Unlike Spark's own source of
   * binary files, it includes empty files. Names that start with a dot or an underscore are
   * skipped, as everywhere in Spark.
   *
   * @param spark the session
   * @param folders the folders, on any file system that Hadoop supports
   * @return rows with {@code path}, {@code modificationTime} and {@code length}
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
                "the folder of images %s could not be listed: %s",
                folder,
                e.getMessage()),
            e);
      }
    }
    return spark.createDataFrame(files, FaceColumns.IMAGES);
  }

  /**
   * Lists folder by folder. {@code FileSystem.listFiles} would read the permissions of every file,
   * for which a local file system starts a process each time.
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
   * Finds and embeds all faces, as {@code new FaceTransformer().setModels(models)} does; that has
   * more options.
   *
   * <p>The result has a row for each face, and one for each image without a face:
   *
   * <ul>
   *   <li>{@code path}, {@code modificationTime}, {@code length}: the values of the input, null if
   *       it has no such column
   *   <li>{@code status}: {@code OK}; {@code NO_FACE}; {@code NOT_ALIGNED} for a face without
   *       usable landmarks; {@code DAMAGED}, {@code UNSUPPORTED_FORMAT} or {@code TOO_LARGE} as in
   *       {@link ImageException.Reason}; {@code INVALID_PATH} if Hadoop cannot handle the path; or
   *       {@code UNREADABLE} if the storage did not deliver the image, or memory was short: this
   *       says nothing about the image, so try it again
   *   <li>{@code problem}: a description of the problem, or null
   *   <li>{@code width} and {@code height}: the size of the upright image, in pixels
   *   <li>{@code face}: the index of the face in the image, from 0, by descending score
   *   <li>{@code central}: whether this is the face that {@link FaceSelection#CENTRAL} chooses
   *   <li>{@code box}: {@code left}, {@code top}, {@code right} and {@code bottom}, in pixels of
   *       the upright image
   *   <li>{@code landmarks}: five structs of {@code x} and {@code y}, in the same pixels
   *   <li>{@code score}: the score of the detector
   *   <li>{@code embedding}: the embedding, in the form of {@link FaceEmbedding#toBytes}
   *   <li>{@code vector}: the same numbers as an array of floats, a unit vector
   *   <li>{@code modelId}: the id of the recognizer
   *   <li>{@code processed}: when the image was processed, the same in all rows of an image
   *   <li>the other columns of the input, unchanged
   * </ul>
   *
   * <p>The order of the rows is not that of the images.
   *
   * @param images rows with {@code path}, on any file system that Hadoop supports, and optionally
   *     {@code modificationTime} and {@code length}; if they have {@code content}, the files are
   *     not read; a row with a {@code problem} becomes {@code UNREADABLE} without being read
   * @param models the name of a pack, or a folder in InsightFace's layout, that exists on every
   *     machine, or the name of an archive that was sent there ({@link FaceTransformer#setModels})
   * @return the faces
   * @throws IllegalArgumentException if the column {@code path} is missing, a column has another
   *     type than is needed, or an own column has the name of one of faces
   */
  public static Dataset<Row> find(Dataset<Row> images, String models) {
    return new FaceTransformer().setModels(models).transform(images);
  }

  /**
   * Returns the newest rows of each image, by {@code processed}: those of its faces, or its only
   * one. An output has more if an image was processed again, because it had changed or a job was
   * repeated; without this, the same face counts twice. A row {@code UNREADABLE} counts only if
   * there is no other, as it says nothing about the image.
   *
   * @param rows rows of {@link #find}, perhaps with more or fewer columns, but with {@code path},
   *     {@code status}, {@code face} and {@code processed}
   * @return the newest rows, each face once
   * @throws IllegalArgumentException if one of these columns is missing, or the rows are a stream
   */
  public static Dataset<Row> latest(Dataset<Row> rows) {
    return LatestRows.of(rows);
  }

  /**
   * Returns the schema of the result of {@link #find}, for images without columns of their own.
   *
   * @return names and types of its columns
   */
  public static StructType schema() {
    return FaceColumns.SCHEMA;
  }
}
