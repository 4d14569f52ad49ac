// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.omote.face.FaceMatcher;
import io.omote.face.models.LicenseNotAcceptedException;
import io.omote.face.models.ModelZoo;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Each program, run with the sample images. */
class ExamplesTest {
  private static final String ASTRONAUT = "samples/astronaut.png";
  private static final String RENDITION = "samples/astronaut_rendition.jpg";
  private static final String HOPPER = "samples/grace_hopper.jpg";
  private static final Path SOURCES = Path.of("face-examples/src/main/java/io/omote/face/examples");
  private static final Path README = Path.of("face-examples/README.md");

  @TempDir private Path folder;

  static List<Path> programs() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files.filter(file -> !file.endsWith("package-info.java")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void program_isShort(Path program) throws IOException {
    assertThat(Files.readAllLines(program)).hasSizeLessThanOrEqualTo(40);
  }

  @ParameterizedTest
  @MethodSource("programs")
  void program_isInTheReadme(Path program) throws IOException {
    String name = program.getFileName().toString().replace(".java", "");
    assertThat(README).content().contains(String.format(Locale.ROOT, "| [%s](", name));
  }

  @Test
  void commandOfTheReadme_runs() throws Exception {
    Matcher command =
        Pattern.compile("-Dexample=(\\w+).*-Dexec\\.args=\"([^\"]+)\"", Pattern.DOTALL)
            .matcher(Files.readString(README));
    assertThat(command.find()).isTrue();
    Run run = Run.of(command.group(1), (Object[]) command.group(2).split(" "));
    assertThat(run.out()).contains("same person: true");
  }

  @Test
  void compareTwoImages() throws Exception {
    assertThat(Run.of("CompareTwoImages", ASTRONAUT, RENDITION).out().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("similarity: 0.9"),
            line -> assertThat(line).isEqualTo("same person: true"));
    assertThat(Run.of("CompareTwoImages", ASTRONAUT, HOPPER).out()).contains("same person: false");
    assertThat(Run.of("CompareTwoImages", ASTRONAUT, "pom.xml").err()).contains("pom.xml");
  }

  /** Both samples in one image. */
  private Path group() throws IOException {
    BufferedImage astronaut = ImageIO.read(new File(ASTRONAUT));
    BufferedImage admiral = ImageIO.read(new File(HOPPER));
    int height = astronaut.getHeight();
    int width = admiral.getWidth() * height / admiral.getHeight();
    BufferedImage group =
        new BufferedImage(astronaut.getWidth() + width, height, BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = group.createGraphics();
    graphics.drawImage(astronaut, 0, 0, null);
    graphics.drawImage(admiral, astronaut.getWidth(), 0, width, height, null);
    graphics.dispose();
    Path file = folder.resolve("group.png");
    ImageIO.write(group, "png", file.toFile());
    return file;
  }

  @Test
  void findAllFaces() throws Exception {
    String face = "BoundingBox\\[.*], score 0\\.9+.*";
    assertThat(Run.of("FindAllFaces", group()).out().lines())
        .satisfiesExactly(
            line -> assertThat(line).matches(face),
            line -> assertThat(line).matches(face),
            line -> assertThat(line).matches("similarity to the first: 0\\.[01].*"));
  }

  @Test
  void enrollAndIdentify() throws Exception {
    assertThat(Run.of("EnrollAndIdentify", ASTRONAUT, RENDITION).lastLine()).isEqualTo("maya");
    assertThat(Run.of("EnrollAndIdentify", ASTRONAUT, HOPPER).lastLine())
        .isEqualTo("not in the gallery");
  }

  @Test
  void galleryInAFolder_runsAgain() throws Exception {
    Path staff = folder.resolve("staff");
    assertThat(Run.of("GalleryInAFolder", staff, ASTRONAUT, RENDITION).out().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("maya 0.9"),
            line -> assertThat(line).isEqualTo("maya"));
    assertThat(Run.of("GalleryInAFolder", staff, ASTRONAUT, HOPPER).out().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("maya 0.1"),
            line -> assertThat(line).isEqualTo("not in the gallery"));
  }

  @Test
  void searchEmbeddedFaces() throws Exception {
    String embedding;
    try (FaceMatcher matcher = FaceMatcher.create(ModelZoo.lite())) {
      byte[] bytes = matcher.embed(Path.of(ASTRONAUT)).orElseThrow().toBytes();
      embedding = Base64.getEncoder().encodeToString(bytes);
    }
    Path faces = folder.resolve("faces.jsonl");
    Files.write(
        faces,
        List.of(
            "{\"version\":1,\"content\":\"embeddings\"}",
            "{\"version\":1,\"image\":\"a.jpg\",\"faces\":[{\"embedding\":\"" + embedding + "\"}]}",
            "{\"version\":1,\"image\":\"b.jpg\",\"faces\":[{\"error\":{}}]}",
            "{\"version\":1,\"image\":\"c.jpg\",\"error\":{\"reason\":\"damaged\"}}"));

    assertThat(Run.of("SearchEmbeddedFaces", faces, RENDITION).out().lines())
        .satisfiesExactly(line -> assertThat(line).startsWith("a.jpg 0.9"));
  }

  @Test
  @Tag("postgres")
  void galleryInPostgres_runsAgain() throws Exception {
    String url = System.getProperty("omote.postgres");
    assumeTrue(
        url != null && !url.isBlank(),
        "skipped: needs PostgreSQL with pgvector; give its JDBC URL as -Domote.postgres=...");
    PGSimpleDataSource database = new PGSimpleDataSource();
    database.setUrl(url);
    try (Connection connection = database.getConnection()) {
      connection
          .createStatement()
          .execute(
              "CREATE EXTENSION IF NOT EXISTS vector SCHEMA public;"
                  + "DROP SCHEMA IF EXISTS omote_test_examples CASCADE;"
                  + "CREATE SCHEMA omote_test_examples");
    }
    String own = url + (url.contains("?") ? "&" : "?") + "currentSchema=omote_test_examples";
    assertThat(Run.of("GalleryInPostgres", own, ASTRONAUT, RENDITION).lastLine()).isEqualTo("maya");
    assertThat(Run.of("GalleryInPostgres", own, ASTRONAUT, HOPPER).lastLine())
        .isEqualTo("not in the gallery");
  }

  @Test
  void makeAlbums() throws Exception {
    assertThat(Run.of("MakeAlbums", ASTRONAUT, RENDITION, HOPPER).out().lines())
        .containsExactly("unnamed, faces: 2", "in no album: 1");
  }

  @Test
  void analyzeFaces() throws Exception {
    assertThat(Run.of("AnalyzeFaces", ASTRONAUT).out().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("left eye open: 0.3"),
            line -> assertThat(line).startsWith("mouth open: 0.1"),
            line -> assertThat(line).startsWith("HeadPose[pitch="));
  }

  @Test
  @Tag("testdata")
  void analyzeFaces_withAgeAndSex() throws Exception {
    Path network = testdata("models/analysis/genderage.onnx");
    assertThat(Run.of("AnalyzeFaces", ASTRONAUT, network).lastLine()).matches("\\d+, FEMALE");
  }

  @Test
  @Tag("testdata")
  void checkLiveness() throws Exception {
    Path first = testdata("models/analysis/MiniFASNetV2.onnx");
    Path second = testdata("models/analysis/MiniFASNetV1SE.onnx");
    assertThat(Run.of("CheckLiveness", testdata("liveness/image_T1.jpg"), first, second).out())
        .startsWith("liveness: 0.99");
    assertThat(Run.of("CheckLiveness", testdata("liveness/image_F2.jpg"), first, second).out())
        .startsWith("liveness: 0.0");
  }

  @Test
  void registerAFace_thenLogInByFace() throws Exception {
    Path file = folder.resolve("maya.embedding");
    assertThat(Run.of("RegisterAFace", ASTRONAUT, file).out()).isEmpty();
    assertThat(Run.of("LogInByFace", file, RENDITION).lastLine()).isEqualTo("welcome");
    assertThat(Run.of("LogInByFace", file, HOPPER).lastLine()).isEqualTo("not recognized");
  }

  @Test
  void chooseAThreshold() throws Exception {
    assertThat(Run.of("ChooseAThreshold").lastLine()).isEqualTo("selected: 0.4217");
  }

  @Test
  void compareUploads() throws Exception {
    assertThat(Run.of("CompareUploads", ASTRONAUT, RENDITION).lastLine()).isEqualTo("200 true");
    assertThat(Run.of("CompareUploads", ASTRONAUT, "pom.xml").lastLine()).startsWith("422 ");
  }

  @Test
  void processAFolder_namesWhatItCannotRead() throws Exception {
    Files.copy(Path.of(ASTRONAUT), folder.resolve("a.png"));
    Files.writeString(folder.resolve("b.png"), "text");
    Run run = Run.of("ProcessAFolder", folder);
    assertThat(run.out()).contains("a.png, faces: 1");
    assertThat(run.err()).contains("b.png");
  }

  @Test
  @Tag("testdata")
  void ownModelFiles() throws Exception {
    assertThat(
            Run.of(
                    "OwnModelFiles",
                    testdata("models/scrfd_2.5g_kps_dynamic.onnx"),
                    testdata("models/arcface_mobilefacenet_dynamic.onnx"),
                    ASTRONAUT,
                    RENDITION)
                .out())
        .startsWith("FaceMatch[similarity=0.9");
  }

  /** There is no GPU on most machines: the example then says what is missing. */
  @Test
  void compareOnAGpu() throws Exception {
    Run run = Run.of("CompareOnAGpu", ASTRONAUT, RENDITION);
    assertThat(run.out() + run.err()).containsAnyOf("0.9", "onnxruntime_gpu");
  }

  @Test
  void detectWithDjl_packThatWasNotFetched_isRefused() {
    assertThatThrownBy(() -> Run.of("DetectWithDjl", "buffalo_l", ASTRONAUT))
        .isInstanceOf(LicenseNotAcceptedException.class);
  }

  @Test
  @Tag("testdata")
  void detectWithDjl() throws Exception {
    Path detector = testdata("models/scrfd_2.5g_kps_dynamic.onnx");
    Path recognizer = testdata("models/arcface_mobilefacenet_dynamic.onnx");
    String before = System.getProperty("omote.models.directory");
    System.setProperty("omote.models.directory", folder.toString());
    try {
      ModelZoo.register(place("examples", detector, recognizer));
      assertThat(Run.of("DetectWithDjl", "examples", ASTRONAUT).out()).contains("\"probability\"");
    } finally {
      if (before == null) {
        System.clearProperty("omote.models.directory");
      } else {
        System.setProperty("omote.models.directory", before);
      }
    }
  }

  private static Path testdata(String name) {
    String root = System.getProperty("omote.testdata");
    assumeTrue(root != null && !root.isBlank(), "skipped: needs -Domote.testdata=...");
    return Path.of(root, name);
  }

  /** Places the files of a pack as if they had been fetched, and returns its manifest. */
  private Path place(String name, Path detector, Path recognizer) throws Exception {
    Path pack = Files.createDirectories(folder.resolve(name));
    Files.copy(detector, pack.resolve(detector.getFileName()));
    Files.copy(recognizer, pack.resolve(recognizer.getFileName()));
    String manifest =
        String.format(
            Locale.ROOT,
            """
            {"name": "%s", "description": "a pack for tests",
             "license": {"name": "Test license", "url": "https://example.org/license",
               "commercialUse": true, "attribution": "nobody"},
             "archives": [], "files": [%s, %s],
             "detector": {"family": "scrfd", "files": ["%s"], "inputSizes": []},
             "recognizer": {"file": "%s", "mean": 127.5, "scale": 127.5, "threshold": 0.35,
               "thresholdCalibrated": false, "thresholdSource": "none", "operatingPoints": []}}
            """,
            name,
            file(detector, "detection"),
            file(recognizer, "recognition"),
            detector.getFileName(),
            recognizer.getFileName());
    return Files.writeString(folder.resolve(name + ".json"), manifest);
  }

  private static String file(Path file, String purpose) throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    return String.format(
        Locale.ROOT,
        """
        {"name": "%s", "size": %d, "sha256": "%s", "purpose": "%s",
         "sources": [{"url": "https://example.org/model"}]}""",
        file.getFileName(),
        bytes.length,
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)),
        purpose);
  }
}
