// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.omote.face.Landmarks.Point;
import io.omote.face.description.DetectorModel;
import io.omote.face.description.EmbedderModel;
import io.omote.face.description.ModelFile;
import io.omote.face.description.UltraLightModel;
import io.omote.face.description.YuNetModel;
import io.omote.face.internal.network.Network;
import io.omote.face.internal.network.Networks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kind of detector from end to end, with networks whose results are known. */
class DetectorNetworksTest {
  /** Red from 300 to 340: one pixel in 32 of a canvas of 320 or 640 lies in it. */
  private static final FaceImage SPOT = spot();

  @TempDir Path folder;

  private static FaceImage spot() {
    byte[] bgr = new byte[3 * 640 * 640];
    for (int y = 300; y < 340; y++) {
      for (int x = 300; x < 340; x++) {
        bgr[3 * (640 * y + x) + 2] = (byte) 255;
      }
    }
    return FaceImage.ofBgr(bgr, 640, 640);
  }

  private DetectorModel model(String family, long side, float score, float width)
      throws IOException {
    return switch (family) {
      case "scrfd" -> SyntheticModels.scrfdOfRed(folder, side, score, width);
      case "yunet" -> SyntheticModels.yuNetOfRed(folder, side, score, width);
      case "retinaface" -> SyntheticModels.retinaFaceOfRed(folder, side, score, width, true);
      case "ultralight" -> ultraLight();
      default -> throw new IllegalArgumentException(family);
    };
  }

  private UltraLightModel ultraLight() throws IOException {
    float[] points = new float[136];
    Arrays.fill(points, 0.5f);
    return SyntheticModels.ultraLight(folder, 0.75f, new float[] {.25f, .25f, .75f, .75f}, points);
  }

