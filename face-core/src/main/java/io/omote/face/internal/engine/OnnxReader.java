// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.engine;

import io.omote.face.internal.engine.OnnxGraph.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A pass over an ONNX file that does not keep it in memory: only inputs, outputs, the first
 * operators, and the places of weights are kept. The memory that a hostile file can make it use is
 * bounded, and so is the depth of its recursion.
 *
 * <p>For one use by one thread.
 */
final class OnnxReader {
  private static final int MAX_VALUES = 1 << 16;
  private static final int MAX_VALUE_BYTES = 1 << 16;

  /** Longer than the name of any operator of ONNX. */
  private static final int MAX_TYPE_BYTES = 100;

  /** Protobuf's own readers follow 100 nested messages; a graph within a graph takes 3. */
  private static final int MAX_GRAPHS = 32;

  private final List<Value> inputs = new ArrayList<>();
  private final List<Value> outputs = new ArrayList<>();
  private final List<String> operators = new ArrayList<>();
  private final Set<String> operatorTypes = new HashSet<>();
  private final OnnxWeights weights = new OnnxWeights();
  private boolean externalElsewhere;

  private OnnxReader() {}

  /**
   * Walks a file.
   *
   * @param file the whole file, from position 0
   * @return the reader that has walked it
   * @throws IOException if it is not an ONNX file
   */
  static OnnxReader read(ByteBuffer file) throws IOException {
    OnnxReader reader = new OnnxReader();
    boolean hasGraph = false;
    ProtobufReader model = new ProtobufReader(file);
    while (model.next()) {
      if (model.isDelimited(OnnxFields.MODEL_GRAPH)) {
        // Several graphs are parts of one, as protobuf merges messages.
        reader.readGraph(model.message());
        hasGraph = true;
      } else if (model.isDelimited(OnnxFields.MODEL_FUNCTION)) {
        reader.searchFunction(model.message());
      } else if (model.isDelimited(OnnxFields.MODEL_TRAINING)) {
        reader.searchTraining(model.message());
      } else {
        model.skip();
      }
    }
    if (!hasGraph) {
      throw new IOException("it has no graph");
    }
    return reader;
  }

  private void readGraph(ProtobufReader graph) throws IOException {
    while (graph.next()) {
      if (graph.isDelimited(OnnxFields.GRAPH_INPUT)) {
        add(graph.delimited(), inputs);
      } else if (graph.isDelimited(OnnxFields.GRAPH_OUTPUT)) {
        add(graph.delimited(), outputs);
      } else if (graph.isDelimited(OnnxFields.GRAPH_INITIALIZER)) {
        weights.read(graph.start(), graph.delimited());
      } else if (graph.isDelimited(OnnxFields.GRAPH_NODE)) {
        add(readNode(graph.message(), 1));
      } else if (graph.isDelimited(OnnxFields.GRAPH_SPARSE_INITIALIZER)) {
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
    values.add(OnnxValueReader.read(value));
  }

  /** The name of an operator, and its type, as in {@code Conv}. */
  private record Node(ByteBuffer name, ByteBuffer type) {}

  private Node readNode(ProtobufReader node, int graphs) throws IOException {
    ByteBuffer name = ByteBuffer.allocate(0);
    ByteBuffer type = ByteBuffer.allocate(0);
    while (node.next()) {
      if (node.isDelimited(OnnxFields.NODE_NAME)) {
        name = node.delimited();
      } else if (node.isDelimited(OnnxFields.NODE_TYPE)) {
        type = node.delimited();
      } else if (node.isDelimited(OnnxFields.NODE_ATTRIBUTE)) {
        searchAttribute(node.message(), graphs);
      } else {
        node.skip();
      }
    }
    return new Node(name, type);
  }

  private void searchAttribute(ProtobufReader attribute, int graphs) throws IOException {
    while (attribute.next()) {
      if (attribute.isDelimited(OnnxFields.ATTRIBUTE_TENSOR)
          || attribute.isDelimited(OnnxFields.ATTRIBUTE_TENSORS)) {
        searchTensor(attribute.message());
      } else if (attribute.isDelimited(OnnxFields.ATTRIBUTE_GRAPH)
          || attribute.isDelimited(OnnxFields.ATTRIBUTE_GRAPHS)) {
        searchGraph(attribute.message(), graphs + 1);
      } else if (attribute.isDelimited(OnnxFields.ATTRIBUTE_SPARSE_TENSOR)
          || attribute.isDelimited(OnnxFields.ATTRIBUTE_SPARSE_TENSORS)) {
        searchSparseTensor(attribute.message());
      } else {
        attribute.skip();
      }
    }
  }

  /** Looks for weights in other files in a graph other than the network's own. */
  private void searchGraph(ProtobufReader graph, int graphs) throws IOException {
    if (graphs > MAX_GRAPHS) {
      throw new IOException("graphs are nested too deeply");
    }
    while (graph.next()) {
      if (graph.isDelimited(OnnxFields.GRAPH_NODE)) {
        readNode(graph.message(), graphs);
      } else if (graph.isDelimited(OnnxFields.GRAPH_INITIALIZER)) {
        searchTensor(graph.message());
      } else if (graph.isDelimited(OnnxFields.GRAPH_SPARSE_INITIALIZER)) {
        searchSparseTensor(graph.message());
      } else {
        graph.skip();
      }
    }
  }

  private void searchFunction(ProtobufReader function) throws IOException {
    while (function.next()) {
      if (function.isDelimited(OnnxFields.FUNCTION_NODE)) {
        readNode(function.message(), 1);
      } else if (function.isDelimited(OnnxFields.FUNCTION_ATTRIBUTE)) {
        searchAttribute(function.message(), 1);
      } else {
        function.skip();
      }
    }
  }

  private void searchTraining(ProtobufReader training) throws IOException {
    while (training.next()) {
      if (training.isDelimited(OnnxFields.TRAINING_INITIALIZATION)
          || training.isDelimited(OnnxFields.TRAINING_ALGORITHM)) {
        searchGraph(training.message(), 1);
      } else {
        training.skip();
      }
    }
  }

  private void searchSparseTensor(ProtobufReader tensor) throws IOException {
    while (tensor.next()) {
      if (tensor.isDelimited(OnnxFields.SPARSE_VALUES)
          || tensor.isDelimited(OnnxFields.SPARSE_INDICES)) {
        searchTensor(tensor.message());
      } else {
        tensor.skip();
      }
    }
  }

  private void searchTensor(ProtobufReader tensor) throws IOException {
    while (tensor.next()) {
      if (tensor.isVarint(OnnxFields.TENSOR_DATA_LOCATION)) {
        externalElsewhere |= (int) tensor.varint() == OnnxFields.EXTERNAL;
      } else {
        tensor.skip();
      }
    }
  }

  /** Returns the graph. */
  OnnxGraph graph() {
    List<Value> given = inputs.stream().filter(value -> !weights.contains(value.name())).toList();
    return new OnnxGraph(given, outputs, operators, operatorTypes);
  }

  /** Returns the weights of the graph. */
  OnnxWeights weights() {
    return weights;
  }

  /**
   * Returns whether other tensors than the weights of the graph have their bytes in other files:
   * those of attributes, inner graphs, functions or training, and sparse ones.
   */
  boolean isExternalElsewhere() {
    return externalElsewhere;
  }
}
