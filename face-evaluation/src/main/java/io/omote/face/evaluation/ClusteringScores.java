// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How well faces were grouped by person, where it is known who they are.
 *
 * <p>Precision falls where a group has faces of several people, recall where a person's faces are
 * in several groups. Over pairs of faces, large groups count with the square of their size; B-cubed
 * takes the mean over faces (A. Bagga, B. Baldwin, "Entity-based cross-document coreferencing using
 * the vector space model", COLING-ACL 1998). F1 is the harmonic mean of both.
 *
 * <p>Immutable and thread-safe.
 *
 * @param pairPrecision of the pairs in one group, the share that are of one person; 1 where there
 *     is none
 * @param pairRecall of the pairs of one person, the share that are in one group; 1 where there is
 *     none
 * @param bCubedPrecision the mean over all faces of the share of its group that is of its person
 * @param bCubedRecall the mean over all faces of the share of its person that is in its group
 */
public record ClusteringScores(
    double pairPrecision, double pairRecall, double bCubedPrecision, double bCubedRecall) {
  /**
   * Compares groups with people.
   *
   * @param people who each face is
   * @param groups in which group each face is; one that is in none has a group of its own
   * @return the scores
   * @throws TooFewTrialsException if there is no face
   * @throws IllegalArgumentException if the lists are not equally long
   */
  public static ClusteringScores of(List<?> people, List<?> groups) {
    if (people.size() != groups.size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected a group for each of %d faces, found %d",
              people.size(),
              groups.size()));
    }
    if (people.isEmpty()) {
      throw new TooFewTrialsException("expected faces that were grouped, found none: add some");
    }
    Map<Object, Long> ofPerson = new HashMap<>();
    Map<Object, Long> ofGroup = new HashMap<>();
    Map<List<Object>, Long> ofBoth = new HashMap<>();
    for (int face = 0; face < people.size(); face++) {
      ofPerson.merge(people.get(face), 1L, Long::sum);
      ofGroup.merge(groups.get(face), 1L, Long::sum);
      ofBoth.merge(Arrays.asList(people.get(face), groups.get(face)), 1L, Long::sum);
    }
    double precision = 0;
    double recall = 0;
    for (Map.Entry<List<Object>, Long> both : ofBoth.entrySet()) {
      double count = both.getValue();
      precision += count * count / ofGroup.get(both.getKey().get(1));
      recall += count * count / ofPerson.get(both.getKey().get(0));
    }
    return new ClusteringScores(
        share(pairs(ofBoth), pairs(ofGroup)),
        share(pairs(ofBoth), pairs(ofPerson)),
        precision / people.size(),
        recall / people.size());
  }

  private static long pairs(Map<?, Long> sizes) {
    return sizes.values().stream().mapToLong(size -> size * (size - 1) / 2).sum();
  }

  private static double share(long part, long whole) {
    return whole == 0 ? 1 : (double) part / whole;
  }

  /**
   * Both sides over pairs of faces.
   *
   * @return the harmonic mean of precision and recall, in [0, 1]
   */
  public double pairF1() {
    return harmonicMean(pairPrecision, pairRecall);
  }

  /**
   * Both sides over faces.
   *
   * @return the harmonic mean of precision and recall, in (0, 1]
   */
  public double bCubedF1() {
    return harmonicMean(bCubedPrecision, bCubedRecall);
  }

  private static double harmonicMean(double precision, double recall) {
    return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
  }
}
