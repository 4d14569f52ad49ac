// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.evaluation.Protocol.Pair;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PairTableTest {
  /** Compared with a map; pairs repeat, and the table grows often. */
  @Test
  void add_ofManyPairs_keepsTheFirstOfEach() {
    Random random = new Random(1);
    PairTable table = new PairTable();
    Map<List<Integer>, Integer> indices = new HashMap<>();
    List<Pair> expected = new ArrayList<>();
    List<Integer> lines = new ArrayList<>();
    for (int line = 0; line < 20_000; line++) {
      int first = random.nextInt(150);
      int second = Integer.MAX_VALUE - random.nextInt(150);
      boolean swapped = random.nextBoolean();
      Pair pair =
          new Pair(
              swapped ? second : first,
              swapped ? first : second,
              random.nextBoolean(),
              random.nextInt(10));
      int index = indices.computeIfAbsent(List.of(first, second), key -> expected.size());
      if (index == expected.size()) {
        expected.add(pair);
        lines.add(line);
      }
      assertThat(table.add(pair, line)).isEqualTo(index);
    }
    assertThat(table).containsExactlyElementsOf(expected).hasSize(table.size());
    for (int i = 0; i < lines.size(); i++) {
      assertThat(table.line(i)).isEqualTo(lines.get(i));
    }
  }
}
