// SPDX-License-Identifier: Apache-2.0
package io.omote.face.attribute;

import io.omote.face.AlignmentException;
import io.omote.face.Landmarks.Point;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The mesh of a face: 478 points, and what they say about eyes, mouth and head.
 *
 * <p>Left and right are the person's here, as in the names of the coefficients; in {@link
 * io.omote.face.Landmarks} they are the viewer's.
 *
 * <pre>{@code
 * try (FaceAnalyzer<FaceMesh> analyzer =
 *     FaceAnalyzer.create(models.analyzer(FaceMeshModel.class).orElseThrow())) {
 *   boolean eyesOpen = analyzer.analyze(image, face).leftEye().openness() > 0.1;
 * }
 * }</pre>
 *
 * <p>Points and coefficients are biometric data: {@link #toString()} does not show them. Immutable
 * and thread-safe.
 */
public final class FaceMesh {
  /** The number of points. */
  public static final int POINTS = 478;

  private static final double PRESENT = 0.5;

  /**
   * The points of the mesh that are closest to the 68 points of iBUG, in their order: jaw (17),
   * brows (10), nose (9), eyes (12), lips (20).
   */
  private static final int[] IBUG = {
    127, 234, 93, 132, 58, 136, 149, 176, 152, 400, 378, 365, 288, 361, 323, 454, 356, 70, 63, 105,
    66, 107, 336, 296, 334, 293, 300, 168, 197, 5, 4, 75, 97, 2, 326, 305, 33, 160, 158, 133, 153,
    144, 362, 385, 387, 263, 373, 380, 61, 39, 37, 0, 267, 269, 291, 405, 314, 17, 84, 181, 78, 82,
    13, 312, 308, 317, 14, 87
  };

  private final double presence;
  private final DenseLandmarks points;
  private final Map<ExpressionCoefficient, Double> coefficients;

  private FaceMesh(
      double presence, DenseLandmarks points, Map<ExpressionCoefficient, Double> coefficients) {
    if (!(presence >= 0 && presence <= 1)) {
      throw new IllegalArgumentException("expected a presence in [0, 1], found " + presence);
    }
    if (points.size() != POINTS || !points.hasDepth()) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "expected %d points with depth, found %s", POINTS, points));
    }
    this.presence = presence;
    this.points = points;
    this.coefficients = coefficients;
  }

  /**
   * Returns a mesh without coefficients.
   *
   * @param presence the probability that the points lie on a face, in [0, 1]
   * @param points the 478 points with depth, in MediaPipe's order
   * @return the mesh
   * @throws IllegalArgumentException if a number is out of range, or the points are not 478 with
   *     depth
   */
  public static FaceMesh of(double presence, DenseLandmarks points) {
    return new FaceMesh(presence, points, Map.of());
  }

  /**
   * Adds coefficients.
   *
   * @param all one for each constant, in [0, 1]
   * @return a copy with the coefficients
   * @throws IllegalArgumentException if one is missing or outside [0, 1]
   */
  public FaceMesh withCoefficients(Map<ExpressionCoefficient, Double> all) {
    Map<ExpressionCoefficient, Double> copy = new EnumMap<>(ExpressionCoefficient.class);
    for (ExpressionCoefficient coefficient : ExpressionCoefficient.values()) {
      Double value = all.get(coefficient);
      if (value == null || !(value >= 0 && value <= 1)) {
        // The number may be biometric data.
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "expected a number in [0, 1] for %s, found %s",
                coefficient.label(),
                value == null ? "none" : "another one"));
      }
      copy.put(coefficient, value);
    }
    return new FaceMesh(presence, points, Collections.unmodifiableMap(copy));
  }

  /**
   * Returns the probability that the points lie on a face. They mean nothing if it is low.
   *
   * @return a number in [0, 1]
   */
  public double presence() {
    return presence;
  }

  /**
   * Returns whether the points lie on a face: the presence is at least 0.5, which is MediaPipe's
   * default limit.
   *
   * @return false if points, eyes, mouth, pose and coefficients mean nothing
   */
  public boolean isPresent() {
    return presence >= PRESENT;
  }

  /**
   * Returns all points, in MediaPipe's order: 468 on the face, then the center of the right iris
   * and four points of its rim, then those of the left iris. Unlike other points with depth, {@code
   * z} is MediaPipe's: in the same pixels, smaller for nearer points, and zero inside the head.
   *
   * @return 478 points with depth
   */
  public DenseLandmarks points() {
    return points;
  }

  /**
   * Returns the points that are closest to the 68 points of iBUG (300-W), in their order. Those of
   * the jaw lie on the outline of the mesh. On images of Labeled Faces in the Wild, eyes, nose and
   * mouth lie within 0.07 of the distance of the irises of the points of a network made for them,
   * brows and jaw within 0.14 (medians).
   *
   * @return 68 points with depth, which is larger for nearer points, as for all 68 points
   */
  public DenseLandmarks points68() {
    float[] xyz = new float[3 * IBUG.length];
    for (int i = 0; i < IBUG.length; i++) {
      xyz[3 * i] = points.x(IBUG[i]);
      xyz[3 * i + 1] = points.y(IBUG[i]);
      xyz[3 * i + 2] = -points.z(IBUG[i]);
    }
    return DenseLandmarks.withDepth(xyz);
  }

  /**
   * Returns the person's left eye, which is on the viewer's right in an upright image.
   *
   * @return the eye
   */
  public Eye leftEye() {
    return eye(473, 362, 263, 385, 380, 387, 373);
  }

  /**
   * Returns the person's right eye, which is on the viewer's left in an upright image.
   *
   * @return the eye
   */
  public Eye rightEye() {
    return eye(468, 33, 133, 160, 144, 158, 153);
  }

  /**
   * Computes an eye from the center of its iris, its corners from the viewer's left to right, and
   * two pairs of points on the upper and the lower lid.
   */
  private Eye eye(
      int iris, int left, int right, int upper, int lower, int otherUpper, int otherLower) {
    double width = distance(left, right);
    double openness =
        width > 0 ? (distance(upper, lower) + distance(otherUpper, otherLower)) / (2 * width) : 0;
    double diameter = (distance(iris + 1, iris + 3) + distance(iris + 2, iris + 4)) / 2;
    return new Eye(
        new Point(points.x(iris), points.y(iris)), diameter, openness, gaze(iris, left, right));
  }

  private Gaze gaze(int iris, int left, int right) {
    double acrossX = ((double) points.x(right) - points.x(left)) / 2;
    double acrossY = ((double) points.y(right) - points.y(left)) / 2;
    double square = acrossX * acrossX + acrossY * acrossY;
    if (!(square > 0)) {
      return new Gaze(0, 0);
    }
    double x = points.x(iris) - ((double) points.x(left) + points.x(right)) / 2;
    double y = points.y(iris) - ((double) points.y(left) + points.y(right)) / 2;
    return new Gaze((x * acrossX + y * acrossY) / square, (x * acrossY - y * acrossX) / square);
  }

  private double distance(int one, int other) {
    return Math.hypot(
        (double) points.x(one) - points.x(other), (double) points.y(one) - points.y(other));
  }

  /**
   * Returns how far the mouth is open: the distance of the inner lips in the middle over the width
   * of the mouth. On images of Labeled Faces in the Wild, where many people speak or smile, the
   * median is 0.13, and 95 % lie below 0.35.
   *
   * @return 0 if it is closed, about 1 if it is as open as wide
   */
  public double mouthOpenness() {
    double width = distance(61, 291);
    return width > 0 ? distance(13, 14) / width : 0;
  }

  /**
   * Computes the pose of the head from {@link #points68}.
   *
   * @return the pose
   * @throws AlignmentException if the points are collinear or coincide
   */
  public HeadPose pose() {
    return HeadPose.of(points68());
  }

  /**
   * Returns the expression coefficients.
   *
   * @return one for each constant, in [0, 1]; empty if the second network was not given; an
   *     immutable map
   */
  public Map<ExpressionCoefficient, Double> coefficients() {
    return coefficients;
  }

  /**
   * An eye. Immutable and thread-safe.
   *
   * @param iris the center of the iris, in pixels of the image
   * @param irisDiameter the diameter of the iris, in pixels of the image
   * @param openness the mean distance of the lids over the distance of the corners: near 0 if the
   *     eye is closed, 0.28 in the median of images of Labeled Faces in the Wild. Below 0.1 are
   *     closed and downcast eyes, and those that laughing narrows.
   * @param gaze the direction of the iris within the eye
   */
  public record Eye(Point iris, double irisDiameter, double openness, Gaze gaze) {
    /**
     * Checks that no component is null.
     *
     * @param iris the center of the iris, in pixels of the image
     * @param irisDiameter the diameter of the iris, in pixels of the image
     * @param openness the mean distance of the lids over the distance of the corners
     * @param gaze the direction of the iris within the eye
     */
    public Eye {
      Objects.requireNonNull(iris, "iris");
      Objects.requireNonNull(gaze, "gaze");
    }

    /**
     * Returns a description without the numbers.
     *
     * @return the description, without biometric data
     */
    @Override
    public String toString() {
      return "Eye";
    }
  }

  /**
   * The direction of an iris within its eye: its distance from the middle of the corners, in half
   * widths of the eye, along and across the line of the corners. It is not an angle, and does not
   * include the pose of the head.
   *
   * <p>An eye that looks ahead is not at zero: in heads that face the camera, on images of Labeled
   * Faces in the Wild, the median is 0.09 toward the temple for each eye, and 0.12 up. In the mean
   * of both eyes the former cancels, and 90 % lie between -0.23 and 0.27. Lids hide an iris that
   * looks far up or down. Immutable and thread-safe.
   *
   * @param right toward the viewer's right (the person's left) if positive
   * @param up toward the brow if positive
   */
  public record Gaze(double right, double up) {
    /**
     * Returns a description without the numbers.
     *
     * @return the description, without biometric data
     */
    @Override
    public String toString() {
      return "Gaze";
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FaceMesh that
        && Double.compare(presence, that.presence) == 0
        && points.equals(that.points)
        && coefficients.equals(that.coefficients);
  }

  @Override
  public int hashCode() {
    return Objects.hash(presence, points, coefficients);
  }

  /**
   * Returns a description with the presence.
   *
   * @return the description, without points and coefficients
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "FaceMesh[presence=%s, %d points%s]",
        presence,
        POINTS,
        coefficients.isEmpty() ? "" : ", coefficients");
  }
}
