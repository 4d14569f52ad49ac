// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.engine;

import io.omote.face.internal.engine.OnnxGraph.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Walks an ONNX file without holding it: only inputs, outputs, the first operators, the places of
 * the float weights, and what is said of weights in other files are kept. What a hostile file can
 * make it hold is bounded, and so is how deep it makes this class call itself.
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
  private static final int MAX_ENTRY_BYTES = 1 << 12;

  /** Longer than the name of any operator of ONNX. */
  private static final int MAX_TYPE_BYTES = 100;

  /** Protobuf's own readers follow 100 messages in each other; a graph within a graph takes 3. */
  private static final int MAX_GRAPHS = 32;

  /** {@code TensorProto.DataType.FLOAT}. */
  private static final int FLOAT = 1;

  /** {@code TensorProto.DataLocation.EXTERNAL}. */
  private static final int EXTERNAL = 1;

  /** Names of {@code TensorProto.DataType}, by number. */
  private static final String[] ELEMENTS = {
    "no tensor",
    Value.FLOAT,
    "uint8",
    "int8",
    "uint16",
    "int16",
    "int32",
    "int64",
    "string",
    "bool",
    "float16",
    "double",
    "uint32",
    "uint64",
    "complex64",
    "complex128",
    "bfloat16"
  };

  // The numbers of the fields that are read, as in
  // https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
  static final int MODEL_GRAPH = 7;
  static final int GRAPH_INITIALIZER = 5;
  static final int TENSOR_RAW_DATA = 9;
  static final int TENSOR_DATA_LOCATION = 14;
  private static final int MODEL_TRAINING = 20;
  private static final int MODEL_FUNCTION = 25;
  private static final int TRAINING_INITIALIZATION = 1;
  private static final int TRAINING_ALGORITHM = 2;
  private static final int FUNCTION_NODE = 7;
  private static final int FUNCTION_ATTRIBUTE = 11;
  private static final int GRAPH_NODE = 1;
  private static final int GRAPH_INPUT = 11;
  private static final int GRAPH_OUTPUT = 12;
  private static final int GRAPH_SPARSE_INITIALIZER = 15;
  private static final int NODE_NAME = 3;
  private static final int NODE_TYPE = 4;
  private static final int NODE_ATTRIBUTE = 5;
  private static final int ATTRIBUTE_TENSOR = 5;
  private static final int ATTRIBUTE_GRAPH = 6;
  private static final int ATTRIBUTE_TENSORS = 10;
  private static final int ATTRIBUTE_GRAPHS = 11;
  private static final int ATTRIBUTE_SPARSE_TENSOR = 22;
  private static final int ATTRIBUTE_SPARSE_TENSORS = 23;
  private static final int SPARSE_VALUES = 1;
  private static final int SPARSE_INDICES = 2;
  private static final int TENSOR_DATA_TYPE = 2;
  private static final int TENSOR_FLOAT_DATA = 4;
  private static final int TENSOR_NAME = 8;
  private static final int TENSOR_EXTERNAL_DATA = 13;
  private static final int ENTRY_KEY = 1;
  private static final int ENTRY_VALUE = 2;
  private static final int VALUE_NAME = 1;
  private static final int VALUE_TYPE = 2;
  private static final int TYPE_TENSOR = 1;
  private static final int TENSOR_TYPE_ELEMENT = 1;
  private static final int TENSOR_TYPE_SHAPE = 2;
  private static final int SHAPE_DIMENSION = 1;
  private static final int DIMENSION_VALUE = 1;
  private static final int DIMENSION_PARAMETER = 2;

  private static final Set<String> EXTERNAL_KEYS = Set.of("location", "offset", "length");
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

  private final ByteBuffer file;
  private final List<Value> inputs = new ArrayList<>();
  private final List<Value> outputs = new ArrayList<>();
  private final List<String> operators = new ArrayList<>();
  private final Set<String> operatorTypes = new HashSet<>();
  private final Set<String> weights = new HashSet<>();
  private final List<Span> floats = new ArrayList<>();
  private final List<ExternalTensor> external = new ArrayList<>();
  private boolean externalElsewhere;

  /** A run of little-endian floats in the file. */
  private record Span(int offset, int count) {}

  /**
   * A weight of the graph whose bytes are in another file.
   *
   * @param start the place of the field that holds it
   * @param message the field's bytes
   * @param location the name of the other file, empty where none is given
   * @param offset where in the other file the weight begins
   * @param length how many bytes it has, empty where it reaches to the end
   */
  record ExternalTensor(
      int start, ByteBuffer message, String location, long offset, OptionalLong length) {}

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
      } else if (model.isDelimited(MODEL_FUNCTION)) {
        reader.searchFunction(model.message());
      } else if (model.isDelimited(MODEL_TRAINING)) {
        reader.searchTraining(model.message());
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
        readTensor(graph.start(), graph.delimited());
      } else if (graph.isDelimited(GRAPH_NODE)) {
        add(readNode(graph.message(), 1));
      } else if (graph.isDelimited(GRAPH_SPARSE_INITIALIZER)) {
        searchSparseTensor(graph.message());
      } else {
        graph.skip();
      }
    }
  }

  private void add(Node node) {
    if (operators.size() < OnnxGraph.FIRST_OPERATORS) {
      operators.add(StandardCharsets.UTF_8.decode(node.name()).toString());
    }
    if (operatorTypes.size() < OnnxGraph.OPERATOR_TYPES
        && node.type().remaining() <= MAX_TYPE_BYTES) {
      operatorTypes.add(StandardCharsets.UTF_8.decode(node.type()).toString());
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
    return new Value(name, elementName(type.element), type.shape);
  }

  private static String elementName(int element) {
    return element >= 0 && element < ELEMENTS.length ? ELEMENTS[element] : "type " + element;
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

  /** An operator: its name, and what it does. */
  private record Node(ByteBuffer name, ByteBuffer type) {}

  private Node readNode(ProtobufReader node, int graphs) throws IOException {
    ByteBuffer name = ByteBuffer.allocate(0);
    ByteBuffer type = ByteBuffer.allocate(0);
    while (node.next()) {
      if (node.isDelimited(NODE_NAME)) {
        name = node.delimited();
      } else if (node.isDelimited(NODE_TYPE)) {
        type = node.delimited();
      } else if (node.isDelimited(NODE_ATTRIBUTE)) {
        searchAttribute(node.message(), graphs);
      } else {
        node.skip();
      }
    }
    return new Node(name, type);
  }

  private void searchAttribute(ProtobufReader attribute, int graphs) throws IOException {
    while (attribute.next()) {
      if (attribute.isDelimited(ATTRIBUTE_TENSOR) || attribute.isDelimited(ATTRIBUTE_TENSORS)) {
        searchTensor(attribute.message());
      } else if (attribute.isDelimited(ATTRIBUTE_GRAPH)
          || attribute.isDelimited(ATTRIBUTE_GRAPHS)) {
        searchGraph(attribute.message(), graphs + 1);
      } else if (attribute.isDelimited(ATTRIBUTE_SPARSE_TENSOR)
          || attribute.isDelimited(ATTRIBUTE_SPARSE_TENSORS)) {
        searchSparseTensor(attribute.message());
      } else {
        attribute.skip();
      }
    }
  }

  /** Looks for weights in other files in a graph that is not the network's own. */
  private void searchGraph(ProtobufReader graph, int graphs) throws IOException {
    if (graphs > MAX_GRAPHS) {
      throw new IOException("graphs are nested too deeply");
    }
    while (graph.next()) {
      if (graph.isDelimited(GRAPH_NODE)) {
        readNode(graph.message(), graphs);
      } else if (graph.isDelimited(GRAPH_INITIALIZER)) {
        searchTensor(graph.message());
      } else if (graph.isDelimited(GRAPH_SPARSE_INITIALIZER)) {
        searchSparseTensor(graph.message());
      } else {
        graph.skip();
      }
    }
  }

  private void searchFunction(ProtobufReader function) throws IOException {
    while (function.next()) {
      if (function.isDelimited(FUNCTION_NODE)) {
        readNode(function.message(), 1);
      } else if (function.isDelimited(FUNCTION_ATTRIBUTE)) {
        searchAttribute(function.message(), 1);
      } else {
        function.skip();
      }
    }
  }

  private void searchTraining(ProtobufReader training) throws IOException {
    while (training.next()) {
      if (training.isDelimited(TRAINING_INITIALIZATION)
          || training.isDelimited(TRAINING_ALGORITHM)) {
        searchGraph(training.message(), 1);
      } else {
        training.skip();
      }
    }
  }

  private void searchSparseTensor(ProtobufReader tensor) throws IOException {
    while (tensor.next()) {
      if (tensor.isDelimited(SPARSE_VALUES) || tensor.isDelimited(SPARSE_INDICES)) {
        searchTensor(tensor.message());
      } else {
        tensor.skip();
      }
    }
  }

  private void searchTensor(ProtobufReader tensor) throws IOException {
    while (tensor.next()) {
      if (tensor.isVarint(TENSOR_DATA_LOCATION)) {
        externalElsewhere |= (int) tensor.varint() == EXTERNAL;
      } else {
        tensor.skip();
      }
    }
  }

  /** Notes the name of a weight and where its floats lie; ONNX stores them little-endian. */
  private void readTensor(int start, ByteBuffer message) throws IOException {
    if (weights.size() >= MAX_VALUES || external.size() >= MAX_VALUES) {
      throw new IOException("too many weights");
    }
    String name = "";
    boolean isFloat = false;
    boolean isExternal = false;
    Map<String, String> entries = new HashMap<>();
    List<Span> spans = new ArrayList<>(1);
    ProtobufReader tensor = new ProtobufReader(message);
    while (tensor.next()) {
      if (tensor.isVarint(TENSOR_DATA_TYPE)) {
        isFloat = (int) tensor.varint() == FLOAT;
      } else if (tensor.isVarint(TENSOR_DATA_LOCATION)) {
        isExternal = (int) tensor.varint() == EXTERNAL;
      } else if (tensor.isDelimited(TENSOR_EXTERNAL_DATA)) {
        readEntry(tensor.delimited(), entries);
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
    if (isExternal) {
      external.add(
          new ExternalTensor(
              start,
              message,
              entries.getOrDefault("location", ""),
              number(entries, "offset").orElse(0),
              number(entries, "length")));
    } else if (isFloat) {
      floats.addAll(spans);
    }
  }

  private static void readEntry(ByteBuffer message, Map<String, String> entries)
      throws IOException {
    if (message.remaining() > MAX_ENTRY_BYTES) {
      throw new IOException("the place of weights in another file is too long");
    }
    ProtobufReader entry = new ProtobufReader(message);
    String key = "";
    String value = "";
    while (entry.next()) {
      if (entry.isDelimited(ENTRY_KEY)) {
        key = entry.text();
      } else if (entry.isDelimited(ENTRY_VALUE)) {
        value = entry.text();
      } else {
        entry.skip();
      }
    }
    if (EXTERNAL_KEYS.contains(key)) {
      // Of equal keys the last one counts, for ONNX Runtime, too.
      entries.put(key, value);
    }
  }

  /** A number of an external weight, where it is given. */
  private static OptionalLong number(Map<String, String> entries, String key) throws IOException {
    String text = entries.get(key);
    if (text == null) {
      return OptionalLong.empty();
    }
    if (!DIGITS.matcher(text).matches()) {
      throw new IOException("the place of weights in another file is no number");
    }
    return OptionalLong.of(Long.parseLong(text));
  }

  /**
   * What was found.
   *
   * @return the graph
   */
  OnnxGraph graph() {
    List<Value> given = inputs.stream().filter(value -> !weights.contains(value.name())).toList();
    return new OnnxGraph(given, outputs, operators, operatorTypes);
  }

  /**
   * The weights of the graph whose bytes are in other files.
   *
   * @return the weights, in the order of the file
   */
  List<ExternalTensor> external() {
    return external;
  }

  /**
   * Whether the bytes of anything but the weights of the graph are in other files: of a tensor in
   * an attribute, an inner graph, a function, what training needs, or a sparse one.
   *
   * @return whether they are
   */
  boolean isExternalElsewhere() {
    return externalElsewhere;
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
    zeroTinyWeights(copy);
    return copy;
  }

  /**
   * Sets the weights that are too small to matter to zero, in place.
   *
   * @param content the bytes of the file that was read
   */
  void zeroTinyWeights(byte[] content) {
    ByteBuffer changed = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    for (Span span : floats) {
      for (int at = span.offset(), i = 0; i < span.count(); i++, at += Float.BYTES) {
        if (isTiny(changed.getInt(at))) {
          changed.putInt(at, 0);
        }
      }
    }
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
