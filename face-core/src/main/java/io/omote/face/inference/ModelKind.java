// SPDX-License-Identifier: Apache-2.0
package io.omote.face.inference;

import io.omote.face.inference.OnnxGraph.Value;
import java.util.List;

/**
 * What kind of network a graph looks like, by the types and shapes of its inputs and outputs.
 *
 * <p>Immutable and thread-safe.
 */
public enum ModelKind {
  /** An SCRFD detector whose outputs include landmarks. */
  SCRFD_WITH_LANDMARKS("an SCRFD detector"),
  /** An SCRFD detector that gives boxes only. */
  SCRFD_WITHOUT_LANDMARKS("an SCRFD detector without landmarks"),
  /** A recognition network of the ArcFace kind. */
  ARCFACE("a recognition network"),
  /** Anything else. */
  OTHER("a network of another kind");

  /** Score, four distances, five points: what an anchor has in each kind of output. */
  private static final int[] SCRFD_COLUMNS = {1, 4, 10};

  private final String description;

  ModelKind(String description) {
    this.description = description;
  }

  /**
   * Names the kind for messages.
   *
   * @return a noun phrase
   */
  public String description() {
    return description;
  }

  /**
   * Looks at a graph.
   *
   * @param graph the graph
   * @return what it looks like
   */
  public static ModelKind of(OnnxGraph graph) {
    if (graph.inputs().size() != 1) {
      return OTHER;
    }
    Value input = graph.inputs().get(0);
    if (!input.takesPictures(3) || !graph.isOfFloats()) {
      return OTHER;
    }
    List<Value> outputs = graph.outputs();
    return switch (outputs.size()) {
      case 9, 15 -> isScrfd(outputs, 3) ? SCRFD_WITH_LANDMARKS : OTHER;
      case 6, 10 -> isScrfd(outputs, 2) ? SCRFD_WITHOUT_LANDMARKS : OTHER;
      case 1 -> isEmbedding(input, outputs.get(0)) ? ARCFACE : OTHER;
      default -> OTHER;
    };
  }

  /** Whether, as far as the file states it, scores come first, then boxes, then points. */
  private static boolean isScrfd(List<Value> outputs, int kinds) {
    int strides = outputs.size() / kinds;
    for (int i = 0; i < outputs.size(); i++) {
      Value output = outputs.get(i);
      boolean stated = output.rank() != 0;
      if (stated && !hasColumns(output, SCRFD_COLUMNS[i / strides])) {
        return false;
      }
    }
    return true;
  }

  private static boolean hasColumns(Value output, int columns) {
    return (output.rank() == 2 || output.rank() == 3) && output.accepts(output.rank() - 1, columns);
  }

  private static boolean isEmbedding(Value input, Value output) {
    long size = input.dimension(2);
    boolean aligned = size == Value.FREE || size > 0 && (size % 112 == 0 || size % 128 == 0);
    return aligned && size == input.dimension(3) && output.rank() == 2;
  }
}
