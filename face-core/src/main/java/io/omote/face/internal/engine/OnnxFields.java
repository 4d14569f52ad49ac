// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.engine;

/**
 * The numbers of the fields and enum values that are read from an ONNX file.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>
 */
final class OnnxFields {
  static final int MODEL_GRAPH = 7;
  static final int MODEL_TRAINING = 20;
  static final int MODEL_FUNCTION = 25;

  static final int TRAINING_INITIALIZATION = 1;
  static final int TRAINING_ALGORITHM = 2;

  static final int FUNCTION_NODE = 7;
  static final int FUNCTION_ATTRIBUTE = 11;

  static final int GRAPH_NODE = 1;
  static final int GRAPH_INITIALIZER = 5;
  static final int GRAPH_INPUT = 11;
  static final int GRAPH_OUTPUT = 12;
  static final int GRAPH_SPARSE_INITIALIZER = 15;

  static final int NODE_NAME = 3;
  static final int NODE_TYPE = 4;
  static final int NODE_ATTRIBUTE = 5;

  static final int ATTRIBUTE_TENSOR = 5;
  static final int ATTRIBUTE_GRAPH = 6;
  static final int ATTRIBUTE_TENSORS = 10;
  static final int ATTRIBUTE_GRAPHS = 11;
  static final int ATTRIBUTE_SPARSE_TENSOR = 22;
  static final int ATTRIBUTE_SPARSE_TENSORS = 23;

  static final int SPARSE_VALUES = 1;
  static final int SPARSE_INDICES = 2;

  static final int TENSOR_DATA_TYPE = 2;
  static final int TENSOR_FLOAT_DATA = 4;
  static final int TENSOR_NAME = 8;
  static final int TENSOR_RAW_DATA = 9;
  static final int TENSOR_EXTERNAL_DATA = 13;
  static final int TENSOR_DATA_LOCATION = 14;

  static final int ENTRY_KEY = 1;
  static final int ENTRY_VALUE = 2;

  static final int VALUE_NAME = 1;
  static final int VALUE_TYPE = 2;
  static final int TYPE_TENSOR = 1;
  static final int TENSOR_TYPE_ELEMENT = 1;
  static final int TENSOR_TYPE_SHAPE = 2;
  static final int SHAPE_DIMENSION = 1;
  static final int DIMENSION_VALUE = 1;
  static final int DIMENSION_PARAMETER = 2;

  /** {@code TensorProto.DataType.FLOAT}. */
  static final int FLOAT = 1;

  /** {@code TensorProto.DataLocation.EXTERNAL}. */
  static final int EXTERNAL = 1;

  private OnnxFields() {}
}
