// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.FaceAlbums;
import io.omote.face.FaceGallery;
import io.omote.face.description.OperatingPoint;
import io.omote.face.evaluation.OperatingPointFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code in docs/scale.md is compiled, and does what the document says. */
class ScaleDocumentTest {
  @TempDir private Path folder;

  private static String withoutIndentation(String code) {
    return code.lines().map(String::strip).collect(Collectors.joining("\n"));
  }

  @Test
  void snippets_areTheExamples() throws IOException {
    String examples =
        withoutIndentation(
            Files.readString(Path.of("src/test/java/io/omote/face/spark/ScaleExamples.java")));
    List<String> shown =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("../docs/scale.md")))
            .results()
            .map(result -> withoutIndentation(result.group(1)))
            .toList();

    assertThat(shown).hasSize(4).allSatisfy(snippet -> assertThat(examples).contains(snippet));
  }

  @Test
  void examples_work() throws Exception {
    Path images = Files.createDirectories(folder.resolve("images"));
    TestImages.addSamples(images);
    Path output = folder.resolve("faces");
    SparkSession spark = LocalSpark.start();
    try {
      ScaleExamples.find(spark, images.toString(), output.toString());
      Dataset<Row> faces = spark.read().parquet(output.toString());
      String modelId = faces.first().getAs("modelId");

      Dataset<Row> numbered =
          faces.selectExpr(
              "row_number() over (order by path) - 1L as id",
              "cast(dense_rank() over (order by path) as long) as image",
              "if(path like '%astronaut%', 'collins', 'hopper') as person",
              "embedding");
      FaceAlbums albums = ScaleExamples.albums(numbered, 3, 0.42);
      assertThat(albums.albums()).hasSize(1);
      assertThat(albums.albums().get(0).faces()).hasSize(2);

      Path file = folder.resolve("point.json");
      OperatingPoint point = ScaleExamples.calibrate(numbered, modelId, file);
      assertThat(OperatingPointFile.read(file)).isEqualTo(point);
      assertThat(point.fnmr().trials()).isEqualTo(1);
      assertThat(point.fmr().trials()).isEqualTo(2);

      try (FaceGallery gallery = FaceGallery.inMemory(modelId)) {
        ScaleExamples.enroll(faces, gallery);
        assertThat(gallery.size()).isEqualTo(3);
      }
    } finally {
      spark.stop();
    }
  }
}
