// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.omote.face.GeneratedModels;
import io.omote.face.TestData;
import io.omote.face.internal.engine.OnnxGraph.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reader and protobuf's own parser agree on a file. */
class OnnxReaderAgreementTest {
  private static final int MUTANTS = 20_000;

  @TempDir Path folder;

  private static OnnxGraph byProtobuf(ModelProto model) {
    GraphProto graph = model.getGraph();
    Set<String> weights = new HashSet<>();
    graph.getInitializerList().forEach(tensor -> weights.add(tensor.getName()));
    return new OnnxGraph(
        values(graph.getInputList()).filter(value -> !weights.contains(value.name())).toList(),
        values(graph.getOutputList()).toList(),
        graph.getNodeList().stream()
            .limit(OnnxGraph.FIRST_OPERATORS)
            .map(NodeProto::getName)
            .toList(),
        graph.getNodeList().stream()
            .map(NodeProto::getOpType)
            .filter(type -> type.length() <= 100)
            .distinct()
            .limit(OnnxGraph.OPERATOR_TYPES)
            .collect(Collectors.toSet()));
  }

  private static Stream<Value> values(List<ValueInfoProto> values) {
    return values.stream()
        .map(
            value -> {
              TypeProto.Tensor tensor = value.getType().getTensorType();
              return new Value(
                  value.getName(),
                  element(tensor.getElemType()),
                  tensor.getShape().getDimList().stream()
                      .map(size -> size.getDimValue() > 0 ? size.getDimValue() : Value.FREE)
                      .toList());
            });
  }

  private static String element(int type) {
    TensorProto.DataType known = TensorProto.DataType.forNumber(type);
    if (known == null || type > TensorProto.DataType.BFLOAT16_VALUE) {
      return "type " + type;
    }
    return type == 0 ? "no tensor" : known.name().toLowerCase(Locale.ROOT);
  }

  @Test
  void generatedModels() throws IOException {
    Path detector = GeneratedModels.detector(folder).file().path().orElseThrow();
    for (byte[] model : List.of(GeneratedModels.embedderBytes(), Files.readAllBytes(detector))) {
      OnnxGraph expected = byProtobuf(ModelProto.parseFrom(model));
      assertThat(expected.inputs()).isNotEmpty();
      assertThat(OnnxReader.read(ByteBuffer.wrap(model)).graph()).isEqualTo(expected);
    }
  }

  /** Changes bytes outside the weights; many of the results are still models. */
  @Test
  void mutants_thatProtobufReads() throws IOException {
    Random random = new Random(1);
    byte[] model = small();
    int agreed = 0;
    for (int i = 0; i < MUTANTS; i++) {
      byte[] mutant = model.clone();
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
      }
      ModelProto parsed;
      try {
        parsed = ModelProto.parseFrom(mutant);
      } catch (InvalidProtocolBufferException e) {
        continue;
      }
      if (parsed.hasGraph() && hasTensorsOnly(parsed.getGraph())) {
        assertThat(OnnxReader.read(ByteBuffer.wrap(mutant)).graph()).isEqualTo(byProtobuf(parsed));
        agreed++;
      }
    }
    assertThat(agreed).isGreaterThan(MUTANTS / 10);
  }

  private static byte[] small() throws IOException {
    ModelProto.Builder model = ModelProto.parseFrom(GeneratedModels.embedderBytes()).toBuilder();
    model
        .getGraphBuilder()
        .getInitializerBuilderList()
        .forEach(tensor -> tensor.clearRawData().addFloatData(1));
    return model.build().toByteArray();
  }

  /** For protobuf, a value of any other kind has no shape; it is rejected later. */
  private static boolean hasTensorsOnly(GraphProto graph) {
    return Stream.of(graph.getInputList(), graph.getOutputList())
        .flatMap(List::stream)
        .allMatch(value -> value.getType().hasTensorType());
  }

  @Test
  @Tag("testdata")
  void realModels() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(TestData.path("models"))) {
      files = all.filter(file -> file.toString().endsWith(".onnx")).toList();
    }
    assertThat(files).hasSizeGreaterThan(4);
    for (Path file : files) {
      byte[] content = Files.readAllBytes(file);
      assertThat(OnnxReader.read(ByteBuffer.wrap(content)).graph())
          .as(file.toString())
          .isEqualTo(byProtobuf(ModelProto.parseFrom(content)));
    }
  }
}
