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
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Tiny ONNX files whose output is known, made as a test needs them. */
public final class SyntheticModels {
  /** A dimension that is left open. */
  public static final long FREE = -1;

  private SyntheticModels() {}

  /** One anchor of an SCRFD output: score, four distances, ten offsets, in units of the stride. */
  public record Planted(int stride, int anchor, float score, float[] box, float[] points) {}

  /** An SCRFD detector that finds what was planted, whatever the picture. */
  public static Path scrfd(
      Path folder, int outputs, boolean batched, boolean freeSize, int side, List<Planted> faces)
      throws IOException {
    int[] strides =
        outputs % 3 == 0 && outputs < 10 ? new int[] {8, 16, 32} : new int[] {8, 16, 32, 64, 128};
    int anchors = strides.length == 3 ? 2 : 1;
    int kinds = outputs / strides.length;
    int[] columns = {1, 4, 10};
    GraphProto.Builder graph = GraphProto.newBuilder().setName("scrfd");
    long size = freeSize ? FREE : side;
    graph.addInput(value("input.1", 1, 3, size, size));
    for (int kind = 0; kind < kinds; kind++) {
      for (int stride : strides) {
        int cells = (side + stride - 1) / stride;
        int rows = cells * cells * anchors;
        float[] data = new float[rows * columns[kind]];
        for (Planted face : faces) {
          if (face.stride() == stride) {
            float[][] parts = {{face.score()}, face.box(), face.points()};
            System.arraycopy(parts[kind], 0, data, face.anchor() * columns[kind], columns[kind]);
          }
        }
        String name = "out" + kind + "_" + stride;
        long[] shape =
            batched ? new long[] {1, rows, columns[kind]} : new long[] {rows, columns[kind]};
        graph.addInitializer(tensor(name + "_data", data, shape));
        graph.addNode(node("Identity", name, name + "_data"));
        graph.addOutput(value(name, shape));
      }
    }
    return write(folder.resolve("scrfd_" + outputs + ".onnx"), graph);
  }

  /** A recognition network whose embedding is the mean of each plane: red, green, blue. */
  public static Path meanOfPlanes(Path folder, long batch, boolean normalizesByItself)
      throws IOException {
    GraphProto.Builder graph = GraphProto.newBuilder().setName("means");
    graph.addInput(value("input.1", batch, 3, 112, 112));
    String last = "input.1";
    if (normalizesByItself) {
      graph.addInitializer(tensor("mean", new float[] {127.5f}, 1));
      graph.addInitializer(tensor("factor", new float[] {1 / 127.5f}, 1));
      graph.addNode(node("Sub", "centred", last, "mean"));
      graph.addNode(node("Mul", "scaled", "centred", "factor"));
      last = "scaled";
    }
    graph.addNode(
        node("ReduceMean", "output", last).toBuilder()
            .addAttribute(
                AttributeProto.newBuilder()
                    .setName("axes")
                    .setType(AttributeProto.AttributeType.INTS)
                    .addInts(2)
                    .addInts(3))
            .addAttribute(
                AttributeProto.newBuilder()
                    .setName("keepdims")
                    .setType(AttributeProto.AttributeType.INT)
                    .setI(0)));
    graph.addOutput(value("output", batch, 3));
    return write(folder.resolve("means_" + batch + normalizesByItself + ".onnx"), graph);
  }

  static NodeProto node(String type, String output, String... inputs) {
    return NodeProto.newBuilder()
        .setOpType(type)
        .setName(type + "_" + output)
        .addAllInput(List.of(inputs))
        .addOutput(output)
        .build();
  }

  public static TensorProto tensor(String name, float[] data, long... shape) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(data);
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .setRawData(ByteString.copyFrom(bytes));
    for (long size : shape) {
      tensor.addDims(size);
    }
    return tensor.build();
  }

  public static ValueInfoProto value(String name, long... shape) {
    TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
    for (long size : shape) {
      TensorShapeProto.Dimension.Builder dimension = TensorShapeProto.Dimension.newBuilder();
      dimensions.addDim(
          size == FREE
              ? dimension.setDimParam("free" + dimensions.getDimCount())
              : dimension.setDimValue(size));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(TensorProto.DataType.FLOAT_VALUE)
                        .setShape(dimensions)))
        .build();
  }

  public static Path write(Path file, GraphProto.Builder graph) throws IOException {
    return Files.write(file, bytes(graph));
  }

  static byte[] bytes(GraphProto.Builder graph) {
    return ModelProto.newBuilder()
        .setIrVersion(7)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(12))
        .setGraph(graph)
        .build()
        .toByteArray();
  }
}
