// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import io.omote.face.description.Normalization;
import io.omote.face.internal.geometry.AffineMap;
import io.omote.face.internal.image.CropTransform;
import io.omote.face.internal.image.Sampler;
import io.omote.face.internal.network.Alignment;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Alignment, crops and embeddings compared with those of InsightFace's Python package. */
@Tag("testdata")
class EmbeddingGoldenTest {
  private static final int SIZE = 112;
  private static final double GRAY_LEVELS = 0.05;

  private static List<JsonObject> goldenFaces() {
    return Golden.objects(TestData.json("golden/embeddings.json").getAsJsonArray("faces"));
  }

  private static FaceImage image(JsonObject golden) {
    return FaceImage.read(TestData.path(golden.get("image").getAsString()));
  }

  private static FaceImage crop(JsonObject golden) {
    return FaceImage.read(TestData.path("golden/" + golden.get("crop").getAsString()));
  }

  private static FaceEmbedding embedding(JsonObject golden, String modelId) {
    return FaceEmbedding.ofRaw(modelId, Golden.floats(golden.getAsJsonArray("embedding")));
  }

  @Test
  void alignment_likeInsightFace() {
    Alignment alignment = new Alignment(SIZE);
    for (JsonObject golden : goldenFaces()) {
      AffineMap map = alignment.toCrop(Golden.landmarks(golden));
      float[] expected = Golden.floats(golden.getAsJsonArray("transform"));
      double[] found = {map.xx(), map.xy(), map.x0(), map.yx(), map.yy(), map.y0()};
      for (int i = 0; i < found.length; i++) {
        // The golden landmarks are rounded to a thousandth of a pixel; the shift of a small face
        // far
        // from the origin multiplies that.
        double tolerance = 1e-4 * Math.max(1, Math.abs(expected[i]));
        assertThat(found[i]).isCloseTo(expected[i], within(tolerance));
      }
    }
  }

  @Test
  void crop_likeInsightFace() {
    Alignment alignment = new Alignment(SIZE);
    Sampler sampler = Sampler.rgb(Normalization.IN_GRAPH);
    for (JsonObject golden : goldenFaces()) {
      FloatBuffer planes = FloatBuffer.allocate(3 * SIZE * SIZE);
      CropTransform region = alignment.crop(image(golden), Golden.landmarks(golden));
      sampler.warp(region, SIZE, SIZE, planes);
      assertThat(meanDifference(planes, crop(golden)))
          .as(golden.get("image").getAsString())
          .isLessThan(GRAY_LEVELS);
    }
  }

  private static double meanDifference(FloatBuffer planes, FaceImage crop) {
    double sum = 0;
    for (int pixel = 0; pixel < SIZE * SIZE; pixel++) {
      for (int channel = 0; channel < 3; channel++) {
        int expected = crop.bgr().get(3 * pixel + 2 - channel) & 0xff;
        sum += Math.abs(planes.get(channel * SIZE * SIZE + pixel) - expected);
      }
    }
    return sum / (3 * SIZE * SIZE);
  }

  @Test
  void embedAligned_likeInsightFace() {
    try (FaceEmbedder embedder = FaceEmbedder.create(TestData.insightFace())) {
      for (JsonObject golden : goldenFaces()) {
        FaceEmbedding found = embedder.embedAligned(crop(golden));
        FaceEmbedding expected = embedding(golden, embedder.modelId());
        assertThat(found.similarity(expected)).isGreaterThanOrEqualTo(0.9999);
        assertThat(found.norm()).isCloseTo(expected.norm(), within(0.01f * expected.norm()));
      }
    }
  }

  @Test
  void align_thenEmbedTogether_isEmbed() {
    try (FaceEmbedder embedder = FaceEmbedder.create(TestData.insightFace())) {
      List<FaceImage> crops = new ArrayList<>();
      List<FaceEmbedding> expected = new ArrayList<>();
      for (JsonObject golden : goldenFaces()) {
        FaceImage image = image(golden);
        Face face = new Face(new BoundingBox(0, 0, 1, 1), 1, Optional.of(Golden.landmarks(golden)));
        crops.add(embedder.align(image, face));
        expected.add(embedder.embed(image, face));
      }
      assertThat(embedder.embedAligned(crops)).isEqualTo(expected);
    }
  }

  @Test
  void embedAndSimilarity_fromPhotos_likeInsightFace() throws IOException {
    Map<String, FaceEmbedding> found = new HashMap<>();
    FaceModels models = TestData.insightFace();
    try (FaceDetector detector = FaceDetector.create(models);
        FaceEmbedder embedder = FaceEmbedder.create(models)) {
      for (JsonObject golden : goldenFaces()) {
        FaceImage image = image(golden);
        Landmarks expected = Golden.landmarks(golden);
        Face face =
            detector.detect(image).stream()
                .min(
                    Comparator.comparing(
                        f -> Golden.distance(f.landmarks().orElseThrow(), expected)))
                .orElseThrow();
        FaceEmbedding embedding = embedder.embed(image, face);
        assertThat(embedding.similarity(embedding(golden, embedder.modelId())))
            .as(golden.get("image").getAsString())
            .isGreaterThanOrEqualTo(0.999);
        found.put(
            golden.get("image").getAsString() + "," + golden.get("face").getAsString(), embedding);
      }
    }
    List<String> rows = Files.readAllLines(TestData.path("golden/similarities.csv"));
    for (String row : rows.subList(1, rows.size())) {
      String[] cells = row.split(",");
      double similarity =
          found.get(cells[0] + "," + cells[1]).similarity(found.get(cells[2] + "," + cells[3]));
      assertThat(similarity).as(row).isCloseTo(Double.parseDouble(cells[4]), within(0.005));
    }
    assertThat(rows).hasSizeGreaterThan(700);
  }
}
