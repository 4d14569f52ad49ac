// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import io.omote.face.ModelException;
import io.omote.face.internal.engine.OnnxGraph;
import io.omote.face.internal.engine.OnnxGraph.Value;
import java.util.Locale;

/**
 * The size of a detector's input. Immutable and thread-safe.
 *
 * @param width the width in pixels
 * @param height the height in pixels
 * @param free true if the network also accepts other sizes
 */
record InputSize(int width, int height, boolean free) {
  static InputSize square(int side) {
    return new InputSize(side, side, true);
  }

  /** Returns whether a file leaves the size of its input open. */
  static boolean isFree(OnnxGraph graph, String file) {
    Value input = graph.inputs().get(0);
    boolean free = input.dimension(2) == Value.FREE;
    if (free != (input.dimension(3) == Value.FREE)) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected a detector whose height and width are both free or both fixed, found %s in %s: export it with one or the other",
              input,
              file));
    }
    return free;
  }

  /** Returns the size at which a file is fixed. */
  static InputSize fixedBy(OnnxGraph graph) {
    Value input = graph.inputs().get(0);
    return new InputSize(
        Math.toIntExact(input.dimension(3)), Math.toIntExact(input.dimension(2)), false);
  }

  boolean isSquareOf(int side) {
    return width == side && height == side;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%dx%d", width, height);
  }
}
