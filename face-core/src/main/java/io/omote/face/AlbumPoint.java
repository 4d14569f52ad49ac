// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import io.omote.face.description.ErrorRate;
import io.omote.face.description.OperatingPoint;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The threshold for albums of a given number of faces. A face is compared with all others, and each
 * comparison can be a false match: among N faces, {@code N x FMR} false links are expected for each
 * face. The more faces, the stricter the threshold.
 *
 * <p>Immutable and thread-safe.
 *
 * @param operatingPoint the operating point whose threshold is used
 * @param faces the number of faces that are compared, those of a gallery included
 */
public record AlbumPoint(OperatingPoint operatingPoint, int faces) {
  /** The largest acceptable number of false links of a face. */
  public static final double MAX_FALSE_LINKS = 0.1;

  /**
   * The largest acceptable false match rate for few faces. They are often those of relatives, who
   * are more similar than other people.
   */
  private static final double MAX_FMR = 1e-4;

  /**
   * The largest acceptable false non-match rate. A stricter threshold leaves more faces alone than
   * it keeps apart: with 16 %, the albums of 15,000 faces had an F1 of 0.967, with 4 % 0.988.
   */
  private static final double MAX_FNMR = 0.1;

  /**
   * Creates the threshold.
   *
   * @param operatingPoint the operating point
   * @param faces the number of faces
   * @throws IllegalArgumentException if the number is negative
   */
  public AlbumPoint {
    if (faces < 0) {
      throw new IllegalArgumentException("expected 0 faces or more, found " + faces);
    }
  }

  /**
   * Chooses the operating point with the lowest threshold among those that keep the false links
   * acceptable, or else the strictest one; of those, if possible, that do not lose too many.
   */
  static Optional<AlbumPoint> of(List<OperatingPoint> all, int faces) {
    double acceptable = Math.min(MAX_FMR, MAX_FALSE_LINKS / Math.max(1, faces));
    List<OperatingPoint> useful =
        all.stream().filter(point -> point.fnmr().value() <= MAX_FNMR).toList();
    List<OperatingPoint> points = useful.isEmpty() ? all : useful;
    return points.stream()
        .filter(point -> supportedRate(point) <= acceptable)
        .min(Comparator.comparingDouble(OperatingPoint::threshold))
        .or(() -> points.stream().min(Comparator.comparingDouble(AlbumPoint::supportedRate)))
        .map(point -> new AlbumPoint(point, faces));
  }

  /** Returns the lowest rate that the trials of a point support. */
  private static double supportedRate(OperatingPoint point) {
    ErrorRate fmr = point.fmr();
    return fmr.trials() == 0 ? fmr.value() : Math.max(fmr.value(), 3.0 / fmr.trials());
  }

  /**
   * Returns the threshold.
   *
   * @return the minimum similarity at which two faces alone are considered one person
   */
  public double threshold() {
    return operatingPoint.threshold();
  }

  /**
   * Returns the false match rate at the threshold.
   *
   * @return the rate, or if that is higher, the lowest rate that its trials support ({@link
   *     ErrorRate#supports})
   */
  public double fmr() {
    return supportedRate(operatingPoint);
  }

  /**
   * Returns the number of false links to expect for each face. Most of them change no album,
   * because groups of faces are compared by their mean similarity.
   *
   * @return the number of faces times the false match rate
   */
  public double falseLinks() {
    return faces * fmr();
  }

  /**
   * Returns whether a measurement supports this number of faces.
   *
   * @return false if more than {@link #MAX_FALSE_LINKS} are expected, because no operating point is
   *     strict enough; measure one on more images, or use a higher threshold
   */
  public boolean isSupported() {
    return falseLinks() <= MAX_FALSE_LINKS;
  }
}
