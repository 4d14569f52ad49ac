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
import io.omote.face.description.ModelFile;
import io.omote.face.description.ScrfdModel;
import io.omote.face.description.UltraLightModel;
import io.omote.face.description.YuNetModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** Tiny ONNX files whose output is known, made as a test needs them. */
public final class SyntheticModels {
  /** A dimension that is left open. */
  public static final long FREE = -1;

  private SyntheticModels() {}

  /** One anchor of an SCRFD output: score, four distances, ten offsets, in units of the stride. */
  public record Planted(int stride, int anchor, float score, float[] box, float[] points) {}

  /** An SCRFD detector that finds what was planted in any image. */
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

  /**
   * A detector that finds one face around each pixel of the image that is red enough, looking at
   * each 32nd pixel of its input. The box is a square around that pixel, the points are on it.
   *
   * @param side the side of a fixed input, {@link #FREE} for a free one
   * @param score the score where the image is as red as can be; 0 where it is black
   * @param width the width of the box, in pixels of the input
   */
  public static ScrfdModel scrfdOfRed(Path folder, long side, float score, float width)
      throws IOException {
    GraphProto.Builder graph = GraphProto.newBuilder().setName("scrfd");
    graph.addInput(value("input", 1, 3, side, side));
    float half = width / 2 / 32;
    // The input is about -1 for black and 1 for red.
    float weight = score / 2 * 128 / 127.5f;
    for (int stride : new int[] {8, 16, 32}) {
      boolean empty = stride != 32;
      addGrid(
          graph,
          "score" + stride,
          stride,
          new long[] {-1, 1},
          new float[][] {{empty ? 0 : weight, 0, 0}, {0, 0, 0}},
          empty ? 0 : score / 2,
          0);
    }
    for (int stride : new int[] {8, 16, 32}) {
      addGrid(graph, "box" + stride, stride, new long[] {-1, 4}, new float[8][3], twice(half, 4));
    }
    for (int stride : new int[] {8, 16, 32}) {
      addGrid(
          graph, "points" + stride, stride, new long[] {-1, 10}, new float[20][3], new float[20]);
    }
    return ScrfdModel.of(write(folder.resolve("scrfd_of_red.onnx"), graph));
  }

  /** The same for YuNet. */
  public static YuNetModel yuNetOfRed(Path folder, long side, float score, float width)
      throws IOException {
    GraphProto.Builder graph = GraphProto.newBuilder().setName("yunet");
    graph.addInput(value("input", 1, 3, side, side));
    String[] kinds = {"cls", "obj", "bbox", "kps"};
    int[] columns = {1, 1, 4, 10};
    for (int kind = 0; kind < kinds.length; kind++) {
      for (int stride : new int[] {8, 16, 32}) {
        float[][] weights = new float[columns[kind]][3];
        float[] values = new float[columns[kind]];
        if (kind < 2 && stride == 32) {
          // The last channel of the input is red, from 0 to 255.
          weights[0][2] = score / 255;
        } else if (kind == 2) {
          values[2] = (float) Math.log(width / 32);
          values[3] = values[2];
        }
        long[] shape = {1, -1, columns[kind]};
        addGrid(graph, kinds[kind] + "_" + stride, stride, shape, weights, values);
      }
    }
    return YuNetModel.of(write(folder.resolve("yunet_of_red.onnx"), graph));
  }

  private static float[] twice(float value, int count) {
    float[] values = new float[2 * count];
    Arrays.fill(values, value);
    return values;
  }

  /**
   * Adds an output with a row for each cell: the values plus the weighted channels of the pixel at
   * the cell's top-left.
   */
  static void addGrid(
      GraphProto.Builder graph,
      String name,
      int stride,
      long[] shape,
      float[][] weights,
      float... values) {
    float[] flat = new float[3 * values.length];
    for (int i = 0; i < values.length; i++) {
      System.arraycopy(weights[i], 0, flat, 3 * i, 3);
    }
    TensorProto.Builder target =
        TensorProto.newBuilder()
            .setName(name + "_shape")
            .setDataType(TensorProto.DataType.INT64_VALUE)
            .addDims(shape.length);
    LongStream.of(shape).forEach(target::addInt64Data);
    graph
        .addInitializer(tensor(name + "_weights", flat, values.length, 3, 1, 1))
        .addInitializer(tensor(name + "_values", values, values.length))
        .addInitializer(target)
        .addNode(
            node("Conv", name + "_map", "input", name + "_weights", name + "_values").toBuilder()
                .addAttribute(integers("strides", stride, stride)))
        .addNode(
            node("Transpose", name + "_last", name + "_map").toBuilder()
                .addAttribute(integers("perm", 0, 2, 3, 1)))
        .addNode(node("Reshape", name, name + "_last", name + "_shape"))
        .addOutput(value(name, shape));
  }

  static AttributeProto integers(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
    LongStream.of(values).forEach(attribute::addInts);
    return attribute.build();
  }

  /**
   * An UltraLight detector of an input of 64x48 that finds one face in any image.
   *
   * @param box the four sides, as fractions of the input
   * @param points x and y of 68 points, as fractions of the box's square
   */
  public static UltraLightModel ultraLight(Path folder, float score, float[] box, float[] points)
      throws IOException {
    return ultraLight(folder, new float[] {score}, box, points);
  }

