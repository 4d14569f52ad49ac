// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

/** The checks of arguments that several types share. Stateless and thread-safe. */
final class Checks {
  private Checks() {}

  static double threshold(double threshold) {
    if (!(threshold >= -1 && threshold <= 1)) {
      throw new IllegalArgumentException(
          "expected a threshold in [-1, 1], a raw cosine, found " + threshold);
    }
    return threshold;
  }
}
