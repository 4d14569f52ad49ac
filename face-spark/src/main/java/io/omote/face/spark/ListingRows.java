// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a listing that is not finished: files, and what is still to be done. Times are
 * milliseconds, because the Java type of Spark's timestamps depends on the session. Stateless and
 * thread-safe.
 */
final class ListingRows {
  /** The kinds of rows. */
  enum Kind {
    /** A file, or a problem: a row of the result. */
    FILE,

    /** A folder that is to be listed. */
    REST,

    /** A local folder that was listed, under its address without links. */
    FOLDER,

    /** A link to a local folder. */
    LINK,

    /** States that a folder was listed again from its start, so that some rows appear twice. */
    AGAIN
  }

  static final String KIND = "kind";

  /**
   * The path of a file; for other kinds of local rows, a URI, which has the bytes of a name in any
   * locale.
   */
  static final String PATH = FaceColumns.PATH;

  /** The same without links; null if it equals the path. */
  static final String REAL = "real";

  /** The number of links to folders and files on the way from the folder that was asked for. */
  static final String LINKS = "links";

  static final String MODIFIED = "modified";
  static final String LENGTH = FaceColumns.LENGTH;
  static final String PROBLEM = FaceColumns.PROBLEM;

  static final StructType SCHEMA =
      new StructType()
          .add(KIND, DataTypes.StringType)
          .add(PATH, DataTypes.StringType)
          .add(REAL, DataTypes.StringType)
          .add(LINKS, DataTypes.IntegerType)
          .add(MODIFIED, DataTypes.LongType)
          .add(LENGTH, DataTypes.LongType)
          .add(PROBLEM, DataTypes.StringType);

  private ListingRows() {}

  static Row file(String path, @Nullable String real, int links, long modified, long length) {
    return RowFactory.create(Kind.FILE.name(), path, real, links, modified, length, null);
  }

  static Row problem(String path, int links, String problem) {
    return RowFactory.create(Kind.FILE.name(), path, null, links, null, null, problem);
  }

  static Row of(Kind kind, String path, @Nullable String real, int links) {
    return RowFactory.create(kind.name(), path, real, links, null, null, null);
  }

  static boolean is(Kind kind, Row row) {
    return kind.name().equals(row.getString(0));
  }

  static String path(Row row) {
    return row.getString(1);
  }

  static @Nullable String real(Row row) {
    return row.getString(2);
  }

  static int links(Row row) {
    return row.getInt(3);
  }
}
