// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.attribute;

import io.omote.face.AlignmentException;
import io.omote.face.Landmarks;
import io.omote.face.Landmarks.Point;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.attribute.HeadPose;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Computes the pose of a head: the affine map that fits the mean shape of a face to its points by
 * least squares, and the angles of that map, as in InsightFace's {@code transform.py}.
 *
 * <p>The first two rows of the map determine the angles, so the depth of the points does not
 * matter. Stateless and thread-safe.
 */
public final class PoseFit {
  private static final int POINTS = 68;
  private static final double[][] MEAN_SHAPE = meanShape();

  /** Eyes, nose and mouth corners of the mean shape, placed as detectors place them. */
  private static final double[][] MEAN_FIVE = {
    mean(37, 38, 40, 41), mean(43, 44, 46, 47), mean(30), mean(48, 60), mean(54, 64)
  };

  /** The cross product of two unit rows is shorter where the points lie on one line. */
  private static final double ON_ONE_LINE = 1e-3;

  private PoseFit() {}

  /** Reads 68 points: x to the viewer's right, y downward, z toward the viewer. */
  private static double[][] meanShape() {
    String resource = "meanshape_68.csv";
    try (InputStream stream = PoseFit.class.getResourceAsStream(resource)) {
      if (stream == null) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT, "the resource %s of %s is missing", resource, PoseFit.class));
      }
      return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))
          .lines()
          .skip(1)
          .map(line -> Arrays.stream(line.split(",")).mapToDouble(Double::parseDouble).toArray())
          .toArray(double[][]::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double[] mean(int... points) {
    double[] mean = new double[3];
    for (int point : points) {
      for (int i = 0; i < 3; i++) {
        mean[i] += MEAN_SHAPE[point][i] / points.length;
      }
    }
    return mean;
  }

  /**
   * Fits 68 points.
   *
   * @param points the points in the order of iBUG
   * @return the pose
   * @throws IllegalArgumentException if their number is not 68
   * @throws AlignmentException if the points are collinear or coincide
   */
  public static HeadPose of(DenseLandmarks points) {
    if (points.size() != POINTS) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "expected %s points, found %s", POINTS, points.size()));
    }
    double[] x = new double[POINTS];
    double[] y = new double[POINTS];
    for (int i = 0; i < POINTS; i++) {
      x[i] = points.x(i);
      y[i] = points.y(i);
    }
    return fit(MEAN_SHAPE, x, y);
  }

  /**
   * Fits five points, which determine the pose roughly.
   *
   * @param landmarks the points
   * @return the pose
   * @throws AlignmentException if the points are collinear or coincide
   */
  public static HeadPose of(Landmarks landmarks) {
    List<Point> points = landmarks.points();
    return fit(
        MEAN_FIVE,
        points.stream().mapToDouble(Point::x).toArray(),
        points.stream().mapToDouble(Point::y).toArray());
  }

  private static HeadPose fit(double[][] shape, double[] x, double[] y) {
    double[] first = unit(row(shape, x));
    double[] second = unit(row(shape, y));
    double[] third = {
      first[1] * second[2] - first[2] * second[1],
      first[2] * second[0] - first[0] * second[2],
      first[0] * second[1] - first[1] * second[0]
    };
    if (!(length(third) > ON_ONE_LINE)) {
      throw onOneLine();
    }
    return new HeadPose(
        Math.toDegrees(Math.atan2(third[1], third[2])),
        Math.toDegrees(Math.atan2(-third[0], Math.hypot(first[0], second[0]))),
        Math.toDegrees(Math.atan2(second[0], first[0])));
  }

  /** Returns the linear part of the row that maps the shape to the targets by least squares. */
  private static double[] row(double[][] shape, double[] targets) {
    double[][] equations = new double[4][5];
    for (int i = 0; i < shape.length; i++) {
      double[] point = {shape[i][0], shape[i][1], shape[i][2], 1, targets[i]};
      for (int r = 0; r < 4; r++) {
        for (int c = 0; c < 5; c++) {
          equations[r][c] += point[r] * point[c];
        }
      }
    }
    double[] solution = solve(equations);
    return Arrays.copyOf(solution, 3);
  }

  /** Solves by Gauss-Jordan elimination with pivots; the mean shape makes the equations regular. */
  private static double[] solve(double[][] equations) {
    int count = equations.length;
    for (int column = 0; column < count; column++) {
      int pivot = column;
      for (int r = column + 1; r < count; r++) {
        if (Math.abs(equations[r][column]) > Math.abs(equations[pivot][column])) {
          pivot = r;
        }
      }
      double[] chosen = equations[pivot];
      equations[pivot] = equations[column];
      equations[column] = chosen;
      for (int r = 0; r < count; r++) {
        if (r != column) {
          double factor = equations[r][column] / chosen[column];
          for (int c = column; c <= count; c++) {
            equations[r][c] -= factor * chosen[c];
          }
        }
      }
    }
    double[] solution = new double[count];
    for (int i = 0; i < count; i++) {
      solution[i] = equations[i][count] / equations[i][i];
    }
    return solution;
  }

  private static double[] unit(double[] vector) {
    double length = length(vector);
    if (!(length > 0) || Double.isInfinite(length)) {
      throw onOneLine();
    }
    return new double[] {vector[0] / length, vector[1] / length, vector[2] / length};
  }

  private static double length(double[] vector) {
    return Math.sqrt(vector[0] * vector[0] + vector[1] * vector[1] + vector[2] * vector[2]);
  }

  private static AlignmentException onOneLine() {
    return new AlignmentException(
        "expected points of a face that lie apart from each other, found points on one line: leave"
            + " this face out");
  }
}
