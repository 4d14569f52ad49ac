// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The quality of a clustering of faces whose persons are known.
 *
 * <p>Precision drops if a group holds faces of several people, recall drops if the faces of a
 * person are in several groups. Measured over pairs of faces, large groups count with the square of
 * their size; B-cubed is the mean over faces (A. Bagga, B. Baldwin, "Entity-based cross-document
 * coreferencing using the vector space model", COLING-ACL 1998). F1 is the harmonic mean of both.
 *
 * <p>Immutable and thread-safe.
 *
 * @param pairPrecision the share of pairs in one group that show one person; 1 if there are no such
 *     pairs
 * @param pairRecall the share of pairs of one person that are in one group; 1 if there are no such
 *     pairs
 * @param bCubedPrecision the mean over all faces of the share of its group that shows its person
 * @param bCubedRecall the mean over all faces of the share of its person that is in its group
 */
public record ClusteringScores(
    double pairPrecision, double pairRecall, double bCubedPrecision, double bCubedRecall) {
  /**
   * Compares groups with people.
   *
   * @param people the person of each face
   * @param groups the group of each face; give a face outside all groups a group of its own
   * @return the scores
   * @throws TooFewTrialsException if there is no face
   * @throws IllegalArgumentException if the lists differ in length
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
      throw new TooFewTrialsException("there are no faces to score: add some");
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
   * Returns F1 over pairs of faces.
   *
   * @return the harmonic mean of precision and recall, in [0, 1]
   */
  public double pairF1() {
    return harmonicMean(pairPrecision, pairRecall);
  }

  /**
   * Returns F1 of B-cubed.
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
