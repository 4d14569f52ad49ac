// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.FaceEmbedding;
import io.omote.face.FaceMatcher;
import io.omote.face.FaceModels;
import io.omote.face.description.YuNetModel;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Accuracy on 300 mated and 300 non-mated pairs of the Labeled Faces in the Wild. */
@Tag("testdata")
class LfwPairsTest {
  private record Pair(String first, String second, boolean mated) {}

  @Test
  void accuracy_ofScrfdAndArcFace() throws IOException {
    assertThat(accuracy(TestData.insightFace())).isGreaterThanOrEqualTo(0.99);
  }

  @Test
  void accuracy_ofLitePack() throws IOException {
    assertThat(accuracy(ModelZoo.lite())).isGreaterThanOrEqualTo(0.995);
  }

  @Test
  void accuracy_ofLiteFastPack() throws IOException {
    assertThat(accuracy(ModelZoo.liteFast())).isGreaterThanOrEqualTo(0.99);
  }

  @Test
  void accuracy_ofYuNetAndTheLiteRecognizer() throws IOException {
    YuNetModel yuNet = YuNetModel.of(TestData.path("models/yunet_n_dynamic.onnx"));
    FaceModels models = FaceModels.of(yuNet, ModelZoo.lite().embedder());
    assertThat(accuracy(models)).isGreaterThanOrEqualTo(0.99);
  }

  /** Returns the accuracy at the best threshold; every image must have a face. */
  private static double accuracy(FaceModels models) throws IOException {
    List<Pair> pairs =
        Files.readAllLines(TestData.path("lfw-dev/pairs.csv")).stream()
            .skip(1)
            .map(row -> row.split(","))
            .map(cells -> new Pair(cells[0], cells[1], cells[2].equals("1")))
            .toList();
    assertThat(pairs).hasSize(600);
    Map<String, FaceEmbedding> embeddings = new HashMap<>();
    try (FaceMatcher matcher = FaceMatcher.create(models)) {
      for (Pair pair : pairs) {
        for (String name : List.of(pair.first(), pair.second())) {
          if (!embeddings.containsKey(name)) {
            Optional<FaceEmbedding> found = matcher.embed(TestData.path("lfw-dev/" + name));
            assertThat(found).as(name).isPresent();
            embeddings.put(name, found.get());
          }
        }
      }
    }
    List<Double> mated = similarities(pairs, true, embeddings);
    List<Double> nonMated = similarities(pairs, false, embeddings);
    double best = 0;
    for (double threshold : mated) {
      long right =
          mated.stream().filter(s -> s >= threshold).count()
              + nonMated.stream().filter(s -> s < threshold).count();
      best = Math.max(best, (double) right / pairs.size());
    }
    System.out.printf(Locale.ROOT, "%s: accuracy %.4f%n", models.detector(), best);
    return best;
  }

  private static List<Double> similarities(
      List<Pair> pairs, boolean mated, Map<String, FaceEmbedding> embeddings) {
    return pairs.stream()
        .filter(pair -> pair.mated() == mated)
        .map(pair -> embeddings.get(pair.first()).similarity(embeddings.get(pair.second())))
        .toList();
  }
}
