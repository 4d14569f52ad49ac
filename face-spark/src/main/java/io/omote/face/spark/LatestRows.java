// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;

/** The newest rows of images. Stateless and thread-safe. */
final class LatestRows {
  private static final List<String> NEEDED =
      List.of(FaceColumns.PATH, FaceColumns.STATUS, FaceColumns.FACE, FaceColumns.PROCESSED);

  private LatestRows() {}

  static Dataset<Row> of(Dataset<Row> rows) {
    List<String> columns = Arrays.asList(rows.columns());
    if (!columns.containsAll(NEEDED)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "expected columns named %s, found %s", NEEDED, columns));
    }
    if (rows.isStreaming()) {
      throw new IllegalArgumentException(
          "expected rows that are complete, found a stream: write it, and take the latest rows of what was written");
    }
    List<Column> newestFirst = new ArrayList<>();
    newestFirst.add(functions.col(FaceColumns.STATUS).equalTo(FaceColumns.UNREADABLE));
    newestFirst.add(functions.col(FaceColumns.PROCESSED).desc_nulls_last());
    // If two runs have the same time, the rows of one of them.
    Stream.of(FaceColumns.MODIFIED, FaceColumns.LENGTH, FaceColumns.MODEL)
        .filter(columns::contains)
        .forEach(name -> newestFirst.add(functions.col(name).desc_nulls_last()));
    String rank = free(columns);
    Column path = functions.col(FaceColumns.PATH);
    return rows.withColumn(
            rank,
            functions
                .rank()
                .over(Window.partitionBy(path).orderBy(newestFirst.toArray(Column[]::new))))
        .where(functions.col(rank).equalTo(1))
        .withColumn(
            rank,
            functions
                .row_number()
                .over(Window.partitionBy(path, functions.col(FaceColumns.FACE)).orderBy(path)))
        .where(functions.col(rank).equalTo(1))
        .drop(rank);
  }

  /** Returns a name that no column has. */
  private static String free(List<String> columns) {
    String name = "omote_rank";
    while (columns.stream().anyMatch(name::equalsIgnoreCase)) {
      name += "_";
    }
    return name;
  }
}
