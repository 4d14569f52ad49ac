// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.evaluation.Protocol.Pair;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects the pairs of a file. Each image gets one index, however often it is named. */
final class ListedPairs {
  private final Path file;
  private final Map<String, Integer> images = new LinkedHashMap<>();
  private final List<Pair> pairs = new ArrayList<>();

  ListedPairs(Path file) {
    this.file = file;
  }

  void add(String first, String second, boolean mated, int fold) {
    pairs.add(new Pair(index(first), index(second), mated, fold));
  }

  private int index(String image) {
    Integer next = images.size();
    Integer known = images.putIfAbsent(image, next);
    return known == null ? next : known;
  }

  Protocol protocol(Path root, int folds) {
    return new Protocol(
        file,
        root,
        List.copyOf(images.keySet()),
        List.of(),
        List.of(),
        folds,
        pairs.size(),
        List.copyOf(pairs));
  }
}
