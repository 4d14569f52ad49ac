// SPDX-License-Identifier: Apache-2.0
package io.omote.face.inference;

import io.omote.face.inference.OnnxGraph.Value;

/** What kind of network a graph looks like, by the shapes of its inputs and outputs. */
public enum ModelKind {
  /** An SCRFD detector whose outputs include landmarks. */
  SCRFD_WITH_LANDMARKS("an SCRFD detector"),
  /** An SCRFD detector that gives boxes only. */
  SCRFD_WITHOUT_LANDMARKS("an SCRFD detector without landmarks"),
  /** A recognition network of the ArcFace kind. */
  ARCFACE("a recognition network"),
  /** Anything else. */
  OTHER("a network of another kind");

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
    if (!input.takesPictures(3)) {
      return OTHER;
    }
    return switch (graph.outputs().size()) {
      case 9, 15 -> SCRFD_WITH_LANDMARKS;
      case 6, 10 -> SCRFD_WITHOUT_LANDMARKS;
      case 1 -> isEmbedding(input, graph.outputs().get(0)) ? ARCFACE : OTHER;
      default -> OTHER;
    };
  }

  private static boolean isEmbedding(Value input, Value output) {
    long size = input.dimension(2);
    boolean aligned = size == Value.FREE || size > 0 && (size % 112 == 0 || size % 128 == 0);
    return aligned && size == input.dimension(3) && output.rank() == 2 && output.isFloat();
  }
}
