// SPDX-License-Identifier: Apache-2.0
package io.omote.face.inference;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.omote.face.inference.OnnxGraph.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Walks the protobuf of an ONNX file without holding it: only inputs, outputs, the first operators
 * and the places of the float weights are kept. What a hostile file can make it hold is bounded.
 *
 * <p>For one use by one thread.
 */
final class OnnxReader {
  /** Weights of smaller magnitude change nothing but the speed of a CPU. */
  static final float TINY = 1e-15f;

  private static final int TINY_BITS = Float.floatToIntBits(TINY);
  private static final int MAX_VALUES = 1 << 16;
  private static final int MAX_VALUE_BYTES = 1 << 16;
  private static final int MAX_RANK = 16;

  private final ByteBuffer file;
  private final List<Value> inputs = new ArrayList<>();
  private final List<Value> outputs = new ArrayList<>();
  private final List<String> operators = new ArrayList<>();
  private final Set<String> weights = new HashSet<>();
  private final List<Span> floats = new ArrayList<>();
  private boolean hasGraph;

  /** A run of little-endian floats in the file. */
  private record Span(int offset, int count) {}

  private OnnxReader(ByteBuffer file) {
    this.file = file.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Walks a file.
   *
   * @param file the whole file, from position 0
   * @return the reader that has walked it
   * @throws IOException if it is no ONNX file
   */
  static OnnxReader read(ByteBuffer file) throws IOException {
    OnnxReader reader = new OnnxReader(file);
    CodedInputStream in = CodedInputStream.newInstance(reader.file.duplicate());
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == messageTag(ModelProto.GRAPH_FIELD_NUMBER)) {
        reader.hasGraph = true;
        int outer = in.pushLimit(in.readRawVarint32());
        reader.readGraph(in);
        in.checkLastTagWas(0);
        in.popLimit(outer);
      } else if (!in.skipField(tag)) {
        throw new InvalidProtocolBufferException("unexpected end of a group");
      }
    }
    if (!reader.hasGraph) {
      throw new InvalidProtocolBufferException("there is no graph in it");
    }
    return reader;
  }

  private static int messageTag(int field) {
    return field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  private void readGraph(CodedInputStream in) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == messageTag(GraphProto.INPUT_FIELD_NUMBER)) {
        inputs.add(readValue(in, inputs.size()));
      } else if (tag == messageTag(GraphProto.OUTPUT_FIELD_NUMBER)) {
        outputs.add(readValue(in, outputs.size()));
      } else if (tag == messageTag(GraphProto.INITIALIZER_FIELD_NUMBER)) {
        int outer = in.pushLimit(in.readRawVarint32());
        readTensor(in);
        in.checkLastTagWas(0);
        in.popLimit(outer);
      } else if (tag == messageTag(GraphProto.NODE_FIELD_NUMBER)
          && operators.size() < OnnxGraph.FIRST_OPERATORS) {
        int outer = in.pushLimit(in.readRawVarint32());
        operators.add(readOperatorName(in));
        in.checkLastTagWas(0);
        in.popLimit(outer);
      } else if (!in.skipField(tag)) {
        throw new InvalidProtocolBufferException("unexpected end of a group");
      }
    }
  }

  private static Value readValue(CodedInputStream in, int count) throws IOException {
    int length = in.readRawVarint32();
    if (count >= MAX_VALUES || length > MAX_VALUE_BYTES) {
      throw new InvalidProtocolBufferException("too many or too large inputs or outputs");
    }
    ValueInfoProto value = ValueInfoProto.parseFrom(in.readRawBytes(length));
    TypeProto.Tensor tensor = value.getType().getTensorType();
    if (tensor.getShape().getDimCount() > MAX_RANK) {
      throw new InvalidProtocolBufferException("too many dimensions");
    }
    List<Long> shape = new ArrayList<>();
    for (Dimension dimension : tensor.getShape().getDimList()) {
      shape.add(dimension.getDimValue() > 0 ? dimension.getDimValue() : Value.FREE);
    }
    boolean isFloat = tensor.getElemType() == TensorProto.DataType.FLOAT_VALUE;
    return new Value(value.getName(), isFloat, shape);
  }

  private static String readOperatorName(CodedInputStream in) throws IOException {
    String name = "";
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == messageTag(NodeProto.NAME_FIELD_NUMBER)) {
        name = in.readString();
      } else if (!in.skipField(tag)) {
        throw new InvalidProtocolBufferException("unexpected end of a group");
      }
    }
    return name;
  }

  /** Notes the name of a weight and where its floats lie; ONNX stores them little-endian. */
  private void readTensor(CodedInputStream in) throws IOException {
    if (weights.size() >= MAX_VALUES) {
      throw new InvalidProtocolBufferException("too many weights");
    }
    boolean isFloat = false;
    List<Span> spans = new ArrayList<>(1);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == (TensorProto.DATA_TYPE_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_VARINT)) {
        isFloat = in.readInt32() == TensorProto.DataType.FLOAT_VALUE;
      } else if (tag == messageTag(TensorProto.NAME_FIELD_NUMBER)) {
        weights.add(in.readString());
      } else if (tag == messageTag(TensorProto.RAW_DATA_FIELD_NUMBER)
          || tag == messageTag(TensorProto.FLOAT_DATA_FIELD_NUMBER)) {
        int length = in.readRawVarint32();
        if (floats.size() + spans.size() >= MAX_VALUES) {
          throw new InvalidProtocolBufferException("too many parts of weights");
        }
        spans.add(new Span(in.getTotalBytesRead(), length / Float.BYTES));
        in.skipRawBytes(length);
      } else if (!in.skipField(tag)) {
        throw new InvalidProtocolBufferException("unexpected end of a group");
      }
    }
    if (isFloat) {
      floats.addAll(spans);
    }
  }

  /**
   * What was found.
   *
   * @return the graph
   */
  OnnxGraph graph() {
    List<Value> given = inputs.stream().filter(value -> !weights.contains(value.name())).toList();
    return new OnnxGraph(given, outputs, operators);
  }

  /**
   * Sets the weights that are too small to matter to zero, in a copy. Networks trained with weight
   * decay carry dead channels of such weights; their products are denormal floats, which a CPU
   * computes ten times slower or worse.
   *
   * @return the changed file, null where it has no such weights
   */
  byte @Nullable [] withoutTinyWeights() {
    if (!hasTinyWeights()) {
      return null;
    }
    byte[] copy = new byte[file.limit()];
    file.get(0, copy);
    ByteBuffer changed = ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN);
    for (Span span : floats) {
      for (int at = span.offset(), i = 0; i < span.count(); i++, at += Float.BYTES) {
        if (isTiny(changed.getInt(at))) {
          changed.putInt(at, 0);
        }
      }
    }
    return copy;
  }

  private boolean hasTinyWeights() {
    for (Span span : floats) {
      for (int at = span.offset(), i = 0; i < span.count(); i++, at += Float.BYTES) {
        if (isTiny(file.getInt(at))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isTiny(int bits) {
    int magnitude = bits & 0x7fffffff;
    return magnitude != 0 && magnitude < TINY_BITS;
  }
}
