// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.inference.Predictor;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.modality.cv.output.DetectedObjects;
import ai.djl.modality.cv.output.Landmark;
import ai.djl.modality.cv.output.Point;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceImage;
import io.omote.face.FaceMatch;
import io.omote.face.FaceMatcher;
import io.omote.face.FaceModels;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Packs with real networks, fetched and used. */
@Timeout(600)
class PackUseTest {
  private static final Path SAMPLES = Path.of("..", "samples");
  private static final Path ASTRONAUT = SAMPLES.resolve("astronaut.png");
  private static final Path RENDITION = SAMPLES.resolve("astronaut_rendition.jpg");
  private static final Path OTHER = SAMPLES.resolve("grace_hopper.jpg");

  @TempDir Path temp;
  private LocalServer server;
  private Path store;

  @BeforeEach
  void start() {
    server = new LocalServer();
    store = temp.resolve("store");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static byte[] lite(String name) throws IOException {
    try (InputStream stream = ModelZoo.class.getResourceAsStream("lite/" + name)) {
      return stream.readAllBytes();
    }
  }

  /** The networks of the bundled pack lite-fast, served as if they had to be fetched. */
  private static TestPack networks() throws IOException {
    Map<String, byte[]> detector = new LinkedHashMap<>();
    detector.put("fr_detect.onnx", lite("fr_detect.onnx"));
    detector.put("fr_landmark.onnx", lite("fr_landmark.onnx"));
    return TestPack.of(detector, "fr_feature.onnx", lite("fr_feature.onnx"));
  }

  private ModelPack fetchable(TestPack pack) {
    return ModelStore.builder()
        .directory(store)
        .insightFaceDirectory(temp.resolve("none"))
        .manifest(pack.write(temp))
        .build()
        .get(TestPack.NAME);
  }

  private ModelPack inArchive(TestPack pack, String folder) {
    byte[] zip = pack.zip(folder);
    server.serve("/pack.zip", zip);
    return fetchable(pack.nonCommercial().archive("pack.zip", server.uri("/pack.zip"), zip));
  }

  private static void assertTellsPeopleApart(FaceModels models) {
    try (FaceMatcher matcher = FaceMatcher.create(models)) {
      FaceMatch same = matcher.compare(ASTRONAUT, RENDITION);
      assertThat(same.similarity()).isGreaterThan(0.5);
      assertThat(same.isSamePerson()).isTrue();
      assertThat(matcher.compare(ASTRONAUT, OTHER).isSamePerson()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "tiny/"})
  void fetch_archive_comparesFacesThenDeletesThenFetchesAgain(String folder) throws IOException {
    ModelPack pack = inArchive(networks(), folder).acceptLicense();

    assertTellsPeopleApart(pack.fetch());

    pack.delete();
    assertThat(pack.isAvailable()).isFalse();
    assertTellsPeopleApart(pack.fetch());
  }

  @Test
  void fetch_cacheWarmAndEverySocketRefused_comparesFaces() throws Exception {
    inArchive(networks(), "tiny/").acceptLicense().fetch();
    int requests = server.requests().size();

    String output;
    try (ForkedJvm jvm =
        ForkedJvm.start(
            temp,
            List.of(NoSockets.OPTION),
            CompareProcess.class,
            temp.resolve(TestPack.NAME + ".json"),
            store,
            ASTRONAUT,
            RENDITION)) {
      output = jvm.outputAfterSuccess();
    }

    assertThat(output).contains("available: true").contains("sockets: 0");
    assertThat(output).containsPattern("similarity: 0\\.[5-9]");
    assertThat(server.requests()).hasSize(requests);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "buffalo_l/"})
  @Tag("testdata")
  void fetch_shapeOfBuffaloL_comparesFaces(String folder) throws IOException {
    TestPack networks =
        TestPack.of(
                Map.of("det_10g.onnx", testData("models/scrfd_2.5g_kps_dynamic.onnx")),
                "w600k_r50.onnx",
                testData("models/arcface_mobilefacenet_dynamic.onnx"))
            .with("1k3d68.onnx", new byte[70_000])
            .with("2d106det.onnx", new byte[50_000])
            .with("genderage.onnx", new byte[10_000]);
    ModelPack pack = inArchive(networks, folder).acceptLicense();

    FaceModels models = pack.fetch();

    assertTellsPeopleApart(models);
    assertThat(store.resolve(TestPack.NAME).resolve("1k3d68.onnx")).doesNotExist();
    pack.delete();
    assertTellsPeopleApart(pack.fetch());
    pack.withAllFiles().fetch();
    assertThat(store.resolve(TestPack.NAME).resolve("1k3d68.onnx")).hasSize(70_000);
  }

  @ParameterizedTest
  @CsvSource({"scrfd, scrfd_2.5g_kps_dynamic.onnx", "yunet, yunet_n_dynamic.onnx"})
  @Tag("testdata")
  void fetch_thenDjlsCriteria_findsWhatFaceDetectorDoes(String family, String file)
      throws Exception {
    TestPack networks =
        TestPack.of(
            Map.of(file, testData("models/" + file)),
            "w600k_r50.onnx",
            testData("models/arcface_mobilefacenet_dynamic.onnx"));
    byte[] zip = networks.zip("");
    server.serve("/pack.zip", zip);
    Map<String, Object> manifest =
        networks.archive("pack.zip", server.uri("/pack.zip"), zip).manifest();
    String name = "for-djl-" + family;
    manifest.put("name", name);
    manifest.put(
        "detector", Map.of("family", family, "files", List.of(file), "inputSizes", List.of()));
    String before = System.setProperty("omote.models.directory", store.toString());
    try {
      ModelZoo.register(TestPack.write(temp, manifest));
      FaceModels models = ModelZoo.get(name).fetch();

      DetectedObjects found = detectWithDjl(name);

      try (FaceDetector detector =
          FaceDetector.builder(models.detector()).inputSizes(640).build()) {
        assertSameFaces(found, FaceImage.read(ASTRONAUT), detector);
      }
    } finally {
      if (before == null) {
        System.clearProperty("omote.models.directory");
      } else {
        System.setProperty("omote.models.directory", before);
      }
    }
  }

  private static DetectedObjects detectWithDjl(String pack) throws Exception {
    Criteria<Image, DetectedObjects> criteria =
        Criteria.builder()
            .setTypes(Image.class, DetectedObjects.class)
            .optGroupId("io.omote")
            .optArtifactId(pack)
            .build();
    try (ZooModel<Image, DetectedObjects> model = criteria.loadModel();
        Predictor<Image, DetectedObjects> predictor = model.newPredictor()) {
      return predictor.predict(ImageFactory.getInstance().fromFile(ASTRONAUT));
    }
  }

  private static void assertSameFaces(
      DetectedObjects found, FaceImage image, FaceDetector detector) {
    List<Face> faces = detector.detect(image);
    assertThat(faces).isNotEmpty();
    assertThat(found.getNumberOfObjects()).isEqualTo(faces.size());
    for (int i = 0; i < faces.size(); i++) {
      Face face = faces.get(i);
      DetectedObjects.DetectedObject object = found.item(i);
      assertThat(object.getProbability()).isEqualTo(face.score());
      Landmark landmark = (Landmark) object.getBoundingBox();
      assertThat(landmark.getBounds().getX() * image.width())
          .isCloseTo(face.box().left(), within(1e-3));
      assertThat(landmark.getBounds().getHeight() * image.height())
          .isCloseTo(face.box().height(), within(1e-3));
      assertThat(landmark.getPath())
          .extracting(Point::getX, Point::getY)
          .containsExactlyElementsOf(
              face.landmarks().orElseThrow().points().stream()
                  .map(point -> tuple((double) point.x(), (double) point.y()))
                  .toList());
    }
  }

  private static byte[] testData(String relative) throws IOException {
    String root = System.getProperty("omote.testdata");
    assumeTrue(
        root != null && !root.isBlank(),
        "skipped: needs the reference data; give its folder as -Domote.testdata=...");
    return Files.readAllBytes(Path.of(root, relative));
  }
}
