// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceImage;
import io.omote.face.FaceMatcher;
import io.omote.face.FaceModels;
import io.omote.face.FaceSelection;
import io.omote.face.Landmarks;
import io.omote.face.Landmarks.Point;
import io.omote.face.ModelException;
import io.omote.face.SyntheticModels;
import io.omote.face.SyntheticModels.Planted;
import io.omote.face.description.ScrfdModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Detectors of each output layout, with faces planted into their outputs. */
class ScrfdLayoutsTest {
  private static final FaceImage IMAGE = FaceImage.ofBgr(new byte[3 * 320 * 160], 320, 160);
  private static final float[] POINTS = {0, 0, 1, 0, 0.5f, 0.5f, 0, 1, 1, 1};

  @TempDir Path folder;

  /** At 160 pixels, the image's scale is one half. */
  private static List<Planted> planted(int anchorsPerCell) {
    return List.of(
        // Stride 8, 20 cells per row: row 2, column 3.
        new Planted(8, 43 * anchorsPerCell, 0.6f, new float[] {1, 1, 2, 2}, POINTS),
        // Stride 32, 5 cells per row: row 1, column 4.
        new Planted(32, 9 * anchorsPerCell, 0.9f, new float[] {0.5f, 0.5f, 0.5f, 0.5f}, POINTS),
        // Below the threshold.
        new Planted(16, 0, 0.4f, new float[] {1, 1, 1, 1}, POINTS));
  }

  private static Face face(float[] box, float score, float x, float y, float side) {
    return new Face(
        new BoundingBox(box[0], box[1], box[2], box[3]),
        score,
        Optional.of(
            new Landmarks(
                new Point(x, y),
                new Point(x + side, y),
                new Point(x + side / 2, y + side / 2),
                new Point(x, y + side),
                new Point(x + side, y + side))));
  }

  @ParameterizedTest
  @CsvSource({
    "6, true, true",
    "6, false, false",
    "9, true, false",
    "9, false, true",
    "9, true, true",
    "10, true, true",
    "10, false, false",
    "15, true, false",
    "15, false, true"
  })
  void detect_eachLayout_findsWhatWasPlanted(int outputs, boolean batched, boolean freeSize)
      throws IOException {
    int anchors = outputs < 10 ? 2 : 1;
    Path file = SyntheticModels.scrfd(folder, outputs, batched, freeSize, 160, planted(anchors));
    FaceDetector.Builder builder = FaceDetector.builder(ScrfdModel.of(file));
    if (freeSize) {
      builder.inputSizes(160);
    }
    List<Face> expected =
        List.of(
            face(new float[] {224, 32, 288, 96}, 0.9f, 256, 64, 64),
            face(new float[] {32, 16, 80, 64}, 0.6f, 48, 32, 16));
    boolean hasPoints = outputs == 9 || outputs == 15;
    try (FaceDetector detector = builder.build()) {
      assertThat(detector.detect(IMAGE))
          .isEqualTo(hasPoints ? expected : expected.stream().map(this::withoutPoints).toList());
    }
  }

  private Face withoutPoints(Face face) {
    return new Face(face.box(), face.score(), Optional.empty());
  }

  @Test
  void detect_thresholds_areObeyed() throws IOException {
    Path file = SyntheticModels.scrfd(folder, 9, false, false, 160, planted(2));
    assertThat(detect(FaceDetector.builder(ScrfdModel.of(file)).scoreThreshold(0.7f))).hasSize(1);
    assertThat(detect(FaceDetector.builder(ScrfdModel.of(file)).scoreThreshold(0.4f))).hasSize(3);
  }

  @Test
  void detect_overlapping_isSuppressedAsAsked() throws IOException {
    Path file =
        SyntheticModels.scrfd(
            folder,
            9,
            false,
            false,
            160,
            List.of(
                new Planted(8, 0, 0.6f, new float[] {0, 0, 5, 5}, POINTS),
                new Planted(8, 1, 0.7f, new float[] {0, 0, 5, 6}, POINTS)));
    assertThat(detect(FaceDetector.builder(ScrfdModel.of(file))))
        .extracting(Face::score)
        .containsExactly(0.7f);
    assertThat(detect(FaceDetector.builder(ScrfdModel.of(file)).iouThreshold(0.9f)))
        .extracting(Face::score)
        .containsExactly(0.7f, 0.6f);
  }

  @Test
  void detect_maxFaces_keepsByRanking() throws IOException {
    Path file = SyntheticModels.scrfd(folder, 9, false, false, 160, planted(2));
    FaceDetector.Builder builder = FaceDetector.builder(ScrfdModel.of(file));
    assertThat(detect(builder.maxFaces(1, FaceSelection.LARGEST)))
        .extracting(Face::score)
        .containsExactly(0.9f);
    assertThat(detect(builder.maxFaces(1, FaceSelection.CENTRAL).scoreThreshold(0.4f)))
        .extracting(Face::score)
        .containsExactly(0.9f);
    assertThat(detect(builder.maxFaces(5, FaceSelection.LARGEST))).hasSize(3);
  }

  private static List<Face> detect(FaceDetector.Builder builder) {
    try (FaceDetector detector = builder.build()) {
      return detector.detect(IMAGE);
    }
  }

  @Test
  void build_sizeThatFileCannotRun_isRefused() throws IOException {
    Path file = SyntheticModels.scrfd(folder, 9, false, false, 160, List.of());
    FaceDetector.Builder builder = FaceDetector.builder(ScrfdModel.of(file)).inputSizes(320);
    assertThatThrownBy(builder::build)
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("[320]", "fixed input of 160x160", "leave inputSizes unset");
  }

  @Test
  void matcher_withoutLandmarks_isRefused() throws IOException {
    FaceModels models =
        FaceModels.of(
            SyntheticModels.scrfd(folder, 6, false, false, 160, List.of()),
            SyntheticModels.meanOfPlanes(folder, 1, false));
    assertThatThrownBy(() -> FaceMatcher.create(models))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("with landmarks (9 or 15 outputs)", "found 6 outputs");
  }

  @Test
  void detect_rowsThatDoNotFitTheInput_areRefused() throws IOException {
    Path file = SyntheticModels.scrfd(folder, 9, false, true, 160, List.of());
    FaceDetector.Builder builder = FaceDetector.builder(ScrfdModel.of(file)).inputSizes(320);
    assertThatThrownBy(() -> detect(builder))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("3200 rows of 1", "[800, 1]");
  }
}
