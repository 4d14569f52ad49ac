// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.attribute.FaceMesh;
import io.omote.face.attribute.HeadPose;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code analyze} on the sample images. */
class AnalyzeTest {
  private static final Path ASTRONAUT = Path.of("../samples/astronaut.png");
  private static final Path HOPPER = Path.of("../samples/grace_hopper.jpg");

  @TempDir private Path folder;

  private static JsonObject line(Run run, int at) {
    return JsonParser.parseString(run.out().lines().toList().get(at)).getAsJsonObject();
  }

  @Test
  void json_ofBundledPack_hasItsKeysAndNoOthers() {
    Run run = Run.of(new Analyze(), "--json", ASTRONAUT, HOPPER);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out().lines()).hasSize(2);
    JsonObject image = line(run, 0);
    assertThat(image.keySet()).containsExactly("version", "image", "width", "height", "faces");
    assertThat(image.get("image").getAsString()).isEqualTo(ASTRONAUT.toString());
    assertThat(image.get("width").getAsInt()).isEqualTo(512);
    assertThat(image.get("faces").getAsJsonArray()).hasSize(1);
    JsonObject face = image.get("faces").getAsJsonArray().get(0).getAsJsonObject();
    assertThat(face.keySet())
        .containsExactly("box", "score", "landmarks", "landmarks68", "mesh", "pose", "quality");
    assertThat(face.get("box").getAsJsonArray()).hasSize(4);
    assertThat(face.get("landmarks").getAsJsonArray()).hasSize(5);
    assertThat(face.get("landmarks68").getAsJsonArray()).hasSize(68);
    assertThat(face.get("pose").getAsJsonObject().keySet()).containsExactly("pitch", "yaw", "roll");
    assertThat(face.get("quality").getAsJsonObject().keySet())
        .containsExactly(
            "interEyeDistance",
            "sharpness",
            "underExposure",
            "overExposure",
            "contrast",
            "yaw",
            "roll",
            "outsideShare",
            "detectorScore");
  }

  private static JsonObject face(Run run) {
    assertThat(run.exitCode()).as(run.err()).isZero();
    return line(run, 0).getAsJsonArray("faces").get(0).getAsJsonObject();
  }

  @Test
  void json_hasTheMeshWithEyesMouthAndCoefficients() {
    JsonObject mesh = face(Run.of(new Analyze(), "--json", HOPPER)).getAsJsonObject("mesh");
    assertThat(mesh.keySet())
        .containsExactly("presence", "points", "coefficients", "eyes", "mouth");
    assertThat(mesh.get("presence").getAsDouble()).isBetween(0.9, 1.0);
    assertThat(mesh.getAsJsonArray("points"))
        .hasSize(478)
        .allMatch(point -> point.getAsJsonArray().size() == 3);
    JsonObject coefficients = mesh.getAsJsonObject("coefficients");
    assertThat(coefficients.keySet())
        .hasSize(52)
        .startsWith("_neutral", "browDownLeft")
        .endsWith("noseSneerLeft", "noseSneerRight");
    assertThat(coefficients.get("jawOpen").getAsDouble()).isLessThan(0.1);
    JsonObject eyes = mesh.getAsJsonObject("eyes");
    assertThat(eyes.keySet()).containsExactly("left", "right");
    for (String side : eyes.keySet()) {
      JsonObject eye = eyes.getAsJsonObject(side);
      assertThat(eye.keySet()).containsExactly("iris", "irisDiameter", "openness", "gaze");
      assertThat(eye.get("openness").getAsDouble()).isBetween(0.2, 0.4);
      assertThat(eye.get("irisDiameter").getAsDouble()).isBetween(10.0, 20.0);
      assertThat(eye.getAsJsonObject("gaze").keySet()).containsExactly("right", "up");
    }
    double left = eyes.getAsJsonObject("left").getAsJsonArray("iris").get(0).getAsDouble();
    double right = eyes.getAsJsonObject("right").getAsJsonArray("iris").get(0).getAsDouble();
    assertThat(left - right).as("the person's left is on the viewer's right").isGreaterThan(60);
    assertThat(mesh.getAsJsonObject("mouth").get("openness").getAsDouble()).isLessThan(0.05);
  }

  /** The mesh is bundled, so other models need none of their own. */
  @Test
  void mesh_isThereWithOtherModels_unlessItIsLeftOut() {
    JsonObject others = face(Run.of(new Analyze(), "--json", "--models", "lite-fast", ASTRONAUT));
    assertThat(others.getAsJsonObject("mesh").getAsJsonArray("points")).hasSize(478);
    assertThat(face(Run.of(new Analyze(), "--json", "--no-mesh", ASTRONAUT)).keySet())
        .containsExactly("box", "score", "landmarks", "landmarks68", "pose", "quality");
  }

  /** Unlike the 68 points of the pack, the mesh has depth. */
  @Test
  void pose_isThatOfTheMesh_ifThereIsOne() {
    JsonObject face = face(Run.of(new Analyze(), "--json", ASTRONAUT));
    JsonArray points = face.getAsJsonObject("mesh").getAsJsonArray("points");
    float[] xyz = new float[3 * points.size()];
    double[] numbers = numbers(points).toArray();
    for (int at = 0; at < xyz.length; at++) {
      xyz[at] = (float) numbers[at];
    }
    HeadPose pose = FaceMesh.of(1, DenseLandmarks.withDepth(xyz)).pose();
    assertThat(face.getAsJsonObject("pose").get("pitch").getAsDouble())
        .isCloseTo(pose.pitch(), within(1e-3));
    JsonObject without = face(Run.of(new Analyze(), "--json", "--no-mesh", ASTRONAUT));
    assertThat(without.getAsJsonObject("pose").get("pitch").getAsDouble())
        .isNotCloseTo(pose.pitch(), within(0.1));
  }

  @Test
  void mesh_ofFiles_hasCoefficientsIfBothAreGiven() throws IOException {
    Path points = folder.resolve("points.onnx");
    Path coefficients = folder.resolve("coefficients.onnx");
    Files.write(points, ServedPack.content("face_mesh_478.onnx"));
    Files.write(coefficients, ServedPack.content("face_blendshapes_52.onnx"));
    JsonObject bundled = face(Run.of(new Analyze(), "--json", ASTRONAUT));
    JsonObject both =
        face(Run.of(new Analyze(), "--json", "--mesh", points, "--mesh", coefficients, ASTRONAUT));
    assertThat(both).isEqualTo(bundled);
    JsonObject one = face(Run.of(new Analyze(), "--json", "--mesh", points, ASTRONAUT));
    assertThat(one.getAsJsonObject("mesh").keySet())
        .containsExactly("presence", "points", "eyes", "mouth");
    assertThat(face(Run.of(new Analyze(), "--json", "--mesh", "lite", ASTRONAUT)))
        .isEqualTo(bundled);
  }

  @Test
  void mesh_givenWrongly_isRefused() {
    Run thrice = Run.of(new Analyze(), "--mesh", "a", "--mesh", "b", "--mesh", "c", ASTRONAUT);
    assertThat(thrice.exitCode()).isEqualTo(2);
    assertThat(thrice.err()).contains("expected --mesh once or twice, found a, b, c");
    Run pack = Run.of(new Analyze(), "--mesh", "lite", "--mesh", "b.onnx", ASTRONAUT);
    assertThat(pack.exitCode()).isEqualTo(2);
    assertThat(pack.err())
        .startsWith("expected a file for --mesh, found the pack lite: give it once");
    Run both = Run.of(new Analyze(), "--mesh", "lite", "--no-mesh", ASTRONAUT);
    assertThat(both.exitCode()).isEqualTo(2);
    assertThat(both.err()).contains("--mesh and --no-mesh exclude each other");
    Run unknown = Run.of(new Analyze(), "--mesh", "buffalo_l", ASTRONAUT);
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("expected a file for --mesh, or the name of a pack (lite)");
  }

  @Test
  void text_saysPoseAndWhatKeepsAFaceOut() throws IOException {
    Path small = Images.astronaut(folder.resolve("small.jpg"), 128);
    Run run = Run.of(new Analyze(), ASTRONAUT, small);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("512 x 512 pixels, 1 face", "68 points", "pose: pitch ", "inter-eye distance 4")
        .containsPattern(
            "mesh: presence 1\\.00, eyes open 0\\.[23]\\d \\(left\\) and 0\\.[23]\\d \\(right\\),"
                + " mouth open 0\\.\\d\\d, gaze 0\\.\\d\\d to the viewer's (left|right) and 0\\.\\d\\d up")
        .containsPattern("strongest coefficients: mouthSmile(Left|Right) 0\\.[89]\\d, mouthSmile")
        .containsOnlyOnce(
            "not fit to enroll: expected an inter-eye distance of at least 16 pixels");
  }

  @Test
  void drawings_haveTheAxesOfTheHead() throws IOException {
    Run run = Run.of(new Analyze(), "--drawings", folder.resolve("drawn"), ASTRONAUT);
    assertThat(run.exitCode()).as(run.err()).isZero();
    BufferedImage drawing =
        ImageIO.read(folder.resolve("drawn").resolve("astronaut.png.png").toFile());
    assertThat(drawing.getWidth()).isEqualTo(512);
    assertThat(List.of(0xff5252, 0x5cf08a, 0xffd600))
        .allSatisfy(color -> assertThat(Images.pixels(drawing, color)).isGreaterThan(20));
  }

  @Test
  void badImage_isReportedAndTheOthersContinue() throws IOException {
    Path text = Files.writeString(folder.resolve("text.jpg"), "no image");
    Run run = Run.of(new Analyze(), text, ASTRONAUT);
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err().lines()).singleElement().asString().startsWith(text + ": expected a JPEG");
    assertThat(run.out().lines()).first().asString().endsWith(" pixels, 1 face");

    Run json = Run.of(new Analyze(), "--json", text, ASTRONAUT);
    assertThat(json.exitCode()).isEqualTo(3);
    assertThat(json.err()).isEmpty();
    assertThat(line(json, 0).getAsJsonObject("error").get("reason").getAsString())
        .isEqualTo("unsupported_format");
    assertThat(line(json, 1).get("faces").getAsJsonArray()).hasSize(1);
    assertThat(Run.of(new Analyze(), text).exitCode()).isOne();
  }

  @Test
  void imageWithoutFace_hasNone() {
    Run run = Run.of(new Analyze(), "--json", Images.empty(folder.resolve("empty.jpg")));
    assertThat(run.exitCode()).isZero();
    assertThat(run.err().strip()).isEqualTo("no upright face in 1 image: try --orientation any");
    assertThat(line(run, 0).get("faces").getAsJsonArray()).isEmpty();
  }

  @Test
  void livenessOnce_isRefused() {
    Run run = Run.of(new Analyze(), "--liveness", folder.resolve("one.onnx"), ASTRONAUT);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("expected --liveness twice");
  }

  /** InsightFace's own results from the images, with twice the tolerances of each network. */
  @Test
  @Tag("testdata")
  void json_ofInsightFacesNetworks_hasItsNumbers() throws IOException {
    String property = System.getProperty("omote.testdata");
    assumeTrue(
        property != null && !property.isBlank(),
        "skipped: needs the reference data; give its folder as -Domote.testdata=...");
    Path data = Path.of(property);
    Path networks = data.resolve("models").resolve("analysis");
    JsonArray golden =
        JsonParser.parseString(Files.readString(data.resolve("golden").resolve("analysis.json")))
            .getAsJsonObject()
            .getAsJsonArray("faces");
    List<JsonObject> faces = new ArrayList<>();
    golden.forEach(face -> faces.add(face.getAsJsonObject()));
    List<Object> args =
        new ArrayList<>(
            List.of(
                "--json",
                "--detector",
                data.resolve("models").resolve("scrfd_2.5g_kps_dynamic.onnx"),
                "--landmarks106",
                networks.resolve("layout_2d106_mesh.onnx"),
                "--landmarks68",
                networks.resolve("layout_1k3d68_mesh.onnx"),
                "--gender-age",
                networks.resolve("genderage.onnx"),
                "--liveness",
                networks.resolve("MiniFASNetV2.onnx"),
                "--liveness",
                networks.resolve("MiniFASNetV1SE.onnx"),
                "--quality",
                networks.resolve("lightqnet-dm050.onnx")));
    faces.stream().map(face -> photo(data, face)).distinct().forEach(args::add);
    Run run = Run.of(new Analyze(), args.toArray());
    assertThat(run.exitCode()).as(run.err()).isZero();
    Map<String, JsonArray> found = new HashMap<>();
    run.out()
        .lines()
        .map(line -> JsonParser.parseString(line).getAsJsonObject())
        .forEach(line -> found.put(line.get("image").getAsString(), line.getAsJsonArray("faces")));
    assertThat(faces).hasSizeGreaterThan(15);
    for (JsonObject expected : faces) {
      JsonArray candidates = found.get(photo(data, expected).toString());
      JsonObject actual =
          StreamSupport.stream(candidates.spliterator(), false)
              .map(JsonElement::getAsJsonObject)
              .min(Comparator.comparingDouble(face -> largest(face, "box", expected, "box")))
              .orElseThrow();
      assertThat(largest(actual, "box", expected, "box")).isLessThan(0.1);
      assertThat(largest(actual, "landmarks106", expected, "landmarks106")).isLessThan(2);
      assertThat(largest(actual, "landmarks68", expected, "landmarks68_3d")).isLessThan(2);
      assertThat(actual.getAsJsonObject("mesh").getAsJsonArray("points")).hasSize(478);
      JsonArray pose = expected.getAsJsonArray("pose_pitch_yaw_roll");
      JsonObject angles = actual.getAsJsonObject("pose");
      assertThat(angles.get("pitch").getAsDouble())
          .isCloseTo(pose.get(0).getAsDouble(), within(1.0));
      assertThat(angles.get("yaw").getAsDouble()).isCloseTo(pose.get(1).getAsDouble(), within(1.0));
      assertThat(angles.get("roll").getAsDouble())
          .isCloseTo(pose.get(2).getAsDouble(), within(1.0));
      assertThat(actual.get("age")).isEqualTo(expected.get("age"));
      assertThat(actual.get("sex").getAsString())
          .isEqualTo(expected.get("male").getAsBoolean() ? "male" : "female");
      assertThat(actual.getAsJsonObject("liveness").get("score").getAsDouble())
          .isCloseTo(liveness(expected.getAsJsonObject("liveness")), within(0.01));
      assertThat(actual.getAsJsonObject("quality").get("score").getAsDouble())
          .isCloseTo(expected.get("quality_lightqnet050").getAsDouble(), within(0.01));
    }
  }

  private static Path photo(Path data, JsonObject face) {
    return data.resolve(face.get("image").getAsString());
  }

  /** The score is the mean of the probabilities that both networks give for live. */
  private static double liveness(JsonObject networks) {
    return Stream.of("MiniFASNetV2", "MiniFASNetV1SE")
        .mapToDouble(
            name -> networks.getAsJsonObject(name).getAsJsonArray("softmax").get(1).getAsDouble())
        .average()
        .orElseThrow();
  }

  private static double largest(JsonObject a, String keyOfA, JsonObject b, String keyOfB) {
    double[] first = numbers(a.getAsJsonArray(keyOfA)).toArray();
    double[] second = numbers(b.getAsJsonArray(keyOfB)).toArray();
    assertThat(first).hasSameSizeAs(second);
    double largest = 0;
    for (int at = 0; at < first.length; at++) {
      largest = Math.max(largest, Math.abs(first[at] - second[at]));
    }
    return largest;
  }

  private static DoubleStream numbers(JsonArray array) {
    return StreamSupport.stream(array.spliterator(), false)
        .flatMapToDouble(
            element ->
                element.isJsonArray()
                    ? numbers(element.getAsJsonArray())
                    : DoubleStream.of(element.getAsDouble()));
  }
}
