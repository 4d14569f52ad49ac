// SPDX-License-Identifier: Apache-2.0
package io.omote.face.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.inference.Predictor;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.modality.cv.output.DetectedObjects;
import ai.djl.modality.cv.output.Landmark;
import ai.djl.modality.cv.output.Point;
import ai.djl.modality.cv.output.Rectangle;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.Translator;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceImage;
import io.omote.face.ModelException;
import io.omote.face.SyntheticModels;
import io.omote.face.description.DetectorModel;
import io.omote.face.description.EmbedderModel;
import io.omote.face.description.ModelFile;
import io.omote.face.description.ScrfdModel;
import io.omote.face.description.UltraLightModel;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Translators as users of DJL's own API use them: with DJL's Criteria, and API types only. */
class FaceTranslatorsTest {
  @TempDir Path folder;

  private static <O> ZooModel<Image, O> load(
      Path file, Class<O> output, Translator<Image, O> translator) throws Exception {
    return Criteria.builder()
        .setTypes(Image.class, output)
        .optEngine("OnnxRuntime")
        .optModelPath(file)
        .optTranslator(translator)
        .build()
        .loadModel();
  }

  /** Black, with a red square from 300 to 340. */
  private static BufferedImage spot() {
    BufferedImage image = new BufferedImage(640, 640, BufferedImage.TYPE_3BYTE_BGR);
    for (int y = 300; y < 340; y++) {
      for (int x = 300; x < 340; x++) {
        image.setRGB(x, y, 0xff0000);
      }
    }
    return image;
  }

  @ParameterizedTest
  @CsvSource({"scrfd, -1", "scrfd, 640", "retinaface, -1", "retinaface, 640"})
  void detection_findsTheSpot_inTheFormOfDjl(String family, long side) throws Exception {
    DetectorModel model =
        family.equals("scrfd")
            ? SyntheticModels.scrfdOfRed(folder, side, 0.9f, 48)
            : SyntheticModels.retinaFaceOfRed(folder, side, 0.9f, 48, true);
    Path file = model.files().get(0).path().orElseThrow();
    Image image = ImageFactory.getInstance().fromImage(spot());
    try (ZooModel<Image, DetectedObjects> network =
            load(file, DetectedObjects.class, FaceDetectionTranslator.of(model, 640));
        Predictor<Image, DetectedObjects> predictor = network.newPredictor()) {
      DetectedObjects faces = predictor.predict(image);
      assertThat(faces.getNumberOfObjects()).isEqualTo(1);
      DetectedObjects.DetectedObject face = faces.item(0);
      assertThat(face.getClassName()).isEqualTo("face");
      assertThat(face.getProbability()).isCloseTo(0.9, within(1e-3));
      Landmark landmark = (Landmark) face.getBoundingBox();
      Rectangle box = landmark.getBounds();
      assertThat(box.getX()).isCloseTo(296 / 640.0, within(1e-5));
      assertThat(box.getWidth()).isCloseTo(48 / 640.0, within(1e-5));
      for (Point point : landmark.getPath()) {
        assertThat(List.of(point.getX(), point.getY())).containsExactly(320.0, 320.0);
      }
    }
  }

  @Test
  void embedding_isThatOfTheEmbedder() throws Exception {
    Path file = SyntheticModels.meanOfPlanes(folder, 1, false);
    BufferedImage crop = spot().getSubimage(290, 250, 112, 112);
    EmbedderModel model = EmbedderModel.of(file);
    float[] expected;
    try (FaceEmbedder embedder = FaceEmbedder.builder(model).build()) {
      expected = embedder.embedAligned(FaceImage.of(crop)).toArray();
    }
    try (ZooModel<Image, float[]> network =
            load(file, float[].class, FaceEmbeddingTranslator.of(model));
        Predictor<Image, float[]> predictor = network.newPredictor()) {
      assertThat(predictor.predict(ImageFactory.getInstance().fromImage(crop))).isEqualTo(expected);
    }
  }

  @Test
  void of_otherFiles_areRefused() throws Exception {
    ModelFile recognizer = ModelFile.of(SyntheticModels.meanOfPlanes(folder, 1, false));
    ModelFile detector = SyntheticModels.scrfdOfRed(folder, 640, 0.9f, 48).file();
    ModelFile bare = ModelFile.of(SyntheticModels.scrfd(folder, 6, false, false, 160, List.of()));
    UltraLightModel two = new UltraLightModel(detector, detector);
    assertThatThrownBy(() -> FaceDetectionTranslator.of(new ScrfdModel(recognizer), 640))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("expected an SCRFD detector", "found a recognizer");
    assertThatThrownBy(() -> FaceDetectionTranslator.of(new ScrfdModel(bare), 640))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("with landmarks");
    assertThatThrownBy(() -> FaceDetectionTranslator.of(two, 640))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("ultralight", "use io.omote.face.FaceDetector");
    assertThatThrownBy(() -> FaceEmbeddingTranslator.of(EmbedderModel.of(detector)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("found an SCRFD detector");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -32, 100, 8224, 1 << 30})
  void of_inputSizesThatNoDetectorHas_areRefused(int side) throws Exception {
    ScrfdModel model = SyntheticModels.scrfdOfRed(folder, SyntheticModels.FREE, 0.9f, 48);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FaceDetectionTranslator.of(model, side))
        .withMessageContaining("multiple of 32");
  }
}
