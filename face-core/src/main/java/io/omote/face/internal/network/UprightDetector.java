// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceImage;

/** A detector of upright faces, which can say how surely a face is one. */
interface UprightDetector extends FaceDetector {
  /**
   * Returns how surely a face stands upright.
   *
   * @param image the image
   * @param face a face that this detector found in it
   * @return a number that grows with the certainty, and compares the positions of an image; 0 or
   *     more where few false faces are found
   */
  double certainty(FaceImage image, Face face);
}
