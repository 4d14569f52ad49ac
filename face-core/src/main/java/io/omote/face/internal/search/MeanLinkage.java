// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.search;

import java.util.Arrays;

/**
 * Groups the nodes of a graph by their mean similarity (average linkage; R. Sokal, C. Michener, "A
 * statistical method for evaluating systematic relationships", 1958). Links are taken by descending
 * similarity. The two groups that a link connects become one if the mean similarity of all pairs
 * between them is high enough. Finally, each node moves to the group that it is most similar to.
 *
 * <p>Two nodes alone need the threshold. The mean of n comparisons varies less than one, and so a
 * lower mean gives the same rate of errors. If comparisons with a node or a person in common have a
 * correlation of r, the mean of n has the variance of one times {@code r + (1 - r) / n}. The mean
 * that is required falls with the root of that.
 *
 * <p>One false link therefore does not merge two groups, nor does a chain of links, nor a node that
 * is similar to everything: most pairs between the groups have no link. A pair without a link
 * counts as 0, unless each of the two has as many links as a node can have, so that theirs may be
 * missing.
 *
 * <p>Two nodes of one image are never in one group. The same graph gives the same groups. Not
 * thread-safe; an instance groups once.
 */
public final class MeanLinkage {
  /**
   * The correlation of non-mated comparisons of the same two people. With it, one comparison and
   * the mean of two or four have equal false match rates of 1e-3 and 1e-4 on images of 300 people
   * (0.69 to 0.74).
   */
  private static final double CORRELATION = 0.7;

  /** Groups settle within a few turns; this limit stops a graph in which nodes go in circles. */
  private static final int MOST_TURNS = 20;

  private static final int NOBODY = -1;

  private final int[] starts;
  private final int[] ends;
  private final double[] similarities;
  private final int[] persons;
  private final int[] mates;
  private final double threshold;
  private final int most;

  /** The group of each node. */
  private final int[] groups;

  /** The number of nodes of each group. */
  private final int[] sizes;

  /** The number of nodes of each group that have all the links that a node can have. */
  private final int[] saturated;

  /** The person that each group shows. */
  private final int[] named;

  /** The last node of each group, and the node that follows each node in its group. */
  private final int[] last;

  private final int[] next;

  /** The sum and number of links of a node to each group. */
  private final double[] sums;

  private final int[] counts;

  /**
   * Creates a grouping with each node in a group of its own.
   *
   * @param starts for each node the index of its first link, followed by the number of links
   * @param ends the other node of each link; each link is listed for both of its nodes
   * @param similarities the similarity of each link, positive
   * @param persons for each node whose person has a name the number of that person; -1 for the
   *     others
   * @param mates for each node the next one of its image, in circles; the node itself if it is
   *     alone
   * @param threshold the minimum similarity of two nodes alone
   * @param most the number of nearest neighbors that a node was linked to at most
   */
  public MeanLinkage(
      int[] starts,
      int[] ends,
      double[] similarities,
      int[] persons,
      int[] mates,
      double threshold,
      int most) {
    this.starts = starts;
    this.ends = ends;
    this.similarities = similarities;
    this.persons = persons;
    this.mates = mates;
    this.threshold = threshold;
    this.most = most;
    int nodes = starts.length - 1;
    groups = new int[nodes];
    sizes = new int[nodes];
    saturated = new int[nodes];
    named = persons.clone();
    last = new int[nodes];
    next = new int[nodes];
    sums = new double[nodes];
    counts = new int[nodes];
    for (int node = 0; node < nodes; node++) {
      groups[node] = node;
      sizes[node] = 1;
      saturated[node] = saturation(node);
      last[node] = node;
      next[node] = NOBODY;
    }
  }

  /**
   * Returns the similarity of the weakest links that matter.
   *
   * @param threshold the minimum similarity of two nodes alone
   * @return the mean similarity that two large groups need
   */
  public static double weakestLink(double threshold) {
    return threshold * Math.sqrt(CORRELATION);
  }

  /**
   * Groups the nodes.
   *
   * @return a group for each node: the number of nodes plus the number of its person if that has a
   *     name, otherwise a smaller number
   */
  public int[] group() {
    int[] nodes = linked();
    long[] links = strongestFirst();
    for (boolean changed = true; changed; ) {
      changed = false;
      for (long link : links) {
        changed |= merge(groups[nodes[(int) link]], groups[ends[(int) link]]);
      }
    }
    settle();
    int[] result = new int[groups.length];
    Arrays.setAll(
        result,
        node -> named[groups[node]] == NOBODY ? groups[node] : groups.length + named[groups[node]]);
    return result;
  }

  private int saturation(int node) {
    return starts[node + 1] - starts[node] >= most ? 1 : 0;
  }

  /** Returns the node that each link is listed for. */
  private int[] linked() {
    int[] nodes = new int[ends.length];
    for (int node = 0; node < groups.length; node++) {
      Arrays.fill(nodes, starts[node], starts[node + 1], node);
    }
    return nodes;
  }

