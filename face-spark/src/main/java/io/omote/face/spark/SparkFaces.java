// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.FaceEmbedding;
import io.omote.face.FaceException;
import io.omote.face.FaceSelection;
import io.omote.face.ImageException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
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
