// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import io.omote.face.InterruptedCallException;
import io.omote.face.ModelException;
import io.omote.face.SyntheticModels;
import io.omote.face.description.EmbedderModel;
import io.omote.face.description.ModelFile;
import io.omote.face.internal.engine.OnnxGraph.Value;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxFileTest {
  @TempDir Path folder;

  private Path model(TensorProto... weights) throws IOException {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .addInput(SyntheticModels.value("x", SyntheticModels.FREE, 3))
            // Old exports list their weights among the inputs.
            .addInput(SyntheticModels.value("w", 4))
            .addOutput(SyntheticModels.value("y", 1, 512));
    graph.addAllInitializer(List.of(weights));
    return SyntheticModels.write(folder.resolve("model.onnx"), graph);
  }

  @Test
  void read_graph_withoutWeightsAmongInputs() throws IOException {
    OnnxFile file =
        OnnxFile.read(ModelFile.of(model(SyntheticModels.tensor("w", new float[4], 4))));
    assertThat(file.graph().inputs())
        .containsExactly(new Value("x", Value.FLOAT, List.of(Value.FREE, 3L)));
    assertThat(file.graph().outputs())
        .containsExactly(new Value("y", Value.FLOAT, List.of(1L, 512L)));
    assertThat(file.graph()).hasToString("inputs [x[?,3]], outputs [y[1,512]]");
  }

  @Test
  void read_noOnnx_isRefused() throws IOException {
    Path text = Files.writeString(folder.resolve("text.onnx"), "this is no model");
    Path empty = Files.createFile(folder.resolve("empty.onnx"));
    byte[] whole = Files.readAllBytes(model(SyntheticModels.tensor("w", new float[4], 4)));
    Path cut = Files.write(folder.resolve("cut.onnx"), Arrays.copyOf(whole, whole.length - 9));
    for (Path bad : List.of(text, empty, cut)) {
      assertThatThrownBy(() -> OnnxFile.read(ModelFile.of(bad)))
          .isInstanceOf(ModelException.class)
          .hasMessageContainingAll("expected an ONNX file at", bad.toString());
    }
    assertThatThrownBy(() -> OnnxFile.read(ModelFile.of(folder.resolve("none.onnx"))))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("none.onnx", "found no file", "check the path");
  }

  @Test
  void read_otherHash_isRefused() throws IOException {
    Path file = model();
    String expected = "0".repeat(64);
    assertThatThrownBy(() -> OnnxFile.read(ModelFile.of(file, expected)))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("model.onnx", expected, "found", "download it again");
  }

  @Test
  void read_tinyWeights_areZeroInMemoryOnly() throws IOException {
    float[] weights = {1, 1e-20f, -3e-39f, 0};
    Path path = model(SyntheticModels.tensor("w", weights, 4));
    byte[] before = Files.readAllBytes(path);
    OnnxFile file = OnnxFile.read(ModelFile.of(path));
    assertThat(file.path()).isEmpty();
    ByteBuffer changed = ByteBuffer.wrap(file.content());
    assertThat(OnnxReader.read(changed).weights().withoutTiny(changed)).isNull();
    TensorProto tensor =
        ai.onnx.proto.OnnxMl.ModelProto.parseFrom(file.content()).getGraph().getInitializer(0);
    float[] found = new float[4];
    tensor
        .getRawData()
        .asReadOnlyByteBuffer()
        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(found);
    assertThat(found).containsExactly(1, 0, 0, 0);
    assertThat(Files.readAllBytes(path)).isEqualTo(before);
  }

  @Test
  void read_tinyWeightsInPackedFloats_areZeroToo() throws IOException {
    TensorProto packed =
        TensorProto.newBuilder()
            .setName("w")
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .addDims(2)
            .addFloatData(1e-30f)
            .addFloatData(2)
            .build();
    OnnxFile file = OnnxFile.read(ModelFile.of(model(packed)));
    assertThat(
            ai.onnx.proto.OnnxMl.ModelProto.parseFrom(file.content())
                .getGraph()
                .getInitializer(0)
                .getFloatDataList())
        .containsExactly(0f, 2f);
  }

  @Test
  void read_withoutTinyWeights_isOpenedByPath() throws IOException {
    Path path = model(SyntheticModels.tensor("w", new float[] {1, -1e-14f, 0, 2}, 4));
    assertThat(OnnxFile.read(ModelFile.of(path)).path()).contains(path);
  }

  @Test
  void modelId_isOfTheFileAsItIsOnDisk() throws IOException {
    Path path = model(SyntheticModels.tensor("w", new float[] {1e-30f}, 1));
    String id = OnnxFile.read(ModelFile.of(path)).modelId();
    assertThat(id).startsWith("model:").hasSize(18);
  }

  @Test
  void read_inAnArchive_andOnceThatIsClosed() throws IOException {
    Path onDisk = model();
    URI zip = URI.create("jar:" + folder.resolve("models.zip").toUri());
    Path file;
    try (FileSystem archive = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      file = Files.copy(onDisk, archive.getPath("model.onnx"));
      assertThat(OnnxFile.read(ModelFile.of(file)).content()).isEqualTo(Files.readAllBytes(onDisk));
    }
    assertThatThrownBy(() -> OnnxFile.read(ModelFile.of(file)))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("model.onnx", "ClosedFileSystemException");
    assertThatThrownBy(() -> ModelFile.of(file).open())
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("model.onnx", "ClosedFileSystemException");
    assertThatThrownBy(() -> FaceModels.ofDirectory(file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("expected a folder of model files at model.onnx");
  }

  @Test
  void read_onAnInterruptedThread_isAnInterrupt() throws IOException {
    ModelFile file = ModelFile.of(model());
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> OnnxFile.read(file)).isInstanceOf(InterruptedCallException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  /** If a folder has only one folder, apart from hidden files, DJL uses that one. */
  @Test
  void open_hiddenFileBesideAFolder_isThatFile() throws IOException {
    Path file = folder.resolve(".net.onnx");
    Path other = Files.createDirectory(folder.resolve("old")).resolve(".net.onnx");
    SyntheticModels.write(file, constant(1));
    SyntheticModels.write(other, constant(2));
    assertThat(embedding(file)[0]).isEqualTo(-embedding(other)[0]).isNotZero();
  }

  /** The extension of ONNX Runtime's own format. */
  @Test
  void open_fileOfAnotherEnding_isReadAsOnnx() throws IOException {
    Path file = SyntheticModels.write(folder.resolve("net.ort"), constant(1));
    assertThat(embedding(file)).containsExactly(1, 0);
  }

  /** A recognizer whose output is 1 or -1 for all faces. */
  private static GraphProto.Builder constant(int number) {
    float value = number == 1 ? 1 : -1;
    return GraphProto.newBuilder()
        .setName("constant")
        .addInput(SyntheticModels.value("x", 1, 3, 112, 112))
        .addInitializer(SyntheticModels.tensor("w", new float[] {value, 0}, 1, 2))
        .addNode(NodeProto.newBuilder().setOpType("Identity").addInput("w").addOutput("y"))
        .addOutput(SyntheticModels.value("y", 1, 2));
  }

  private static float[] embedding(Path file) {
    try (FaceEmbedder embedder = FaceEmbedder.builder(EmbedderModel.of(file)).build()) {
      return embedder.embedAligned(FaceImage.ofBgr(new byte[3 * 112 * 112], 112, 112)).toArray();
    }
  }
}