  /**
   * The same with several faces.
   *
   * @param scores the score of each face
   * @param sides the four sides of each face
   */
  public static UltraLightModel ultraLight(
      Path folder, float[] scores, float[] sides, float[] points) throws IOException {
    int count = scores.length;
    float[] pairs = new float[2 * count];
    for (int i = 0; i < count; i++) {
      pairs[2 * i] = 1 - scores[i];
      pairs[2 * i + 1] = scores[i];
    }
    Path boxes =
        constant(
            folder.resolve("boxes.onnx"),
            new long[] {1, 3, 48, 64},
            new float[][] {pairs, sides},
            new long[] {1, count, 2},
            new long[] {1, count, 4});
    Path network =
        constant(
            folder.resolve("points.onnx"),
            new long[] {1, 1, 56, 56},
            new float[][] {points},
            new long[] {1, 136});
    return new UltraLightModel(ModelFile.of(boxes), ModelFile.of(network));
  }

  private static Path constant(Path file, long[] input, float[][] data, long[]... shapes)
      throws IOException {
    GraphProto.Builder graph = GraphProto.newBuilder().setName("constant");
    graph.addInput(value("input", input));
    for (int i = 0; i < data.length; i++) {
      graph.addInitializer(tensor("data" + i, data[i], shapes[i]));
      graph.addNode(node("Identity", "out" + i, "data" + i));
      graph.addOutput(value("out" + i, shapes[i]));
    }
    return write(file, graph);
  }

  /** A recognizer whose embedding is the mean of each plane: red, green, blue. */
  public static Path meanOfPlanes(Path folder, long batch, boolean normalizesByItself)
      throws IOException {
    GraphProto.Builder graph = GraphProto.newBuilder().setName("means");
    graph.addInput(value("input.1", batch, 3, 112, 112));
    String last = "input.1";
    if (normalizesByItself) {
      graph.addInitializer(tensor("mean", new float[] {127.5f}, 1));
      graph.addInitializer(tensor("factor", new float[] {1 / 127.5f}, 1));
      graph.addNode(node("Sub", "centered", last, "mean"));
      graph.addNode(node("Mul", "scaled", "centered", "factor"));
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

  /**
   * A network that returns a row for each image: the mean of each plane times the weights, plus the
   * bias.
   *
   * @param squeezes whether it takes the mean by the operator that squeeze and excitation has
   * @param weights for each plane, one a column
   * @param bias one a column
   */
  public static Path rows(
      Path file,
      long batch,
      long planes,
      long side,
      boolean squeezes,
      float[] weights,
      float... bias)
      throws IOException {
    int columns = bias.length;
    GraphProto.Builder graph = GraphProto.newBuilder().setName("rows");
    graph.addInput(value("input", batch, planes, side, side));
    graph.addInitializer(tensor("weights", weights, planes, columns));
    graph.addInitializer(tensor("bias", bias, columns));
    if (squeezes) {
      graph.addNode(node("GlobalAveragePool", "pooled", "input"));
      graph.addNode(node("Flatten", "means", "pooled"));
    } else {
      graph.addNode(
          node("ReduceMean", "means", "input").toBuilder()
              .addAttribute(integers("axes", 2, 3))
              .addAttribute(
                  AttributeProto.newBuilder()
                      .setName("keepdims")
                      .setType(AttributeProto.AttributeType.INT)
                      .setI(0)));
    }
    graph.addNode(node("MatMul", "weighted", "means", "weights"));
    graph.addNode(node("Add", "output", "weighted", "bias"));
    graph.addOutput(value("output", batch, columns));
    return write(file, graph);
  }

  /**
   * A face mesh whose outputs do not depend on the image, except for one: the mean of the red is
   * added to the logit of presence.
   *
   * @param batch the batch axis
   * @param points x, y and z of each point, in pixels of the input
   * @param logit the logit of presence where the image is black
   */
  public static Path mesh(Path file, long batch, float[] points, float logit) throws IOException {
    GraphProto.Builder graph = GraphProto.newBuilder().setName("mesh");
    graph.addInput(value("input", batch, 256, 256, 3));
    graph.addNode(
        node("ReduceMean", "means", "input").toBuilder()
            .addAttribute(integers("axes", 1, 2))
            .addAttribute(
                AttributeProto.newBuilder()
                    .setName("keepdims")
                    .setType(AttributeProto.AttributeType.INT)
                    .setI(0)));
    addRow(graph, "points", "means", new float[3 * points.length], points);
    addRow(graph, "presence", "means", new float[] {1, 0, 0}, logit);
    addRow(graph, "tongue", "means", new float[3], 0);
    for (String output : List.of("points", "presence", "tongue")) {
      graph.addOutput(value(output, batch, output.equals("points") ? points.length : 1));
    }
    return write(file, graph);
  }

  /** The coefficients of a face mesh: each is the mean x of the points times a factor. */
  public static Path coefficients(Path file, float factor) throws IOException {
    GraphProto.Builder graph = GraphProto.newBuilder().setName("coefficients");
    graph.addInput(value("input", 1, 146, 2));
    graph.addNode(
        node("ReduceMean", "means", "input").toBuilder().addAttribute(integers("axes", 1)));
    graph.addNode(node("Flatten", "flat", "means"));
    float[] weights = new float[2 * 52];
    Arrays.fill(weights, 0, 52, factor);
    addRow(graph, "output", "flat", weights, new float[52]);
    graph.addOutput(value("output", 1, 52));
    return write(file, graph);
  }

  private static void addRow(
      GraphProto.Builder graph, String output, String input, float[] weights, float... bias) {
    graph.addInitializer(
        tensor(output + "_weights", weights, weights.length / bias.length, bias.length));
    graph.addInitializer(tensor(output + "_bias", bias, bias.length));
    graph.addNode(node("MatMul", output + "_weighted", input, output + "_weights"));
    graph.addNode(node("Add", output, output + "_weighted", output + "_bias"));
  }

  public static NodeProto node(String type, String output, String... inputs) {
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
