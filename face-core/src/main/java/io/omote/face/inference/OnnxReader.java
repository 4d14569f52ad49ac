// SPDX-License-Identifier: Apache-2.0
package io.omote.face.inference;

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
 * Walks an ONNX file without holding it: only inputs, outputs, the first operators and the places
 * of the float weights are kept. What a hostile file can make it hold is bounded.
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

  /** {@code TensorProto.DataType.FLOAT}. */
  private static final int FLOAT = 1;

  // The numbers of the fields that are read, as in
  // https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
  private static final int MODEL_GRAPH = 7;
  private static final int GRAPH_NODE = 1;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int GRAPH_INPUT = 11;
  private static final int GRAPH_OUTPUT = 12;
  private static final int NODE_NAME = 3;
  private static final int TENSOR_DATA_TYPE = 2;
  private static final int TENSOR_FLOAT_DATA = 4;
  private static final int TENSOR_NAME = 8;
  private static final int TENSOR_RAW_DATA = 9;
  private static final int VALUE_NAME = 1;
  private static final int VALUE_TYPE = 2;
  private static final int TYPE_TENSOR = 1;
  private static final int TENSOR_TYPE_ELEMENT = 1;
  private static final int TENSOR_TYPE_SHAPE = 2;
  private static final int SHAPE_DIMENSION = 1;
  private static final int DIMENSION_VALUE = 1;
  private static final int DIMENSION_PARAMETER = 2;

  private final ByteBuffer file;
  private final List<Value> inputs = new ArrayList<>();
  private final List<Value> outputs = new ArrayList<>();
  private final List<String> operators = new ArrayList<>();
  private final Set<String> weights = new HashSet<>();
  private final List<Span> floats = new ArrayList<>();

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
    boolean hasGraph = false;
    ProtobufReader model = new ProtobufReader(reader.file);
    while (model.next()) {
      if (model.isDelimited(MODEL_GRAPH)) {
        // Where there are several, they are parts of one, as protobuf has it.
        reader.readGraph(model.message());
        hasGraph = true;
      } else {
        model.skip();
      }
    }
    if (!hasGraph) {
      throw new IOException("there is no graph in it");
    }
    return reader;
  }

  private void readGraph(ProtobufReader graph) throws IOException {
    while (graph.next()) {
      if (graph.isDelimited(GRAPH_INPUT)) {
        add(graph.delimited(), inputs);
      } else if (graph.isDelimited(GRAPH_OUTPUT)) {
        add(graph.delimited(), outputs);
      } else if (graph.isDelimited(GRAPH_INITIALIZER)) {
        readTensor(graph.message());
      } else if (graph.isDelimited(GRAPH_NODE) && operators.size() < OnnxGraph.FIRST_OPERATORS) {
        operators.add(readOperatorName(graph.message()));
      } else {
        graph.skip();
      }
    }
  }

  private static void add(ByteBuffer value, List<Value> values) throws IOException {
    if (values.size() >= MAX_VALUES || value.remaining() > MAX_VALUE_BYTES) {
      throw new IOException("too many or too large inputs or outputs");
    }
    values.add(readValue(new ProtobufReader(value)));
  }

  private static Value readValue(ProtobufReader value) throws IOException {
    String name = "";
    ValueType type = new ValueType();
    while (value.next()) {
      if (value.isDelimited(VALUE_NAME)) {
        name = value.text();
      } else if (value.isDelimited(VALUE_TYPE)) {
        readType(value.message(), type);
      } else {
        value.skip();
      }
    }
    return new Value(name, type.element == FLOAT, type.shape);
  }

  /** What is known of the type of an input or output until its end is read. */
  private static final class ValueType {
    private final List<Long> shape = new ArrayList<>();
    private int element;
  }

  private static void readType(ProtobufReader message, ValueType type) throws IOException {
    while (message.next()) {
      if (message.isDelimited(TYPE_TENSOR)) {
        readTensorType(message.message(), type);
      } else {
        message.skip();
      }
    }
  }

  private static void readTensorType(ProtobufReader message, ValueType type) throws IOException {
    while (message.next()) {
      if (message.isVarint(TENSOR_TYPE_ELEMENT)) {
        type.element = (int) message.varint();
      } else if (message.isDelimited(TENSOR_TYPE_SHAPE)) {
        readShape(message.message(), type.shape);
      } else {
        message.skip();
      }
    }
  }

  private static void readShape(ProtobufReader message, List<Long> shape) throws IOException {
    while (message.next()) {
      if (message.isDelimited(SHAPE_DIMENSION)) {
        if (shape.size() >= MAX_RANK) {
          throw new IOException("too many dimensions");
        }
        shape.add(readDimension(message.message()));
      } else {
        message.skip();
      }
    }
  }

  private static long readDimension(ProtobufReader dimension) throws IOException {
    long size = Value.FREE;
    while (dimension.next()) {
      if (dimension.isVarint(DIMENSION_VALUE)) {
        long value = dimension.varint();
        size = value > 0 ? value : Value.FREE;
      } else {
        // A dimension has a size or a name, whichever comes last.
        size = dimension.isDelimited(DIMENSION_PARAMETER) ? Value.FREE : size;
        dimension.skip();
      }
    }
    return size;
  }

  private static String readOperatorName(ProtobufReader node) throws IOException {
    String name = "";
    while (node.next()) {
      if (node.isDelimited(NODE_NAME)) {
        name = node.text();
      } else {
        node.skip();
      }
    }
    return name;
  }

  /** Notes the name of a weight and where its floats lie; ONNX stores them little-endian. */
  private void readTensor(ProtobufReader tensor) throws IOException {
    if (weights.size() >= MAX_VALUES) {
      throw new IOException("too many weights");
    }
    String name = "";
    boolean isFloat = false;
    List<Span> spans = new ArrayList<>(1);
    while (tensor.next()) {
      if (tensor.isVarint(TENSOR_DATA_TYPE)) {
        isFloat = (int) tensor.varint() == FLOAT;
      } else if (tensor.isDelimited(TENSOR_NAME)) {
        name = tensor.text();
      } else if (tensor.isDelimited(TENSOR_RAW_DATA) || tensor.isDelimited(TENSOR_FLOAT_DATA)) {
        if (floats.size() + spans.size() >= MAX_VALUES) {
          throw new IOException("too many parts of weights");
        }
        ByteBuffer data = tensor.delimited();
        spans.add(new Span(data.position(), data.remaining() / Float.BYTES));
      } else {
        tensor.skip();
      }
    }
    weights.add(name);
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
