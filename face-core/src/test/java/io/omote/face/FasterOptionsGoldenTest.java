// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.omote.face.description.EmbedderModel;
import io.omote.face.description.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The faster options with real weights: results that they must not change, and limits of the
 * changes that they may cause.
 */
@Tag("testdata")
class FasterOptionsGoldenTest {
  private static final List<String> PHOTOS =
      List.of("astronaut.png", "biden.jpg", "group_4.jpg", "group_6.jpg", "obama.jpg", "cat.png");

  private static FaceImage photo(String name) {
    return FaceImage.read(TestData.path("photos/" + name));
  }

  @Test
  void tinyWeights_asZero_changeNoBitOfAnEmbedding() throws IOException {
    ModelFile file = ModelFile.of(TestData.model("arcface_mobilefacenet_dynamic.onnx"));
    byte[] before = Files.readAllBytes(file.path().orElseThrow());
    try (FaceEmbedder changed = FaceEmbedder.builder(EmbedderModel.of(file)).build();
        FaceEmbedder asPublished =
            FaceEmbedder.builder(EmbedderModel.of(file.withTinyWeightsKept())).build()) {
      assertThat(changed.modelId()).isEqualTo(asPublished.modelId());
      for (JsonObject golden :
          Golden.objects(TestData.json("golden/embeddings.json").getAsJsonArray("faces"))) {
        FaceImage crop =
            FaceImage.read(TestData.path("golden/" + golden.get("crop").getAsString()));
        assertThat(changed.embedAligned(crop)).isEqualTo(asPublished.embedAligned(crop));
      }
    }
    assertThat(Files.readAllBytes(file.path().orElseThrow())).isEqualTo(before);
  }

  private static FaceDetector.Builder detector() {
    return FaceDetector.builder(TestData.insightFace().detector());
  }

  @Test
  void coarseToFine_findsTheSameFaceAndNeverAffectsDetect() {
    try (FaceDetector full = detector().build();
        FaceDetector coarse = detector().coarseToFine(true).build()) {
      for (String name : PHOTOS) {
        FaceImage image = photo(name);
        assertThat(coarse.detect(image)).isEqualTo(full.detect(image));
        Optional<Face> expected =
            full.detectOne(image, FaceSelection.CENTRAL).map(SelectedFace::face);
        Optional<Face> found =
            coarse.detectOne(image, FaceSelection.CENTRAL).map(SelectedFace::face);
        assertThat(found.isPresent()).as(name).isEqualTo(expected.isPresent());
        expected.ifPresent(
            face ->
                assertThat(Golden.distance(found.orElseThrow().box(), face.box()))
                    .as(name)
                    .isLessThan(0.25f * face.box().width()));
        assertThat(coarse.detectOne(image, FaceSelection.HIGHEST_SCORE))
            .isEqualTo(full.detectOne(image, FaceSelection.HIGHEST_SCORE));
      }
    }
  }
}
