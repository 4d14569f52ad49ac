// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.BoundingBox;
import io.omote.face.Landmarks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns of images and faces. Stateless and thread-safe. */
final class FaceColumns {
  static final String PATH = "path";
  static final String LENGTH = "length";
  static final String MODIFIED = "modificationTime";
  static final String STATUS = "status";
  static final String PROBLEM = "problem";
  static final String CONTENT = "content";
  static final String MODEL = "modelId";
  static final String FACE = "face";
  static final String EMBEDDING = "embedding";
  static final String VECTOR = "vector";
  static final String PROCESSED = "processed";

  /** A face was found and embedded. */
  static final String OK = "OK";

  /** The image shows no face. */
  static final String NO_FACE = "NO_FACE";

  /** A face was found, but its landmarks are not sufficient to embed it. */
  static final String NOT_ALIGNED = "NOT_ALIGNED";

  /** Hadoop cannot handle the path. */
  static final String INVALID_PATH = "INVALID_PATH";

  /** The storage did not deliver the image, which says nothing about it. */
  static final String UNREADABLE = "UNREADABLE";

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

  /** The columns of images that are read or replaced, with their types. */
  private static final Map<String, DataType> INPUT =
      Map.of(
          PATH, DataTypes.StringType,
          MODIFIED, DataTypes.TimestampType,
          LENGTH, DataTypes.LongType,
          PROBLEM, DataTypes.StringType,
          CONTENT, DataTypes.BinaryType);

  /** The columns of faces with default settings, of images without columns of their own. */
  static final StructType SCHEMA = schema(true, List.of());

  private FaceColumns() {}

  private static StructType schema(boolean vector, List<AnalyzerColumn> analyzers) {
    StructType schema =
        new StructType()
            .add(PATH, DataTypes.StringType)
            .add(MODIFIED, DataTypes.TimestampType)
            .add(LENGTH, DataTypes.LongType)
            .add(STATUS, DataTypes.StringType, false)
            .add(PROBLEM, DataTypes.StringType)
            .add("width", DataTypes.IntegerType)
            .add("height", DataTypes.IntegerType)
            .add(FACE, DataTypes.IntegerType)
            .add("central", DataTypes.BooleanType)
            .add("box", BOX)
            .add("landmarks", DataTypes.createArrayType(POINT, false))
            .add("score", DataTypes.FloatType)
            .add(EMBEDDING, DataTypes.BinaryType);
    if (vector) {
      schema = schema.add(VECTOR, DataTypes.createArrayType(DataTypes.FloatType, false));
    }
    schema =
        schema
            .add(MODEL, DataTypes.StringType, false)
            .add(PROCESSED, DataTypes.TimestampType, false);
    for (AnalyzerColumn analyzer : analyzers) {
      schema = schema.add(analyzer.column(), analyzer.type());
    }
    return schema;
  }

  /**
   * Returns the columns of the faces of images.
   *
   * @throws IllegalArgumentException if the images have no paths, a column has another type than is
   *     needed, or an own column has the name of one of faces
   */
  static StructType schema(FaceSettings settings, StructType images) {
    List<String> names = Arrays.asList(images.fieldNames());
    if (!names.contains(PATH)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "expected a column named %s, found %s", PATH, names));
    }
    StructType schema = schema(settings.vector(), settings.analyzers());
    // Spark does not tell apart names that differ in case only.
    Set<String> taken = new HashSet<>();
    for (String name : schema.fieldNames()) {
      taken.add(name.toLowerCase(Locale.ROOT));
    }
    Set<String> read = new HashSet<>();
    for (StructField column : images.fields()) {
      String name = column.name();
      DataType type = INPUT.get(name);
      if (type == null) {
        if (!taken.add(name.toLowerCase(Locale.ROOT))) {
          throw new IllegalArgumentException(
              String.format(
                  Locale.ROOT,
                  "expected own columns with other names than those of faces and of each other, found '%s': rename it",
                  name));
        }
        schema = schema.add(column);
      } else if (!read.add(name)) {
        throw new IllegalArgumentException(
            String.format(Locale.ROOT, "expected one column named %s, found two: drop one", name));
      } else if (!type.equals(column.dataType())) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "expected the column %s to be of the type %s, found %s: cast it",
                name,
                type.sql(),
                column.dataType().sql()));
      }
    }
    return schema;
  }

  /**
   * Returns a name for a column that is dropped again. People may have called one of theirs like
   * that, in any case, because Spark does not tell these apart.
   */
  static String free(String name, String... taken) {
    String free = name;
    while (Arrays.stream(taken).anyMatch(free::equalsIgnoreCase)) {
      free += "_";
    }
    return free;
  }

  /** Returns the indexes of the columns of images that are given on as they are. */
  static List<Integer> own(StructType images) {
    List<Integer> own = new ArrayList<>();
    for (int at = 0; at < images.length(); at++) {
      if (!INPUT.containsKey(images.fieldNames()[at])) {
        own.add(at);
      }
    }
    return own;
  }

  static Row box(BoundingBox box) {
    return RowFactory.create(box.left(), box.top(), box.right(), box.bottom());
  }

  static Row[] points(Landmarks landmarks) {
    return landmarks.points().stream()
        .map(point -> RowFactory.create(point.x(), point.y()))
        .toArray(Row[]::new);
  }
}
