// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.FaceEmbedding;
import io.omote.face.FaceException;
import io.omote.face.ImageException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
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
 * <p>Each executor opens the networks once, and each task runs them on its own processors. Nothing
 * is fetched: models other than the bundled ones must exist on every machine.
 *
 * <p>Stateless and thread-safe.
 */
public final class SparkFaces {
  private SparkFaces() {}

  /**
   * Lists all files in folders and their subfolders, on the executors, which keep the list in
   * memory or on their disks as long as the result is reachable. Each file is listed once, also if
   * folders overlap. Unlike Spark's own source of binary files, the list includes empty files.
   * Names that start with a dot or an underscore are skipped, as everywhere in Spark.
   *
   * <p>A folder in {@code folders} that cannot be listed fails at once. Below it, what cannot be
   * listed or read becomes a row with a {@code problem}: a folder that the storage does not list
   * after three attempts; a local name that the locale cannot decode, with its bytes in percent
   * encoding; a link that leads nowhere. Links are followed in local folders only; a file is listed
   * under its own path if that is in one of the folders. Pipes and devices are left out.
   *
   * @param spark the session
   * @param folders folders and files, on any file system that Hadoop supports; local ones must
   *     exist on every machine
   * @return rows with {@code path}, {@code modificationTime}, {@code length}, and {@code problem},
   *     which is null unless the file cannot be read
   * @throws FaceException if one of the folders cannot be listed
   */
  public static Dataset<Row> list(SparkSession spark, String... folders) {
    return Listing.keep(spark, folders);
  }

  /**
   * Reads a list of images, each of which the result has once. The list is one of these:
   *
   * <ul>
   *   <li>a Parquet file, or a folder of Parquet files, with a column {@code path}, a string. It
   *       may have {@code modificationTime}, a timestamp; {@code length}, a long; {@code problem},
   *       a string; and other columns, which the result also has.
   *   <li>a text in UTF-8 with a path in each line, as Hadoop writes paths. Relative paths start at
   *       the folder of the list, and a path without a scheme is on the same file system. Empty
   *       lines are skipped.
   * </ul>
   *
   * <p>Executors look up missing times and lengths when the result is used, and files with a {@code
   * problem} again. A file that cannot be looked up has a {@code problem} in the result.
   *
   * @param spark the session
   * @param file the list, on any file system that Hadoop supports
   * @return rows with {@code path}, {@code modificationTime}, {@code length}, {@code problem}, and
   *     the other columns of the list in their order
   * @throws FaceException if the list cannot be read, is empty, or lacks paths
   */
  public static Dataset<Row> readList(SparkSession spark, String file) {
    return ImageList.read(spark, file);
  }

  /**
   * Finds and embeds all faces.
   *
   * <p>The result has a row for each face, and one for each image without a face:
   *
   * <ul>
   *   <li>{@code path}, {@code modificationTime}, {@code length}: the values of the input, null if
   *       it has no such column
   *   <li>{@code status}: {@code OK}; {@code NO_FACE}; {@code NOT_ALIGNED} for a face without
   *       usable landmarks; or the problem with the image, a name of {@link ImageException.Reason}
   *   <li>{@code problem}: a description of the problem, or null
   *   <li>{@code face}: the index of the face in the image, from 0, by descending score
   *   <li>{@code box}: {@code left}, {@code top}, {@code right} and {@code bottom}, in pixels of
   *       the upright image
   *   <li>{@code landmarks}: five structs of {@code x} and {@code y}, in the same pixels
   *   <li>{@code score}: the score of the detector
   *   <li>{@code embedding}: the embedding, in the form of {@link FaceEmbedding#toBytes}
   *   <li>{@code modelId}: the id of the recognizer
   * </ul>
   *
   * @param images rows with {@code path}, on any file system that Hadoop supports, and optionally
   *     {@code modificationTime} and {@code length}; if they have {@code content}, the files are
   *     not read again
   * @param models the name of a pack, or a folder in InsightFace's layout, that exists on every
   *     machine
   * @return the faces
   * @throws IllegalArgumentException if the column {@code path} is missing
   */
  public static Dataset<Row> find(Dataset<Row> images, String models) {
    List<String> columns = Arrays.asList(images.columns());
    if (!columns.contains(FaceColumns.PATH)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "expected a column named %s, found %s", FaceColumns.PATH, columns));
    }
    FaceFinder finder =
        new FaceFinder(
            models,
            columns,
            new SerializableConfiguration(
                images.sparkSession().sparkContext().hadoopConfiguration()));
    return images.mapPartitions(finder, Encoders.row(FaceColumns.SCHEMA));
  }

  /**
   * Returns the schema of the result of {@link #find}.
   *
   * @return names and types of its columns
   */
  public static StructType schema() {
    return FaceColumns.SCHEMA;
  }
}
