// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.engine;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an ONNX file says of itself: its inputs, its outputs and its first operators.
 *
 * <p>Immutable and thread-safe.
 *
 * @param inputs the inputs that a caller must give; weights do not count
 * @param outputs the outputs, in their order
 * @param firstOperators the names of the first operators, at most {@value #FIRST_OPERATORS}
 * @param operatorTypes what its operators do, as in {@code Conv}; at most {@value #OPERATOR_TYPES}
 *     of them
 * @hidden
 */
public record OnnxGraph(
    List<Value> inputs,
    List<Value> outputs,
    List<String> firstOperators,
    Set<String> operatorTypes) {

  /** How many operators are looked at to tell whether a network normalizes by itself. */
  public static final int FIRST_OPERATORS = 8;

  /** How many kinds of operators are told apart; networks of faces have some dozen. */
  public static final int OPERATOR_TYPES = 64;

  /**
   * Takes over copies of the lists.
   *
   * @param inputs the inputs that a caller must give; weights do not count
   * @param outputs the outputs, in their order
   * @param firstOperators the names of the first operators, at most {@value #FIRST_OPERATORS}
   * @param operatorTypes what its operators do
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
   * @param element the type of its elements, as in {@code float16}
   * @param shape its dimensions, {@link #FREE} where the file leaves one open; none at all where it
   *     states no shape
   * @hidden
   */
  public record Value(String name, String element, List<Long> shape) {
    /** A dimension that the file leaves open. */
    public static final long FREE = -1;

    /** The type of 32-bit floats. */
    public static final String FLOAT = "float";

    /** The largest side that a network here may ask for; its input is held in one array. */
    private static final long MAX_SIDE = 8192;

    /**
     * Takes over a copy of the list.
     *
     * @param name its name
     * @param element the type of its elements, as in {@code float16}
     * @param shape its dimensions, {@link #FREE} where the file leaves one open
     */
    public Value {
      shape = List.copyOf(shape);
    }

    /**
     * Whether its elements are 32-bit floats.
     *
     * @return whether they are
     */
    public boolean isFloat() {
      return element.equals(FLOAT);
    }

    /**
     * The number of dimensions.
     *
     * @return the rank
     */
    public int rank() {
      return shape.size();
    }

    /**
     * One dimension.
     *
     * @param index its index
     * @return its size, or {@link #FREE}
     */
    public long dimension(int index) {
      return shape.get(index);
    }

    /**
     * Whether a dimension is open or has a given size.
     *
     * @param index its index
     * @param size the size
     * @return whether it can have that size
     */
    public boolean accepts(int index, long size) {
      return dimension(index) == FREE || dimension(index) == size;
    }

    /**
     * Whether this takes images: floats of the shape {@code [N,channels,H,W]}, whose sides are open
     * or from 1 to 8192.
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
     * Whether this, as far as the file states it, has rows of so many columns, with or without a
     * batch axis before them.
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
   * Whether this takes images of three channels, one input and all of it 32-bit floats.
   *
   * @return whether it does
   */
  public boolean takesColorImages() {
    return inputs.size() == 1 && inputs.get(0).takesImages(3) && isOfFloats();
  }

  /**
   * Whether the network normalizes by itself, by InsightFace's rule: among its first operators are
   * one named as a subtraction and one named as a multiplication, or among its first three one
   * named {@code bn_data}.
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
   * Whether all inputs and outputs are 32-bit floats. Bytes of any other type, read as floats, mean
   * nothing.
   *
   * @return whether they are
   */
  public boolean isOfFloats() {
    return Stream.of(inputs, outputs).flatMap(List::stream).allMatch(Value::isFloat);
  }

  /**
   * What to do about inputs and outputs that are no 32-bit floats, for the end of a message.
   *
   * @return the advice, empty where all are
   */
  public String elementAdvice() {
    return isOfFloats()
        ? ""
        : ": export it with inputs and outputs of 32-bit floats (keep_io_types=True where a"
            + " converter to float16 made it); its weights may be of another type";
  }

  /**
   * Describes the graph for messages.
   *
   * @return the inputs and outputs with their shapes
   */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "inputs %s, outputs %s", inputs, outputs);
  }
}
