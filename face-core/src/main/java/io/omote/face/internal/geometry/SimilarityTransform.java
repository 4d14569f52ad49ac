// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.geometry;

import java.util.Optional;

/**
 * The rotation, uniform scale and shift, without reflection, that map points to others with the
 * least sum of squared distances.
 *
 * <p>S. Umeyama, "Least-squares estimation of transformation parameters between two point
 * patterns", IEEE TPAMI 13(4), 1991. In the plane its singular value decomposition has a closed
 * form: with points as complex numbers relative to their means, the factor is {@code sum(conj(p) *
 * q) / sum(|p|^2)}.
 */
public final class SimilarityTransform {
  /** The mean squared distance from the mean, in square pixels, below which points coincide. */
  private static final double LEAST_VARIANCE = 1e-6;

  private SimilarityTransform() {}

  /**
   * Estimates the transform.
   *
   * @param from x and y of each point
   * @param to x and y of the place that each should be mapped to, of the same length
   * @return the map, empty if the points do not determine one: they coincide, are not finite, or
   *     all rotations fit equally well
   */
  public static Optional<AffineMap> estimate(double[] from, double[] to) {
    int n = from.length / 2;
    double fromX = 0;
    double fromY = 0;
    double toX = 0;
    double toY = 0;
    for (int i = 0; i < n; i++) {
      fromX += from[2 * i];
      fromY += from[2 * i + 1];
      toX += to[2 * i];
      toY += to[2 * i + 1];
    }
    fromX /= n;
    fromY /= n;
    toX /= n;
    toY /= n;
    double real = 0;
    double imaginary = 0;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double px = from[2 * i] - fromX;
      double py = from[2 * i + 1] - fromY;
      double qx = to[2 * i] - toX;
      double qy = to[2 * i + 1] - toY;
      real += px * qx + py * qy;
      imaginary += px * qy - py * qx;
      squares += px * px + py * py;
    }
    double a = real / squares;
    double b = imaginary / squares;
    if (!(squares > LEAST_VARIANCE * n) || !Double.isFinite(squares) || a * a + b * b < 1e-18) {
      return Optional.empty();
    }
    return Optional.of(
        new AffineMap(a, -b, toX - a * fromX + b * fromY, b, a, toY - b * fromX - a * fromY));
  }
}
