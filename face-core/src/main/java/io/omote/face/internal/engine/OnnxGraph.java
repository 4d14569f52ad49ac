// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.engine;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The graph of an ONNX file: its inputs, its outputs and its first operators.
 *
 * <p>Immutable and thread-safe.
 *
 * @param inputs the inputs that a caller must give, without weights
 * @param outputs the outputs, in their order
 * @param firstOperators the names of the first operators, at most {@value #FIRST_OPERATORS}
 * @param operatorTypes the types of its operators, such as {@code Conv}, at most {@value
 *     #OPERATOR_TYPES}
 */
public record OnnxGraph(
    List<Value> inputs,
    List<Value> outputs,
    List<String> firstOperators,
    Set<String> operatorTypes) {

  /** The number of operators that show whether a network normalizes its input itself. */
  public static final int FIRST_OPERATORS = 8;

  /** The maximum number of types of operators; networks for faces have about a dozen. */
  public static final int OPERATOR_TYPES = 64;

  /**
   * Creates a graph from copies of the lists.
   *
   * @param inputs the inputs that a caller must give, without weights
   * @param outputs the outputs, in their order
   * @param firstOperators the names of the first operators, at most {@value #FIRST_OPERATORS}
   * @param operatorTypes the types of its operators
   */
  public OnnxGraph {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    firstOperators = List.copyOf(firstOperators);
    operatorTypes = Set.copyOf(operatorTypes);
  }

  /**
   * An input or output.
   *
   * @param name its name
   * @param element the type of its elements, such as {@code float16}
   * @param shape its dimensions, {@link #FREE} for those that the file leaves open; empty if the
   *     file states no shape
   */
  public record Value(String name, String element, List<Long> shape) {
    /** A dimension that the file leaves open. */
    public static final long FREE = -1;

    /** The type of 32-bit floats. */
    public static final String FLOAT = "float";

    /** The maximum side of an input, which is held in one array. */
    private static final long MAX_SIDE = 8192;

    /**
     * Creates a value from a copy of the list.
     *
     * @param name its name
     * @param element the type of its elements, such as {@code float16}
     * @param shape its dimensions, {@link #FREE} for those that the file leaves open
     */
    public Value {
      shape = List.copyOf(shape);
    }

    /**
     * Returns whether its elements are 32-bit floats.
     *
     * @return whether they are
     */
    public boolean isFloat() {
      return element.equals(FLOAT);
    }

    /**
     * Returns the number of dimensions.
     *
     * @return the rank
     */
    public int rank() {
      return shape.size();
    }

    /**
     * Returns the size of a dimension.
     *
     * @param index its index
     * @return its size, or {@link #FREE}
     */
    public long dimension(int index) {
      return shape.get(index);
    }

    /**
     * Returns whether a dimension is open or has a given size.
     *
     * @param index its index
     * @param size the size
     * @return whether it can have that size
     */
    public boolean accepts(int index, long size) {
      return dimension(index) == FREE || dimension(index) == size;
    }

    /**
     * Returns whether this takes images: floats of the shape {@code [N,channels,H,W]}, whose sides
     * are open or from 1 to 8192.
     *
     * @param channels the number of channels
     * @return whether it does
     */
    public boolean takesImages(int channels) {
      return rank() == 4
          && isFloat()
          && accepts(1, channels)
          && dimension(2) <= MAX_SIDE
          && dimension(3) <= MAX_SIDE;
    }

    /**
     * Returns whether this, as far as the file states it, has rows with a number of columns, with
     * or without a batch axis before them.
     *
     * @param columns the number of columns
     * @return whether it can have them
     */
    public boolean mayHaveColumns(int columns) {
      return rank() == 0 || (rank() == 2 || rank() == 3) && accepts(rank() - 1, columns);
    }

    @Override
    public String toString() {
      return name
          + shape.stream()
              .map(d -> d == FREE ? "?" : Long.toString(d))
              .collect(Collectors.joining(",", "[", "]"))
          + (isFloat() ? "" : " (" + element + ")");
    }
  }

  /**
   * Returns whether this has one input, which takes images of three channels, and only 32-bit
   * floats.
   *
   * @return whether it does
   */
  public boolean takesColorImages() {
    return inputs.size() == 1 && inputs.get(0).takesImages(3) && isOfFloats();
  }

  /**
   * Returns whether the network normalizes its input itself, by InsightFace's rule: the first
   * operators include one named as a subtraction and one named as a multiplication, or the first
   * three include one named {@code bn_data}.
   *
   * @return whether it takes raw pixels
   */
  public boolean normalizesByItself() {
    return anyOperator("Sub", "_minus") && anyOperator("Mul", "_mul")
        || firstOperators.stream().limit(3).anyMatch("bn_data"::equals);
  }

  private boolean anyOperator(String prefix, String otherPrefix) {
    return firstOperators.stream()
        .anyMatch(name -> name.startsWith(prefix) || name.startsWith(otherPrefix));
  }

  /**
   * Returns whether all inputs and outputs are 32-bit floats. Bytes of other types have no meaning
   * when they are read as floats.
   *
   * @return whether they are
   */
  public boolean isOfFloats() {
    return Stream.of(inputs, outputs).flatMap(List::stream).allMatch(Value::isFloat);
  }

  /**
   * Returns the advice for inputs and outputs that are not 32-bit floats, for the end of a message.
   *
   * @return the advice, empty if all are
   */
  public String elementAdvice() {
    return isOfFloats()
        ? ""
        : ": export it with inputs and outputs of 32-bit floats (keep_io_types=True for a"
            + " converter to float16); its weights may have another type";
  }

  /**
   * Returns a description for messages.
   *
   * @return the inputs and outputs with their shapes
   */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "inputs %s, outputs %s", inputs, outputs);
  }
}