  @Test
  void table_hasEachDescriptionOnce() {
    assertThat(Networks.detectors())
        .<Object>extracting(Network::description)
        .containsExactlyInAnyOrder((Object[]) DetectorModel.class.getPermittedSubclasses());
    assertThat(Networks.detectors())
        .extracting(Network::manifestName)
        .doesNotHaveDuplicates()
        .allSatisfy(name -> assertThat(Networks.detector(name)).isPresent())
        .allSatisfy(name -> assertThat(Networks.analyzer(name)).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"scrfd", "yunet", "retinaface", "ultralight"})
  void describe_takesAsManyFilesAsThereAreNetworks(String family) {
    Network<DetectorModel> network = Networks.detector(family).orElseThrow();
    List<ModelFile> files =
        Collections.nCopies(network.fileCount(), ModelFile.of(folder.resolve("x.onnx")));
    DetectorModel described = network.describe(files);
    assertThat(described.files()).isEqualTo(files);
    assertThat(described).isInstanceOf(network.description());
    assertThatThrownBy(() -> network.describe(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(family, "found 0");
  }

  @ParameterizedTest
  @CsvSource({
    "scrfd, 320",
    "scrfd, 640",
    "yunet, 320",
    "yunet, 640",
    "retinaface, 320",
    "retinaface, 640"
  })
  void detect_ofOneNetwork_findsTheSpot(String family, int side) throws IOException {
    float half = 24f * 640 / side;
    try (FaceDetector free =
            FaceDetector.builder(model(family, SyntheticModels.FREE, 0.9f, 48))
                .inputSizes(side)
                .build();
        FaceDetector fixed = FaceDetector.builder(model(family, side, 0.9f, 48)).build()) {
      for (FaceDetector detector : List.of(free, fixed)) {
        List<Face> faces = detector.detect(SPOT);
        assertThat(faces).hasSize(1);
        Face face = faces.get(0);
        BoundingBox expected = new BoundingBox(320 - half, 320 - half, 320 + half, 320 + half);
        assertThat(Golden.distance(face.box(), expected)).isLessThan(0.001f);
        assertThat(face.score()).isBetween(0.899f, 0.901f);
        assertThat(face.landmarks().orElseThrow().points()).containsOnly(new Point(320, 320));
      }
    }
  }

  @Test
  void detect_null_isTheCallersFault() throws IOException {
    try (FaceDetector detector = FaceDetector.builder(ultraLight()).build()) {
      assertThatNullPointerException().isThrownBy(() -> detector.detect(null)).withMessage("image");
    }
  }

  @Test
  void maxWait_null_isTheCallersFault() throws IOException {
    FaceDetector.Builder builder = FaceDetector.builder(ultraLight());
    assertThatNullPointerException().isThrownBy(() -> builder.maxWait(null)).withMessage("longest");
  }

  /** ONNX Runtime would start all of them. */
  @ParameterizedTest
  @ValueSource(ints = {0, -1, 1025, Integer.MAX_VALUE})
  void threads_outsideOfTheRange_areRefused(int count) throws IOException {
    FaceDetector.Builder builder = FaceDetector.builder(ultraLight());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.threads(count))
        .withMessage("expected 1 to 1024 threads, found " + count);
  }

  @Test
  void detect_ofUltraLight_findsWhatTheNetworksSay() throws IOException {
    try (FaceDetector detector = FaceDetector.builder(ultraLight()).build()) {
      Face face = detector.detect(FaceImage.ofBgr(new byte[3 * 64 * 48], 64, 48)).get(0);
      assertThat(face.box()).isEqualTo(new BoundingBox(16, 12, 48, 36));
      // The square around the box's center, with the longer side of it.
      assertThat(face.landmarks().orElseThrow().points()).containsOnly(new Point(32, 24));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"scrfd", "yunet", "retinaface"})
  void detect_inImagesThatAreNoSquare_findsTheSpot(String family) throws IOException {
    byte[] bgr = new byte[3 * 640 * 200];
    for (int x = 300; x < 340; x++) {
      for (int y = 50; y < 80; y++) {
        bgr[3 * (640 * y + x) + 2] = (byte) 255;
      }
    }
    try (FaceDetector detector =
        FaceDetector.builder(model(family, SyntheticModels.FREE, 0.9f, 48))
            .inputSizes(640)
            .build()) {
      List<Face> faces = detector.detect(FaceImage.ofBgr(bgr, 640, 200));
      assertThat(faces).hasSize(1);
      assertThat(faces.get(0).landmarks().orElseThrow().points()).containsOnly(new Point(320, 64));
    }
  }

  private Face oneOf(
      String family, float score, float width, boolean coarse, FaceSelection selection)
      throws IOException {
    try (FaceDetector detector =
        FaceDetector.builder(model(family, SyntheticModels.FREE, score, width))
            .inputSizes(640)
            .coarseToFine(coarse)
            .build()) {
      assertThat(detector.detect(SPOT)).extracting(this::width).containsExactly(width);
      return detector.detectOne(SPOT, selection).orElseThrow().face();
    }
  }

  private float width(Face face) {
    return Math.round(1000 * face.box().width()) / 1000f;
  }

  /** A face from the first pass at 320 is twice as wide as one from 640. */
  @ParameterizedTest
  @CsvSource({
    "scrfd, 0.9, 48, CENTRAL, true",
    "scrfd, 0.9, 48, LARGEST, true",
    "scrfd, 0.55, 48, CENTRAL, false",
    "scrfd, 0.9, 36, CENTRAL, false",
    "scrfd, 0.9, 48, ONLY, false",
    "scrfd, 0.9, 48, HIGHEST_SCORE, false",
    "yunet, 0.9, 48, CENTRAL, true",
    "yunet, 0.75, 48, CENTRAL, false",
    "yunet, 0.9, 36, LARGEST, false",
    "yunet, 0.9, 48, ONLY, false",
    "yunet, 0.9, 48, HIGHEST_SCORE, false",
    "retinaface, 0.9, 48, CENTRAL, true",
    "retinaface, 0.75, 48, CENTRAL, false",
    "retinaface, 0.9, 36, LARGEST, false",
    "retinaface, 0.9, 48, ONLY, false"
  })
  void detectOne_coarseToFine_takesTheFirstPassWhereItSuffices(
      String family, float score, float width, FaceSelection selection, boolean taken)
      throws IOException {
    assertThat(width(oneOf(family, score, width, false, selection))).isEqualTo(width);
    assertThat(width(oneOf(family, score, width, true, selection)))
        .isEqualTo(taken ? 2 * width : width);
  }

  @ParameterizedTest
  @ValueSource(strings = {"scrfd", "yunet", "retinaface"})
  void detectOne_coarseToFine_choosesAmongAsManyAsDetectGives(String family) throws IOException {
    byte[] bgr = new byte[3 * 640 * 640];
    SPOT.bgr().get(bgr);
    for (int y = 100; y < 140; y++) {
      System.arraycopy(bgr, 3 * (640 * (y + 200) + 300), bgr, 3 * (640 * y + 100), 3 * 40);
    }
    FaceImage two = FaceImage.ofBgr(bgr, 640, 640);
    DetectorModel model = model(family, SyntheticModels.FREE, 0.9f, 48);
    for (boolean coarse : List.of(false, true)) {
      FaceDetector.Builder options =
          FaceDetector.builder(model).inputSizes(640).coarseToFine(coarse);
      try (FaceDetector all = options.build();
          FaceDetector one = options.maxFaces(1, FaceSelection.CENTRAL).build()) {
        assertThat(all.detectOne(two, FaceSelection.LARGEST).orElseThrow().faceCount())
            .isEqualTo(2);
        assertThat(one.detectOne(two, FaceSelection.LARGEST).orElseThrow().faceCount())
            .isEqualTo(1);
      }
    }
  }

  private static AbstractThrowableAssert<?, ?> assertRefused(FaceDetector.Builder options) {
    return assertThatThrownBy(options::build).isInstanceOf(ModelException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"scrfd", "yunet", "retinaface", "ultralight"})
  void build_optionsThatAFixedFileCannotHave_areRefused(String family) throws IOException {
    DetectorModel fixed = model(family, 640, 0.9f, 48);
    assertRefused(FaceDetector.builder(fixed).inputSizes(320, 640))
        .hasMessageContainingAll("[320, 640]", "has a fixed input of", "leave inputSizes unset");
    assertRefused(FaceDetector.builder(fixed).coarseToFine(true))
        .hasMessageContainingAll("coarseToFine", "free input size", "leave coarseToFine off");
  }

  @ParameterizedTest
  @ValueSource(strings = {"scrfd", "yunet", "retinaface"})
  void build_theSizeThatAFileHas_isNoContradiction(String family) throws IOException {
    DetectorModel fixed = model(family, 640, 0.9f, 48);
    try (FaceDetector asked = FaceDetector.builder(fixed).inputSizes(640).build();
        FaceDetector unasked = FaceDetector.builder(fixed).build()) {
      assertThat(asked.detect(SPOT)).isNotEmpty().isEqualTo(unasked.detect(SPOT));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"scrfd", "yunet", "retinaface"})
  void build_aSizeTwice_isOnePass(String family) throws IOException {
    DetectorModel free = model(family, SyntheticModels.FREE, 0.9f, 48);
    try (FaceDetector once = FaceDetector.builder(free).inputSizes(640).build();
        FaceDetector twice = FaceDetector.builder(free).inputSizes(640, 640).build()) {
      assertThat(twice.detect(SPOT)).isNotEmpty().isEqualTo(once.detect(SPOT));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"scrfd", "yunet", "retinaface"})
  void build_coarseToFineOfSmallSizes_isRefused(String family) throws IOException {
    DetectorModel free = model(family, SyntheticModels.FREE, 0.9f, 48);
    assertRefused(FaceDetector.builder(free).inputSizes(128, 320).coarseToFine(true))
        .hasMessageContainingAll("above 320", "[128x128, 320x320]", "with inputSizes");
    FaceDetector.builder(free).coarseToFine(true).build().close();
  }

  @Test
  void build_coarseToFineInAnyOrientation_isRefused() throws IOException {
    FaceDetector.Builder builder =
        FaceDetector.builder(model("scrfd", SyntheticModels.FREE, 0.9f, 48))
            .orientation(Orientation.ANY)
            .coarseToFine(true);
    assertThatIllegalStateException()
        .isThrownBy(builder::build)
        .withMessageContainingAll("coarseToFine", "ANY", "set one of them");
  }

  /** The detector sees a pixel at each 32nd place, which is there in one position only. */
  @ParameterizedTest
  @CsvSource({
    "scrfd, 320, 287",
    "scrfd, 287, 319",
    "scrfd, 287, 320",
    "yunet, 320, 287",
    "yunet, 287, 320",
    "retinaface, 320, 287",
    "retinaface, 287, 320"
  })
  void detect_inAnyOrientation_findsWhatOnePositionShows(String family, int x, int y)
      throws IOException {
    byte[] bgr = new byte[3 * 640 * 640];
    bgr[3 * (640 * y + x) + 2] = (byte) 255;
    FaceImage image = FaceImage.ofBgr(bgr, 640, 640);
    FaceDetector.Builder builder =
        FaceDetector.builder(model(family, SyntheticModels.FREE, 0.9f, 48)).inputSizes(640);
    try (FaceDetector upright = builder.build();
        FaceDetector any = builder.orientation(Orientation.ANY).build()) {
      assertThat(upright.detect(image)).isEmpty();
      List<Face> faces = any.detect(image);
      assertThat(faces).hasSize(1);
      assertThat(faces.get(0).landmarks().orElseThrow().points()).containsOnly(new Point(x, y));
      assertThat(any.detectOne(image, FaceSelection.ONLY).orElseThrow().faceCount()).isEqualTo(1);
    }
  }

  /** Two boxes that overlap by less than the threshold, with points across a larger part. */
  @Test
  void detect_boxesWithPointsOfOneFace_areOne() throws IOException {
    float[] points = new float[136];
    for (int i = 0; i < 68; i++) {
      // The eyes and the corners of the mouth are 0.9 of the square apart.
      boolean isLeft = i < 42 || i == 48 || i == 60;
      points[2 * i] = i == 30 ? 0.5f : isLeft ? 0.05f : 0.95f;
      points[2 * i + 1] = i < 48 ? 0.3f : 0.7f;
    }
    for (float left : new float[] {0.45f, 0.8f}) {
      float[] boxes = {.1f, .1f, .9f, .9f, left, .1f, .8f + left, .9f};
      try (FaceDetector detector =
          FaceDetector.builder(
                  SyntheticModels.ultraLight(folder, new float[] {.8f, .7f}, boxes, points))
              .build()) {
        List<Face> faces = detector.detect(FaceImage.ofBgr(new byte[3 * 64 * 48], 64, 48));
        assertThat(faces).hasSize(left < 0.5f ? 1 : 2);
        assertThat(faces.get(0).score()).isEqualTo(.8f);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "scrfd, yunet, found a YuNet",
    "scrfd, retinaface, found a RetinaFace",
    "yunet, scrfd, found an SCRFD",
    "yunet, retinaface, found a RetinaFace",
    "retinaface, scrfd, found an SCRFD",
    "retinaface, yunet, found a YuNet"
  })
  void build_fileOfAnotherFamily_isNamed(String name, String otherName, String found)
      throws IOException {
    ModelFile other = model(otherName, 640, 0.9f, 48).files().get(0);
    ModelFile embedder = ModelFile.of(SyntheticModels.meanOfPlanes(folder, 1, false));
    Network<DetectorModel> family = Networks.detector(name).orElseThrow();
    assertRefused(FaceDetector.builder(family.describe(List.of(other))))
        .hasMessageContainingAll(found, other.name());
    assertRefused(FaceDetector.builder(family.describe(List.of(embedder))))
        .hasMessageContainingAll("found a recognizer", "were swapped");
    assertRefused(FaceDetector.builder(new UltraLightModel(other, other)))
        .hasMessageContainingAll("UltraLight", other.name());
    assertThatThrownBy(() -> FaceEmbedder.builder(EmbedderModel.of(other)).build())
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("expected a recognizer", other.name(), "were swapped");
    assertRefused(FaceDetector.builder(family.describe(List.of(ultraLight().boxes()))))
        .hasMessageContaining("boxes.onnx");
  }

  /** The width of a face shows the size of the input: 48 pixels of it. */
  @ParameterizedTest
  @CsvSource({"320, 48", "480, 72", "481, 36.075", "640, 48"})
  void detect_retinaFace_choosesItsInputByTheImage(int side, float width) throws IOException {
    byte[] bgr = new byte[3 * side * side];
    for (int i = 2; i < bgr.length; i += 3) {
      bgr[i] = (byte) 255;
    }
    FaceImage image = FaceImage.ofBgr(bgr, side, side);
    DetectorModel model = model("retinaface", SyntheticModels.FREE, 0.9f, 48);
    for (boolean coarse : List.of(false, true)) {
      try (FaceDetector own = FaceDetector.builder(model).coarseToFine(coarse).build();
          FaceDetector asked = FaceDetector.builder(model).inputSizes(1280).build()) {
        assertThat(own.detect(image).get(0).box().width()).isCloseTo(width, within(0.01f));
        assertThat(own.detectOne(image, FaceSelection.HIGHEST_SCORE).orElseThrow().face())
            .isEqualTo(own.detect(image).get(0));
        assertThat(asked.detect(image).get(0).box().width())
            .isCloseTo(48 * side / 1280f, within(0.01f));
      }
    }
  }

  /** A small image gets one pass, as without the option. */
  @Test
  void detectOne_coarseToFineOfASmallImage_isAsWithout() throws IOException {
    DetectorModel model = model("retinaface", SyntheticModels.FREE, 0.9f, 48);
    byte[] bgr = new byte[3 * 320 * 320];
    bgr[3 * (320 * 160 + 160) + 2] = (byte) 255;
    FaceImage small = FaceImage.ofBgr(bgr, 320, 320);
    try (FaceDetector all = FaceDetector.builder(model).build();
        FaceDetector coarse = FaceDetector.builder(model).coarseToFine(true).build()) {
      assertThat(coarse.detectOne(small, FaceSelection.CENTRAL))
          .isPresent()
          .isEqualTo(all.detectOne(small, FaceSelection.CENTRAL));
      assertThat(coarse.detectOne(SPOT, FaceSelection.CENTRAL).orElseThrow().face().box().width())
          .isCloseTo(96, within(0.01f));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"scrfd", "yunet", "retinaface", "ultralight"})
  void create_ofABatchOfTwo_isRefused(String family) throws IOException {
    DetectorModel model = model(family, 64, 0.9f, 48);
    Path file = model.files().get(0).path().orElseThrow();
    ModelProto.Builder changed = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
    changed
        .getGraphBuilder()
        .getInputBuilder(0)
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .getShapeBuilder()
        .getDimBuilder(0)
        .setDimValue(2);
    Files.write(file, changed.build().toByteArray());
    assertThatThrownBy(() -> FaceDetector.builder(model).build())
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll(
            "expected a batch axis of 1 or a free one", "[2,3,", file.getFileName().toString());
  }

  @Test
  void ofDirectory_findsRetinaFace() throws IOException {
    DetectorModel retinaFace = model("retinaface", 640, 0.9f, 48);
    SyntheticModels.meanOfPlanes(folder, 1, false);
    assertThat(FaceModels.ofDirectory(folder).detector()).isEqualTo(retinaFace);
    assertThat(FaceModels.detectorOf(retinaFace.files().get(0).path().orElseThrow()))
        .isEqualTo(retinaFace);
  }

  @Test
  void ofDirectory_findsYuNet_andRefusesTwoDetectorsByName() throws IOException {
    YuNetModel yuNet = SyntheticModels.yuNetOfRed(folder, 640, 0.9f, 48);
    Path embedder = SyntheticModels.meanOfPlanes(folder, 1, false);
    FaceModels models = FaceModels.ofDirectory(folder);
    assertThat(models.detector()).isEqualTo(yuNet);
    assertThat(models.embedder().file().path()).contains(embedder);
    ModelFile scrfd = SyntheticModels.scrfdOfRed(folder, 640, 0.9f, 48).file();
    assertThatThrownBy(() -> FaceModels.ofDirectory(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("exactly one", "a detector", scrfd.name(), yuNet.file().name());
    Files.delete(scrfd.path().orElseThrow());
    Files.delete(yuNet.file().path().orElseThrow());
    assertThatThrownBy(() -> FaceModels.ofDirectory(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("a detector with landmarks, found none");
  }
}
