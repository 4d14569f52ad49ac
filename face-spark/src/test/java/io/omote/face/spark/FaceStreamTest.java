// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faces of images that arrive while a stream runs. */
class FaceStreamTest {
  private static SparkSession spark;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    spark = LocalSpark.start();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  /** Processes what has arrived, and ends. */
  private void run(Path arrivals, Path output) throws Exception {
    Dataset<Row> images =
        spark
            .readStream()
            .format("binaryFile")
            .schema("path string, modificationTime timestamp, length long, content binary")
            .option("recursiveFileLookup", "true")
            .load(arrivals.toString())
            .drop("content");
    StreamingQuery query =
        SparkFaces.find(images, "lite")
            .writeStream()
            .format("parquet")
            .option("checkpointLocation", folder.resolve("checkpoint").toString())
            .trigger(Trigger.AvailableNow())
            .start(output.toString());
    query.awaitTermination();
  }

  @Test
  void images_areProcessedOnce_asTheyArrive() throws Exception {
    Path arrivals = Files.createDirectories(folder.resolve("arrivals"));
    Path output = folder.resolve("faces");
    Path others = Files.createDirectories(folder.resolve("others"));
    TestImages.addSamples(others);
    Files.copy(others.resolve("astronaut.png"), arrivals.resolve("first.png"));

    run(arrivals, output);
    Map<String, String> first =
        PlainFaces.ofRows(spark.read().parquet(output.toString()), arrivals);
    Files.copy(others.resolve("astronaut_rendition.jpg"), arrivals.resolve("second.jpg"));
    Files.writeString(arrivals.resolve("third.jpg"), "no image");
    run(arrivals, output);

    assertThat(first).containsOnlyKeys("first.png");
    // A face that is there twice would be an error.
    Dataset<Row> rows = spark.read().parquet(output.toString());
    assertThat(PlainFaces.ofRows(rows, arrivals)).isEqualTo(PlainFaces.of(arrivals)).hasSize(3);
    assertThat(rows.where("length is null or modificationTime is null").count()).isZero();
  }
}
