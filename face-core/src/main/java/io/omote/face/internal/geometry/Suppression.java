// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.geometry;

import java.util.Arrays;

/**
 * Greedy non-maximum suppression of boxes.
 *
 * <p>Immutable and thread-safe.
 */
public final class Suppression {
  private final float threshold;
  private final float extent;

  /**
   * Creates a rule.
   *
   * @param threshold the intersection over union with a kept box above which a box is dropped
   * @param extent the number to add to each width and height: 1 for the convention that a box from
   *     pixel a to pixel b covers {@code b - a + 1} pixels, 0 for plain areas
   */
  public Suppression(float threshold, float extent) {
    this.threshold = threshold;
    this.extent = extent;
  }

  /**
   * Returns the boxes to keep.
   *
   * @param boxes left, top, right and bottom of each box, the most important box first
   * @return the indices of the boxes to keep, ascending
   */
  public int[] keep(float[] boxes) {
    int n = boxes.length / 4;
    int[] kept = new int[n];
    int count = 0;
    for (int i = 0; i < n; i++) {
      boolean free = true;
      for (int k = 0; k < count && free; k++) {
        free = !(intersectionOverUnion(boxes, kept[k], i) > threshold);
      }
      if (free) {
        kept[count++] = i;
      }
    }
    return Arrays.copyOf(kept, count);
  }

  private float intersectionOverUnion(float[] boxes, int first, int second) {
    int a = 4 * first;
    int b = 4 * second;
    float width = Math.min(boxes[a + 2], boxes[b + 2]) - Math.max(boxes[a], boxes[b]) + extent;
    float height =
        Math.min(boxes[a + 3], boxes[b + 3]) - Math.max(boxes[a + 1], boxes[b + 1]) + extent;
    float intersection = Math.max(0, width) * Math.max(0, height);
    return intersection / (area(boxes, a) + area(boxes, b) - intersection);
  }

  private float area(float[] boxes, int at) {
    return (boxes[at + 2] - boxes[at] + extent) * (boxes[at + 3] - boxes[at + 1] + extent);
  }
}
