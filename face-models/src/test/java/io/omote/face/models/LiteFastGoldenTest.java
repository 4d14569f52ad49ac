// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceImage;
import io.omote.face.Landmarks.Point;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.description.Landmarks68Model2D;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The first edition of the bundled pack against the results of reference code. */
class LiteFastGoldenTest {
  private static final Path SAMPLES = Path.of("..", "samples");
  private static final double PIXELS = 0.05;

  /** The 68 points start from golden boxes, which are rounded to a thousandth of a pixel. */
  private static final double POINT_PIXELS = 0.2;

  /** Checks numbers on a sample image, which every clone has. */
  @Test
  void sample_likeReferenceCode() throws IOException {
    try (InputStream stream = LiteFastGoldenTest.class.getResourceAsStream("astronaut.json");
        Reader reader = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
      JsonObject golden = JsonParser.parseReader(reader).getAsJsonObject();
      assertLikeReferenceCode(List.of(golden), SAMPLES::resolve);
      assertPointsLikeReferenceCode(List.of(golden), SAMPLES::resolve);
    }
  }

  @Test
  @Tag("testdata")
  void detectAndEmbed_likeReferenceCode() {
    List<JsonObject> images = objects(TestData.json("golden/lite.json"), "images");
    assertThat(images).hasSize(30);
    assertLikeReferenceCode(images, TestData::path);
  }

  private static void assertLikeReferenceCode(
      List<JsonObject> images, Function<String, Path> files) {
    try (FaceDetector detector = FaceDetector.create(ModelZoo.liteFast());
        FaceEmbedder embedder = FaceEmbedder.create(ModelZoo.liteFast())) {
      for (JsonObject golden : images) {
        String name = golden.get("image").getAsString();
        FaceImage image = FaceImage.read(files.apply(name));
        List<Face> faces = detector.detect(image);
        List<JsonObject> expected = objects(golden, "faces");
        assertThat(faces).as(name).hasSameSizeAs(expected);
        List<FaceEmbedding> embeddings = embedder.embed(image, faces);
        for (int i = 0; i < faces.size(); i++) {
          assertSame(name, faces.get(i), embeddings.get(i), expected.get(i));
        }
      }
    }
  }

  @Test
  @Tag("testdata")
  void points_likeReferenceCode() {
    assertPointsLikeReferenceCode(
        objects(TestData.json("golden/lite.json"), "images"), TestData::path);
  }

  private static void assertPointsLikeReferenceCode(
      List<JsonObject> images, Function<String, Path> files) {
    Landmarks68Model2D lite = ModelZoo.liteFast().analyzer(Landmarks68Model2D.class).orElseThrow();
    try (FaceAnalyzer<DenseLandmarks> network = FaceAnalyzer.create(lite)) {
      for (JsonObject golden : images) {
        String name = golden.get("image").getAsString();
        FaceImage image = FaceImage.read(files.apply(name));
        for (JsonObject face : objects(golden, "faces")) {
          float[] box = floats(face, "box");
          BoundingBox place = new BoundingBox(box[0], box[1], box[2], box[3]);
          DenseLandmarks points = network.analyze(image, new Face(place, 1, Optional.empty()));
          float[] coordinates = new float[2 * points.size()];
          for (int i = 0; i < points.size(); i++) {
            coordinates[2 * i] = points.x(i);
            coordinates[2 * i + 1] = points.y(i);
          }
          assertThat(distance(coordinates, floats(face, "landmarks68")))
              .as(name)
              .isLessThan(POINT_PIXELS);
        }
      }
    }
  }

  private static float[] coordinates(List<Point> points) {
    float[] coordinates = new float[2 * points.size()];
    int at = 0;
    for (Point point : points) {
      coordinates[at++] = point.x();
      coordinates[at++] = point.y();
    }
    return coordinates;
  }

  private static void assertSame(
      String name, Face face, FaceEmbedding embedding, JsonObject golden) {
    float[] box = {face.box().left(), face.box().top(), face.box().right(), face.box().bottom()};
    assertThat(distance(box, floats(golden, "box"))).as(name).isLessThan(PIXELS);
    assertThat(Math.abs(face.score() - golden.get("score").getAsFloat()))
        .as(name)
        .isLessThan(1e-4f);
    float[] points = coordinates(face.landmarks().orElseThrow().points());
    assertThat(distance(points, floats(golden, "landmarks"))).as(name).isLessThan(PIXELS);
    FaceEmbedding expected = FaceEmbedding.ofRaw(embedding.modelId(), floats(golden, "embedding"));
    assertThat(embedding.similarity(expected)).as(name).isGreaterThanOrEqualTo(0.9999);
  }

  private static double distance(float[] found, float[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    double largest = 0;
    for (int i = 0; i < found.length; i++) {
      largest = Math.max(largest, Math.abs(found[i] - expected[i]));
    }
    return largest;
  }

  private static List<JsonObject> objects(JsonObject parent, String name) {
    return StreamSupport.stream(parent.getAsJsonArray(name).spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .toList();
  }

  private static float[] floats(JsonObject parent, String name) {
    JsonArray array = parent.getAsJsonArray(name);
    float[] floats = new float[array.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = array.get(i).getAsFloat();
    }
    return floats;
  }
}
