// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.inference.Predictor;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.modality.cv.output.DetectedObjects;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.TranslateException;
import io.omote.face.AlignmentException;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceImage;
import io.omote.face.models.LicenseNotAcceptedException;
import io.omote.face.models.ModelZoo;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaceZooTest {
  @TempDir Path temp;

  private static <O> Criteria<Image, O> criteria(Class<O> output, String pack) {
    return Criteria.builder()
        .setTypes(Image.class, output)
        .optGroupId("io.omote")
        .optArtifactId(pack)
        .build();
  }

  private Path noise(int size) throws Exception {
    BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_3BYTE_BGR);
    Random random = new Random(1);
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        image.setRGB(x, y, random.nextInt(1 << 24));
      }
    }
    Path file = temp.resolve("noise" + size + ".png");
    ImageIO.write(image, "png", file.toFile());
    return file;
  }

  @Test
  void criteria_recogniser_embedsAsFaceEmbedderDoes() throws Exception {
    Path crop = noise(112);
    float[] expected;
    try (FaceEmbedder embedder = FaceEmbedder.create(ModelZoo.lite())) {
      expected = embedder.embedAligned(FaceImage.read(crop)).toArray();
    }

    try (ZooModel<Image, float[]> model = criteria(float[].class, "lite").loadModel();
        Predictor<Image, float[]> predictor = model.newPredictor()) {
      assertThat(predictor.predict(ImageFactory.getInstance().fromFile(crop))).isEqualTo(expected);
    }
  }

  @Test
  void criteria_cropOfAnotherSize_isRefused() throws Exception {
    Image image = ImageFactory.getInstance().fromFile(noise(100));
    try (ZooModel<Image, float[]> model = criteria(float[].class, "lite").loadModel();
        Predictor<Image, float[]> predictor = model.newPredictor()) {
      assertThatThrownBy(() -> predictor.predict(image))
          .isInstanceOf(TranslateException.class)
          .hasCauseInstanceOf(AlignmentException.class)
          .hasMessageContaining("expected an aligned crop of 112x112, found 100x100");
    }
  }

  @Test
  void criteria_detectorOfTwoNetworks_isNotFound() {
    assertThatThrownBy(() -> criteria(DetectedObjects.class, "lite").loadModel())
        .isInstanceOf(ModelNotFoundException.class)
        .rootCause()
        .hasMessageContaining("use io.omote.face.FaceDetector");
  }

  @Test
  void criteria_withoutAPack_isNotFound() {
    Criteria<Image, float[]> any =
        Criteria.builder().setTypes(Image.class, float[].class).optGroupId("io.omote").build();

    assertThatThrownBy(any::loadModel)
        .isInstanceOf(ModelNotFoundException.class)
        .rootCause()
        .hasMessageContaining("name the pack by optArtifactId");
  }

  @Test
  void criteria_otherTypes_areNotFound() {
    Criteria<String, float[]> text =
        Criteria.builder()
            .setTypes(String.class, float[].class)
            .optGroupId("io.omote")
            .optArtifactId("lite")
            .build();

    assertThatThrownBy(text::loadModel)
        .isInstanceOf(ModelNotFoundException.class)
        .rootCause()
        .hasMessageContaining("goes from Image to DetectedObjects");
  }

  @Test
  void criteria_licenceNotAccepted_saysHow() {
    String before = System.getProperty("omote.models.directory");
    System.setProperty("omote.models.directory", temp.resolve("store").toString());
    try {
      assertThatThrownBy(() -> criteria(DetectedObjects.class, "buffalo_l").loadModel())
          .isInstanceOf(LicenseNotAcceptedException.class)
          .hasMessageContaining("ModelZoo.get(\"buffalo_l\").acceptLicense().fetch()");
    } finally {
      if (before == null) {
        System.clearProperty("omote.models.directory");
      } else {
        System.setProperty("omote.models.directory", before);
      }
    }
  }

  @Test
  void isDownloaded_bundledPack_isTrue() throws Exception {
    assertThat(criteria(float[].class, "lite").isDownloaded()).isTrue();
  }

  @Test
  void zoo_ofDjl_listsThePacks() {
    assertThat(ai.djl.repository.zoo.ModelZoo.getModelZoo("io.omote").getModelLoaders())
        .extracting(loader -> loader.getMrl().getArtifactId())
        .contains("lite", "buffalo_l");
  }
}
