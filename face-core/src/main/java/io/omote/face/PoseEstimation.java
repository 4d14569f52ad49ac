// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.attribute.HeadPose;
import io.omote.face.internal.Implementations;

/**
 * How a head is turned, from points on its face: the mean shape of a face is laid over the points
 * by least squares, as InsightFace does. No network runs.
 *
 * <p>Stateless and thread-safe.
 */
public final class PoseEstimation {
  private PoseEstimation() {}

  /**
   * From 68 points. Their depth does not count, so that points with and without it give the same.
   *
   * @param points 68 points in the order of iBUG
   * @return the pose
   * @throws IllegalArgumentException if there are not 68 points
   * @throws AlignmentException if the points lie on one line, or on each other
   */
  public static HeadPose of(DenseLandmarks points) {
    return Implementations.poseOf(points);
  }

  /**
   * Roughly, from the five points of a detector: where the face looks sideways, and how it is
   * tilted. They do not show whether it looks up or down: that pitch is of no use.
   *
   * @param landmarks the landmarks of a face
   * @return the pose
   * @throws AlignmentException if the points lie on one line, or on each other
   */
  public static HeadPose of(Landmarks landmarks) {
    return Implementations.poseOf(landmarks);
  }
}
