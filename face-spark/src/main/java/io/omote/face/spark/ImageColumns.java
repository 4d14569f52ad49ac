// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The indexes of the columns of images, negative if a column is missing.
 *
 * <p>Immutable and thread-safe.
 *
 * @param own the columns that are given on as they are
 */
record ImageColumns(int path, int modified, int length, int problem, int content, List<Integer> own)
    implements Serializable {
  static ImageColumns of(StructType images) {
    List<String> names = List.of(images.fieldNames());
    return new ImageColumns(
        names.indexOf(FaceColumns.PATH),
        names.indexOf(FaceColumns.MODIFIED),
        names.indexOf(FaceColumns.LENGTH),
        names.indexOf(FaceColumns.PROBLEM),
        names.indexOf(FaceColumns.CONTENT),
        List.copyOf(FaceColumns.own(images)));
  }

  /** Returns a value of a row, null if the column is missing. */
  static <T> @Nullable T at(Row row, int column) {
    return column < 0 ? null : row.getAs(column);
  }

  @Nullable String path(Row row) {
    return at(row, path);
  }
}
