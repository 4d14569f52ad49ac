// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.evaluation.VerificationScores.Point;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts both kinds of errors at every threshold that changes a decision. Immutable and
 * thread-safe.
 */
record ScoreSweep(SortedScores mated, SortedScores nonMated, long matedFailures) {

  /** Receives the errors at a threshold. */
  interface Visitor {
    void visit(double threshold, long falseMatches, long falseNonMatches);
  }

  /** Visits one threshold below all scores, one between each two neighbors, one above all. */
  void visit(Visitor visitor) {
    visitor.visit(-1, nonMated.size(), matedFailures);
    double below = -1;
    int m = 0;
    int n = 0;
    while (m < mated.size() || n < nonMated.size()) {
      double score = Math.min(mated.at(m), nonMated.at(n));
      if (m + n > 0) {
        double middle = below + (score - below) / 2;
        visitor.visit(middle > below ? middle : score, nonMated.size() - n, matedFailures + m);
      }
      m = skip(mated, m, score);
      n = skip(nonMated, n, score);
      below = score;
    }
    visitor.visit(Math.nextUp(below), nonMated.size() - n, matedFailures + m);
  }

  private static int skip(SortedScores scores, int from, double score) {
    int rank = from;
    while (scores.at(rank) == score) {
      rank++;
    }
    return rank;
  }

  private Point point(double threshold, long falseMatches, long falseNonMatches) {
    return new Point(
        threshold,
        (double) falseMatches / nonMated.size(),
        (double) falseNonMatches / (mated.size() + matedFailures));
  }

  /** Returns the corners of the curve of both rates. */
  List<Point> corners() {
    List<Point> corners = new ArrayList<>();
    visit(
        (threshold, falseMatches, falseNonMatches) ->
            addCorner(corners, point(threshold, falseMatches, falseNonMatches)));
    return List.copyOf(corners);
  }

  private static void addCorner(List<Point> corners, Point next) {
    int size = corners.size();
    if (size >= 2) {
      Point before = corners.get(size - 2);
      Point last = corners.get(size - 1);
      if ((before.fmr() == last.fmr() && last.fmr() == next.fmr())
          || (before.fnmr() == last.fnmr() && last.fnmr() == next.fnmr())) {
        corners.remove(size - 1);
      }
    }
    corners.add(next);
  }

  /** Returns the point at which both rates differ least. */
  Point equalError() {
    Point[] best = {new Point(-1, 1, 0)};
    visit(
        (threshold, falseMatches, falseNonMatches) -> {
          Point point = point(threshold, falseMatches, falseNonMatches);
          if (isCloserToEqual(point, best[0])) {
            best[0] = point;
          }
        });
    return best[0];
  }

  private static boolean isCloserToEqual(Point point, Point other) {
    double difference = Math.abs(point.fmr() - point.fnmr());
    double otherDifference = Math.abs(other.fmr() - other.fnmr());
    return difference < otherDifference
        || (difference == otherDifference
            && point.fmr() + point.fnmr() < other.fmr() + other.fnmr());
  }
}
