// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bundled pack's detector and its recognizer against the results of reference code. */
class RetinaFaceGoldenTest {
  private static final double PIXELS = 0.01;

  /** Checks numbers on a sample image, which every clone has. */
  @Test
  void detect_sample_likeReferenceCode() {
    try (FaceDetector detector = FaceDetector.create(ModelZoo.lite())) {
      List<Face> faces = detector.detect(FaceImage.read(Path.of("..", "samples", "astronaut.png")));
      assertThat(faces).hasSize(1);
      assertSame(
          "astronaut.png",
          faces.get(0),
          new double[] {177.7882, 58.6515, 272.5820, 178.4073},
          0.99989,
          new double[] {
            202.8531, 101.3123, 247.0947, 103.3064, 223.2666, 129.7891, 200.6179, 138.9808,
            245.5373, 140.7870
          });
    }
  }

  @Tag("testdata")
  @ParameterizedTest
  @ValueSource(ints = {320, 640})
  void detectAndEmbed_likeReferenceCode(int size) {
    FaceModels models = ModelZoo.lite();
    try (FaceDetector detector = FaceDetector.builder(models.detector()).inputSizes(size).build();
        FaceEmbedder embedder = FaceEmbedder.create(models)) {
      List<JsonObject> images =
          objects(TestData.json("golden/retinaface.json"), "detections").stream()
              .filter(golden -> golden.get("size").getAsInt() == size)
              .toList();
      assertThat(images).hasSize(30);
      for (JsonObject golden : images) {
        String name = golden.get("image").getAsString();
        FaceImage image = FaceImage.read(TestData.path(name));
        List<Face> faces = detector.detect(image);
        List<JsonObject> expected = objects(golden, "faces");
        assertThat(faces).as(name).hasSameSizeAs(expected);
        List<FaceEmbedding> embeddings = embedder.embed(image, faces);
        for (int i = 0; i < faces.size(); i++) {
          JsonObject face = expected.get(i);
          assertSame(
              name,
              faces.get(i),
              doubles(face, "box"),
              face.get("score").getAsDouble(),
              doubles(face, "landmarks"));
          FaceEmbedding embedding = embeddings.get(i);
          FaceEmbedding like =
              FaceEmbedding.ofRaw(embedding.modelId(), floats(doubles(face, "embedding")));
          assertThat(embedding.similarity(like)).as(name).isGreaterThanOrEqualTo(0.9999);
        }
      }
    }
  }

  private static void assertSame(
      String name, Face face, double[] box, double score, double[] landmarks) {
    BoundingBox found = face.box();
    assertThat(new double[] {found.left(), found.top(), found.right(), found.bottom()})
        .as(name)
        .containsExactly(box, within(PIXELS));
    assertThat((double) face.score()).as(name).isCloseTo(score, within(1e-4));
    double[] points =
        face.landmarks().orElseThrow().points().stream()
            .flatMapToDouble(point -> DoubleStream.of(point.x(), point.y()))
            .toArray();
    assertThat(points).as(name).containsExactly(landmarks, within(PIXELS));
  }

  private static List<JsonObject> objects(JsonObject parent, String name) {
    return StreamSupport.stream(parent.getAsJsonArray(name).spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .toList();
  }

  private static double[] doubles(JsonObject parent, String name) {
    JsonArray array = parent.getAsJsonArray(name);
    return IntStream.range(0, array.size()).mapToDouble(i -> array.get(i).getAsDouble()).toArray();
  }

  private static float[] floats(double[] doubles) {
    float[] floats = new float[doubles.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) doubles[i];
    }
    return floats;
  }
}
