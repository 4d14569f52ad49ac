// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.omote.face.description.EmbedderModel;
import io.omote.face.description.ModelFile;
import io.omote.face.description.RetinaFaceModel;
import io.omote.face.description.ScrfdModel;
import io.omote.face.description.UltraLightModel;
import io.omote.face.description.YuNetModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of the wrong kind are refused when they are opened, with what was found. */
class WrongModelTest {
  @TempDir Path folder;
  private Path detector;
  private Path embedder;

  @BeforeEach
  void models() throws IOException {
    detector = SyntheticModels.scrfd(folder, 9, false, false, 64, List.of());
    embedder = SyntheticModels.meanOfPlanes(folder, SyntheticModels.FREE, false);
  }

  @Test
  void create_swapped_saysSo() {
    FaceModels swapped = FaceModels.of(embedder, detector);
    assertThatThrownBy(() -> FaceDetector.create(swapped))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll(
            "expected an SCRFD detector", "found a recognizer", "[?,3,112,112]", "were swapped");
    assertThatThrownBy(() -> FaceEmbedder.create(swapped))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll(
            "expected a recognizer", "found an SCRFD detector", "[1,3,64,64]", "were swapped");
    assertThatThrownBy(() -> FaceMatcher.create(swapped)).isInstanceOf(ModelException.class);
  }

  @Test
  void create_detectorOfAnotherKind_saysHowToOpenIt() throws IOException {
    YuNetModel yuNet = SyntheticModels.yuNetOfRed(folder, 64, 0.9f, 1);
    ScrfdModel wrong = new ScrfdModel(yuNet.file());
    assertThatThrownBy(() -> FaceDetector.builder(wrong).build())
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("found a YuNet detector", "describe it with YuNetModel");
  }

  @Test
  void create_ultraLightOfOtherFiles_isRefused() {
    FaceModels models =
        FaceModels.of(
            new UltraLightModel(ModelFile.of(detector), ModelFile.of(embedder)),
            EmbedderModel.of(embedder));
    assertThatThrownBy(() -> FaceDetector.create(models))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("UltraLight", "scrfd_9.onnx");
  }

