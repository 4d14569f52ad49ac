// SPDX-License-Identifier: Apache-2.0
package io.omote.face.attribute;

import java.util.Locale;

/**
 * How a head is turned against the camera, in degrees; all zero where it looks straight ahead.
 *
 * <p>Immutable and thread-safe.
 *
 * @param pitch nodding: positive where the face looks up, negative where it looks down
 * @param yaw shaking: positive where the face looks to the viewer's right, which is the person's
 *     left, negative where it looks to the viewer's left
 * @param roll tilting: positive where the head is turned clockwise as the viewer sees it, so that
 *     the eye on the viewer's right is the lower one
 */
public record HeadPose(double pitch, double yaw, double roll) {
  /**
   * Checks the angles.
   *
   * @param pitch nodding, in degrees
   * @param yaw shaking, in degrees
   * @param roll tilting, in degrees
   * @throws IllegalArgumentException if one is not from -180 to 180
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
}
