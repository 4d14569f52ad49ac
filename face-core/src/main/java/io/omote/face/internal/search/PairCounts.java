// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.search;

import io.omote.face.GalleryEntry;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The numbers of mated and non-mated pairs of samples that reach each of several thresholds.
 *
 * <p>Immutable and thread-safe, except that the arrays are not copied.
 *
 * @param mated the number of mated pairs that reach each threshold
 * @param nonMated the number of non-mated pairs that reach each threshold
 * @param matedPairs the number of all mated pairs
 * @param nonMatedPairs the number of all non-mated pairs
 */
public record PairCounts(long[] mated, long[] nonMated, long matedPairs, long nonMatedPairs) {
  /** The samples of one side, with the number of each sample's person. */
  private record Side(VectorTable faces, int[] people) {
    static Side of(List<GalleryEntry> samples, Map<String, Integer> numbers) {
      int[] people = new int[samples.size()];
      for (int i = 0; i < people.length; i++) {
        people[i] = numbers.computeIfAbsent(samples.get(i).person(), person -> numbers.size());
      }
      return new Side(VectorTable.of(samples.stream().map(GalleryEntry::face).toList()), people);
    }

    PairScan.Part all() {
      return new PairScan.Part(faces, 0, faces.size());
    }

    /** Returns the number of samples of each person. */
    long[] sizes(int persons) {
      long[] sizes = new long[persons];
      for (int person : people) {
        sizes[person]++;
      }
      return sizes;
    }
  }

  /**
   * Compares samples with others.
   *
   * @param first the samples of one side
   * @param second the samples of the other side; if it is the same list, each pair counts once
   * @param thresholds the thresholds, ascending
   * @param inParallel true to use one thread for each processor, false to use the calling thread
   * @return the counts
   */
  public static PairCounts of(
      List<GalleryEntry> first,
      List<GalleryEntry> second,
      double[] thresholds,
      boolean inParallel) {
    Map<String, Integer> numbers = new HashMap<>();
    Side one = Side.of(first, numbers);
    Side other = first == second ? one : Side.of(second, numbers);
    List<long[][]> parts =
        inParallel
            ? PairScan.inParallel(one.faces, part -> reached(part, one, other, thresholds))
            : List.<long[][]>of(reached(one.all(), one, other, thresholds));
    long[] sizes = one.sizes(numbers.size());
    long[] others = other.sizes(numbers.size());
    long matedPairs =
        IntStream.range(0, sizes.length)
            .mapToLong(i -> one == other ? sizes[i] * (sizes[i] - 1) / 2 : sizes[i] * others[i])
            .sum();
    long n = first.size();
    long pairs = one == other ? n * (n - 1) / 2 : n * second.size();
    return new PairCounts(
        atLeast(parts, 0, thresholds.length),
        atLeast(parts, 1, thresholds.length),
        matedPairs,
        pairs - matedPairs);
  }

  /** Counts the mated and the non-mated pairs by the number of thresholds that they reach. */
  private static long[][] reached(PairScan.Part part, Side one, Side other, double[] thresholds) {
    long[][] reached = new long[2][thresholds.length + 1];
    part.scan(
        other.faces,
        one == other,
        new PairScan.Visitor() {
          @Override
          public double floor(int probe) {
            return thresholds[0];
          }

          @Override
          public void visit(int probe, int face, double similarity) {
            int kind = one.people[probe] == other.people[face] ? 0 : 1;
            // Adding 0.0 removes the negative zero, which binarySearch orders below zero.
            int place = Arrays.binarySearch(thresholds, similarity + 0.0);
            reached[kind][place < 0 ? -place - 1 : place + 1]++;
          }
        });
    return reached;
  }

  /** Sums up how many pairs reach each threshold. */
  private static long[] atLeast(List<long[][]> parts, int kind, int thresholds) {
    long[] counts = new long[thresholds];
    long sum = 0;
    for (int threshold = thresholds - 1; threshold >= 0; threshold--) {
      for (long[][] part : parts) {
        sum += part[kind][threshold + 1];
      }
      counts[threshold] = sum;
    }
    return counts;
  }

  /**
   * Returns the sum of these counts and others.
   *
   * @param other counts at the same thresholds
   * @return the sum
   */
  public PairCounts plus(PairCounts other) {
    return new PairCounts(
        sum(mated, other.mated),
        sum(nonMated, other.nonMated),
        matedPairs + other.matedPairs,
        nonMatedPairs + other.nonMatedPairs);
  }

  private static long[] sum(long[] a, long[] b) {
    return IntStream.range(0, a.length).mapToLong(i -> a[i] + b[i]).toArray();
  }
}
