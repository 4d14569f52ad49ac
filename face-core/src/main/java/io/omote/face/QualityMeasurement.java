// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import io.omote.face.attribute.MeasuredQuality;
import io.omote.face.internal.Implementations;

/**
 * Measures how well an image shows a face, without a network: size, sharpness, light, pose.
 *
 * <p>Stateless and thread-safe.
 */
public final class QualityMeasurement {
  private QualityMeasurement() {}

  /**
   * Measures the image of one face.
   *
   * @param image the image
   * @param face a face of it
   * @return what was measured
   * @throws AlignmentException if the face has no landmarks, or ones that fix no transform
   */
  public static MeasuredQuality of(FaceImage image, Face face) {
    return Implementations.measure(image, face);
  }
}
