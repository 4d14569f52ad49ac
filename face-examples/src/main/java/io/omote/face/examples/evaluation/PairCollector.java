// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples.evaluation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gathers listed pairs; each picture gets one index, however often it is named. Not thread-safe.
 */
final class PairCollector {
  private final Map<String, Integer> pictures = new LinkedHashMap<>();
  private final List<Comparison> comparisons = new ArrayList<>();

  void add(String first, String second, boolean mated, int fold) {
    comparisons.add(new Comparison(index(first), index(second), mated, fold));
  }

  private int index(String picture) {
    Integer next = pictures.size();
    Integer known = pictures.putIfAbsent(picture, next);
    return known == null ? next : known;
  }

  Protocol protocol(Path root, int folds) {
    return new Protocol(
        root, List.copyOf(pictures.keySet()), folds, comparisons.size(), List.copyOf(comparisons));
  }
}
