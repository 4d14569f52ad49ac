// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.omote.face.AlignmentException;
import io.omote.face.BoundingBox;
import io.omote.face.ClosedException;
import io.omote.face.Face;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceImage;
import io.omote.face.Landmarks;
import io.omote.face.Landmarks.Point;
import io.omote.face.ModelException;
import io.omote.face.SyntheticModels;
import io.omote.face.description.EmbedderModel;
import io.omote.face.description.Normalization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The embedder over a network whose output can be checked by hand: the mean of each plane. */
class ArcFaceEmbedderTest {
  @TempDir Path folder;

  /** An image of one color. */
  private static FaceImage plain(int side, int blue, int green, int red) {
    byte[] bgr = new byte[3 * side * side];
    for (int i = 0; i < bgr.length; i += 3) {
      bgr[i] = (byte) blue;
      bgr[i + 1] = (byte) green;
      bgr[i + 2] = (byte) red;
    }
    return FaceImage.ofBgr(bgr, side, side);
  }

  /** A face whose crop lies inside an image of 400 pixels. */
  private static Face face(float x) {
    Landmarks landmarks =
        new Landmarks(
            new Point(x, 150),
            new Point(x + 40, 150),
            new Point(x + 20, 175),
            new Point(x + 5, 195),
            new Point(x + 35, 195));
    return new Face(new BoundingBox(x, 100, x + 60, 200), 1, Optional.of(landmarks));
  }

  private FaceEmbedder embedder(long batch) throws IOException {
    return FaceEmbedder.builder(
            EmbedderModel.of(SyntheticModels.meanOfPlanes(folder, batch, false)))
        .build();
  }

  private static void assertColor(FaceEmbedding embedding, int red, int green, int blue) {
    float[] raw = embedding.toArray();
    for (int i = 0; i < raw.length; i++) {
      raw[i] *= embedding.norm();
    }
    assertThat(raw).hasSize(3);
    int[] levels = {red, green, blue};
    for (int i = 0; i < 3; i++) {
      assertThat(raw[i]).isCloseTo((levels[i] - 127.5f) / 127.5f, within(1e-4f));
    }
  }

