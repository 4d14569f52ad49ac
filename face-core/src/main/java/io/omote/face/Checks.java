// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

/** What the numbers among the options may be. */
final class Checks {
  private Checks() {}

  static double threshold(double threshold) {
    if (!(threshold >= -1 && threshold <= 1)) {
      throw new IllegalArgumentException(
          "expected a threshold in [-1, 1], a raw cosine, found " + threshold);
    }
    return threshold;
  }

  static int threads(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("expected 1 thread or more, found " + count);
    }
    return count;
  }

  static int maxConcurrentCalls(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("expected 1 call at a time or more, found " + count);
    }
    return count;
  }
}
