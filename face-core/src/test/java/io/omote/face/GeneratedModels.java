// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.LongStream;

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

  /** Writes the same network with so many bytes of weights, all zero, that nothing reads. */
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

  /** The bytes of that network. */
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

  private static TensorProto weights(String name, Random random, long... shape) {
    float[] data = new float[(int) LongStream.of(shape).reduce(1, (x, y) -> x * y)];
    for (int i = 0; i < data.length; i++) {
      data[i] = (float) random.nextGaussian();
    }
    return SyntheticModels.tensor(name, data, shape);
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
    return SyntheticModels.node("Conv", output, input, weights).toBuilder()
        .addAttribute(pads)
        .build();
  }
}
