// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers listed pairs; each image gets one index, however often it is named. Not thread-safe. */
final class PairCollector {
  private final Map<String, Integer> images = new LinkedHashMap<>();
  private final List<Comparison> comparisons = new ArrayList<>();

  void add(String first, String second, boolean mated, int fold) {
    comparisons.add(new Comparison(index(first), index(second), mated, fold));
  }

  private int index(String image) {
    Integer next = images.size();
    Integer known = images.putIfAbsent(image, next);
    return known == null ? next : known;
  }

  Protocol protocol(Path root, int folds) {
    return new Protocol(
        root, List.copyOf(images.keySet()), folds, comparisons.size(), List.copyOf(comparisons));
  }
}
