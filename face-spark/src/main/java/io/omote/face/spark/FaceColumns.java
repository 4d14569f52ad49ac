// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.FaceEmbedding;
import io.omote.face.ImageException;
import io.omote.face.Landmarks;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** The columns and rows of faces. Stateless and thread-safe. */
final class FaceColumns {
  static final String PATH = "path";
  static final String LENGTH = "length";
  static final String MODIFIED = "modificationTime";
  static final String STATUS = "status";
  static final String PROBLEM = "problem";
  static final String MODEL = "modelId";
  static final String FACE = "face";
  static final String EMBEDDING = "embedding";

  /** A face was found and embedded. */
  static final String OK = "OK";

  /** The image shows no face. */
  static final String NO_FACE = "NO_FACE";

  /** A face was found, but its landmarks are not sufficient to embed it. */
  static final String NOT_ALIGNED = "NOT_ALIGNED";

  private static final StructType BOX =
      new StructType()
          .add("left", DataTypes.FloatType)
          .add("top", DataTypes.FloatType)
          .add("right", DataTypes.FloatType)
          .add("bottom", DataTypes.FloatType);

  private static final StructType POINT =
      new StructType().add("x", DataTypes.FloatType).add("y", DataTypes.FloatType);

  /** The columns that identify an image, the same as in Spark's own source of binary files. */
  static final StructType IMAGES =
      new StructType(
          new StructField[] {
            DataTypes.createStructField(PATH, DataTypes.StringType, false),
            DataTypes.createStructField(MODIFIED, DataTypes.TimestampType, true),
            DataTypes.createStructField(LENGTH, DataTypes.LongType, true)
          });

  /** The columns of a list of images. */
  static final StructType LISTED = IMAGES.add(PROBLEM, DataTypes.StringType);

  static final StructType SCHEMA =
      IMAGES
          .add(STATUS, DataTypes.StringType, false)
          .add(PROBLEM, DataTypes.StringType)
          .add(FACE, DataTypes.IntegerType)
          .add("box", BOX)
          .add("landmarks", DataTypes.createArrayType(POINT, false))
          .add("score", DataTypes.FloatType)
          .add(EMBEDDING, DataTypes.BinaryType)
          .add(MODEL, DataTypes.StringType, false);

  private FaceColumns() {}

  /**
   * Returns the row of a face.
   *
   * @param image path, modification time and length
   * @param number the index of the face in the image, from 0
   * @param embedding the embedding, null if the face could not be aligned
   */
  static Row ofFace(
      Object[] image,
      int number,
      Face face,
      @Nullable FaceEmbedding embedding,
      @Nullable String problem,
      String modelId) {
    BoundingBox box = face.box();
    return RowFactory.create(
        image[0],
        image[1],
        image[2],
        embedding == null ? NOT_ALIGNED : OK,
        problem,
        number,
        RowFactory.create(box.left(), box.top(), box.right(), box.bottom()),
        face.landmarks().map(FaceColumns::points).orElse(null),
        face.score(),
        embedding == null ? null : embedding.toBytes(),
        modelId);
  }

  private static Row[] points(Landmarks landmarks) {
    List<Row> points =
        landmarks.points().stream().map(p -> RowFactory.create(p.x(), p.y())).toList();
    return points.toArray(Row[]::new);
  }

  static Row withoutFace(Object[] image, String modelId) {
    return empty(image, NO_FACE, null, modelId);
  }

  static Row unreadable(Object[] image, ImageException why, String modelId) {
    return empty(image, why.reason().name(), why.getMessage(), modelId);
  }

  private static Row empty(
      Object[] image, String status, @Nullable String problem, String modelId) {
    return RowFactory.create(
        image[0], image[1], image[2], status, problem, null, null, null, null, null, modelId);
  }
}
