// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.search;

import java.util.Arrays;

/**
 * The most similar of the faces that were offered. In a tie the first ones win. Not thread-safe.
 */
final class Nearest {
  private static final int FEW = 4;

  private final int most;
  private final double threshold;
  private int[] faces = new int[0];
  private double[] similarities = new double[0];
  private int count;

  Nearest(int most, double threshold) {
    this.most = most;
    this.threshold = threshold;
  }

  int count() {
    return count;
  }

  int neighbor(int rank) {
    return faces[rank];
  }

  double similarity(int rank) {
    return similarities[rank];
  }

  /** Returns the similarity below which no further face can be among them. */
  double floor() {
    return count < most ? threshold : similarities[count - 1];
  }

  /** Offers a face. Faces must come in ascending order. */
  void offer(int face, double similarity) {
    if (similarity < threshold || (count == most && similarity <= similarities[count - 1])) {
      return;
    }
    if (count == faces.length && count < most) {
      int room = Math.min(most, Math.max(FEW, 2 * count));
      faces = Arrays.copyOf(faces, room);
      similarities = Arrays.copyOf(similarities, room);
    }
    int place = count < most ? count++ : count - 1;
    for (; place > 0 && similarities[place - 1] < similarity; place--) {
      faces[place] = faces[place - 1];
      similarities[place] = similarities[place - 1];
    }
    faces[place] = face;
    similarities[place] = similarity;
  }
}