  @Test
  void embedAligned_seesRedGreenBlueNormalized() throws IOException {
    try (FaceEmbedder embedder = embedder(1)) {
      assertThat(embedder.normalization()).isEqualTo(Normalization.ARCFACE);
      assertColor(embedder.embedAligned(plain(112, 10, 100, 200)), 200, 100, 10);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, SyntheticModels.FREE})
  void embed_manyFaces_keepsOrder(long batch) throws IOException {
    FaceImage image = plain(400, 30, 60, 90);
    List<Face> faces = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      faces.add(face(100 + i));
    }
    // Beyond the border the crop is black, which tells the two kinds apart.
    faces.set(40, face(-60));
    try (FaceEmbedder embedder = embedder(batch)) {
      List<FaceEmbedding> embeddings = embedder.embed(image, faces);
      assertThat(embeddings).hasSize(70);
      assertColor(embeddings.get(39), 90, 60, 30);
      assertColor(embeddings.get(41), 90, 60, 30);
      assertThat(embeddings.get(40)).isNotEqualTo(embeddings.get(39));
      assertThat(embedder.embed(image, faces.get(40))).isEqualTo(embeddings.get(40));
      assertThat(embedder.embed(image, List.of())).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, SyntheticModels.FREE})
  void align_thenEmbedTogether_isEmbed_toTheBit(long batch) throws IOException {
    Random random = new Random(7);
    List<FaceImage> crops = new ArrayList<>();
    List<FaceEmbedding> expected = new ArrayList<>();
    try (FaceEmbedder embedder = embedder(batch)) {
      for (int i = 0; i < 40; i++) {
        byte[] bgr = new byte[3 * 200 * 170];
        random.nextBytes(bgr);
        FaceImage image = FaceImage.ofBgr(bgr, 200, 170);
        Face face = face(20 + 4 * i);
        crops.add(embedder.align(image, face));
        expected.add(embedder.embed(image, face));
      }
      assertThat(crops)
          .allSatisfy(
              crop -> {
                assertThat(crop.width()).isEqualTo(embedder.cropSize());
                assertThat(crop.height()).isEqualTo(embedder.cropSize());
              });
      assertThat(embedder.embedAligned(crops)).isEqualTo(expected);
      assertThat(embedder.embedAligned(crops.get(3))).isEqualTo(expected.get(3));
      assertThat(embedder.embedAligned(List.of())).isEmpty();
      assertThatThrownBy(() -> embedder.embedAligned(List.of(crops.get(0), plain(400, 1, 2, 3))))
          .isInstanceOf(AlignmentException.class)
          .hasMessageContainingAll("112x112", "400x400");
    }
  }

  @Test
  void normalization_foundInGraph_isUsedAndReported() throws IOException {
    EmbedderModel model = EmbedderModel.of(SyntheticModels.meanOfPlanes(folder, 1, true));
    try (FaceEmbedder embedder = FaceEmbedder.builder(model).build()) {
      assertThat(embedder.normalization()).isEqualTo(Normalization.IN_GRAPH);
      assertColor(embedder.embedAligned(plain(112, 10, 100, 200)), 200, 100, 10);
    }
  }

  @Test
  void normalization_declared_wins() throws IOException {
    EmbedderModel model =
        EmbedderModel.of(SyntheticModels.meanOfPlanes(folder, 1, true))
            .withNormalization(Normalization.ARCFACE);
    try (FaceEmbedder embedder = FaceEmbedder.builder(model).build()) {
      assertThat(embedder.normalization()).isEqualTo(Normalization.ARCFACE);
    }
  }

  @Test
  void modelId_isNameAndHash_orAsDeclared() throws IOException {
    EmbedderModel model = EmbedderModel.of(SyntheticModels.meanOfPlanes(folder, 1, false));
    try (FaceEmbedder embedder = FaceEmbedder.builder(model).build()) {
      assertThat(embedder.modelId()).matches("means_1false:[0-9a-f]{12}");
      assertThat(embedder.embedAligned(plain(112, 1, 2, 3)).modelId())
          .isEqualTo(embedder.modelId());
    }
    try (FaceEmbedder embedder = FaceEmbedder.builder(model.withModelId("mine")).build()) {
      assertThat(embedder.embedAligned(plain(112, 1, 2, 3)).modelId()).isEqualTo("mine");
    }
  }

  @Test
  void embed_badFaces_areRefused() throws IOException {
    FaceImage image = plain(400, 1, 2, 3);
    Face bare = new Face(new BoundingBox(0, 0, 9, 9), 1, Optional.empty());
    Point point = new Point(5, 5);
    Face degenerate =
        new Face(bare.box(), 1, Optional.of(new Landmarks(point, point, point, point, point)));
    try (FaceEmbedder embedder = embedder(1)) {
      assertThatThrownBy(() -> embedder.embed(image, bare))
          .isInstanceOf(AlignmentException.class)
          .hasMessageContaining("expected a face with landmarks");
      assertThatThrownBy(() -> embedder.embed(image, degenerate))
          .isInstanceOf(AlignmentException.class)
          .hasMessageContaining("lie apart");
      assertThatThrownBy(() -> embedder.embedAligned(image))
          .isInstanceOf(AlignmentException.class)
          .hasMessageContainingAll("112x112", "400x400");
    }
  }

  @Test
  void embed_zeroVector_isAnError() throws IOException {
    EmbedderModel model =
        EmbedderModel.of(SyntheticModels.meanOfPlanes(folder, 1, false))
            .withNormalization(new Normalization(10, 1));
    try (FaceEmbedder embedder = FaceEmbedder.builder(model).build()) {
      assertThatThrownBy(() -> embedder.embedAligned(plain(112, 10, 10, 10)))
          .isInstanceOf(ModelException.class);
    }
  }

  @Test
  void close_twice_thenUse_isAnError() throws IOException {
    FaceEmbedder embedder = embedder(1);
    embedder.close();
    embedder.close();
    assertThatThrownBy(() -> embedder.embedAligned(plain(112, 1, 2, 3)))
        .isInstanceOf(ClosedException.class)
        .hasMessageContaining("open a new");
  }
}
