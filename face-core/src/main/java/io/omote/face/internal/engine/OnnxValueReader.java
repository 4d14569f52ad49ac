// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.engine;

import io.omote.face.internal.engine.OnnxGraph.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A reader of one input or output of a graph.
 *
 * <p>For one use by one thread.
 */
final class OnnxValueReader {
  private static final int MAX_RANK = 16;

  /** The names of {@code TensorProto.DataType}, by number. */
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

  private final List<Long> shape = new ArrayList<>();
  private int element;

  private OnnxValueReader() {}

  /**
   * Reads a message of type {@code ValueInfoProto}.
   *
   * @throws IOException if it is damaged
   */
  static Value read(ByteBuffer message) throws IOException {
    OnnxValueReader reader = new OnnxValueReader();
    String name = "";
    ProtobufReader value = new ProtobufReader(message);
    while (value.next()) {
      if (value.isDelimited(OnnxFields.VALUE_NAME)) {
        name = value.text();
      } else if (value.isDelimited(OnnxFields.VALUE_TYPE)) {
        reader.readType(value.message());
      } else {
        value.skip();
      }
    }
    return new Value(name, reader.elementName(), reader.shape);
  }

  private String elementName() {
    return element >= 0 && element < ELEMENTS.length ? ELEMENTS[element] : "type " + element;
  }

  private void readType(ProtobufReader message) throws IOException {
    while (message.next()) {
      if (message.isDelimited(OnnxFields.TYPE_TENSOR)) {
        readTensorType(message.message());
      } else {
        message.skip();
      }
    }
  }

  private void readTensorType(ProtobufReader message) throws IOException {
    while (message.next()) {
      if (message.isVarint(OnnxFields.TENSOR_TYPE_ELEMENT)) {
        element = (int) message.varint();
      } else if (message.isDelimited(OnnxFields.TENSOR_TYPE_SHAPE)) {
        readShape(message.message());
      } else {
        message.skip();
      }
    }
  }

  private void readShape(ProtobufReader message) throws IOException {
    while (message.next()) {
      if (message.isDelimited(OnnxFields.SHAPE_DIMENSION)) {
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
      if (dimension.isVarint(OnnxFields.DIMENSION_VALUE)) {
        long value = dimension.varint();
        size = value > 0 ? value : Value.FREE;
      } else {
        // A dimension has a size or a name, whichever comes last.
        size = dimension.isDelimited(OnnxFields.DIMENSION_PARAMETER) ? Value.FREE : size;
        dimension.skip();
      }
    }
    return size;
  }
}
