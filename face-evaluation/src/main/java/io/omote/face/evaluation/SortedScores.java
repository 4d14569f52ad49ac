// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import java.util.stream.DoubleStream;

/** Scores in ascending order. Immutable and thread-safe. */
final class SortedScores {
  private final double[] ascending;

  SortedScores(DoubleStream scores) {
    ascending = scores.sorted().toArray();
  }

  int size() {
    return ascending.length;
  }

  DoubleStream stream() {
    return DoubleStream.of(ascending);
  }

  /** Returns a score by its rank from the lowest, and infinity beyond the highest. */
  double at(int rank) {
    return rank < ascending.length ? ascending[rank] : Double.POSITIVE_INFINITY;
  }

  int countBelow(double threshold) {
    if (Double.isNaN(threshold)) {
      throw new IllegalArgumentException("expected a threshold, found NaN");
    }
    int low = 0;
    int high = ascending.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ascending[middle] < threshold) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  int countFrom(double threshold) {
    return ascending.length - countBelow(threshold);
  }
}
