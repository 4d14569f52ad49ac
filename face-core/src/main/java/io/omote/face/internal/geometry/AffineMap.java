// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.geometry;

import java.util.Optional;

/**
 * An affine map of the plane: {@code x' = xx*x + xy*y + x0}, {@code y' = yx*x + yy*y + y0}.
 *
 * <p>Immutable and thread-safe.
 *
 * @param xx the factor of x in x'
 * @param xy the factor of y in x'
 * @param x0 the shift of x'
 * @param yx the factor of x in y'
 * @param yy the factor of y in y'
 * @param y0 the shift of y'
 */
public record AffineMap(double xx, double xy, double x0, double yx, double yy, double y0) {

  /** The map that changes nothing. */
  public static final AffineMap IDENTITY = new AffineMap(1, 0, 0, 0, 1, 0);

  /**
   * Returns a uniform scale around the origin, followed by a shift.
   *
   * @param scale the factor
   * @param x0 the shift of x
   * @param y0 the shift of y
   * @return the map
   */
  public static AffineMap scaleThenShift(double scale, double x0, double y0) {
    return new AffineMap(scale, 0, x0, 0, scale, y0);
  }

  /**
   * Returns x' of a point.
   *
   * @param x the point's x
   * @param y the point's y
   * @return x'
   */
  public double x(double x, double y) {
    return xx * x + xy * y + x0;
  }

  /**
   * Returns y' of a point.
   *
   * @param x the point's x
   * @param y the point's y
   * @return y'
   */
  public double y(double x, double y) {
    return yx * x + yy * y + y0;
  }

  /**
   * Returns the map that reverses this one.
   *
   * @return the inverse, empty if this map is not invertible or not finite
   */
  public Optional<AffineMap> inverse() {
    double determinant = xx * yy - xy * yx;
    double inverse = 1 / determinant;
    if (determinant == 0 || !Double.isFinite(inverse) || !Double.isFinite(x0 + y0)) {
      return Optional.empty();
    }
    double a = yy * inverse;
    double b = -xy * inverse;
    double c = -yx * inverse;
    double d = xx * inverse;
    return Optional.of(new AffineMap(a, b, -(a * x0 + b * y0), c, d, -(c * x0 + d * y0)));
  }

  /** Returns the name of the type: the numbers tell where a face is, and stay out of logs. */
  @Override
  public String toString() {
    return "AffineMap";
  }
}