  @Test
  void create_operatorsUnknown_isALoadError() throws IOException {
    byte[] bytes = Files.readAllBytes(embedder);
    String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    Path unknown = folder.resolve("unknown.onnx");
    Files.write(
        unknown,
        text.replace("ReduceMean", "ReduceMoan")
            .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    FaceModels models = FaceModels.of(detector, unknown);
    assertThatThrownBy(() -> FaceEmbedder.create(models))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("unknown.onnx", "ReduceMoan");
  }

  @Test
  void create_gpuThatIsNotThere_isAnError() {
    FaceEmbedder.Builder builder =
        FaceEmbedder.builder(EmbedderModel.of(embedder)).device(Device.gpu(0));
    assertThatThrownBy(builder::build)
        .isInstanceOf(DeviceUnavailableException.class)
        .hasMessageContainingAll("gpu(0)", "onnxruntime_gpu", "Device.cpu()");
  }

  @Test
  void detectorOf_tellsKindsApart_andReadsNothingElse() throws IOException {
    YuNetModel yuNet = SyntheticModels.yuNetOfRed(folder, 320, 0.9f, 2);
    Path yuNetFile = yuNet.file().path().orElseThrow();
    Path none = folder.resolve("none.onnx");

    assertThat(FaceModels.detectorOf(yuNetFile)).isEqualTo(yuNet);
    assertThat(FaceModels.of(yuNetFile, embedder).detector()).isEqualTo(yuNet);
    assertThat(FaceModels.detectorOf(detector)).isEqualTo(ScrfdModel.of(detector));
    for (Path other : List.of(none, embedder, folder)) {
      assertThat(FaceModels.detectorOf(other)).isEqualTo(ScrfdModel.of(other));
    }
  }

  @Test
  void ofDirectory_tellsFilesApart() throws IOException {
    Files.writeString(folder.resolve("readme.txt"), "not a model");
    FaceModels models = FaceModels.ofDirectory(folder);
    assertThat(models.detector()).isEqualTo(ScrfdModel.of(detector));
    assertThat(models.embedder().file().path()).contains(embedder);
  }

  @Test
  void ofDirectory_severalOrNone_isRefused() throws IOException {
    SyntheticModels.meanOfPlanes(folder, 1, false);
    assertThatThrownBy(() -> FaceModels.ofDirectory(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("exactly one", "a recognizer", "FaceModels.of");
    assertThatThrownBy(() -> FaceModels.ofDirectory(folder.resolve("none")))
        .isInstanceOf(ModelException.class);
  }

  private Path withOutputsOf(Path model, int type) throws IOException {
    ModelProto.Builder changed = ModelProto.parseFrom(Files.readAllBytes(model)).toBuilder();
    changed
        .getGraphBuilder()
        .getOutputBuilderList()
        .forEach(output -> output.getTypeBuilder().getTensorTypeBuilder().setElemType(type));
    return Files.write(
        folder.resolve("other_" + model.getFileName()), changed.build().toByteArray());
  }

  private Path withInputOf(Path model, int type) throws IOException {
    ModelProto.Builder changed = ModelProto.parseFrom(Files.readAllBytes(model)).toBuilder();
    changed
        .getGraphBuilder()
        .getInputBuilder(0)
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .setElemType(type);
    return Files.write(
        folder.resolve("other_" + model.getFileName()), changed.build().toByteArray());
  }

  @ParameterizedTest
  @CsvSource({"10, float16", "11, double", "2, uint8", "16, bfloat16", "99, type 99"})
  void create_outputsOfAnotherType_areNamed(int type, String name) throws IOException {
    Path otherDetector = withOutputsOf(detector, type);
    assertThatThrownBy(() -> FaceDetector.builder(ScrfdModel.of(otherDetector)).build())
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("all 32-bit floats", "(" + name + ")", "keep_io_types=True");
    Path otherEmbedder = withOutputsOf(embedder, type);
    assertThatThrownBy(() -> FaceEmbedder.builder(EmbedderModel.of(otherEmbedder)).build())
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("both 32-bit floats", "(" + name + ")", "keep_io_types=True");
  }

  @ParameterizedTest
  @CsvSource({"10, float16", "11, double", "2, uint8"})
  void create_inputOfAnotherType_isNamed(int type, String name) throws IOException {
    Path otherDetector = withInputOf(detector, type);
    assertThatThrownBy(() -> FaceDetector.builder(ScrfdModel.of(otherDetector)).build())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("(" + name + ")");
    Path otherEmbedder = withInputOf(embedder, type);
    assertThatThrownBy(() -> FaceEmbedder.builder(EmbedderModel.of(otherEmbedder)).build())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("(" + name + ")");
  }

  @Test
  void create_ultraLightOfFloat16_isNamed() throws IOException {
    Path boxes =
        SyntheticModels.write(
            folder.resolve("boxes.onnx"),
            GraphProto.newBuilder()
                .addInput(SyntheticModels.value("input", 1, 3, 240, 320))
                .addOutput(SyntheticModels.value("scores", 1, 4420, 2))
                .addOutput(SyntheticModels.value("boxes", 1, 4420, 4)));
    Path points =
        SyntheticModels.write(
            folder.resolve("points.onnx"),
            GraphProto.newBuilder()
                .addInput(SyntheticModels.value("input", 1, 1, 112, 112))
                .addOutput(SyntheticModels.value("points", 1, 136)));
    assertUltraLightRefused(
        withOutputsOf(boxes, TensorProto.DataType.FLOAT16_VALUE),
        points,
        "scores[1,4420,2] (float16)");
    assertUltraLightRefused(
        boxes,
        withOutputsOf(points, TensorProto.DataType.FLOAT16_VALUE),
        "points[1,136] (float16)");
  }

  private static void assertUltraLightRefused(Path boxes, Path points, String found) {
    UltraLightModel model = new UltraLightModel(ModelFile.of(boxes), ModelFile.of(points));
    assertThatThrownBy(() -> FaceDetector.builder(model).build())
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll(found, "keep_io_types=True");
  }

  /** Where the file states the columns, scores must come first, then boxes, then points. */
  @Test
  void create_scrfdOutputsInAnotherOrder_isRefused() throws IOException {
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(detector)).toBuilder();
    List<ValueInfoProto> outputs = model.getGraph().getOutputList();
    GraphProto.Builder graph = model.getGraphBuilder().clearOutput();
    for (int i = 0; i < 9; i++) {
      graph.addOutput(outputs.get(i % 3 * 3 + i / 3));
    }
    Path mixed = Files.write(folder.resolve("mixed.onnx"), model.build().toByteArray());
    assertThatThrownBy(() -> FaceDetector.builder(ScrfdModel.of(mixed)).build())
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("outputs of 1, 4 and 10 columns", "mixed.onnx");
  }

  @Test
  void create_scrfdOutputsWithoutShapes_isOpened() throws IOException {
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(detector)).toBuilder();
    model
        .getGraphBuilder()
        .getOutputBuilderList()
        .forEach(output -> output.getTypeBuilder().getTensorTypeBuilder().clearShape());
    Path shapeless = Files.write(folder.resolve("shapeless.onnx"), model.build().toByteArray());
    try (FaceDetector opened = FaceDetector.builder(ScrfdModel.of(shapeless)).build()) {
      assertThat(opened.detect(FaceImage.ofBgr(new byte[3 * 64 * 64], 64, 64))).isEmpty();
    }
  }

  private Path retinaFace(boolean statesColumns, int... outputs) throws IOException {
    GraphProto.Builder graph =
        SyntheticModels.retinaFaceGraph(SyntheticModels.FREE, 0.9f, 48, statesColumns);
    List<ValueInfoProto> all = List.copyOf(graph.getOutputList());
    graph.clearOutput();
    for (int output : outputs) {
      graph.addOutput(all.get(output));
    }
    return SyntheticModels.write(folder.resolve("retina.onnx"), graph);
  }

  private static void assertRetinaFaceRefused(Path file, String... found) {
    assertThatThrownBy(() -> FaceDetector.builder(RetinaFaceModel.of(file)).build())
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("expected a RetinaFace detector", "3 outputs of 4, 2 and 10")
        .hasMessageContainingAll(found);
  }

  @Test
  void create_retinaFaceOutputsMissingOrInAnotherOrder_isRefused() throws IOException {
    assertRetinaFaceRefused(
        retinaFace(true, 0, 2, 1), "boxes[?,?,4], points[?,?,10], scores[?,?,2]", "retina.onnx");
    assertRetinaFaceRefused(retinaFace(true, 0, 1), "boxes[?,?,4], scores[?,?,2]]", "retina.onnx");
    assertRetinaFaceRefused(
        withOutputsOf(retinaFace(true, 0, 1, 2), TensorProto.DataType.FLOAT16_VALUE),
        "(float16)",
        "keep_io_types=True");
    assertRetinaFaceRefused(detector, "found an SCRFD detector", "describe it with ScrfdModel");
  }

  /** Where the file does not state the columns, the first image shows them. */
  @Test
  void detect_retinaFaceOutputsInAnotherOrder_isRefused() throws IOException {
    FaceImage image = FaceImage.ofBgr(new byte[3 * 64 * 64], 64, 64);
    Path right = retinaFace(false, 0, 1, 2);
    try (FaceDetector opened = FaceDetector.builder(RetinaFaceModel.of(right)).build()) {
      assertThat(opened.detect(image)).isEmpty();
    }
    Path wrong = retinaFace(false, 0, 2, 1);
    try (FaceDetector opened = FaceDetector.builder(RetinaFaceModel.of(wrong)).build()) {
      assertThatThrownBy(() -> opened.detect(image))
          .isInstanceOf(ModelException.class)
          .hasMessageContainingAll("4200 rows of 2 numbers", "a RetinaFace", "[1, 4200, 10]");
    }
  }

  @Test
  @Tag("testdata")
  void create_scrfdOfFloat16Outputs_isRefused() {
    Path file = TestData.path("cases/scrfd_fp16out.onnx");
    assertThatThrownBy(() -> FaceDetector.builder(ScrfdModel.of(file)).build())
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("float16", "scrfd_fp16out.onnx", "keep_io_types=True");
  }

  @Test
  @Tag("testdata")
  void create_realFiles_areOpenedWhereTheyFitAndRefusedElsewhere() throws IOException {
    List<String> opened = new ArrayList<>();
    List<Path> files;
    try (Stream<Path> all = Files.walk(TestData.path("models"))) {
      files = all.filter(file -> file.toString().endsWith(".onnx")).toList();
    }
    for (Path file : files) {
      try {
        FaceDetector.builder(ScrfdModel.of(file)).build().close();
        opened.add("detector " + file.getFileName());
      } catch (ModelException e) {
        assertThat(e).hasMessageContaining(file.getFileName().toString());
      }
      try {
        FaceDetector.builder(YuNetModel.of(file)).build().close();
        opened.add("yunet " + file.getFileName());
      } catch (ModelException e) {
        assertThat(e).hasMessageContaining(file.getFileName().toString());
      }
      try {
        FaceDetector.builder(RetinaFaceModel.of(file)).build().close();
        opened.add("retinaface " + file.getFileName());
      } catch (ModelException e) {
        assertThat(e).hasMessageContaining(file.getFileName().toString());
      }
      try {
        FaceEmbedder.builder(EmbedderModel.of(file)).build().close();
        opened.add("embedder " + file.getFileName());
      } catch (ModelException e) {
        assertThat(e).hasMessageContaining(file.getFileName().toString());
      }
    }
    assertThat(opened)
        .containsExactlyInAnyOrder(
            "detector scrfd_2.5g_kps_640.onnx",
            "detector scrfd_2.5g_kps_dynamic.onnx",
            "detector scrfd_500m_kps_dynamic.onnx",
            "yunet yunet_n_dynamic.onnx",
            "embedder arcface_mobilefacenet_dynamic.onnx");
  }
}
