// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.omote.face.FaceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models from folders and archives. */
@Tag("testdata")
class ModelSourceTest {
  private static final List<String> MODELS =
      List.of(
          "scrfd_500m_kps_dynamic.onnx",
          "arcface_mobilefacenet_dynamic.onnx",
          "analysis/layout_1k3d68_mesh.onnx",
          "analysis/layout_2d106_mesh.onnx",
          "analysis/genderage.onnx",
          "analysis/lightqnet-dm050.onnx");

  private static SparkSession spark;
  private static Path data;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    String value = System.getProperty("omote.testdata");
    assumeTrue(
        value != null && !value.isBlank(),
        "skipped: set the folder of the reference data with -Domote.testdata=...");
    data = Path.of(value).resolve("models");
    spark = LocalSpark.start();
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.stop();
    }
  }

  private Dataset<Row> images() throws Exception {
    Path images = Files.createDirectories(folder.resolve("images"));
    TestImages.addSamples(images);
    return spark
        .createDataset(List.of(images.resolve("astronaut.png").toString()), Encoders.STRING())
        .toDF("path");
  }

  /** Zips files into a folder of the archive, or at its top. */
  private Path archive(String name, String inner, List<String> files) throws Exception {
    Path zip = folder.resolve(name);
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      for (String file : files) {
        out.putNextEntry(new ZipEntry(inner + Path.of(file).getFileName()));
        Files.copy(data.resolve(file), out);
      }
    }
    return zip;
  }

  @Test
  void folder_hasModelsAndAnalyzers() throws Exception {
    Path models = Files.createDirectories(folder.resolve("models"));
    for (String file : MODELS) {
      Files.copy(data.resolve(file), models.resolve(Path.of(file).getFileName()));
    }

    Row row =
        new FaceTransformer()
            .setModels(models.toString())
            .setInputSizes(640)
            .setAnalyzers("faceQuality", "ageAndSex", "landmarks106", "landmarks68", "pose")
            .transform(images())
            .first();

    assertThat(row.<String>getAs("status")).isEqualTo("OK");
    assertThat(row.<String>getAs("modelId")).startsWith("arcface_mobilefacenet_dynamic:");
    assertThat(row.getStruct(row.fieldIndex("faceQuality")).<String>getAs("modelId"))
        .startsWith("lightqnet-dm050:");
    Row guess = row.getStruct(row.fieldIndex("ageAndSex"));
    assertThat(guess.<String>getAs("sex"))
        .isEqualTo(guess.<Float>getAs("male") > guess.<Float>getAs("female") ? "MALE" : "FEMALE");
    assertThat(row.getList(row.fieldIndex("landmarks106"))).hasSize(106);
    List<Row> points = row.getList(row.fieldIndex("landmarks68"));
    assertThat(points).hasSize(68).noneMatch(point -> point.isNullAt(2));
    assertThat(row.getStruct(row.fieldIndex("pose")).isNullAt(0)).isFalse();
  }

  @Test
  void archives_areFoundByName() throws Exception {
    spark.sparkContext().addArchive(archive("models.zip", "", MODELS) + "#sent");
    // Often the files are in a folder of the archive.
    Path liveness =
        archive(
            "liveness.zip",
            "minifasnet/",
            List.of("analysis/MiniFASNetV2.onnx", "analysis/MiniFASNetV1SE.onnx"));
    spark.sparkContext().addArchive(liveness + "#minifasnet");

    Row row =
        new FaceTransformer()
            .setModels("sent")
            .setAnalyzers("liveness", "faceQuality")
            .transform(images())
            .first();

    assertThat(row.<String>getAs("modelId")).startsWith("arcface_mobilefacenet_dynamic:");
    Row live = row.getStruct(row.fieldIndex("liveness"));
    assertThat(live.<Double>getAs("score")).isBetween(0.0, 1.0);
    assertThat(live.getList(1)).hasSize(2);
    assertThat(row.<Row>getAs("faceQuality").isNullAt(0)).isFalse();
  }

  @Test
  void folderWithoutAnalyzer_isRefusedOnTheDriver() throws Exception {
    Path models = Files.createDirectories(folder.resolve("models"));
    for (String file : MODELS.subList(0, 2)) {
      Files.copy(data.resolve(file), models.resolve(file));
    }
    Dataset<Row> images = images();

    for (String analyzer : Arrays.asList("ageAndSex", "landmarks68", "landmarks106")) {
      assertThatThrownBy(
              () ->
                  new FaceTransformer()
                      .setModels(models.toString())
                      .setAnalyzers(analyzer)
                      .transform(images))
          .isInstanceOf(FaceException.class)
          .hasMessageContaining("expected models with the analyzer " + analyzer);
    }
    assertThat(new FaceTransformer().setModels(models.toString()).open())
        .startsWith("arcface_mobilefacenet_dynamic:");
  }

  @Test
  void analyzerWithoutItsPack_saysSo() throws Exception {
    Dataset<Row> images = images();

    assertThatThrownBy(
            () -> new FaceTransformer().setAnalyzers("faceQuality").transform(images).first())
        .hasStackTraceContaining("ediffiqa");
  }
}
