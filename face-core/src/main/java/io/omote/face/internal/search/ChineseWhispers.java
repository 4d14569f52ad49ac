// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.search;

import java.util.SplittableRandom;

/**
 * Groups the nodes of a graph by weighted Chinese whispers (C. Biemann, "Chinese Whispers: an
 * efficient graph clustering algorithm", TextGraphs 2006): each node in turn takes the label whose
 * links to it have the largest total weight, until no label changes.
 *
 * <p>The weight of a link is its similarity times the share of neighbors that its two nodes have in
 * common (the Jaccard index). Two nodes of one group share most of their neighbors. The nodes of a
 * false link between two groups share only each other, so that the link weighs next to nothing
 * compared with the links within the groups, regardless of the order in which labels spread.
 *
 * <p>Stateless and thread-safe. The order is random with a fixed seed: the same graph gives the
 * same groups.
 */
public final class ChineseWhispers {
  private static final long SEED = 0x6f6d6f7465L;

  /** Labels settle within a few turns; this limit stops a graph in which they go in circles. */
  private static final int MOST_TURNS = 50;

  private ChineseWhispers() {}

  /**
   * Groups nodes.
   *
   * @param starts for each node the index of its first link, followed by the number of links
   * @param ends the other node of each link, in ascending order for each node; each link is listed
   *     for both of its nodes
   * @param similarities the similarity of each link, positive
   * @param labels for each node that keeps its label that label, at least the number of nodes;
   *     negative for the others
   * @return a label for each node
   */
  public static int[] group(int[] starts, int[] ends, double[] similarities, int[] labels) {
    double[] weights = weights(starts, ends, similarities);
    int nodes = starts.length - 1;
    int[] label = new int[nodes];
    int[] order = new int[nodes];
    int free = 0;
    int highest = nodes;
    for (int node = 0; node < nodes; node++) {
      label[node] = labels[node] < 0 ? node : labels[node];
      highest = Math.max(highest, label[node] + 1);
      if (labels[node] < 0) {
        order[free++] = node;
      }
    }
    SplittableRandom random = new SplittableRandom(SEED);
    double[] support = new double[highest];
    boolean changed = true;
    for (int turn = 0; changed && turn < MOST_TURNS; turn++) {
      changed = false;
      shuffle(order, free, random);
      for (int i = 0; i < free; i++) {
        int node = order[i];
        int heaviest = heaviest(node, starts, ends, weights, label, support);
        changed |= heaviest != label[node];
        label[node] = heaviest;
      }
    }
    return label;
  }

  /** Returns the label with the most support; of several the current one, or else the lowest. */
  private static int heaviest(
      int node, int[] starts, int[] ends, double[] weights, int[] label, double[] support) {
    for (int link = starts[node]; link < starts[node + 1]; link++) {
      support[label[ends[link]]] += weights[link];
    }
    int heaviest = label[node];
    for (int link = starts[node]; link < starts[node + 1]; link++) {
      int other = label[ends[link]];
      if (support[other] > support[heaviest]
          || (support[other] == support[heaviest] && heaviest != label[node] && other < heaviest)) {
        heaviest = other;
      }
    }
    for (int link = starts[node]; link < starts[node + 1]; link++) {
      support[label[ends[link]]] = 0;
    }
    return heaviest;
  }

  private static void shuffle(int[] order, int count, SplittableRandom random) {
    for (int i = count - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int kept = order[i];
      order[i] = order[other];
      order[other] = kept;
    }
  }

  private static double[] weights(int[] starts, int[] ends, double[] similarities) {
    double[] weights = new double[similarities.length];
    for (int node = 0; node + 1 < starts.length; node++) {
      for (int link = starts[node]; link < starts[node + 1]; link++) {
        int other = ends[link];
        // Each of the two counts as its own neighbor, and so as one of both.
        int shared = 2 + common(starts, ends, node, other);
        int all =
            2 + (starts[node + 1] - starts[node]) + (starts[other + 1] - starts[other]) - shared;
        weights[link] = similarities[link] * shared / all;
      }
    }
    return weights;
  }

  /** Counts the neighbors that two nodes have in common, without themselves. */
  private static int common(int[] starts, int[] ends, int first, int second) {
    int count = 0;
    int i = starts[first];
    int j = starts[second];
    while (i < starts[first + 1] && j < starts[second + 1]) {
      int order = Integer.compare(ends[i], ends[j]);
      count += order == 0 ? 1 : 0;
      i += order <= 0 ? 1 : 0;
      j += order >= 0 ? 1 : 0;
    }
    return count;
  }
}