  /** Returns a link of each pair of nodes in the low half of a number. */
  private long[] strongestFirst() {
    long[] links = new long[ends.length / 2];
    int count = 0;
    for (int node = 0; node < groups.length; node++) {
      for (int link = starts[node]; link < starts[node + 1]; link++) {
        if (node < ends[link]) {
          int descending = ~Float.floatToIntBits((float) similarities[link]);
          links[count++] = (long) descending << Integer.SIZE | link;
        }
      }
    }
    Arrays.sort(links);
    return links;
  }

  /** Merges two groups if they are similar enough, and returns whether it did. */
  private boolean merge(int one, int other) {
    if (one == other || areOtherPeople(one, other)) {
      return false;
    }
    int small = sizes[one] < sizes[other] ? one : other;
    int large = small == one ? other : one;
    double sum = 0;
    int count = 0;
    for (int node = small; node != NOBODY; node = next[node]) {
      for (int link = starts[node]; link < starts[node + 1]; link++) {
        if (groups[ends[link]] == large) {
          sum += similarities[link];
          count++;
        }
      }
    }
    double pairs =
        pairs((double) sizes[small] * sizes[large], saturated[small], saturated[large], count);
    if (sum / pairs < required(pairs) || shareAnImage(small, large)) {
      return false;
    }
    for (int node = small; node != NOBODY; node = next[node]) {
      groups[node] = large;
    }
    next[last[large]] = small;
    last[large] = last[small];
    sizes[large] += sizes[small];
    sizes[small] = 0;
    saturated[large] += saturated[small];
    saturated[small] = 0;
    named[large] = Math.max(named[large], named[small]);
    return true;
  }

  private boolean areOtherPeople(int one, int other) {
    return named[one] != NOBODY && named[other] != NOBODY && named[one] != named[other];
  }

  /**
   * Returns the number of pairs whose links could be known. Two saturated nodes may be without a
   * link only because each has nearer neighbors. Of their pairs, as many count as would have a link
   * if all saturated nodes were equally near to each other. In two large groups they are not, as
   * with images of two days: there, three links for each node of the smaller group are enough.
   */
  private double pairs(double all, int saturatedOnes, int saturatedOthers, int linked) {
    double unknown = (double) saturatedOnes * saturatedOthers;
    if (unknown == 0) {
      return all;
    }
    double known = unknown * Math.min(1, (double) most / (saturatedOnes + saturatedOthers - 1));
    int fewer = Math.min(saturatedOnes, saturatedOthers);
    if (fewer >= most / 2) {
      known = Math.min(known, 3.0 * fewer);
    }
    return Math.max(linked, all - unknown + known);
  }

  private double required(double pairs) {
    return threshold * Math.sqrt(CORRELATION + (1 - CORRELATION) / pairs);
  }

  /** Returns whether an image shows a face of each group, or of each group's person. */
  private boolean shareAnImage(int small, int large) {
    // What gets a name must not be in an image with anybody of that name.
    boolean givesName = named[small] != NOBODY;
    int joining = givesName ? large : small;
    int joined = givesName ? small : large;
    for (int node = joining; node != NOBODY; node = next[node]) {
      if (isBeside(node, joined)) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether another face of the node's image is in a group, or shows its person. */
  private boolean isBeside(int node, int group) {
    for (int mate = mates[node]; mate != node; mate = mates[mate]) {
      int other = groups[mate];
      if (other == group || (named[other] != NOBODY && named[other] == named[group])) {
        return true;
      }
    }
    return false;
  }

  /**
   * Moves each node to the group that it has the most in common with: that with the largest sum of
   * what its similarities exceed the weakest link by. Weak ones count against the group (as in
   * correlation clustering; N. Bansal, A. Blum, S. Chawla, Machine Learning 56, 2004).
   */
  private void settle() {
    boolean changed = true;
    for (int turn = 0; changed && turn < MOST_TURNS; turn++) {
      changed = false;
      for (int node = 0; node < groups.length; node++) {
        changed |= persons[node] < 0 && move(node);
      }
    }
  }

  private boolean move(int node) {
    int own = groups[node];
    for (int link = starts[node]; link < starts[node + 1]; link++) {
      sums[groups[ends[link]]] += similarities[link];
      counts[groups[ends[link]]]++;
    }
    int closest = own;
    double highest = excess(node, own);
    for (int link = starts[node]; link < starts[node + 1]; link++) {
      int other = groups[ends[link]];
      double excess = excess(node, other);
      if (excess > highest && !isBeside(node, other)) {
        closest = other;
        highest = excess;
      }
    }
    for (int link = starts[node]; link < starts[node + 1]; link++) {
      sums[groups[ends[link]]] = 0;
      counts[groups[ends[link]]] = 0;
    }
    if (closest == own) {
      return false;
    }
    groups[node] = closest;
    sizes[own]--;
    sizes[closest]++;
    saturated[own] -= saturation(node);
    saturated[closest] += saturation(node);
    return true;
  }

  /** Returns what a node has in common with the others of a group, 0 if it is too little. */
  private double excess(int node, int group) {
    int itself = group == groups[node] ? 1 : 0;
    int saturation = saturation(node);
    double pairs =
        pairs(
            sizes[group] - itself,
            saturation,
            saturated[group] - itself * saturation,
            counts[group]);
    return counts[group] == 0 || sums[group] / pairs < required(pairs)
        ? 0
        : sums[group] - pairs * weakestLink(threshold);
  }
}
