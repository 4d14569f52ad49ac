// SPDX-License-Identifier: Apache-2.0
package io.omote.face.attribute;

import io.omote.face.AlignmentException;
import io.omote.face.Landmarks;
import io.omote.face.internal.Implementations;
import java.util.Locale;

/**
 * The rotation of a head relative to the camera, in degrees; all three angles are zero if the
 * person looks straight ahead.
 *
 * <p>{@link #of(DenseLandmarks)} fits the mean shape of a face to points by least squares, as
 * InsightFace does; no network runs.
 *
 * <pre>{@code
 * HeadPose pose = HeadPose.of(analyzer.analyze(image, face));
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 *
 * @param pitch nodding: positive if the face looks up, negative if it looks down
 * @param yaw shaking: positive if the face looks to the viewer's right (the person's left),
 *     negative if it looks to the viewer's left
 * @param roll tilting: positive if the head is turned clockwise as the viewer sees it, so that the
 *     eye on the viewer's right is the lower one
 */
public record HeadPose(double pitch, double yaw, double roll) {
  /**
   * Checks the angles.
   *
   * @param pitch nodding, in degrees
   * @param yaw shaking, in degrees
   * @param roll tilting, in degrees
   * @throws IllegalArgumentException if an angle is not from -180 to 180
   */
  public HeadPose {
    if (!(Math.abs(pitch) <= 180 && Math.abs(yaw) <= 180 && Math.abs(roll) <= 180)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected angles from -180 to 180 degrees, found %s, %s, %s",
              pitch,
              yaw,
              roll));
    }
  }

  /**
   * Computes the pose from 68 points. Their depth does not matter: points with and without it give
   * the same pose.
   *
   * @param points 68 points in the order of iBUG
   * @return the pose
   * @throws IllegalArgumentException if the number of points is not 68
   * @throws AlignmentException if the points are collinear or coincide
   */
  public static HeadPose of(DenseLandmarks points) {
    return Implementations.poseOf(points);
  }

  /**
   * Computes the pose roughly, from the five points of a detector. Yaw and roll are usable. The
   * pitch is not: five points do not show whether a face looks up or down.
   *
   * @param landmarks the landmarks of a face
   * @return the pose
   * @throws AlignmentException if the points are collinear or coincide
   */
  public static HeadPose of(Landmarks landmarks) {
    return Implementations.poseOf(landmarks);
  }
}
