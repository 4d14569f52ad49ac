// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.Face;
import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceException;
import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import io.omote.face.FaceSelection;
import io.omote.face.Orientation;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.attribute.HeadPose;
import io.omote.face.attribute.MeasuredQuality;
import io.omote.face.description.Landmarks68Model2D;
import io.omote.face.models.ModelZoo;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaceTransformerTest {
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

  private Dataset<Row> images() throws Exception {
    TestImages.addSamples(folder);
    return images(folder.resolve("astronaut.png"));
  }

  private static Dataset<Row> images(Path... files) {
    return spark
        .createDataset(Arrays.stream(files).map(Path::toString).toList(), Encoders.STRING())
        .toDF("path");
  }

  @Test
  void columns_areInTheirOrder() {
    assertThat(SparkFaces.schema().fieldNames())
        .containsExactly(
            "path",
            "modificationTime",
            "length",
            "status",
            "problem",
            "width",
            "height",
            "face",
            "central",
            "box",
            "landmarks",
            "score",
            "embedding",
            "vector",
            "modelId",
            "processed");
    assertThat(
            new FaceTransformer()
                .setVector(false)
                .setAnalyzers("pose", "quality")
                .transformSchema(
                    new StructType().add("person", "string").add("path", "string").add("n", "int"))
                .fieldNames())
        .containsExactly(
            "path",
            "modificationTime",
            "length",
            "status",
            "problem",
            "width",
            "height",
            "face",
            "central",
            "box",
            "landmarks",
            "score",
            "embedding",
            "modelId",
            "processed",
            "pose",
            "quality",
            "person",
            "n");
  }

  @Test
  void rows_haveSizeCentralFaceVectorAndTime() throws Exception {
    TestImages.addSamples(folder);
    Path two = folder.resolve("two.png");
    BufferedImage large = ImageIO.read(folder.resolve("astronaut.png").toFile());
    BufferedImage both =
        new BufferedImage(2 * large.getWidth(), large.getHeight(), BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = both.createGraphics();
    graphics.drawImage(large, 0, 0, null);
    graphics.drawImage(
        large, large.getWidth(), 0, large.getWidth() / 2, large.getHeight() / 2, null);
    graphics.dispose();
    ImageIO.write(both, "png", two.toFile());
    long before = System.currentTimeMillis();

    List<Row> rows = SparkFaces.find(images(two), "lite").orderBy("face").collectAsList();

    FaceImage image = FaceImage.read(two);
    try (FaceDetector detector =
        FaceDetector.builder(ModelZoo.lite().detector()).threads(1).build()) {
      List<Face> faces = detector.detect(image);
      Face central =
          FaceSelection.CENTRAL.select(faces, image.width(), image.height()).orElseThrow();
      assertThat(rows).hasSameSizeAs(faces).hasSizeGreaterThan(1);
      for (Row row : rows) {
        assertThat(row.<Integer>getAs("width")).isEqualTo(image.width());
        assertThat(row.<Integer>getAs("height")).isEqualTo(image.height());
        assertThat(row.<Boolean>getAs("central"))
            .isEqualTo(faces.get(row.<Integer>getAs("face")).equals(central));
        float[] unit = FaceEmbedding.fromBytes(row.getAs("embedding")).toArray();
        List<Float> vector = row.getList(row.fieldIndex("vector"));
        assertThat(vector).hasSize(unit.length);
        for (int i = 0; i < unit.length; i++) {
          assertThat(vector.get(i)).isEqualTo(unit[i]);
        }
        assertThat(row.getTimestamp(row.fieldIndex("processed")).getTime())
            .isBetween(before, System.currentTimeMillis())
            .isEqualTo(rows.get(0).getTimestamp(row.fieldIndex("processed")).getTime());
      }
    }
  }

  @Test
  void ownColumns_areKept() throws Exception {
    Metadata metadata = Metadata.fromJson("{\"comment\":\"who it is\"}");
    StructType schema =
        new StructType()
            .add("before", "int", false)
            .add("path", "string")
            .add("features", SQLDataTypes.VectorType());
    Dataset<Row> images =
        spark
            .createDataFrame(
                List.of(
                    RowFactory.create(7, images().first().getString(0), Vectors.dense(1, 0, 0.5)),
                    RowFactory.create(8, null, null)),
                schema)
            .selectExpr(
                "*",
                "cast('1.50' as decimal(38, 10)) as amount",
                "array(named_struct('a', 1, 'b', 'x')) as list",
                "map('k', 1) as pairs",
                "timestamp_ntz'2026-01-02 03:04:05.123456' as local",
                "timestamp'2026-01-02 03:04:05.123456' as instant",
                "interval '1' day as span",
                "interval '3' month as months",
                "cast('abc' as char(5)) as fixed",
                "binary('x') as bytes",
                "cast(null as void) as nothing",
                "'ann' as person",
                "1 as `a.b c`")
            .withColumn("person", functions.col("person").as("person", metadata));
    if (spark.version().startsWith("4")) {
      images = images.selectExpr("*", "array(collate('x', 'UNICODE_CI')) as words");
    }
    FaceTransformer transformer = new FaceTransformer();

    Dataset<Row> faces = transformer.transform(images);

    assertThat(faces.schema()).isEqualTo(transformer.transformSchema(images.schema()));
    assertThat(faces.schema().apply("person").metadata()).isEqualTo(metadata);
    String[] own =
        Arrays.stream(images.columns())
            .filter(name -> !name.equals("path"))
            .map(name -> name.equals("bytes") ? "hex(bytes)" : "`" + name + "`")
            .toArray(String[]::new);
    assertThat(faces.selectExpr(own).orderBy("before").collectAsList().toString())
        .isEqualTo(images.selectExpr(own).orderBy("before").collectAsList().toString());
    assertThat(faces.where("before = 8").first().<String>getAs("status")).isEqualTo("INVALID_PATH");
  }

  @Test
  void timestampsAsInstants_work() throws Exception {
    spark.conf().set("spark.sql.datetime.java8API.enabled", "true");
    try {
      Dataset<Row> images =
          images()
              .withColumn("modificationTime", functions.expr("timestamp'2026-01-02 03:04:05'"))
              .withColumn("day", functions.expr("date'2026-01-02'"));
      Row face = SparkFaces.find(images, "lite").first();
      assertThat(face.<Object>getAs("processed")).isInstanceOf(java.time.Instant.class);
      assertThat(face.<String>getAs("status")).isEqualTo("OK");
      assertThat(face.<Object>getAs("day")).isEqualTo(java.time.LocalDate.of(2026, 1, 2));
    } finally {
      spark.conf().unset("spark.sql.datetime.java8API.enabled");
    }
  }

  @Test
  void sessionsOfBothKindsOfTimestamps_work_whenEitherIsActive() throws Exception {
    String path = images().first().getString(0);
    SparkSession instants = spark.newSession();
    instants.conf().set("spark.sql.datetime.java8API.enabled", "true");
    SparkSession active = SparkSession.active();
    try {
      for (SparkSession session : List.of(spark, instants)) {
        for (SparkSession other : Arrays.asList(spark, instants, null)) {
          if (other == null) {
            SparkSession.clearActiveSession(); // as in a thread of a server
          } else {
            SparkSession.setActiveSession(other);
          }
          Dataset<Row> images =
              session
                  .sql("select timestamp'2026-01-02 03:04:05' as modificationTime")
                  .withColumn("path", functions.lit(path))
                  .withColumn("taken", functions.expr("timestamp_seconds(1700000000)"));
          Row face =
              SparkFaces.find(images, "lite")
                  .selectExpr("status", "unix_seconds(processed)", "unix_seconds(taken)")
                  .first();
          assertThat(face.getString(0)).isEqualTo("OK");
          assertThat(face.getLong(1)).isGreaterThan(1_700_000_000);
          assertThat(face.getLong(2)).isEqualTo(1_700_000_000);
          assertThat(SparkSession.getActiveSession().isDefined()).isEqualTo(other != null);
        }
      }
    } finally {
      SparkSession.setActiveSession(active);
    }
  }

  @Test
  void inputsThatDoNotFit_areRefused() throws Exception {
    Dataset<Row> images = images();
    refused(images.withColumn("face", functions.lit(1)), "face");
    refused(images.withColumn("Status", functions.lit(1)), "Status");
    refused(images.withColumn("Path", functions.lit("x")).drop("x"), "Path");
    refused(images.selectExpr("path", "1 as n", "2 as N"), "N");
    refused(images.selectExpr("path", "path"), "path");
    refused(images.selectExpr("1 as path"), "path");
    refused(images.withColumn("length", functions.lit("10")), "length");
    refused(images.withColumn("modificationTime", functions.lit(10L)), "modificationTime");
    refused(images.withColumn("content", functions.lit("x")), "content");
    refused(images.withColumn("problem", functions.lit(1)), "problem");
    refused(images.withColumnRenamed("path", "file"), "path");
    // Names of what is switched off are free.
    assertThat(
            new FaceTransformer()
                .setVector(false)
                .transform(images.withColumn("vector", functions.lit(5)))
                .first()
                .<Integer>getAs("vector"))
        .isEqualTo(5);
    assertThat(
            new FaceTransformer()
                .transform(images.withColumn("pose", functions.lit(5)))
                .first()
                .<Integer>getAs("pose"))
        .isEqualTo(5);
  }

  private static void refused(Dataset<Row> images, String column) {
    FaceTransformer transformer = new FaceTransformer();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> transformer.transform(images))
        .withMessageStartingWith("expected ")
        .withMessageContaining(column);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> transformer.transformSchema(images.schema()));
  }

  @Test
  void analyzersOfTheBundledModels_areTheLibrarys() throws Exception {
    Dataset<Row> images = images();

    Row row =
        new FaceTransformer()
            .setAnalyzers("landmarks68", "pose", "quality")
            .transform(images)
            .first();

    FaceModels models = ModelZoo.lite();
    FaceImage image = FaceImage.read(folder.resolve("astronaut.png"));
    try (FaceDetector detector = FaceDetector.builder(models.detector()).threads(1).build();
        FaceAnalyzer<DenseLandmarks> analyzer =
            FaceAnalyzer.builder(models.analyzer(Landmarks68Model2D.class).orElseThrow())
                .threads(1)
                .build()) {
      Face face = detector.detect(image).get(0);
      DenseLandmarks points = analyzer.analyze(image, face);
      List<Row> found = row.getList(row.fieldIndex("landmarks68"));
      assertThat(found).hasSize(68);
      assertThat(found.get(30).getFloat(0)).isEqualTo(points.x(30));
      assertThat(found.get(30).getFloat(1)).isEqualTo(points.y(30));
      assertThat(found.get(30).isNullAt(2)).isTrue();
      HeadPose pose = HeadPose.of(points);
      Row foundPose = row.getStruct(row.fieldIndex("pose"));
      assertThat(foundPose).isEqualTo(RowFactory.create(pose.pitch(), pose.yaw(), pose.roll()));
      MeasuredQuality quality = MeasuredQuality.of(image, face);
      Row foundQuality = row.getStruct(row.fieldIndex("quality"));
      assertThat(foundQuality.<Double>getAs("interEyeDistance"))
          .isEqualTo(quality.get(MeasuredQuality.Property.INTER_EYE_DISTANCE));
      assertThat(foundQuality.<Double>getAs("detectorScore"))
          .isEqualTo(quality.get(MeasuredQuality.Property.DETECTOR_SCORE));
      Row rough =
          new FaceTransformer().setAnalyzers("pose").transform(images).select("pose.*").first();
      HeadPose ofFive = HeadPose.of(face.landmarks().orElseThrow());
      assertThat(rough).isEqualTo(RowFactory.create(null, ofFive.yaw(), ofFive.roll()));
    }
  }

  @Test
  void analyzersOfRowsWithoutFaces_areNull() throws Exception {
    TestImages.addBlack(folder, 1);

    Row row =
        new FaceTransformer()
            .setAnalyzers("landmarks68", "pose", "quality")
            .transform(images(folder.resolve("black000.png")))
            .first();

    assertThat(row.<String>getAs("status")).isEqualTo("NO_FACE");
    assertThat(row.<Integer>getAs("width")).isEqualTo(64);
    for (String column : List.of("central", "vector", "landmarks68", "pose", "quality")) {
      assertThat(row.<Object>getAs(column)).as(column).isNull();
    }
  }

  @Test
  void analyzersThatModelsLack_areRefusedOnTheDriver() throws Exception {
    Dataset<Row> images = images();
    FaceTransformer transformer = new FaceTransformer().setAnalyzers("ageAndSex");

    assertThatThrownBy(() -> transformer.transform(images))
        .isInstanceOf(FaceException.class)
        .hasMessageStartingWith(
            "expected models with the analyzer ageAndSex, found 'lite' without its network: ");
    assertThatThrownBy(() -> transformer.transformSchema(images.schema()))
        .isInstanceOf(FaceException.class);
    assertThat(transformer.setModels("buffalo_l").transformSchema(images.schema()).fieldNames())
        .contains("ageAndSex");
    assertThatThrownBy(() -> new FaceTransformer().setModels("minifasnet").transform(images))
        .isInstanceOf(FaceException.class)
        .hasMessageContaining("has only an analyzer");
  }

  @Test
  void wrongValues_areRefused() {
    refused(faces -> faces.setModels(" "), "expected the name of a pack");
    refused(faces -> faces.setModels(null), "expected a value, found null");
    refused(faces -> faces.setScoreThreshold(1.5f), "expected a score in [0, 1], found 1.5");
    refused(faces -> faces.setScoreThreshold(Float.NaN), "expected a score in [0, 1]");
    refused(faces -> faces.setInputSizes(), "expected at least one input size");
    refused(
        faces -> faces.setInputSizes(640, 100), "expected input sizes that are multiples of 32");
    refused(faces -> faces.setMaxBytes(0), "expected a limit of 1 to 2147483639 bytes, found 0");
    refused(faces -> faces.setMaxPixels(-1), "expected a limit of 1 to ");
    refused(faces -> faces.setMaxSide(0), "expected a positive limit");
    refused(faces -> faces.setReducedDecoding(0), "expected a positive limit");
    refused(faces -> faces.setAnalyzers("age"), "expected analyzers among [quality, pose, ");
    refused(faces -> faces.setAnalyzers("pose", "pose"), "expected each analyzer once");
    refused(
        faces -> faces.set("orientation", "sideways"), "expected the orientation UPRIGHT or ANY");
    refused(
        faces -> faces.set("maxBytes", 1000),
        "expected a value of the type Long, found one of the type Integer");
    refused(
        faces -> faces.set("scoreThreshold", 0.5),
        "expected a value of the type Float, found one of the type Double");
    refused(
        faces -> faces.set("analyzers", List.of("pose")),
        "expected a value of the type String[], found one of the type ");
    refused(
        faces -> faces.set("models", 1),
        "expected a value of the type String, found one of the type Integer");
    refused(
        faces -> faces.copy(ParamMap.empty().put(faces.maxSide().w(0))),
        "expected a positive limit");
  }

  private static void refused(Consumer<FaceTransformer> change, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> change.accept(new FaceTransformer()))
        .withMessageStartingWith(message);
  }

  private static FaceTransformer changed() {
    return new FaceTransformer()
        .setModels("./models")
        .setScoreThreshold(0.4f)
        .setInputSizes(320, 640)
        .setOrientation(Orientation.ANY)
        .setMaxBytes(1_000_000)
        .setMaxPixels(2_000_000)
        .setMaxSide(3000)
        .setAcceptTruncated(true)
        .setReducedDecoding(800)
        .setAnalyzers("pose", "quality")
        .setVector(false);
  }

  @Test
  void settings_survive_copySaveAndLoad() throws Exception {
    FaceTransformer transformer = changed();
    String path = folder.resolve("saved").toString();
    transformer.write().overwrite().save(path);
    FaceTransformer loaded = FaceTransformer.load(path);

    assertThat(loaded.uid()).isEqualTo(transformer.uid());
    assertThat(loaded.settings()).isEqualTo(transformer.settings());
    assertThat(loaded.settings())
        .isEqualTo(
            new FaceSettings(
                "./models",
                0.4f,
                List.of(320, 640),
                Orientation.ANY,
                1_000_000,
                2_000_000,
                3000,
                true,
                800,
                List.of(AnalyzerColumn.POSE, AnalyzerColumn.QUALITY),
                false));
    assertThat(transformer.copy(ParamMap.empty()).settings()).isEqualTo(transformer.settings());
    FaceTransformer copy = transformer.copy(ParamMap.empty().put(transformer.maxSide().w(77)));
    assertThat(copy.getMaxSide()).isEqualTo(77);
    assertThat(transformer.getMaxSide()).isEqualTo(3000);
    assertThat(transformer.explainParams()).contains("orientation").contains("maxBytes");
    assertThat(new FaceTransformer().uid()).startsWith("faces_").isNotEqualTo(transformer.uid());
  }

  @Test
  void settingsText_differs_exactlyIfSettingsDo() {
    FaceTransformer defaults = new FaceTransformer();
    assertThat(new FaceTransformer().settingsText())
        .isEqualTo(defaults.settingsText())
        .isEqualTo(
            "acceptTruncated=false; analyzers=[]; inputSizes=default; maxBytes=25000000;"
                + " maxPixels=50000000; maxSide=16384; models=lite; orientation=UPRIGHT;"
                + " reducedDecoding=none; scoreThreshold=default; vector=true");
    assertThat(changed().settingsText()).isEqualTo(changed().settingsText());
    for (var param : changed().params()) {
      FaceTransformer other = changed();
      other.clear(other.getParam(param.name()));
      assertThat(other.settingsText()).as(param.name()).isNotEqualTo(changed().settingsText());
    }
    assertThat(changed().params()).hasSize(11);
  }

  @Test
  void pipeline_findsFaces_alsoLoaded() throws Exception {
    Dataset<Row> images = images();
    PipelineModel model =
        new Pipeline()
            .setStages(new PipelineStage[] {new FaceTransformer().setAnalyzers("pose")})
            .fit(images);
    String path = folder.resolve("pipeline").toString();
    model.write().save(path);

    Dataset<Row> faces = PipelineModel.load(path).transform(images);

    assertThat(faces.schema()).isEqualTo(model.transformSchema(images.schema()));
    assertThat(faces.where("status = 'OK' and pose.yaw is not null").count()).isEqualTo(1);
  }

  @Test
  void options_reachTheNetworksAndTheReader() throws Exception {
    Dataset<Row> images = images();
    Path turned = folder.resolve("turned.png");
    ImageIO.write(
        FaceImage.read(folder.resolve("astronaut.png")).turned(90).toBufferedImage(),
        "png",
        turned.toFile());

    assertThat(status(new FaceTransformer().setMaxSide(100), images)).isEqualTo("TOO_LARGE");
    assertThat(status(new FaceTransformer().setMaxBytes(100), images)).isEqualTo("TOO_LARGE");
    assertThat(status(new FaceTransformer().setMaxPixels(100), images)).isEqualTo("TOO_LARGE");
    assertThat(status(new FaceTransformer().setScoreThreshold(1), images)).isEqualTo("NO_FACE");
    assertThat(status(new FaceTransformer().setOrientation(Orientation.ANY), images(turned)))
        .isEqualTo("OK");
  }

  private static String status(FaceTransformer transformer, Dataset<Row> images) {
    return transformer.transform(images).first().getAs("status");
  }

  @Test
  void networks_areBounded() throws Exception {
    Dataset<Row> images = images();
    for (int i = 0; i < ExecutorNetworks.MOST + 3; i++) {
      assertThat(status(new FaceTransformer().setScoreThreshold(0.5f + 0.01f * i), images))
          .isEqualTo("OK");
      assertThat(ExecutorNetworks.openSets()).isLessThanOrEqualTo(ExecutorNetworks.MOST);
    }
  }
}
