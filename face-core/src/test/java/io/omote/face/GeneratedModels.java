// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.omote.face.description.EmbedderModel;
import io.omote.face.description.ModelFile;
import io.omote.face.description.Normalization;
import io.omote.face.description.ScrfdModel;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;

/** Small networks with random weights, for tests that need a session and no meaning. */
public final class GeneratedModels {
  private static final int CHANNELS = 8;

  private GeneratedModels() {}

  /** Writes a recognizer: two convolutions and a mean, a few milliseconds per run. */
  public static EmbedderModel embedder(Path folder) throws IOException {
    Path file = folder.resolve("generated.onnx");
    if (!Files.exists(file)) {
      Files.write(file, embedderBytes());
    }
    return EmbedderModel.of(ModelFile.of(file)).withNormalization(Normalization.ARCFACE);
  }

  /** Writes the same network with a number of additional weights, zeros that nothing reads. */
  public static Path padded(Path folder, int bytes) throws IOException {
    ByteString.Output tensor = ByteString.newOutput();
    TensorProto.newBuilder()
        .setName("unused")
        .setDataType(TensorProto.DataType.FLOAT_VALUE)
        .addDims(bytes / Float.BYTES)
        .build()
        .writeTo(tensor);
    CodedOutputStream raw = CodedOutputStream.newInstance(tensor);
    raw.writeTag(TensorProto.RAW_DATA_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    raw.writeUInt32NoTag(bytes);
    raw.flush();
    ByteString tensorHead = tensor.toByteString();
    int tensorSize = tensorHead.size() + bytes;
    Path file = folder.resolve("generated.onnx");
    try (OutputStream stream = Files.newOutputStream(file)) {
      stream.write(embedderBytes());
      // A second graph, which protobuf adds to the first: one more weight, the zeros left out.
      CodedOutputStream out = CodedOutputStream.newInstance(stream);
      out.writeTag(ModelProto.GRAPH_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt32NoTag(
          CodedOutputStream.computeTagSize(GraphProto.INITIALIZER_FIELD_NUMBER)
              + CodedOutputStream.computeUInt32SizeNoTag(tensorSize)
              + tensorSize);
      out.writeTag(GraphProto.INITIALIZER_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt32NoTag(tensorSize);
      out.writeRawBytes(tensorHead);
      out.flush();
    }
    try (RandomAccessFile padding = new RandomAccessFile(file.toFile(), "rw")) {
      padding.setLength(padding.length() + bytes);
    }
    return file;
  }

  /** Returns the bytes of that network. */
  public static byte[] embedderBytes() {
    Random random = new Random(1);
    return SyntheticModels.bytes(
        GraphProto.newBuilder()
            .setName("generated")
            .addInput(SyntheticModels.value("input", -1, 3, 112, 112))
            .addOutput(SyntheticModels.value("output", -1, CHANNELS))
            .addInitializer(weights("first", random, CHANNELS, 3, 3, 3))
            .addInitializer(weights("second", random, CHANNELS, CHANNELS, 3, 3))
            .addNode(convolution("input", "first", "a"))
            .addNode(SyntheticModels.node("Relu", "b", "a"))
            .addNode(convolution("b", "second", "c"))
            .addNode(SyntheticModels.node("GlobalAveragePool", "d", "c"))
            .addNode(SyntheticModels.node("Flatten", "output", "d")));
  }

  /**
   * Writes an SCRFD detector of free input size. In any image it finds a face around each point of
   * its coarsest grid: 416 of them in the passes of 128 and 640.
   */
  public static ScrfdModel detector(Path folder) throws IOException {
    Path file = folder.resolve("generated_detector.onnx");
    if (!Files.exists(file)) {
      GraphProto.Builder graph =
          GraphProto.newBuilder()
              .setName("generated")
              .addInput(SyntheticModels.value("input", 1, 3, -1, -1));
      // One face for each of the two anchors of a point, where one has a score.
      addOutputs(graph, "score", 1, new float[] {0.9f, 0});
      float[] box = {0.4f, 0.4f, 0.4f, 0.4f};
      addOutputs(graph, "box", 4, twice(box));
      float[] points = {-.2f, -.2f, .2f, -.2f, 0, 0, -.15f, .2f, .15f, .2f};
      addOutputs(graph, "points", 10, twice(points));
      SyntheticModels.write(file, graph);
    }
    return ScrfdModel.of(file);
  }

  private static float[] twice(float[] values) {
    float[] both = Arrays.copyOf(values, 2 * values.length);
    System.arraycopy(values, 0, both, values.length, values.length);
    return both;
  }

  /** Adds one output per stride, the same at each point; only the coarsest one has scores. */
  private static void addOutputs(
      GraphProto.Builder graph, String kind, int columns, float[] values) {
    for (int stride : new int[] {8, 16, 32}) {
      String name = kind + stride;
      boolean empty = columns == 1 && stride != 32;
      SyntheticModels.addGrid(
          graph,
          name,
          stride,
          new long[] {-1, columns},
          new float[values.length][3],
          empty ? new float[values.length] : values);
    }
  }

  private static TensorProto weights(String name, Random random, long... shape) {
    float[] data = new float[(int) LongStream.of(shape).reduce(1, (x, y) -> x * y)];
    for (int i = 0; i < data.length; i++) {
      data[i] = (float) random.nextGaussian();
    }
    return SyntheticModels.tensor(name, data, shape);
  }

  private static NodeProto convolution(String input, String weights, String output) {
    return SyntheticModels.node("Conv", output, input, weights).toBuilder()
        .addAttribute(SyntheticModels.integers("pads", 1, 1, 1, 1))
        .build();
  }
}
