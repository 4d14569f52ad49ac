// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.FaceEmbedding;
import io.omote.face.FaceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkFacesTest {
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

  @Test
  void find_ofFiles_isWhatOneJvmSays() throws Exception {
    TestImages.addSamples(folder);
    TestImages.addOthers(folder);

    Dataset<Row> faces = SparkFaces.find(SparkFaces.list(spark, folder.toString()), "lite");

    assertThat(faces.schema()).isEqualTo(SparkFaces.schema());
    Map<String, String> found = PlainFaces.ofRows(faces, folder);
    assertThat(found).isEqualTo(PlainFaces.of(folder)).hasSize(10);
    assertThat(found)
        .containsEntry("empty.jpg", "DAMAGED")
        .containsEntry("cut off.jpg", "DAMAGED")
        .containsEntry("notes.txt", "UNSUPPORTED_FORMAT")
        .containsEntry("huge.jpg", "TOO_LARGE")
        .containsEntry("too wide.png", "TOO_LARGE")
        .containsEntry("black.png", "NO_FACE");
    Row empty = faces.where("path like '%/empty.jpg'").first();
    assertThat(empty.<Long>getAs("length")).isZero();
    assertThat(empty.<Object>getAs("modificationTime")).isNotNull();
    assertThat(empty.<String>getAs("problem")).startsWith("expected ");
    Row face = faces.where("path like '%/astronaut.png'").first();
    assertThat(face.<String>getAs("problem")).isNull();
    assertThat(FaceEmbedding.fromBytes(face.getAs("embedding")).modelId())
        .isEqualTo(face.<String>getAs("modelId"));
  }

  @Test
  void find_ofContents_doesNotReadFilesAgain() throws Exception {
    TestImages.addSamples(folder);
    Dataset<Row> images = spark.read().format("binaryFile").load(folder + "/*.png").cache();
    assertThat(images.count()).isEqualTo(1);
    Map<String, String> expected = PlainFaces.of(folder);
    Files.delete(folder.resolve("astronaut.png"));

    Map<String, String> found = PlainFaces.ofRows(SparkFaces.find(images, "lite"), folder);

    assertThat(found).containsExactly(Map.entry("astronaut.png", expected.get("astronaut.png")));
  }

  @Test
  void find_ofPathsAlone_readsThem() throws Exception {
    TestImages.addSamples(folder);
    Dataset<Row> paths =
        spark
            .createDataset(
                List.of(folder + "/astronaut.png", folder + "/gone.jpg"), Encoders.STRING())
            .toDF("path");

    Dataset<Row> faces = SparkFaces.find(paths, "lite");

    assertThat(PlainFaces.ofRows(faces, folder))
        .containsEntry("gone.jpg", "UNREADABLE")
        .containsEntry("astronaut.png", PlainFaces.of(folder).get("astronaut.png"));
    assertThat(faces.where("length is not null or modificationTime is not null").count()).isZero();
  }

  @Test
  void find_withoutPaths_isRefused() {
    Dataset<Row> rows = spark.range(3).toDF("id");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> SparkFaces.find(rows, "lite"))
        .withMessage("expected a column named path, found [id]");
  }

  @Test
  void find_modelsThatAreNotThere_failsAndSaysSo() {
    Dataset<Row> paths =
        spark.createDataset(List.of(folder + "/a.png"), Encoders.STRING()).toDF("path");

    assertThatThrownBy(() -> SparkFaces.find(paths, "no such pack").collectAsList())
        .hasStackTraceContaining(
            "expected the name of a pack or a folder that exists on every machine, found 'no such"
                + " pack'");
    // The failure is not cached: the next task opens its own networks.
    assertThat(SparkFaces.find(paths, "lite").count()).isEqualTo(1);
  }

  @Test
  void list_hasAllFilesButHiddenOnes_once() throws Exception {
    Files.createDirectories(folder.resolve("a/b"));
    Files.createDirectories(folder.resolve(".thumbnails"));
    for (String name : new String[] {"a/b/1.jpg", "2.jpg", "_SUCCESS", ".thumbnails/3.jpg"}) {
      Files.createFile(folder.resolve(name));
    }

    Dataset<Row> files = SparkFaces.list(spark, folder.toString(), folder.resolve("a").toString());

    assertThat(files.select("path").as(Encoders.STRING()).collectAsList())
        .containsExactlyInAnyOrder("file:" + folder + "/a/b/1.jpg", "file:" + folder + "/2.jpg");
  }

  @Test
  void list_ofNoFolder_isRefused() {
    assertThatThrownBy(() -> SparkFaces.list(spark, folder + "/none"))
        .isInstanceOf(FaceException.class)
        .hasMessageStartingWith("the folder of images %s/none could not be listed: ", folder);
    assertThatThrownBy(() -> SparkFaces.list(spark, "nosuchscheme://a"))
        .isInstanceOf(FaceException.class);
  }
}
