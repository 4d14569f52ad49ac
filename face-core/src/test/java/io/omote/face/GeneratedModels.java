// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Small networks with random weights, for tests that need a session and no meaning. */
public final class GeneratedModels {
  private static final int CHANNELS = 8;

  private GeneratedModels() {}

  /** Writes a recognition network: two convolutions and a mean, some milliseconds a run. */
  public static EmbedderModel embedder(Path folder) throws IOException {
    Path file = folder.resolve("generated.onnx");
    if (!Files.exists(file)) {
      Files.write(file, embedderBytes());
    }
    return EmbedderModel.of(ModelFile.of(file)).withNormalization(Normalization.ARCFACE);
  }

  /** The bytes of that network. */
  public static byte[] embedderBytes() {
    Random random = new Random(1);
    GraphProto graph =
        GraphProto.newBuilder()
            .setName("generated")
            .addInput(value("input", -1, 3, 112, 112))
            .addOutput(value("output", -1, CHANNELS))
            .addInitializer(weights("first", random, CHANNELS, 3, 3, 3))
            .addInitializer(weights("second", random, CHANNELS, CHANNELS, 3, 3))
            .addNode(convolution("input", "first", "a"))
            .addNode(node("Relu", "b", "a"))
            .addNode(convolution("b", "second", "c"))
            .addNode(node("GlobalAveragePool", "d", "c"))
            .addNode(node("Flatten", "output", "d"))
            .build();
    return ModelProto.newBuilder()
        .setIrVersion(7)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  private static ValueInfoProto value(String name, long... shape) {
    TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
    for (long size : shape) {
      TensorShapeProto.Dimension.Builder dimension = dimensions.addDimBuilder();
      if (size < 0) {
        dimension.setDimParam("N");
      } else {
        dimension.setDimValue(size);
      }
    }
    TypeProto.Tensor tensor =
        TypeProto.Tensor.newBuilder()
            .setElemType(TensorProto.DataType.FLOAT_VALUE)
            .setShape(dimensions)
            .build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  private static TensorProto weights(String name, Random random, long... shape) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.FLOAT_VALUE);
    int count = 1;
    for (long size : shape) {
      tensor.addDims(size);
      count *= (int) size;
    }
    for (int i = 0; i < count; i++) {
      tensor.addFloatData((float) random.nextGaussian());
    }
    return tensor.build();
  }

  private static NodeProto convolution(String input, String weights, String output) {
    AttributeProto pads =
        AttributeProto.newBuilder()
            .setName("pads")
            .setType(AttributeProto.AttributeType.INTS)
            .addInts(1)
            .addInts(1)
            .addInts(1)
            .addInts(1)
            .build();
    return node("Conv", output, input, weights).toBuilder().addAttribute(pads).build();
  }

  private static NodeProto node(String operator, String output, String... inputs) {
    NodeProto.Builder node = NodeProto.newBuilder().setOpType(operator).addOutput(output);
    for (String input : inputs) {
      node.addInput(input);
    }
    return node.build();
  }
}
