// SPDX-License-Identifier: Apache-2.0
package io.omote.face.description;

/** The check of thresholds. Stateless. */
final class Thresholds {
  private Thresholds() {}

  static void check(double threshold) {
    if (!(threshold >= -1 && threshold <= 1)) {
      throw new IllegalArgumentException(
          "expected a threshold in [-1, 1], a raw cosine, found " + threshold);
    }
  }
}
