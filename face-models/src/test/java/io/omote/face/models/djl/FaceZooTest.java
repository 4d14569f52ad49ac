// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.inference.Predictor;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.modality.cv.output.DetectedObjects;
import ai.djl.modality.cv.output.Rectangle;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.TranslateException;
import io.omote.face.AlignmentException;
import io.omote.face.BoundingBox;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceImage;
import io.omote.face.models.LicenseNotAcceptedException;
import io.omote.face.models.ModelPack;
import io.omote.face.models.ModelStore;
import io.omote.face.models.ModelZoo;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
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
  void criteria_recognizer_embedsAsFaceEmbedderDoes() throws Exception {
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

  /** DJL has one input size for all images, so the detector gets the same. */
  @Test
  void criteria_detector_detectsAsFaceDetectorDoes() throws Exception {
    Path sample = Path.of("..", "samples", "grace_hopper.jpg");
    BoundingBox expected;
    try (FaceDetector detector =
        FaceDetector.builder(ModelZoo.lite().detector()).inputSizes(640).build()) {
      expected = detector.detect(FaceImage.read(sample)).get(0).box();
    }

    Image image = ImageFactory.getInstance().fromFile(sample);
    try (ZooModel<Image, DetectedObjects> model =
            criteria(DetectedObjects.class, "lite").loadModel();
        Predictor<Image, DetectedObjects> predictor = model.newPredictor()) {
      DetectedObjects faces = predictor.predict(image);
      assertThat(faces.getNumberOfObjects()).isEqualTo(1);
      Rectangle box = ((DetectedObjects.DetectedObject) faces.item(0)).getBoundingBox().getBounds();
      assertThat(box.getX() * image.getWidth()).isCloseTo(expected.left(), within(0.1));
      assertThat(box.getY() * image.getHeight()).isCloseTo(expected.top(), within(0.1));
      assertThat(box.getWidth() * image.getWidth()).isCloseTo(expected.width(), within(0.1));
      assertThat(box.getHeight() * image.getHeight()).isCloseTo(expected.height(), within(0.1));
    }
  }

  @Test
  void criteria_detectorOfTwoNetworks_isNotFound() {
    assertThatThrownBy(() -> criteria(DetectedObjects.class, "lite-fast").loadModel())
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
  void criteria_licenseNotAccepted_saysHow() {
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

  /** Networks that would open and mean nothing: DJL reads the bytes of their outputs as floats. */
  @Test
  void criteria_outputsOfFloat16_areRefused() throws Exception {
    byte[] detector = network(10, "1", "1", "1", "4", "4", "4", "10", "10", "10");
    byte[] recognizer = network(10, "512");
    ModelPack pack = pack(detector, recognizer);
    PackLoader loader = new PackLoader(pack);

    assertThatThrownBy(() -> loader.loadModel(criteria(DetectedObjects.class, pack.name())))
        .isInstanceOf(ModelNotFoundException.class)
        .hasMessageContainingAll(
            "expected an SCRFD detector", "detector.onnx", "(float16)", "32-bit floats");
    assertThatThrownBy(() -> loader.loadModel(criteria(float[].class, pack.name())))
        .isInstanceOf(ModelNotFoundException.class)
        .hasMessageContainingAll(
            "expected a recognizer", "recognizer.onnx", "(float16)", "32-bit floats");
  }

  private ModelPack pack(byte[] detector, byte[] recognizer) throws Exception {
    Path store = temp.resolve("store");
    Path folder = Files.createDirectories(store.resolve("half"));
    Files.write(folder.resolve("detector.onnx"), detector);
    Files.write(folder.resolve("recognizer.onnx"), recognizer);
    String manifest =
        """
        {
          "name": "half", "description": "float16", "archives": [],
          "license": {
            "name": "none", "url": "https://example.org/", "commercialUse": true,
            "attribution": "nobody"
          },
          "files": [%s, %s],
          "detector": {"family": "scrfd", "files": ["detector.onnx"], "inputSizes": []},
          "recognizer": {
            "file": "recognizer.onnx", "mean": 127.5, "scale": 127.5, "threshold": 0.5,
            "thresholdCalibrated": false, "thresholdSource": "none", "operatingPoints": []
          }
        }
        """
            .formatted(
                entry("detector.onnx", "detection", detector),
                entry("recognizer.onnx", "recognition", recognizer));
    return ModelStore.builder()
        .directory(store)
        .insightFaceDirectory(temp.resolve("none"))
        .manifest(Files.writeString(temp.resolve("half.json"), manifest))
        .build()
        .get("half");
  }

  private static String entry(String name, String purpose, byte[] content) throws Exception {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
    return """
        {
          "name": "%s", "size": %d, "sha256": "%s", "purpose": "%s",
          "sources": [{"url": "https://example.org/%s"}]
        }
        """
        .formatted(name, content.length, HexFormat.of().formatHex(hash), purpose, name);
  }

  /** The inputs and outputs of an ONNX file, as protobuf writes them. */
  private static byte[] network(int outputType, String... columns) throws IOException {
    ByteArrayOutputStream graph = new ByteArrayOutputStream();
    graph.write(field(11, value(1, "1", "3", "112", "112")));
    for (String column : columns) {
      graph.write(field(12, value(outputType, "8", column)));
    }
    return field(7, graph.toByteArray());
  }

  private static byte[] value(int type, String... sizes) throws IOException {
    ByteArrayOutputStream shape = new ByteArrayOutputStream();
    for (String size : sizes) {
      int number = Integer.parseInt(size);
      shape.write(field(1, new byte[] {1 << 3, (byte) (number | 0x80), (byte) (number >> 7)}));
    }
    ByteArrayOutputStream tensor = new ByteArrayOutputStream();
    tensor.write(new byte[] {1 << 3, (byte) type});
    tensor.write(field(2, shape.toByteArray()));
    return field(2, field(1, tensor.toByteArray()));
  }

  private static byte[] field(int number, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(number << 3 | 2);
    bytes.write(content.length | 0x80);
    bytes.write(content.length >> 7);
    bytes.write(content);
    return bytes.toByteArray();
  }
}
