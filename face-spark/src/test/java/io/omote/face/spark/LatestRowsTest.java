// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LatestRowsTest {
  private static SparkSession spark;

  @BeforeAll
  static void start() {
    spark = LocalSpark.start();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  /** Rows of path, status, face, time and an own column. */
  private static Dataset<Row> rows(String... values) {
    return spark.sql(
        "select path, status, face, timestamp_seconds(time) as processed, own from values "
            + String.join(", ", values)
            + " as t(path, status, face, time, own)");
  }

  private static List<String> own(Dataset<Row> rows) {
    return rows.select("own").as(Encoders.STRING()).collectAsList();
  }

  @Test
  void newestRowsOfEachPath_areKept_withAllFacesOfTheirRun() {
    Dataset<Row> rows =
        rows(
            "('a', 'OK', 0, 1, 'old')",
            "('a', 'OK', 1, 1, 'old')",
            "('a', 'OK', 2, 1, 'old')",
            "('a', 'OK', 0, 2, 'a0')",
            "('a', 'OK', 1, 2, 'a1')",
            "('b', 'OK', 0, 5, 'old')",
            "('b', 'NO_FACE', null, 6, 'b')",
            "('c', 'DAMAGED', null, 1, 'old')",
            "('c', 'OK', 0, 2, 'c0')");

    Dataset<Row> latest = SparkFaces.latest(rows);

    assertThat(own(latest)).containsExactlyInAnyOrder("a0", "a1", "b", "c0");
    assertThat(latest.schema()).isEqualTo(rows.schema());
  }

  /** With any name: a helper column of ours must not take its place. */
  @Test
  void ownColumn_ofAnyName_isKept() {
    for (String name : new String[] {"omote_rank", "OMOTE_RANK"}) {
      Dataset<Row> rows = rows("('a', 'OK', 0, 1, 'x')").withColumnRenamed("own", name);

      Dataset<Row> latest = SparkFaces.latest(rows);

      assertThat(latest.schema()).isEqualTo(rows.schema());
      assertThat(latest.collectAsList()).isEqualTo(rows.collectAsList());
    }
  }

  @Test
  void ownColumns_ofAnyName_areKept() {
    Dataset<Row> rows =
        rows("('a', 'OK', 0, 1, 'old')", "('a', 'OK', 0, 2, 'a0')")
            .withColumn("omote_rank", functions.col("own"))
            .withColumn("Omote_Rank_", functions.col("own"));

    Dataset<Row> latest = SparkFaces.latest(rows);

    assertThat(latest.schema()).isEqualTo(rows.schema());
    assertThat(latest.select("omote_rank").as(Encoders.STRING()).collectAsList())
        .containsExactly("a0");
  }

  @Test
  void sameFace_isNeverThereTwice() {
    Dataset<Row> rows =
        rows("('a', 'OK', 0, 1, 'x')", "('a', 'OK', 0, 1, 'x')", "('a', 'OK', 1, 1, 'y')");

    assertThat(own(SparkFaces.latest(rows))).containsExactlyInAnyOrder("x", "y");
  }

  @Test
  void unreadableRows_countOnlyAlone() {
    Dataset<Row> rows =
        rows(
            "('a', 'OK', 0, 1, 'a')",
            "('a', 'UNREADABLE', null, 2, 'says nothing')",
            "('b', 'UNREADABLE', null, 1, 'old')",
            "('b', 'UNREADABLE', null, 2, 'b')");

    assertThat(own(SparkFaces.latest(rows))).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void rowsWithoutTheColumns_andStreams_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SparkFaces.latest(spark.range(2).toDF("path")))
        .withMessage("expected columns named [path, status, face, processed], found [path]");
    Dataset<Row> stream =
        spark
            .readStream()
            .format("rate")
            .load()
            .selectExpr("'a' as path", "'OK' as status", "0 as face", "timestamp as processed");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SparkFaces.latest(stream))
        .withMessageContaining("found a stream");
  }
}
