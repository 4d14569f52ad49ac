// SPDX-License-Identifier: Apache-2.0
package io.omote.face.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.omote.face.ModelFile;
import io.omote.face.ModelLoadException;
import io.omote.face.SyntheticModels;
import io.omote.face.inference.OnnxGraph.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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
        .containsExactly(new Value("x", true, List.of(Value.FREE, 3L)));
    assertThat(file.graph().outputs()).containsExactly(new Value("y", true, List.of(1L, 512L)));
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
          .isInstanceOf(ModelLoadException.class)
          .hasMessageContainingAll("expected an ONNX file at", bad.toString());
    }
    assertThatThrownBy(() -> OnnxFile.read(ModelFile.of(folder.resolve("none.onnx"))))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContainingAll("none.onnx", "found none", "check the path");
  }

  @Test
  void read_otherHash_isRefused() throws IOException {
    Path file = model();
    String expected = "0".repeat(64);
    assertThatThrownBy(() -> OnnxFile.read(ModelFile.of(file, expected)))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContainingAll("model.onnx", expected, "found", "get it again");
  }

  @Test
  void read_tinyWeights_areZeroInMemoryOnly() throws IOException {
    float[] weights = {1, 1e-20f, -3e-39f, 0};
    Path path = model(SyntheticModels.tensor("w", weights, 4));
    byte[] before = Files.readAllBytes(path);
    OnnxFile file = OnnxFile.read(ModelFile.of(path));
    assertThat(file.path()).isEmpty();
    OnnxReader changed = OnnxReader.read(ByteBuffer.wrap(file.content()));
    assertThat(changed.withoutTinyWeights()).isNull();
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
}
